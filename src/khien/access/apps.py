"""The access room as a Django app."""

import importlib

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """See the package's own first line."""

    name = "khien.access"
    label = "access"

    def ready(self) -> None:
        """Make the room's ledger events known, and follow what happens to users and sessions."""
        importlib.import_module("khien.access.events")
        importlib.import_module("khien.access.followers")
