"""How one sequence of leaf hashes became another: changed, dropped, inserted, moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

Change = Literal["changed", "dropped", "inserted", "moved"]
_SLAB = 4096


def differences(recorded: Sequence[bytes], actual: Sequence[bytes]) -> Iterator[tuple[Change, int]]:
    """Yield what happened to the recorded hashes, each with its place among them.

    Linear in the number of hashes. A leaf carries its own index, so a hash stands for one place.
    """
    start = _first_difference(recorded, actual)
    yield from _walk(recorded[start:], actual[start:], start)


def _first_difference(recorded: Sequence[bytes], actual: Sequence[bytes]) -> int:
    shorter = min(len(recorded), len(actual))
    for start in range(0, shorter, _SLAB):
        end = min(shorter, start + _SLAB)
        if recorded[start:end] != actual[start:end]:
            return next(place for place in range(start, end) if recorded[place] != actual[place])
    return shorter


def _walk(
    recorded: Sequence[bytes], actual: Sequence[bytes], start: int
) -> Iterator[tuple[Change, int]]:
    known, present, used = set(recorded), set(actual), set[bytes]()
    old = new = 0
    while old < len(recorded) and new < len(actual):
        change = _change(recorded[old], actual[new], known, present, used)
        if change:
            yield change, start + old
        if change != "dropped":
            used.add(actual[new])
            new += 1
        if change != "inserted":
            old += 1
    for place in range(old, len(recorded)):
        yield "dropped", start + place
    for _ in range(new, len(actual)):
        yield "inserted", start + old


def _change(
    old: bytes, new: bytes, known: set[bytes], present: set[bytes], used: set[bytes]
) -> Change | None:
    if old == new:
        return None
    if new in used or (new not in known and old in present):
        return "inserted"
    if new not in known:
        return "changed"
    return "moved" if old in present else "dropped"
