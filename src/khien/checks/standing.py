"""How units stand, in one statement each: controls by verdict, by theme, and over time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from django.db.models import Count, F, Q, QuerySet, Sum

from khien.checks.models import Standing, ThemeStanding
from khien.norms.model import VERDICTS, Verdict
from khien.org.models import Unit

_POINTS_MAX = 60
_COLUMNS = tuple(f"{verdict}_count" for verdict in VERDICTS)


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """How many controls stood at each verdict at the end of a day."""

    on: date
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ControlCount:
    """One control over many units: at how many it stands so, and over how many subjects."""

    control: str
    unit_count: int
    subject_count: int


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One control at one unit that stands at a verdict, and over how many subjects."""

    unit_id: int
    control: str
    subject_count: int


def standing_rows(units: Iterable[Unit], verdict: str) -> list[StandingRow]:
    """Return the controls that stand at a verdict at units, with how many subjects stand so."""
    rows = Standing.objects.filter(unit__in=units, verdict=verdict)
    return [StandingRow(*row) for row in rows.values_list("unit_id", "control", f"{verdict}_count")]


def standings_of(units: Iterable[Unit], control: str) -> dict[int, tuple[Verdict, dict[str, int]]]:
    """Return how one control stands at units, by unit id: its verdict, and its subjects by verdict."""
    rows = Standing.objects.filter(unit__in=units, control=control)
    return {
        unit_id: (verdict, dict(zip(VERDICTS, numbers, strict=True)))
        for unit_id, verdict, *numbers in rows.values_list("unit_id", "verdict", *_COLUMNS)
    }


def verdict_counts(units: Iterable[Unit], *, on: date | None = None) -> dict[int, dict[str, int]]:
    """Return how many controls stand at each verdict, by unit id; a unit never assessed is absent."""
    if on is not None:
        return _summed(_themes_at(units, on))
    found: dict[int, dict[str, int]] = {}
    rows = Standing.objects.filter(unit__in=units).order_by().values_list("unit_id", "verdict")
    for unit_id, verdict, n in rows.annotate(n=Count("pk")):
        found.setdefault(unit_id, dict.fromkeys(VERDICTS, 0))[verdict] = n
    return found


def _summed(rows: QuerySet[ThemeStanding]) -> dict[int, dict[str, int]]:
    sums = rows.order_by().values_list("unit_id").annotate(*(Sum(name) for name in _COLUMNS))
    return {unit_id: dict(zip(VERDICTS, numbers, strict=True)) for unit_id, *numbers in sums}


def _themes_at(units: Iterable[Unit], on: date | None) -> QuerySet[ThemeStanding]:
    rows = ThemeStanding.objects.filter(unit__in=units)
    if on is None:
        return rows.filter(until_on=None)
    return rows.filter(Q(until_on=None) | Q(until_on__gt=on), from_on__lte=on)


def theme_sums(units: Iterable[Unit], *, on: date | None = None) -> dict[str, dict[str, int]]:
    """Return how many controls of units stand at each verdict, by theme, now or at the end of a day."""
    rows = _themes_at(units, on).order_by().values_list("theme")
    sums = rows.annotate(*(Sum(name) for name in _COLUMNS))
    return {theme: dict(zip(VERDICTS, numbers, strict=True)) for theme, *numbers in sums}


def theme_matrix(
    units: Iterable[Unit], *, on: date | None = None
) -> dict[int, dict[str, dict[str, int]]]:
    """Return how many controls stand at each verdict, by unit id and theme, now or at the end of a day."""
    found: dict[int, dict[str, dict[str, int]]] = {}
    rows = _themes_at(units, on).order_by().values_list("unit_id", "theme", *_COLUMNS)
    for unit_id, theme, *numbers in rows.iterator():
        found.setdefault(unit_id, {})[theme] = dict(zip(VERDICTS, numbers, strict=True))
    return found


def trend(units: Iterable[Unit], *, days: int, today: date) -> list[TrendPoint]:
    """Return how many controls stood at each verdict over the last days, oldest first.

    Args: days: how far back, ≥ 1; at most sixty points, the last of them today; no point before the
          first assessment
    """
    points = _days(days, today)
    rows = ThemeStanding.objects.filter(unit__in=units, from_on__lte=today)
    rows = rows.filter(Q(until_on=None) | Q(until_on__gt=points[0])).order_by()
    sums = rows.values_list("from_on", "until_on").annotate(*(Sum(name) for name in _COLUMNS))
    changes = [[0] * len(VERDICTS) for _ in range(len(points) + 1)]
    for from_on, until_on, *numbers in sums:
        begins = bisect_left(points, from_on)
        ends = len(points) if until_on is None else bisect_left(points, until_on)
        for i, number in enumerate(numbers):
            changes[begins][i] += number
            changes[ends][i] -= number
    return [
        TrendPoint(day, dict(zip(VERDICTS, numbers, strict=True)))
        for day, numbers in zip(points, accumulate(changes, _added), strict=False)
        if any(numbers)
    ]


def _added(one: list[int], other: list[int]) -> list[int]:
    return [a + b for a, b in zip(one, other, strict=True)]


def controls_standing(
    units: Iterable[Unit], verdict: str, *, theme: str = "", limit: int = 100
) -> list[ControlCount]:
    """Return the controls that stand at a verdict at most units, with how many units and subjects."""
    rows = Standing.objects.filter(unit__in=units, verdict=verdict)
    if theme:
        rows = rows.filter(theme=theme)
    grouped = rows.order_by().values_list("control")
    counted = grouped.annotate(n=Count("pk"), subjects=Sum(F(f"{verdict}_count")))
    return [ControlCount(*row) for row in counted.order_by("-n", "control")[:limit]]


def _days(days: int, today: date) -> list[date]:
    """Return the days that are looked at, oldest first, today as the last."""
    step = max(1, -(-days // _POINTS_MAX))
    return [today - timedelta(days=back) for back in range(step * (days // step), -1, -step)]
