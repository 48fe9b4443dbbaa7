"""API of submissions, drafts, documents with their points."""
