"""The registers room as a Django app."""

import importlib

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """The registers (sổ) an agency keeps, with the history of every row."""

    name = "khien.registers"
    label = "registers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the room's ledger events known; they may be read before anything here is used."""
        importlib.import_module("khien.registers.events")
