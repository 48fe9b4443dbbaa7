"""Briefings: from a frozen corpus to a checked document."""
