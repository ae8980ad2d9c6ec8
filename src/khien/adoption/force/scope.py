"""Whom a text binds: chosen units, a unit with all below it, of some kinds or in some places (phạm vi áp dụng)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from khien.adoption.force.errors import NobodyBound, UnitOutOfReach
from khien.kernel.vietnamese import search_key
from khien.org.models import Unit, User
from khien.org.selectors import all_units, visible_to

UNITS, SUBTREE = "units", "subtree"
HOW = (UNITS, SUBTREE)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a text binds, as it was chosen.

    how: units (those named) or subtree (`under` with all below it); kinds, place: of the subtree only these.
    """

    how: str
    units: tuple[str, ...] = ()
    under: str = ""
    kinds: tuple[str, ...] = ()
    place: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the scope as it is stored."""
        return {
            "how": self.how,
            "units": list(self.units),
            "under": self.under,
            "kinds": list(self.kinds),
            "place": self.place,
        }


def scope_from(stored: Mapping[str, Any], home: Unit) -> Scope:
    """Return a stored scope; where nothing was chosen yet, the unit the text belongs to with all below it."""
    return Scope(
        how=str(stored.get("how") or SUBTREE),
        units=tuple(str(one) for one in stored.get("units") or ()),
        under=str(stored.get("under") or home.code),
        kinds=tuple(str(one) for one in stored.get("kinds") or ()),
        place=str(stored.get("place") or ""),
    )


def units_in(scope: Scope, home: Unit, *, user: User | None = None) -> list[Unit]:
    """Return the living units of a scope, in the order of codes; two queries however many there are.

    Args:   home: the unit the text belongs to; user: who chose; None: the command line, which sees all
    Raises: UnitOutOfReach: one is not below the unit of the text, or not visible to the person; NobodyBound
    """
    within = units_below(home, user=user)
    by_code = {unit.code: unit for unit in within}
    named = scope.units if scope.how == UNITS else (scope.under,)
    strange = next((code for code in named if code not in by_code), None)
    if strange is not None:
        raise UnitOutOfReach(unit=home.name_vi, other=strange[:60])
    if scope.how == UNITS:
        found = [by_code[code] for code in dict.fromkeys(named)]
    else:
        found = [unit for unit in _below(by_code[scope.under], within) if _fits(unit, scope)]
    if not found:
        raise NobodyBound(text=home.code)
    return sorted(found, key=lambda unit: unit.code)


def units_below(home: Unit, *, user: User | None = None) -> list[Unit]:
    """Return a unit and all living units below it that a person may see, in the order of codes."""
    known: QuerySet[Unit] = all_units() if user is None else visible_to(user)
    living = list(known.filter(ended_on=None).order_by("code"))
    return _below(home, living)


def _below(top: Unit, units: Iterable[Unit]) -> list[Unit]:
    listed = list(units)
    children: dict[int | None, list[Unit]] = {}
    for unit in listed:
        children.setdefault(unit.parent_id, []).append(unit)
    found: dict[int, Unit] = {}
    waiting = [unit for unit in listed if unit.pk == top.pk]
    while waiting:
        unit = waiting.pop()
        if unit.pk not in found:  # a circle of units ends
            found[unit.pk] = unit
            waiting.extend(children.get(unit.pk, ()))
    return sorted(found.values(), key=lambda unit: unit.code)


def _fits(unit: Unit, scope: Scope) -> bool:
    in_kind = not scope.kinds or unit.kind in scope.kinds
    return in_kind and (not scope.place or search_key(unit.place) == search_key(scope.place))
