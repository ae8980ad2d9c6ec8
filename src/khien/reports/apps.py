"""The reports room as a Django app."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """See the package's own first line."""

    name = "khien.reports"
    label = "reports"
