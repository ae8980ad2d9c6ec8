"""Values of rows as an official document says them."""

from __future__ import annotations

from collections.abc import Mapping

from khien.kernel.canonical import Json
from khien.kernel.clock import parse_iso, said_moment
from khien.registers.declarations import Field
from khien.registers.values import said_text
from khien.reports import said_vi
from khien.reports.cleaning import plain

_CELL_LENGTH_MAX = 2_000


def said_in_document(
    field: Field, value: Json, labels: Mapping[tuple[str, Json], str], *, is_cell: bool = True
) -> str:
    """Return a value in Vietnamese words; empty where there is none.

    Args: is_cell: a moment is said shortly, as tables have it: "07:45 02/11/2026"
    """
    if value is None:
        return ""
    if field.type == "moment" and isinstance(value, str):
        return said_moment(parse_iso(value)) if is_cell else said_vi.spoken_moment(value)
    if field.type == "boolean":
        return "Có" if value is True else "Không"
    if field.type == "money" and isinstance(value, int):
        return f"{said_vi.number(value) if value >= _TWO_DIGITS else value} đồng"
    if field.type == "percent" and isinstance(value, int):
        return f"{value} %"
    return plain(said_text(field, value, labels), _CELL_LENGTH_MAX)


_TWO_DIGITS = 10
