"""The only door through which duties on the calendar are read.

For pages, messages and reports: `occurrences` (a query set, filtered and annotated with `stands`),
`counts`, `next_due`, `occurrence_at`, `reminders_due`, `charges_of`, `intervals_of`, `intervals_missing`,
`open_set_asides`.
What is written goes through `services` and `refreshing.refresh`.

`stands` is how an occurrence stands on the day asked for: upcoming (not open yet), open, due_soon (the day
to act is near), overdue, done, done_late, missed, not_applicable, replaced. It follows from the stored state
and the day, so that a clock set wrong changes nothing stored. `shown.shown_of` gives words, clause, proof.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from khien.duties.errors import UnknownOccurrence
from khien.duties.models import Charge, Occurrence, SetAside, UnitInterval
from khien.duties.plan import dated_duties
from khien.duties.proofs import load_proofs
from khien.duties.reminding import Level, load_reminding
from khien.kernel.clock import VIETNAM, vietnam_date
from khien.norms.library import load_library
from khien.norms.rulebook import is_amended
from khien.norms.selectors import documents_binding
from khien.org.models import Unit, User

UPCOMING, OPEN, DUE_SOON, OVERDUE = "upcoming", "open", "due_soon", "overdue"
STANDS = (
    UPCOMING,
    OPEN,
    DUE_SOON,
    OVERDUE,
    *(state.value for state in Occurrence.State if state != "pending"),
)
UNDONE = (OVERDUE, DUE_SOON, OPEN)
_State = Occurrence.State


@dataclass(frozen=True, slots=True)
class Asked:
    """Which occurrences are wanted; what is empty does not narrow. `since` and `until` bound the last day."""

    stands: Collection[str] = ()
    since: date | None = None
    until: date | None = None
    role: str = ""
    person: User | None = None
    duty: str = ""
    document: str = ""
    control: str = ""
    kinds: Collection[str] = field(default=())


@dataclass(frozen=True, slots=True)
class Reminder:
    """The newest level of reminding that an occurrence has reached, and since when."""

    occurrence: Occurrence
    level: Level
    at: datetime


def occurrences(
    units: Iterable[Unit], asked: Asked | None = None, *, now: datetime
) -> QuerySet[Occurrence]:
    """Return occurrences of units, the nearest day to act first, each with `stands`; one query.

    Args: now: the moment for which it is said how they stand
    """
    asked = asked or Asked()
    found = Occurrence.objects.filter(unit__in=units).annotate(stands=_stands(now))
    if asked.stands:
        found = found.filter(_any_stand(asked.stands, now))
        if not set(asked.stands) & set(_State.values):
            found = found.filter(state=_State.PENDING)  # said once more, so that the index is used
    bounds = {"due_on__gte": asked.since, "due_on__lte": asked.until, "person": asked.person}
    words = {
        "role": asked.role,
        "duty": asked.duty,
        "document": asked.document,
        "control": asked.control,
    }
    found = found.filter(**{name: value for name, value in (bounds | words).items() if value})
    if asked.kinds:
        found = found.filter(kind__in=asked.kinds)
    return found.select_related("unit", "person", "proof_row", "subject")


def stand_q(stand: str, now: datetime) -> Q:
    """Return the condition under which an occurrence stands so at a moment."""
    if stand in _State.values:
        return Q(state=stand)
    today = vietnam_date(now)
    near = today + timedelta(days=load_reminding().due_soon_days)
    late = Q(due_at=None, due_on__lt=today) | Q(due_at__lt=now)
    pending = Q(state=_State.PENDING)
    match stand:
        case "overdue":
            return pending & late
        case "upcoming":
            return pending & ~late & Q(opens_on__gt=today)
        case "due_soon":
            return pending & ~late & Q(opens_on__lte=today, act_on__lte=near)
        case "open":
            return pending & ~late & Q(opens_on__lte=today, act_on__gt=near)
        case _:
            return Q(pk__in=[])  # nothing stands so


def _any_stand(stands: Iterable[str], now: datetime) -> Q:
    found = Q(pk__in=[])
    for stand in stands:
        found |= stand_q(stand, now)
    return found


def _stands(now: datetime) -> Case:
    pending = [
        When(stand_q(stand, now), then=Value(stand))
        for stand in (OVERDUE, UPCOMING, DUE_SOON, OPEN)
    ]
    settled = [
        When(state=state, then=Value(state)) for state in _State.values if state != "pending"
    ]
    return Case(*pending, *settled, default=Value(OPEN), output_field=CharField())


def occurrence_at(units: Iterable[Unit], number: int, *, now: datetime) -> Occurrence:
    """Return one occurrence by its number, with `stands`.

    Raises: UnknownOccurrence: there is none, or its unit is not among those given
    """
    found = occurrences(units, now=now).filter(pk=number).first()
    if found is None:
        raise UnknownOccurrence(number=number)
    return found


def counts(units: Iterable[Unit], *, now: datetime) -> dict[int, dict[str, int]]:
    """Return how many occurrences of each unit stand how, by unit id; what is none is absent; one query."""
    asked = Occurrence.objects.filter(unit__in=units).order_by()
    rows = asked.annotate(stands=_stands(now)).values("unit_id", "stands").annotate(n=Count("pk"))
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["unit_id"], {})[row["stands"]] = row["n"]
    return found


def next_due(units: Iterable[Unit], *, now: datetime) -> dict[int, Occurrence]:
    """Return of each unit the occurrence to act on next that is not overdue, by unit id; one query."""
    place = Window(RowNumber(), partition_by=F("unit_id"), order_by=["act_on", "due_on", "pk"])
    ahead = Occurrence.objects.filter(~stand_q(OVERDUE, now), state=_State.PENDING, unit__in=units)
    firsts = ahead.annotate(stands=_stands(now), place=place).filter(place=1)
    return {one.unit_id: one for one in firsts.select_related("unit", "person")}


def reminders_due(now: datetime, units: Iterable[Unit] | None = None) -> list[Reminder]:
    """Return for each pending occurrence the newest level of reminding it has reached, the latest ends first.

    Who sends messages keeps which levels were sent; a level that was passed over is not caught up with.
    Args: units: all that did not end, by default
    """
    levels = load_reminding().levels
    ahead = max((-level.distance for level in levels), default=timedelta())
    reached = Q(act_on__lte=vietnam_date(now + ahead)) | Q(due_at__lte=now + ahead)
    pending = Occurrence.objects.filter(reached, state=_State.PENDING, unit__ended_on=None)
    if units is not None:
        pending = pending.filter(unit__in=units)
    shown = pending.annotate(stands=_stands(now)).exclude(stands=UPCOMING)
    found = []
    for one in shown.select_related("unit", "person").order_by("-act_on", "pk"):
        best = max(
            ((at, level) for level in levels if (at := level_at(one, level)) and at <= now),
            key=lambda pair: pair[0],
            default=None,
        )
        if best is not None:
            found.append(Reminder(one, best[1], best[0]))
    return found


def level_at(occurrence: Occurrence, level: Level) -> datetime | None:
    """Return the moment at which an occurrence reaches a level; None where the level is not for it."""
    if level.hours is not None:
        return None if occurrence.due_at is None else occurrence.due_at + level.distance
    if occurrence.due_at is not None and level.distance <= timedelta():
        return None
    end = occurrence.act_on if level.distance <= timedelta() else occurrence.due_on
    day = end + level.distance
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)


def charges_of(units: Iterable[Unit], *, on: date) -> dict[tuple[int, str], User]:
    """Return who answers for duties on a day, by unit id and duty; duty "" stands for all others of the unit."""
    in_time = Q(until_on=None) | Q(until_on__gt=on)
    rows = Charge.objects.filter(in_time, unit__in=units, from_on__lte=on)
    return {
        (row.unit_id, row.duty): row.person
        for row in rows.select_related("person").order_by("from_on", "pk")
    }


def history_of_charge(unit: Unit, duty: str) -> QuerySet[Charge]:
    """Return who answered for a duty of a unit over time, newest first."""
    return (
        Charge.objects.filter(unit=unit, duty__in=(duty, ""))
        .select_related("person")
        .order_by("-from_on", "-pk")
    )


def intervals_of(units: Iterable[Unit]) -> dict[tuple[int, str], list[UnitInterval]]:
    """Return the intervals units set themselves, by unit id and duty, the oldest first."""
    found: dict[tuple[int, str], list[UnitInterval]] = {}
    for row in UnitInterval.objects.filter(unit__in=units).order_by("from_on", "pk"):
        found.setdefault((row.unit_id, row.duty), []).append(row)
    return found


def open_set_asides(units: Iterable[Unit]) -> QuerySet[SetAside]:
    """Return the requests that an occurrence not apply, which wait for a leader of these units."""
    waiting = SetAside.objects.filter(state=SetAside.State.OPEN, occurrence__unit__in=units)
    return waiting.select_related("occurrence", "occurrence__unit").order_by(
        "occurrence__act_on", "pk"
    )


def intervals_missing(units: Iterable[Unit], *, on: date) -> list[tuple[Unit, str]]:
    """Return the duties whose text asks for them regularly and whose unit has set no interval yet (chưa đặt)."""
    chosen = list(units)
    library = load_library()
    plans = dated_duties(library, load_proofs())
    bound = documents_binding(chosen, on=on)
    given = intervals_of(chosen)
    found = []
    for unit in chosen:
        names = bound[unit.pk]
        held = [library.documents[name] for name in names if name in library.documents]
        acting = [text for text in held if text.amends and text.in_force_on(on)]
        for plan in (plan for name in names for plan in plans.get(name, ())):
            is_asked = plan.schedule.kind == "own" and (unit.pk, plan.duty.id) not in given
            if is_asked and not is_amended(acting, plan.document, plan.clause.path):
                found.append((unit, plan.duty.id))
    return found
