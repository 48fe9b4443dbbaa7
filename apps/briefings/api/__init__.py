"""API of briefings, claims and files."""
