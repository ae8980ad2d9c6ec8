"""Settings and addresses of the Django project."""
