"""How units stand, in few statements: controls by verdict, by theme, and over time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Case, Count, IntegerField, Min, Q, Value, When

from khien.checks.models import Finding
from khien.checks.selectors import findings_at
from khien.kernel.clock import VIETNAM, vietnam_date
from khien.norms.model import VERDICTS, Library, Verdict
from khien.org.models import Unit

# The verdict that weighs most has the smallest number.
WORST_FIRST: tuple[Verdict, ...] = ("fail", "unknown", "pass", "not_applicable")
_POINTS_MAX = 60


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """How many findings stood at each verdict at the end of a day."""

    at: datetime
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ControlStanding:
    """How one control stands at one unit: its worst verdict, and how many subjects stand so."""

    unit_id: int
    control: str
    verdict: Verdict


def control_verdicts(
    units: Iterable[Unit], *, at: datetime | None = None
) -> Iterator[ControlStanding]:
    """Yield the worst verdict of every control at every unit, now or at a past moment; one statement."""
    weight = Case(
        *(When(verdict=verdict, then=Value(i)) for i, verdict in enumerate(WORST_FIRST)),
        output_field=IntegerField(),
    )
    rows = findings_at(units, at=at).order_by().values_list("unit_id", "control")
    for unit_id, control, rank in rows.annotate(rank=Min(weight)):
        yield ControlStanding(unit_id, control, WORST_FIRST[rank])


def verdict_counts(
    units: Iterable[Unit], *, at: datetime | None = None
) -> dict[int, dict[str, int]]:
    """Return how many controls stand at each verdict, by unit id; a unit never assessed is absent."""
    found: dict[int, dict[str, int]] = {}
    for standing in control_verdicts(units, at=at):
        numbers = found.setdefault(standing.unit_id, dict.fromkeys(VERDICTS, 0))
        numbers[standing.verdict] += 1
    return found


def theme_matrix(
    units: Iterable[Unit], *, library: Library, at: datetime | None = None
) -> dict[int, dict[str, dict[str, int]]]:
    """Return how many controls stand at each verdict, by unit id and theme."""
    themes = {control.id: control.theme for control in library.controls.values()}
    found: dict[int, dict[str, dict[str, int]]] = {}
    for standing in control_verdicts(units, at=at):
        theme = themes.get(standing.control)
        if theme is None:
            continue
        row = found.setdefault(standing.unit_id, {})
        row.setdefault(theme, dict.fromkeys(VERDICTS, 0))[standing.verdict] += 1
    return found


def trend(units: Iterable[Unit], *, days: int, now: datetime) -> list[TrendPoint]:
    """Return how many findings stood at each verdict over the last days, oldest first; three statements.

    Args: days: how far back, ≥ 1; at most sixty points are given, the last of them now
    """
    ids = [unit.pk for unit in units]
    rows = Finding.objects.filter(unit__in=ids).order_by()
    moments = _moments(days, now)
    start = moments[0]
    at_start = rows.filter(Q(to_at=None) | Q(to_at__gt=start), from_at__lte=start)
    opened = rows.filter(from_at__gt=start, from_at__lte=now)
    closed = rows.filter(to_at__gt=start, to_at__lte=now)
    counts = [dict.fromkeys(VERDICTS, 0) for _ in moments]
    for verdict, n in at_start.values_list("verdict").annotate(n=Count("pk")):
        _add(counts, 0, verdict, n)
    for verdict, moment, n in opened.values_list("verdict", "from_at").annotate(n=Count("pk")):
        _add(counts, _first_after(moments, moment), verdict, n)
    for verdict, moment, n in closed.values_list("verdict", "to_at").annotate(n=Count("pk")):
        _add(counts, _first_after(moments, moment), verdict, -n)
    return [TrendPoint(at, numbers) for at, numbers in zip(moments, counts, strict=True)]


def _add(counts: list[dict[Verdict, int]], since: int, verdict: Verdict, n: int) -> None:
    """Count n more from one point on."""
    for numbers in counts[since:]:
        numbers[verdict] += n


def _first_after(moments: list[datetime], moment: datetime) -> int:
    """Return the first point at or after a moment."""
    return bisect_right(moments, moment - timedelta(microseconds=1))


def _moments(days: int, now: datetime) -> list[datetime]:
    """Return the ends of days that are looked at, oldest first, and now as the last."""
    step = max(1, -(-days // _POINTS_MAX))
    today = vietnam_date(now)
    past = [today - timedelta(days=back) for back in range(step, days + 1, step)]
    return [datetime.combine(day, time.max, tzinfo=VIETNAM) for day in reversed(past)] + [now]
