"""The norms room as a Django app."""

from django.apps import AppConfig


class NormsConfig(AppConfig):
    """See the package's own first line."""

    name = "khien.norms"
    label = "norms"
