"""The only door through which reports that were made are read."""

from __future__ import annotations

from django.db.models import QuerySet

from khien.org.models import Unit
from khien.reports.models import ReportRecord


def reports_of(unit: Unit) -> QuerySet[ReportRecord]:
    """Return the reports of a unit, newest first."""
    return ReportRecord.objects.filter(unit=unit)
