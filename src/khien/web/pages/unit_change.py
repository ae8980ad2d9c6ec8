"""Forms that change the unit tree: what was typed, what it would do, and doing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import QueryDict

from khien.kernel.language import Text
from khien.org import structure
from khien.org.decisions import Decision
from khien.org.effects import Effects, effects_of, effects_of_moving
from khien.org.kinds import UNIT_KINDS
from khien.org.models import Unit, User
from khien.org.roles import MANAGE
from khien.org.selectors import visible_to
from khien.web.pages.asked import (
    ChoiceMissing,
    day_needed,
    decision_asked,
    unit_among,
)

_ABOVE = Text("đơn vị cấp trên mới", "the new unit above")
_HEIR = Text("đơn vị kế thừa", "the successor")
_OTHERS = Text("đơn vị cùng kết thúc", "units that end as well")
_KIND = Text("loại đơn vị", "the kind of unit")


@dataclass(frozen=True, slots=True)
class Desk:
    """Who changes which unit, when, and the living units that person manages, by code."""

    unit: Unit
    user: User
    now: datetime
    today: date
    units: Mapping[str, Unit]

    @property
    def others(self) -> list[Unit]:
        """Return the units offered beside the one in hand."""
        return [one for one in self.units.values() if one.pk != self.unit.pk]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a form amounts to: how to do it, whom it touches, and in words what was asked for.

    `into`: the unit above or the successors; `ends`: units that end; `name`: a new name.
    """

    do: Callable[[], object]
    effects: Effects
    on: date
    decision: Decision
    into: tuple[Unit, ...] = ()
    ends: tuple[Unit, ...] = ()
    name: str = ""


def desk_of(unit: Unit, user: User, *, now: datetime, today: date) -> Desk:
    """Return what a form for a unit may offer to a person."""
    managed = visible_to(user, MANAGE).filter(ended_on=None).order_by("name_vi", "code")
    return Desk(unit, user, now, today, {one.code: one for one in managed})


def plan_rename(desk: Desk, post: QueryDict) -> Plan:
    """Return the plan to give the unit another name, kind or place.

    Raises: DayUnreadable; ChoiceMissing: no such kind
    """
    kind = post.get("loai", "")
    if kind not in UNIT_KINDS and kind != desk.unit.kind:
        raise ChoiceMissing(field_vi=_KIND.vi, field_en=_KIND.en)
    on, decision = _dated(desk, post)

    def do() -> object:
        return structure.rename_unit(
            desk.unit,
            name_vi=post.get("ten", "")[:200],
            name_en=post.get("ten_anh", "")[:200],
            kind=kind,
            place=post.get("dia_danh", "")[:100] or None,
            on=on,
            decision=decision,
            by=desk.user.username,
            now=desk.now,
        )

    return Plan(do, effects_of([desk.unit]), on, decision, name=post.get("ten", "")[:200])


def plan_move(desk: Desk, post: QueryDict) -> Plan:
    """Return the plan to put the unit under another.

    Raises: DayUnreadable; ChoiceMissing; OutOfReach: the unit above is managed by somebody else
    """
    _must_manage_above(desk, [desk.unit])
    parent = unit_among(desk.units, post.get("cap_tren", ""), _ABOVE)
    on, decision = _dated(desk, post)

    def do() -> object:
        return structure.move_unit(
            desk.unit, parent, on=on, decision=decision, by=desk.user.username, now=desk.now
        )

    return Plan(do, effects_of_moving([desk.unit], parent), on, decision, into=(parent,))


def plan_merge(desk: Desk, post: QueryDict) -> Plan:
    """Return the plan to end the unit, and others with it, for one or several successors.

    Raises: DayUnreadable; ChoiceMissing; OutOfReach: a unit above is managed by somebody else
    """
    old = [desk.unit, *(unit_among(desk.units, c, _OTHERS) for c in post.getlist("cung"))]
    _must_manage_above(desk, old)
    main = unit_among(desk.units, post.get("ke_thua", ""), _HEIR)
    also = [unit_among(desk.units, c, _HEIR) for c in post.getlist("ke_thua_khac")]
    heirs = [main, *(one for one in also if one.pk != main.pk)]
    on, decision = _dated(desk, post)

    def do() -> object:
        return structure.merge_units(
            old, heirs, on=on, decision=decision, by=desk.user.username, now=desk.now
        )

    return Plan(do, effects_of_moving(old, main), on, decision, into=tuple(heirs), ends=tuple(old))


def plan_end(desk: Desk, post: QueryDict) -> Plan:
    """Return the plan to end the unit.

    Raises: DayUnreadable; OutOfReach: the unit above is managed by somebody else
    """
    _must_manage_above(desk, [desk.unit])
    on, decision = _dated(desk, post)

    def do() -> object:
        return structure.end_unit(
            desk.unit, on=on, decision=decision, by=desk.user.username, now=desk.now
        )

    return Plan(do, effects_of([desk.unit]), on, decision, ends=(desk.unit,))


def plan_found(desk: Desk, post: QueryDict) -> Plan:
    """Return the plan to found a unit below the one in hand.

    Raises: DayUnreadable; ChoiceMissing: no such kind, or a code that is taken
    """
    kind, code = post.get("loai", ""), post.get("ma", "").strip()
    if kind not in UNIT_KINDS:
        raise ChoiceMissing(field_vi=_KIND.vi, field_en=_KIND.en)
    on, decision = _dated(desk, post)

    def do() -> object:
        return structure.found_unit(
            code,
            name_vi=post.get("ten", "").strip()[:200],
            name_en=(post.get("ten_anh", "").strip() or post.get("ten", "").strip())[:200],
            kind=kind,
            place=post.get("dia_danh", "").strip()[:100],
            parent=desk.unit,
            from_on=on,
            decision=decision,
            by=desk.user.username,
            now=desk.now,
        )

    return Plan(
        do, effects_of([]), on, decision, into=(desk.unit,), name=post.get("ten", "").strip()[:200]
    )


def _dated(desk: Desk, post: QueryDict) -> tuple[date, Decision]:
    return day_needed(post.get("tu_ngay", ""), desk.today), decision_asked(post)


def _must_manage_above(desk: Desk, units: Sequence[Unit]) -> None:
    structure.must_be_in_reach(units, (one.pk for one in desk.units.values()))
