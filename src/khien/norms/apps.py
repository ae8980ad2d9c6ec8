"""The norms room as a Django app."""

import importlib
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings

from khien.norms.own_library import kept_in


class NormsConfig(AppConfig):
    """See the package's own first line."""

    name = "khien.norms"
    label = "norms"

    def ready(self) -> None:
        """Make the room's ledger events known, and say where the installation's own texts lie."""
        importlib.import_module("khien.norms.events")
        kept_in(lambda: Path(settings.KHIEN_DATA) / "library")
