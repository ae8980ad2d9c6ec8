"""Findings of many units as one long list, for programs: next page by place, each with its sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from khien.checks.models import Finding
from khien.checks.selectors import findings_at
from khien.checks.shown import Shown, hosts_by_uid, shown_finding
from khien.kernel.clock import now_utc, vietnam_date
from khien.norms.model import Library
from khien.norms.selectors import rulebooks_of
from khien.org.models import Unit


@dataclass(frozen=True, slots=True)
class FindingQuery:
    """Which findings a list shows: of one verdict, one control, one subject, at a moment (None: now)."""

    verdict: str = ""
    control: str = ""
    subject: str = ""
    at: datetime | None = None


def findings_listed(units: Iterable[Unit], query: FindingQuery) -> QuerySet[Finding]:
    """Return the findings that a query shows, in the order they were first made."""
    found = findings_at(units, at=query.at).select_related("unit").order_by("pk")
    for name in ("verdict", "control", "subject"):
        value = getattr(query, name)
        found = found.filter(**{name: value}) if value else found
    return found


def findings_after(
    units: Iterable[Unit], query: FindingQuery, *, place: tuple[int, int] | None, size: int
) -> list[Finding]:
    """Return the next findings of many units after a place, unit by unit, so that none is sorted in vain.

    Args: place: ids of the unit and of the finding seen last
    """
    found: list[Finding] = []
    for unit in sorted(units, key=lambda one: one.pk):
        if place is not None and unit.pk < place[0]:
            continue
        rows = findings_listed([unit], query)
        if place is not None and unit.pk == place[0]:
            rows = rows.filter(pk__gt=place[1])
        found.extend(rows[: size - len(found)])
        if len(found) >= size:
            break
    return found


def shown_findings(
    findings: Sequence[Finding], *, library: Library, at: datetime | None
) -> list[Shown]:
    """Return findings ready to be shown; a fixed number of queries for any number of findings."""
    units = {finding.unit_id: finding.unit for finding in findings}
    day = vietnam_date(at or now_utc())
    rulebooks = rulebooks_of(units.values(), library=library, on=day) if units else {}
    hosts = hosts_by_uid({one.subject for one in findings if one.subject_kind == "host"})
    shown = []
    for finding in findings:
        control = library.controls.get(finding.control)
        if control is not None:  # one that the library no longer has is not shown
            rule = rulebooks[finding.unit_id].rules.get(finding.control)
            host = hosts.get(finding.subject)
            shown.append(shown_finding(finding, host, control, rule, library=library))
    return shown


def newly_failing(ledger_index: int, units: Iterable[Unit]) -> dict[str, list[str]]:
    """Return by unit code the controls that one assessment found failing where they did not fail before.

    Args: ledger_index: of the assessment's entry
    """
    opened = Finding.objects.filter(
        opened_by__ledger_index=ledger_index, unit__in=units, verdict="fail"
    ).select_related("unit")
    listed = list(opened.order_by("unit__code", "control"))
    moments = {finding.from_at for finding in listed}
    before = Finding.objects.filter(unit__in=units, verdict="fail", to_at__in=moments)
    failed = set(before.values_list("unit_id", "control", "subject_kind", "subject", "to_at"))
    found: dict[str, list[str]] = {}
    for one in listed:
        if (one.unit_id, one.control, one.subject_kind, one.subject, one.from_at) in failed:
            continue
        controls = found.setdefault(one.unit.code, [])
        if one.control not in controls:
            controls.append(one.control)
    return found
