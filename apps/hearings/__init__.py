"""Hearings: agenda, speaking list, minutes whose statements their speakers confirm."""
