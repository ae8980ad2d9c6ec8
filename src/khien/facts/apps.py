"""The facts room as a Django app."""

from django.apps import AppConfig


class FactsConfig(AppConfig):
    """See the package's own first line."""

    name = "khien.facts"
    label = "facts"
