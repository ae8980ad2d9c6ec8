"""The org room as a Django app."""

from django.apps import AppConfig


class OrgConfig(AppConfig):
    """The unit tree and its people."""

    name = "khien.org"
    label = "org"
