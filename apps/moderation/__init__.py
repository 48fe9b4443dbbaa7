"""Flags of readers, decisions with reasons, appeals."""
