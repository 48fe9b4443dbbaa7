"""Takes in submissions from files: readers, mapping, rejects, loading in chunks."""
