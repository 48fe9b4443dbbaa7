"""A small application whose jobs are run by real workers while these are killed."""
