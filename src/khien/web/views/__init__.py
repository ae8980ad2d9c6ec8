"""Views: door, form, service, page."""
