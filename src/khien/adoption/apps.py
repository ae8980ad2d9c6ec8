"""The adoption room as a Django app."""

import importlib

from django.apps import AppConfig


class AdoptionConfig(AppConfig):
    """From the file of a regulation to a rulebook in force."""

    name = "khien.adoption"
    label = "adoption"

    def ready(self) -> None:
        """Make the room's ledger events known; they may be read before anything here is used."""
        importlib.import_module("khien.adoption.events")
        importlib.import_module("khien.adoption.force.events")
        importlib.import_module("khien.adoption.review.events")
