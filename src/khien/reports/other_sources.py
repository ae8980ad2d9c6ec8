"""Figures that are not of registers: findings, duties, cases of workflows."""

from __future__ import annotations

from django.db.models import QuerySet

from khien.checks.selectors import control_states
from khien.duties.models import Occurrence
from khien.duties.selectors import OVERDUE, UNDONE, Asked, occurrences
from khien.kernel.canonical import Json
from khien.norms.library import load_library
from khien.norms.selectors import rulebooks_of
from khien.reports.definitions import Figure
from khien.reports.figures import FigureValue
from khien.reports.standpoints import Stand
from khien.workflows.models import WorkflowCase

_CLOSED = ("done", "done_late", "not_applicable")
_DUTY_STANDS = {
    "closed": _CLOSED,
    "late": (OVERDUE, "done_late"),
    "open": UNDONE,
    "all": (*_CLOSED, *UNDONE),
}


class Verdicts:
    """How the controls that bind a unit stand at the end of the period; read once."""

    def __init__(self, stand: Stand) -> None:
        library = load_library()
        rulebook = rulebooks_of([stand.unit], library=library, on=stand.until)[stand.unit.pk]
        self._states = control_states(stand.unit, rulebook, library=library, at=stand.end_moment)
        # Without any finding nobody has assessed the unit: nothing is known, not even what fails.
        self._is_assessed = any(sum(s.counts.values()) for s in self._states.values())

    def figure(self, figure: Figure) -> FigureValue:
        """Return how many controls, or their subjects, stand at a verdict."""
        if not self._is_assessed:
            return FigureValue(None)
        total, items = 0, list[list[Json]]()
        for state in self._states.values():
            control = state.control
            if figure.controls and control.id not in figure.controls:
                continue
            if figure.themes and control.theme not in figure.themes:
                continue
            is_there = state.verdict == figure.of
            number = state.counts.get(figure.of, 0) if figure.counts == "subjects" else is_there
            if number:
                total += number
                items.append(["control", control.id, control.title.vi])
        return FigureValue(total, items=items)


def duties_figure(figure: Figure, stand: Stand) -> FigureValue:
    """Return how many occurrences of duties due in the period stand so."""
    asked = Asked(
        stands=_DUTY_STANDS[figure.of], since=stand.period.begins, until=stand.period.ends
    )
    found: QuerySet[Occurrence] = occurrences([stand.unit], asked, now=stand.now)
    if figure.controls:
        found = found.filter(control__in=figure.controls)
    if figure.themes:
        library = load_library()
        themed = [c.id for c in library.controls.values() if c.theme in figure.themes]
        found = found.filter(control__in=themed)
    items: list[list[Json]] = [["duty", one.pk, one.duty] for one in found]
    if not items and not occurrences([stand.unit], now=stand.now).exists():
        return FigureValue(None)  # nobody has laid this unit's duties on the calendar yet
    return FigureValue(len(items), items=items)


def cases_figure(figure: Figure, stand: Stand) -> FigureValue:
    """Return how many cases of a workflow were started, finished or cancelled in the period, or are open."""
    cases = WorkflowCase.objects.filter(unit=stand.unit, workflow=figure.of)
    state = figure.state
    if state == "open":
        cases = cases.filter(state=WorkflowCase.State.OPEN)
    else:
        moment = "started_at" if state == "started" else "closed_at"
        first, last = stand.moments()
        cases = cases.filter(**{f"{moment}__gte": first, f"{moment}__lt": last})
        if state != "started":
            cases = cases.filter(state=state)
    items: list[list[Json]] = [["case", case.pk, case.title] for case in cases.order_by("number")]
    return FigureValue(len(items), items=items)
