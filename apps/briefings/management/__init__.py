"""Commands of the briefings."""
