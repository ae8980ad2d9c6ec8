"""The ledger as a Django application: the outbox that shares the database's transactions."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Sổ cái."""

    name = "khien.ledger"
    label = "ledger"
    verbose_name = "Sổ cái"
    default_auto_field = "django.db.models.BigAutoField"
