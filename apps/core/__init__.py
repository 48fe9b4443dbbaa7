"""Framework glue without a word of the domain."""
