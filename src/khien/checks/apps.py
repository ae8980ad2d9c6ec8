"""The checks room as a Django app."""

from django.apps import AppConfig


class ChecksConfig(AppConfig):
    """See the package's own first line."""

    name = "khien.checks"
    label = "checks"
