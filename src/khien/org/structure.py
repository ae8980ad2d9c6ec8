"""The only writer of the unit tree's history: renaming, moving, merging, ending."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from khien.kernel.canonical import Json
from khien.kernel.clock import said_day, vietnam_date
from khien.kernel.errors import KhienError
from khien.kernel.vietnamese import nfc
from khien.ledger import services as ledger
from khien.org import events
from khien.org.decisions import Decision
from khien.org.errors import (
    CircleRefused,
    CodeTaken,
    DayRefused,
    HasUnitsBelow,
    NothingChanges,
    NotYetThere,
    OutOfReach,
    SameUnit,
    UnitHasEnded,
    UnitRefused,
)
from khien.org.models import (
    ENDED,
    ENDINGS,
    MERGED,
    MOVED,
    RENAMED,
    RoleHeld,
    Unit,
    UnitState,
    UnitSuccession,
    User,
)
from khien.org.roles import STAFF
from khien.org.services import grant_role, register_unit

_NAMED_MAX = 5


def refusal_of(act: Callable[[], object]) -> KhienError | None:
    """Return why an act of this room would be refused, or None; nothing of it stays done."""
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except KhienError as error:
        return error
    return None


@transaction.atomic
def found_unit(  # noqa: PLR0913  # one keyword for each column of the unit
    code: str,
    *,
    name_vi: str,
    name_en: str,
    kind: str,
    place: str,
    parent: Unit | None,
    from_on: date,
    decision: Decision,
    by: str,
    now: datetime,
) -> Unit:
    """Found a unit from a day on; unlike registering, a code that is taken is refused.

    Raises: CodeTaken; UnitRefused; DayRefused; UnitHasEnded, NotYetThere: the unit above
    """
    if Unit.objects.filter(code__iexact=code).exists():
        raise CodeTaken(unit=code)
    return register_unit(
        code,
        name_vi=name_vi,
        name_en=name_en,
        kind=kind,
        place=place,
        parent=parent,
        from_on=from_on,
        decision=decision,
        by=by,
        now=now,
    )


@transaction.atomic
def rename_unit(  # noqa: PLR0913  # one keyword for each thing a decision may change
    unit: Unit,
    *,
    name_vi: str,
    name_en: str,
    on: date,
    decision: Decision,
    by: str,
    now: datetime,
    kind: str | None = None,
    place: str | None = None,
) -> UnitState:
    """Give a unit another name from a day on, and with it another kind or place where the decision says so.

    Raises: UnitRefused: no name; DayRefused; UnitHasEnded; NothingChanges
    """
    unit, _ = _ready(unit, on, now)
    before = _said(unit)
    wanted = {
        "name_vi": nfc(" ".join(name_vi.split())),
        "name_en": nfc(" ".join((name_en or name_vi).split())),
        "kind": kind or unit.kind,
        "place": nfc(place) if place else unit.place,
    }
    if not wanted["name_vi"]:
        raise UnitRefused(unit=unit.code)
    if all(getattr(unit, field) == value for field, value in wanted.items()):
        raise NothingChanges(unit=unit.name_vi)
    for field, value in wanted.items():
        setattr(unit, field, value)
    unit.save(update_fields=list(wanted))
    state = _new_state(unit, RENAMED, on=on, decision=decision, by=by, now=now)
    _record(events.UNIT_RENAMED, state, decision, before=before, after=_said(unit))
    return state


@transaction.atomic
def move_unit(
    unit: Unit, parent: Unit | None, *, on: date, decision: Decision, by: str, now: datetime
) -> UnitState:
    """Put a unit under another from a day on; None makes it the top of its own tree.

    Raises: DayRefused; UnitHasEnded: either of them; CircleRefused; NotYetThere; NothingChanges
    """
    unit, _ = _ready(unit, on, now)
    if parent is not None:
        parent = _standing(parent, on)
        _must_not_circle(unit, parent, on)
    if unit.parent_id == (parent.pk if parent else None):
        raise NothingChanges(unit=unit.name_vi)
    return _moved(unit, parent, on=on, decision=decision, by=by, now=now)


@transaction.atomic
def merge_units(
    predecessors: Sequence[Unit],
    successors: Sequence[Unit],
    *,
    on: date,
    decision: Decision,
    by: str,
    now: datetime,
) -> list[UnitSuccession]:
    """End units on a day and let others succeed them: a merger, or a split where several succeed one.

    The old units are placed under the first successor, whose people go on reading them; living units
    below them move there, and so do users at home there, as staff. Other roles stay with the old unit:
    who leads and who answers in the new one is somebody's decision.

    Raises: SameUnit; DayRefused; UnitHasEnded; NotYetThere; CircleRefused; HasUnitsBelow
    """
    _must_differ(predecessors, successors)
    heirs = [_standing(unit, on) for unit in successors]
    first, going = heirs[0], {unit.pk for unit in predecessors}
    made = []
    for old in predecessors:
        unit, _ = _ready(old, on, now)
        for heir in heirs:
            _must_not_circle(unit, heir, on)
        below = Unit.objects.filter(parent=unit, ended_on=None).exclude(pk__in=going)
        for child in below.order_by("code"):
            ready, _ = _ready(child, on, now)
            _moved(ready, first, on=on, decision=decision, by=by, now=now)
        _must_be_bare(unit, on, besides=going)
        unit.parent, unit.parent_name_vi = first, ""
        state = _ended(unit, MERGED, on=on, decision=decision, by=by, now=now)
        made += [
            UnitSuccession.objects.create(
                predecessor=unit, successor=heir, on=on, decision=str(decision)
            )
            for heir in heirs
        ]
        codes = ", ".join(heir.code for heir in heirs)
        _record(events.UNIT_MERGED, state, decision, successors=codes)
        _carry_users(unit, first, on=on, by=by, now=now)
    return made


@transaction.atomic
def end_unit(unit: Unit, *, on: date, decision: Decision, by: str, now: datetime) -> UnitState:
    """End a unit that nobody succeeds; `on` is the first day without it.

    Raises: DayRefused; UnitHasEnded; HasUnitsBelow: living units stand below it
    """
    unit, _ = _ready(unit, on, now)
    _must_be_bare(unit, on, besides=set())
    state = _ended(unit, ENDED, on=on, decision=decision, by=by, now=now)
    _record(events.UNIT_ENDED, state, decision)
    return state


def must_be_in_reach(units: Iterable[Unit], managed: Iterable[int]) -> None:
    """Refuse to take a unit out of a unit above that the person does not manage.

    Args:   managed: keys of the living units the person manages
    Raises: OutOfReach
    """
    own = set(managed)
    for unit in units:
        if unit.parent is not None and unit.parent_id not in own:
            raise OutOfReach(who=unit.parent.name_vi)


def _ready(unit: Unit, on: date, now: datetime) -> tuple[Unit, UnitState]:
    """Return a living unit and its open state, locked, if a change may be dated to the day."""
    # Every writer of the tree takes the same locks in the same order: two moves cannot make a circle.
    fresh = {one.pk: one for one in Unit.objects.select_for_update().order_by("pk")}[unit.pk]
    if fresh.ended_on is not None:
        raise UnitHasEnded(unit=fresh.name_vi, day=said_day(fresh.ended_on))
    state = UnitState.objects.get(unit=fresh, until_on=None)
    if not state.from_on <= on <= vietnam_date(now):
        raise DayRefused(unit=fresh.name_vi, day=said_day(on), since=said_day(state.from_on))
    return fresh, state


def _standing(unit: Unit, on: date) -> Unit:
    """Return a unit that takes others on a day: living, and founded by then."""
    fresh = Unit.objects.get(pk=unit.pk)
    if fresh.ended_on is not None:
        raise UnitHasEnded(unit=fresh.name_vi, day=said_day(fresh.ended_on))
    first = UnitState.objects.filter(unit=fresh).order_by("from_on").first()
    if first is None or on < first.from_on:
        raise NotYetThere(unit=fresh.name_vi, day=said_day(first.from_on) if first else "–")
    return fresh


def _must_not_circle(unit: Unit, parent: Unit, on: date) -> None:
    """Refuse a parent that is the unit or stood below it, today or on any day since the change."""
    since = UnitState.objects.filter(Q(until_on=None) | Q(until_on__gt=on))
    rows = list(since.values_list("unit_id", "from_on", "until_on", "parent_id"))
    for day in sorted({on} | {start for _, start, _, _ in rows if start > on}):
        above = {
            one: up for one, start, end, up in rows if start <= day and (end is None or end > day)
        }
        step: int | None = parent.pk
        seen: set[int] = set()
        while step is not None and step not in seen:
            if step == unit.pk:
                raise CircleRefused(unit=unit.name_vi, above=parent.name_vi, day=said_day(day))
            seen.add(step)
            step = above.get(step)


def _must_be_bare(unit: Unit, on: date, *, besides: set[int]) -> None:
    """Refuse to end a unit under which living units stand on the day or later."""
    below = UnitState.objects.filter(parent=unit).exclude(what__in=ENDINGS)
    below = below.exclude(unit__in=besides).filter(Q(until_on=None) | Q(until_on__gt=on))
    names = [state.name_vi for state in below if state.until_on != state.from_on][:_NAMED_MAX]
    if names:
        raise HasUnitsBelow(unit=unit.name_vi, day=said_day(on), below=", ".join(names))


def _must_differ(predecessors: Sequence[Unit], successors: Sequence[Unit]) -> None:
    old, new = [unit.pk for unit in predecessors], [unit.pk for unit in successors]
    is_one_each = len({*old, *new}) == len(old) + len(new)
    if not old or not new or not is_one_each:
        units = ", ".join(sorted({unit.code for unit in (*predecessors, *successors)})) or "–"
        raise SameUnit(units=units)


def _moved(
    unit: Unit, parent: Unit | None, *, on: date, decision: Decision, by: str, now: datetime
) -> UnitState:
    before = unit.parent.code if unit.parent else "–"
    unit.parent, unit.parent_name_vi = parent, ""
    unit.save(update_fields=["parent", "parent_name_vi"])
    state = _new_state(unit, MOVED, on=on, decision=decision, by=by, now=now)
    after = parent.code if parent else "–"
    _record(events.UNIT_MOVED, state, decision, before=before, after=after)
    return state


def _ended(
    unit: Unit, what: str, *, on: date, decision: Decision, by: str, now: datetime
) -> UnitState:
    unit.ended_on = on
    unit.save(update_fields=["ended_on", "parent", "parent_name_vi"])
    return _new_state(unit, what, on=on, decision=decision, by=by, now=now)


def _new_state(
    unit: Unit, what: str, *, on: date, decision: Decision, by: str, now: datetime
) -> UnitState:
    """Close the unit's open state and open the one that says what the unit says now."""
    UnitState.objects.filter(unit=unit, until_on=None).update(until_on=on)
    return UnitState.objects.create(
        unit=unit,
        from_on=on,
        name_vi=unit.name_vi,
        name_en=unit.name_en,
        kind=unit.kind,
        place=unit.place,
        parent=unit.parent,
        what=what,
        decision=str(decision),
        recorded_at=now,
        by=by,
    )


def _record(kind: str, state: UnitState, decision: Decision, **more: Json) -> None:
    body: dict[str, Json] = {
        "from": state.from_on.isoformat(),
        "by": state.by,
        "decision": decision.body(),
    }
    ledger.record(kind, subject=state.unit.code, body=body | more, at=state.recorded_at)


def _said(unit: Unit) -> str:
    return f"{unit.name_vi} ({unit.kind}, {unit.place})"


def _carry_users(old: Unit, new: Unit, *, on: date, by: str, now: datetime) -> None:
    """Let the users at home in a unit that ended be at home in its successor; staff stay staff."""
    staff = RoleHeld.objects.filter(unit=old, role=STAFF, revoked_at=None)
    limits = dict(staff.values_list("user_id", "until_on"))
    for user in User.objects.filter(unit=old).order_by("pk"):
        user.unit = new
        user.save(update_fields=["unit"])
        body: dict[str, Json] = {"before": old.code, "after": new.code, "by": by}
        ledger.record(events.USER_MOVED, subject=user.username, body=body, at=now)
        until = limits.get(user.pk)
        if user.pk in limits and (until is None or until >= on):
            grant_role(user, STAFF, new, from_on=on, until_on=until, by=by, now=now)
