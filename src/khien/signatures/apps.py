"""The signatures room as a Django app."""

import importlib

from django.apps import AppConfig


class SignaturesConfig(AppConfig):
    """Signatures of PDF files, read back; certificates trusted."""

    name = "khien.signatures"
    label = "signatures"

    def ready(self) -> None:
        """Make the room's ledger events known; they may be read before anything here is used."""
        importlib.import_module("khien.signatures.events")
