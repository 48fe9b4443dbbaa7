"""Pages of submissions: reading what was filed, and responding."""
