"""The only door through which units' own templates are read."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from khien.org.models import Unit
from khien.registers.files import content_of
from khien.reports.models import ReportTemplate


def templates_of(units: Iterable[Unit], definition: str = "") -> QuerySet[ReportTemplate]:
    """Return the templates of units, newest first, retired ones too."""
    found = ReportTemplate.objects.filter(unit__in=units).select_related("unit")
    return found.filter(definition=definition) if definition else found


def standing_template(unit: Unit, definition: str) -> ReportTemplate | None:
    """Return the template that a unit's next version of a report is laid out with; None: the decree's layout."""
    return ReportTemplate.objects.filter(unit=unit, definition=definition, retired_at=None).first()


def template_content(template: ReportTemplate) -> bytes:
    """Return a template's bytes, if they still are what was kept.

    Raises: AttachmentAltered: they are gone or were changed
    """
    return content_of(template.sha256, template.name)
