"""Migrations of the access room."""
