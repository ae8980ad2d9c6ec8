"""Rows of all registers found at once by words, for the one search box; see ADR 0011."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from khien.kernel.vietnamese import search_key
from khien.org.models import Unit
from khien.registers.models import Row

# Of so many that fit the best are shown; whoever has more hits types another word.
CANDIDATES = 60
WORDS_MAX = 6


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row that fits: where it stands, and its name."""

    unit_id: int
    register: str
    number: int
    name: str


def rows_found(units: Iterable[Unit], words: str, *, limit: int, is_deep: bool) -> list[FoundRow]:
    """Return active rows of units whose name has all the words, those that begin with them first.

    is_deep: what no name has is looked for in whole rows too
    """
    asked = search_key(words).split()[:WORDS_MAX]
    if not asked:
        return []
    ids = [unit.pk for unit in units]
    found = _with_all(ids, asked, "name_key")
    if not found and is_deep:
        found = _with_all(ids, asked, "search_key")
    return sorted(found.values(), key=lambda row: _rank(row, asked))[:limit]


def _with_all(ids: Sequence[int], words: Sequence[str], column: str) -> dict[int, FoundRow]:
    keys: QuerySet[Row] = Row.objects.filter(unit__in=ids)
    for word in words:
        keys = keys.filter(**{f"{column}__contains": word})
    # In two steps, so that the first can read names from an index alone; without an order, so that it may stop.
    first = list(keys.order_by().values_list("pk", flat=True)[:CANDIDATES])
    rows = Row.objects.filter(pk__in=first, is_retired=False).order_by()
    return {
        pk: FoundRow(unit_id, register, number, name)
        for pk, unit_id, register, number, name in rows.values_list(
            "pk", "unit_id", "register", "number", "name"
        )
    }


def _rank(row: FoundRow, words: Sequence[str]) -> tuple[bool, int, str]:
    name = search_key(row.name)
    return (not name.startswith(" ".join(words)), len(name), name)
