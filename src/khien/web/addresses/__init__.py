"""Addresses of the pages by area; each module has a flat list that `khien.web.urls` joins."""
