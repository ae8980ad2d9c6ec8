"""The reports of the units below: which should be there, which are, and their figures summed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q

from khien.duties.selectors import Asked, occurrences
from khien.kernel.canonical import Json
from khien.norms.selectors import documents_binding
from khien.org.history import TreeNode, part_of, tree_of
from khien.org.models import ENDINGS, Unit
from khien.org.selectors import all_units
from khien.reports.definition_reading import load_definitions
from khien.reports.definitions import Definition, Figure
from khien.reports.figures import FigureValue
from khien.reports.models import Report, ReportVersion
from khien.reports.standpoints import Stand

# A report is due some time after its period; a later day belongs to the next one.
DUE_AFTER_DAYS = 60
RECEIVED, SENT = Report.State.RECEIVED, Report.State.SENT
COMMITTED = (SENT, RECEIVED)


@dataclass(slots=True)
class UnitBelow:
    """One unit below with its reports of the period; `name` is the one of the day."""

    unit: Unit
    name: str
    due_on: date | None = None
    reports: list[Report] = field(default_factory=list)
    figures: dict[str, FigureValue] = field(default_factory=dict)
    versions: list[tuple[int, int]] = field(default_factory=list)

    @property
    def state(self) -> str:
        """Return the weakest state of its reports; empty where it wrote none."""
        order = ("", *Report.State.values)
        states = [report.state for report in self.reports] or [""]
        return min(states, key=lambda state: _RANK.get(state, order.index(state)))

    @property
    def sent_on(self) -> date | None:
        """Return the day the last of its reports was sent."""
        days = [report.sent_on for report in self.reports if report.sent_on]
        return max(days, default=None)

    def is_late(self, today: date) -> bool:
        """Say whether its report came after the last day allowed, or is not there and that day is past."""
        if self.due_on is None:
            return False
        return (self.sent_on if self.state in COMMITTED else today) > self.due_on  # type: ignore[operator]  # sent


_RANK = {"": 0, "returned": 1, "draft": 2, "reviewed": 3, "signed": 4, "sent": 5, "received": 6}


class ReportsBelow:
    """Reads what units below a unit reported in a period, each definition once."""

    def __init__(self, stand: Stand) -> None:
        self._stand = stand
        self._kept: dict[str, list[UnitBelow]] = {}
        self._tree: TreeNode | None = None

    def units(self, code: str) -> list[UnitBelow]:
        """Return the units that should report, and those that did though they ended since, in tree order."""
        if code not in self._kept:
            self._kept[code] = self._read(load_definitions()[code])
        return self._kept[code]

    def figure(self, figure: Figure) -> FigureValue:
        """Return a figure summed over the reports that count; those that lack it are counted as missing."""
        code, _, wanted = figure.of.partition(".")
        total, unsure, missing = 0, 0, 0
        items: list[list[Json]] = []
        is_known = False
        for below in self.units(code):
            value = below.figures.get(wanted)
            if value is None or not isinstance(value.value, int):
                missing += 1
                continue
            is_known = True
            total += value.value
            unsure += value.unsure_count
            items.append(["report", below.reports[0].pk, below.unit.code, value.value])
        shown = total if is_known else None
        return FigureValue(shown, unsure, items=items, missing_units=missing if is_known else 0)

    def counts(self, report: Report) -> bool:
        """Say whether a report is summed: accepted, or sent where all are taken."""
        return report.state == RECEIVED or (self._stand.takes_all and report.state == SENT)

    def _read(self, definition: Definition) -> list[UnitBelow]:
        found = expected_units(self._stand, definition, self._node())
        reports = self._reports(definition)
        for report in reports:
            if report.unit_id not in found and report.state in COMMITTED:
                found[report.unit_id] = UnitBelow(report.unit, report.unit.name_vi)
            if report.unit_id in found:
                found[report.unit_id].reports.append(report)
        self._read_figures(found)
        dues = due_days(found, definition, self._stand)
        for pk, below in found.items():
            below.due_on = dues.get(pk) or next((r.due_on for r in below.reports), None)
        return list(found.values())

    def _node(self) -> TreeNode | None:
        if self._tree is None:
            tops = tree_of(all_units(), self._stand.until, with_ended=True)
            self._tree = part_of(tops, self._stand.unit)
        return self._tree

    def _reports(self, definition: Definition) -> list[Report]:
        node = self._node()
        units = [step.unit.pk for step in node.walk()][1:] if node else []
        period = self._stand.period
        asked = Q(period=period.key)
        if definition.rhythm.every != self._stand.definition.rhythm.every:
            asked = Q(begins_on__gte=period.begins, ends_on__lte=period.ends)
        reports = Report.objects.filter(asked, definition=definition.code, unit__in=units)
        reports = reports.exclude(state=Report.State.CANCELLED).select_related("unit")
        return list(reports.order_by("begins_on", "pk"))

    def _read_figures(self, found: Mapping[int, UnitBelow]) -> None:
        counted = [r for below in found.values() for r in below.reports if self.counts(r)]
        versions = ReportVersion.objects.filter(report__in=counted, number=F("report__latest"))
        owner = {report.pk: report.unit_id for report in counted}
        columns = ("report_id", "number", "snapshot__content")
        for report, number, content in versions.values_list(*columns):
            below = found[owner[report]]
            below.versions.append((report, number))
            for code, value in thawed_figures(json.loads(content)).items():
                below.figures[code] = _added(below.figures.get(code), value)


def thawed_figures(content: Mapping[str, Any]) -> dict[str, FigureValue]:
    """Return the figures of a snapshot, without what they count."""
    return {
        code: FigureValue(given["value"], given["unsure_count"])
        for code, given in content["figures"].items()
    }


def expected_units(
    stand: Stand, definition: Definition, node: TreeNode | None
) -> dict[int, UnitBelow]:
    """Return the units below that should make a report, by their keys, as they stood on the day."""
    if node is None:
        return {}
    below = [step for step in list(node.walk())[1:] if step.state.what not in ENDINGS]
    bound = documents_binding([step.unit for step in below], on=stand.until)
    return {
        step.unit.pk: UnitBelow(step.unit, step.state.name_vi)
        for step in below
        if applies(definition, bound[step.unit.pk], step.state.kind, stand.until)
    }


def applies(definition: Definition, bound: Collection[str], kind: str, day: date) -> bool:
    """Say whether a unit of a kind, bound by some documents, makes a report on a day."""
    if definition.unit_kinds and kind not in definition.unit_kinds:
        return False
    by_law = any(
        law.begins <= day and (law.ends is None or day < law.ends) for law in definition.law
    )
    return by_law or any(document in bound for document in definition.documents)


def due_days(units: Iterable[Any], definition: Definition, stand: Stand) -> dict[int, date]:
    """Return the last day allowed of each unit's report in the period, from the duties it closes or its law."""
    period = stand.period
    if definition.due is not None and definition.rhythm.is_regular:
        return dict.fromkeys(units, date(period.ends.year, *definition.due))
    if not definition.duties:
        return {}
    asked = Asked()
    if definition.rhythm.is_regular:
        until = period.ends + timedelta(days=DUE_AFTER_DAYS)
        asked = Asked(since=period.begins, until=until)
    dues = occurrences(list(units), asked, now=stand.now).filter(duty__in=definition.duties)
    if not definition.rhythm.is_regular:
        dues = dues.filter(subject=stand.subject)
    found: dict[int, date] = {}
    for unit, due in dues.order_by("due_on").values_list("unit_id", "due_on"):
        found.setdefault(unit, due)
    return found


def _added(first: FigureValue | None, second: FigureValue) -> FigureValue:
    if first is None:
        return second
    if not isinstance(first.value, int) or not isinstance(second.value, int):
        return FigureValue(None, first.unsure_count + second.unsure_count)
    return FigureValue(first.value + second.value, first.unsure_count + second.unsure_count)
