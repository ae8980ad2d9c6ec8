"""The only door through which written reports are read: lists, what is due, rows of a figure, received reports.

For pages: `due_reports` (the report desk), `written_reports`, `report_at`, `versions_of`, `steps_of`,
`gaps.gaps_of`, `comparing.difference`, `comparing.changed_rows`, `comparing.figures_now`, `figure_rows`,
`received_board`, `subjects_waiting`, `rendering.report_file`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from khien.duties.models import Occurrence
from khien.duties.selectors import Asked, occurrences
from khien.kernel.canonical import Json
from khien.kernel.clock import vietnam_date
from khien.norms.selectors import documents_binding
from khien.org.models import Unit
from khien.registers.declarations import register_by_code
from khien.registers.models import Row
from khien.registers.selectors import rows_of
from khien.reports.conditions import judged
from khien.reports.definition_reading import load_definitions
from khien.reports.definitions import Definition
from khien.reports.errors import UnknownWrittenReport
from khien.reports.models import Report, ReportReminder, ReportStep, ReportVersion
from khien.reports.periods import ROW, Period, period_on
from khien.reports.reports_below import DUE_AFTER_DAYS, ReportsBelow, UnitBelow, applies
from khien.reports.standpoints import Stand

State = Report.State
_PENDING = Occurrence.State.PENDING


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """Which reports a list shows; what is empty does not narrow."""

    definition: str = ""
    period: str = ""
    states: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class DueReport:
    """A report that a unit makes: its period of today, the last day allowed, and the report if it was begun."""

    definition: Definition
    period: Period | None
    due_on: date | None
    report: Report | None

    def is_late(self, today: date) -> bool:
        """Say whether the last day allowed has passed and it was not sent."""
        is_sent = self.report is not None and self.report.state in (State.SENT, State.RECEIVED)
        return self.due_on is not None and today > self.due_on and not is_sent


@dataclass(frozen=True, slots=True)
class CountedRow:
    """A row that a figure counts, at the version it had; `is_unsure`: it lacks what decides."""

    row: Row
    version: int
    is_unsure: bool


@dataclass(frozen=True, slots=True)
class FigureRows:
    """A figure of a version with everything it counts: rows, or other things as [kind, key, words]."""

    title: str
    said: str
    rows: tuple[CountedRow, ...]
    items: tuple[tuple[Json, ...], ...]


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One unit below on the board of received reports, with the last reminder to it."""

    below: UnitBelow
    is_late: bool
    reminded_at: datetime | None


def written_reports(units: Iterable[Unit], query: ReportQuery | None = None) -> QuerySet[Report]:
    """Return the reports of units, newest first."""
    query = query or ReportQuery()
    words = {"definition": query.definition, "period": query.period}
    found = Report.objects.filter(unit__in=units, **{k: v for k, v in words.items() if v})
    if query.states:
        found = found.filter(state__in=query.states)
    return found.select_related("unit", "sent_to")


def report_at(units: Iterable[Unit], unit: str, number: int) -> Report:
    """Return a report by its unit's code and its number.

    Raises: UnknownWrittenReport: there is none, or its unit is not among those given
    """
    reports = Report.objects.filter(unit__in=units, unit__code=unit, number=number)
    found = reports.select_related("unit", "subject", "document", "sent_to").first()
    if found is None:
        raise UnknownWrittenReport(number=number)
    return found


def versions_of(report: Report) -> QuerySet[ReportVersion]:
    """Return the versions of a report, newest first."""
    return report.versions.select_related("snapshot", "report__unit").order_by("-number")


def version_at(report: Report, number: int | None = None) -> ReportVersion:
    """Return a version by its number, or the newest.

    Raises: UnknownWrittenReport: it has none of this number
    """
    versions = report.versions.select_related("snapshot", "report__unit", "report__subject")
    if number is not None:
        versions = versions.filter(number=number)
    found = versions.order_by("-number").first()
    if found is None:
        raise UnknownWrittenReport(number=f"{report.number} v{number}")
    return found


def steps_of(report: Report) -> QuerySet[ReportStep]:
    """Return the steps of a report in their order."""
    return report.steps.select_related("version").order_by("pk")


def content_of(version: ReportVersion) -> dict[str, Any]:
    """Return the frozen content of a version."""
    content: dict[str, Any] = json.loads(version.snapshot.content)
    return content


def definitions_of(unit: Unit, *, on: date) -> list[Definition]:
    """Return the reports that a unit makes on a day, in their order."""
    bound = documents_binding([unit], on=on)[unit.pk]
    return [d for d in load_definitions().values() if applies(d, bound, unit.kind, on)]


def due_reports(unit: Unit, *, now: datetime) -> list[DueReport]:
    """Return what a unit has to report, the nearest day first, then what has no day; four queries.

    The period of today, and the one before it as long as its report was begun and not sent, or is overdue.
    A report of an event or a row is listed without a period: it is begun when there is a reason for it.
    """
    today = vietnam_date(now)
    definitions = definitions_of(unit, on=today)
    periods = [p for d in definitions if d.rhythm.is_regular for p in _periods(d, today)]
    dues = _dues(unit, periods, now)
    wanted = Q(pk__in=[])
    for definition, period in periods:
        wanted |= Q(definition=definition.code, period=period.key)
    begun = Report.objects.filter(wanted, unit=unit).exclude(state=State.CANCELLED)
    reports = {(one.definition, one.period): one for one in begun.select_related("unit")}
    found = [DueReport(d, None, None, None) for d in definitions if not d.rhythm.is_regular]
    for definition, period in periods:
        report = reports.get((definition.code, period.key))
        due = dues.get((definition.code, period.key))
        is_past = period.ends < today
        is_sent = report is not None and report.state in (State.SENT, State.RECEIVED)
        if not is_past or (not is_sent and (report is not None or (due and due.is_open))):
            found.append(DueReport(definition, period, due.on if due else None, report))
    order = {d.code: place for place, d in enumerate(definitions)}
    return sorted(
        found, key=lambda d: (d.due_on is None, d.due_on or today, order[d.definition.code])
    )


@dataclass(frozen=True, slots=True)
class _Due:
    """The last day allowed of a report, and whether its duty is still open."""

    on: date
    is_open: bool


def _periods(definition: Definition, today: date) -> list[tuple[Definition, Period]]:
    """Return the period of today and the one before it."""
    current = period_on(definition.rhythm, today)
    before = period_on(definition.rhythm, current.begins - timedelta(days=1))
    return [(definition, before), (definition, current)]


def _dues(
    unit: Unit, periods: Sequence[tuple[Definition, Period]], now: datetime
) -> dict[tuple[str, str], _Due]:
    duties = {duty for definition, _ in periods for duty in definition.duties}
    asked = occurrences([unit], Asked(), now=now).filter(duty__in=duties).order_by("due_on")
    known = list(asked.values_list("duty", "due_on", "state"))
    found: dict[tuple[str, str], _Due] = {}
    for definition, period in periods:
        place = (definition.code, period.key)
        if definition.due is not None:
            # Of a law that no duty of the library stands for, nobody knows whether the past was done.
            found[place] = _Due(date(period.ends.year, *definition.due), is_open=False)
            continue
        for duty, due_on, state in known:
            is_its = period.begins <= due_on and (due_on - period.ends).days <= DUE_AFTER_DAYS
            if duty in definition.duties and is_its:
                found.setdefault(place, _Due(due_on, state == _PENDING))
    return found


def subjects_waiting(unit: Unit, definition: Definition, *, now: datetime) -> list[Row]:
    """Return the rows a report is to be made about and has not been begun for."""
    if definition.rhythm.every != ROW or definition.about is None:
        return []
    begun = Report.objects.filter(unit=unit, definition=definition.code)
    done = set(begun.exclude(state=State.CANCELLED).values_list("subject_id", flat=True))
    today = period_on(definition.rhythm, vietnam_date(now))
    rows = rows_of([unit], register_by_code(definition.about)).select_related("unit")
    return [
        row
        for row in rows
        if row.pk not in done
        and judged(
            row.values,
            definition.about_where,
            Stand(definition, unit, today, now, row).meaning,
        )
        is not False
    ]


def figure_rows(version: ReportVersion, code: str) -> FigureRows | None:
    """Return everything a figure of a version counts; None where it has no such figure. Two queries."""
    figure = content_of(version)["figures"].get(code)
    if figure is None:
        return None
    listed = [(pk, at, False) for pk, at in figure["rows"]]
    listed += [(pk, at, True) for pk, at in figure["unsure"]]
    rows = Row.objects.select_related("unit").in_bulk([pk for pk, _, _ in listed])
    counted = tuple(CountedRow(rows[pk], at, unsure) for pk, at, unsure in listed if pk in rows)
    items = tuple(tuple(item) for item in figure["items"])
    return FigureRows(figure["title"], figure["said"], counted, items)


def received_board(
    unit: Unit, definition: Definition, period: Period, *, now: datetime
) -> list[BoardLine]:
    """Return the units below a unit with their reports of a period: who sent, who is late, who was reminded."""
    stand = Stand(definition, unit, period, now, takes_all=True)
    below = ReportsBelow(stand).units(definition.code)
    reminders = ReportReminder.objects.filter(
        definition=definition.code, period=period.key, unit__in=[one.unit for one in below]
    )
    last: dict[int, datetime] = {}
    for pk, at in reminders.order_by("reminded_at").values_list("unit_id", "reminded_at"):
        last[pk] = at
    today = vietnam_date(now)
    return [BoardLine(one, one.is_late(today), last.get(one.unit.pk)) for one in below]
