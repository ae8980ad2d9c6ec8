"""Putting a reviewed text into force: its library form, whom it binds, from when, approved by whom."""
