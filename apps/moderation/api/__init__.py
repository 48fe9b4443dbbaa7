"""Moderation over the API."""
