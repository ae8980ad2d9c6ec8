"""The exchange room as a Django app."""

import importlib

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """What leaves the house because an administrator said so."""

    name = "khien.exchange"
    label = "exchange"

    def ready(self) -> None:
        """Make the room's ledger events known; they may be read before anything here is used."""
        importlib.import_module("khien.exchange.events")
