"""Bringing a unit's own text in: reading its file, correcting its structure and its head."""
