"""The web room as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """See the package's own first line."""

    name = "khien.web"
    label = "web"
