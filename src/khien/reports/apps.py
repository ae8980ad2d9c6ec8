"""The reports room as a Django app."""

import importlib

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """See the package's own first line."""

    name = "khien.reports"
    label = "reports"

    def ready(self) -> None:
        """Make the room's ledger events known, and what it rests on; both are asked for by rooms below."""
        importlib.import_module("khien.reports.events")
        importlib.import_module("khien.reports.kept_facts")
