"""The API of hearings."""
