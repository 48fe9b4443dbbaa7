"""Pages of consultations: what the public reads, and the workspace of a host's staff."""
