"""Rows for programs: page after page by a place in the order, or by their numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final, TypeAlias

from django.db.models import Q, QuerySet

from khien.org.models import Unit
from khien.registers.declarations import Register
from khien.registers.models import Row
from khien.registers.selectors import RowQuery, rows_of

Place: TypeAlias = tuple[str | int, int]
_COLUMNS: Final = {"number": "number", "name": "name_key", "changed": "changed_at"}
PAGE_ORDERS: Final = tuple(sign + name for name in _COLUMNS for sign in ("", "-"))


def rows_after(
    units: Iterable[Unit], register: Register, query: RowQuery, *, place: Place | None, size: int
) -> list[Row]:
    """Return the next rows of a list after a place in its order, with their units.

    Args: query: its order is one of PAGE_ORDERS; place: of the last row seen, by `place_in`
    """
    rows = rows_of(units, register, query)
    if place is not None:
        rows = rows.filter(_beyond(query.order, place))
    return list(rows.select_related("unit")[:size])


def place_in(order: str, row: Row) -> Place:
    """Return the place of a row in an order."""
    value = getattr(row, _COLUMNS[order.lstrip("-")])
    return (value.isoformat() if isinstance(value, datetime) else value, row.pk)


def _beyond(order: str, place: Place) -> Q:
    column, compare = _COLUMNS[order.lstrip("-")], "lt" if order.startswith("-") else "gt"
    value, pk = place
    return Q(**{f"{column}__{compare}": value}) | Q(**{column: value, f"id__{compare}": pk})


def rows_numbered(unit: Unit, register: Register, numbers: Collection[int]) -> QuerySet[Row]:
    """Return the rows of a unit's register that have one of the numbers, retired or not."""
    rows = rows_of([unit], register, RowQuery(state="all", order="number"))
    return rows.filter(number__in=numbers).select_related("unit")
