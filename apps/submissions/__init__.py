"""Submissions: answers, points, passages, campaigns, importers."""
