"""What reports rest on: the facts that stood for a unit's machines at the assessment a report cites are kept."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from khien.facts.keeping import Kept, register_keeper
from khien.kernel.clock import parse_iso
from khien.reports.models import ReportRecord


@register_keeper
def facts_of_reports(now: datetime) -> list[Kept]:
    """Return the moments whose readings compliance reports list as their evidence."""
    made = ReportRecord.objects.filter(kind=ReportRecord.Kind.COMPLIANCE)
    moments = {
        (unit, str(json.loads(snapshot)["assessment"]["as_of"]))
        for unit, snapshot in made.values_list("unit_id", "snapshot").iterator()
    }
    # A snapshot says its moment to the second.
    return [
        Kept(unit, parse_iso(text), parse_iso(text) + timedelta(seconds=1))
        for unit, text in sorted(moments)
    ]
