"""The plans room as a Django app."""

import importlib

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """See the package's own first line."""

    name = "khien.plans"
    label = "plans"

    def ready(self) -> None:
        """Make the room's ledger events known; they may be read before anything here is used."""
        importlib.import_module("khien.plans.events")
