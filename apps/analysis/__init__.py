"""Numerics and text mining that know no framework: arrays in, frozen dataclasses out."""
