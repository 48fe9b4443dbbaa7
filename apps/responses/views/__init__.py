"""Pages of official responses."""
