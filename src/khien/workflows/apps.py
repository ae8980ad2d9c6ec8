"""The workflows room as a Django app."""

import importlib

from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    """The processes (quy trình) that people run, each step on record."""

    name = "khien.workflows"
    label = "workflows"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the room's ledger events known; they may be read before anything here is used."""
        importlib.import_module("khien.workflows.events")
