"""Opening of the data folder: Django set up, the database made or brought up to date."""

from __future__ import annotations

import os
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def open_project() -> None:
    """Set Django up and apply migrations that are missing; nothing is printed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khien.project.settings")
    if "KHIEN_DATA" in os.environ:
        Path(os.environ["KHIEN_DATA"]).mkdir(parents=True, exist_ok=True)
    django.setup()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
