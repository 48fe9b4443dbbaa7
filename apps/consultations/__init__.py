"""Consultations: hosts, phases, documents with their provisions, questions."""
