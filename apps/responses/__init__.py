"""The official answers of a host to what was said."""
