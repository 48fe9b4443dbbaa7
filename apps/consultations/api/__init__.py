"""API of consultations."""
