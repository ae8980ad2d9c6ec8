"""The units a person sees, as a list in the order of the tree, with how each stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from khien.checks.standing import verdict_counts
from khien.kernel.vietnamese import search_key
from khien.org.models import Unit, User
from khien.org.roles import KNOW, READ
from khien.org.selectors import visible_to
from khien.web.navigation import ENTRIES, address_of

DEPTH_MAX = 6
PAGE_SIZE = 60
_PLACES = {entry.name for entry in ENTRIES}


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of the list: how deep it stands, where its name leads, and its controls by verdict."""

    unit: Unit
    depth: int
    address: str
    counts: Mapping[str, int] | None


@dataclass(frozen=True, slots=True)
class UnitList:
    """One page of the units that match, how many match, and how many there are in all."""

    rows: list[UnitRow]
    found: int
    total: int
    number: int
    page_count: int


def unit_list(user: User, *, words: str, place: str, number: int = 1) -> UnitList:
    """Return a page of the units a person sees whose name, place or code has all the words.

    Args: place: name of the page each unit leads to; the overview if there is no such page
    """
    known = list(visible_to(user, KNOW).filter(ended_on=None))
    readable = set(visible_to(user, READ).values_list("pk", flat=True))
    found = [(unit, depth) for unit, depth in in_tree_order(known) if _has_all(unit, words)]
    page_count = max(1, -(-len(found) // PAGE_SIZE))
    number = min(max(1, number), page_count)
    shown = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    standing = verdict_counts([unit for unit, _ in shown if unit.pk in readable])
    rows = [
        UnitRow(unit, 0 if words else depth, _address(unit, place, readable), standing.get(unit.pk))
        for unit, depth in shown
    ]
    return UnitList(rows, len(found), len(known), number, page_count)


def _address(unit: Unit, place: str, readable: set[int]) -> str:
    """Return where a unit's name leads; nowhere if the person may not read there."""
    if unit.pk not in readable:
        return ""
    wanted = address_of(place, unit) if place in _PLACES else ""
    return wanted if f"/{unit.code}/" in wanted else address_of("unit", unit)


def _has_all(unit: Unit, words: str) -> bool:
    key = search_key(f"{unit.name_vi} {unit.name_en} {unit.place} {unit.code}")
    return all(word in key for word in search_key(words).split())


def in_tree_order(units: Iterable[Unit]) -> list[tuple[Unit, int]]:
    """Return units with their depth, each after its parent, siblings by name."""
    known = sorted(units, key=lambda unit: search_key(unit.name_vi))
    ids = {unit.pk for unit in known}
    below: dict[int | None, list[Unit]] = {}
    for unit in known:
        below.setdefault(unit.parent_id if unit.parent_id in ids else None, []).append(unit)
    ordered: list[tuple[Unit, int]] = []
    waiting = [(unit, 0) for unit in reversed(below.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        ordered.append((unit, min(depth, DEPTH_MAX)))
        waiting.extend((child, depth + 1) for child in reversed(below.get(unit.pk, [])))
    return ordered
