"""The org room as a Django app."""

import importlib

from django.apps import AppConfig


class OrgConfig(AppConfig):
    """The unit tree and its people."""

    name = "khien.org"
    label = "org"

    def ready(self) -> None:
        """Make the room's ledger events known; they may be read before anything here is used."""
        importlib.import_module("khien.org.events")
