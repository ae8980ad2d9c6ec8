"""The figures of a report: what is counted, which rows it was, and what is not known yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from khien.kernel.canonical import Json
from khien.registers.declarations import register_by_code
from khien.registers.references import reference_labels
from khien.reports import said_vi
from khien.reports.definitions import Figure
from khien.reports.row_sources import RowSource, SeenRow
from khien.reports.said_values import said_in_document

NOT_KNOWN = "đang xác minh"
_PERCENT = 100
Value = int | str | None


@dataclass(frozen=True, slots=True)
class FigureValue:
    """A figure with its value (None: not known yet), how many things are undecided, and what was counted.

    `rows` are [row id, version] of registers; `items` what else was counted, as [kind, key, words].
    """

    value: Value
    unsure_count: int = 0
    rows: Sequence[tuple[int, int]] = ()
    unsure: Sequence[tuple[int, int]] = ()
    items: Sequence[Sequence[Json]] = field(default=())
    is_confirmed: bool = True
    missing_units: int = 0


def figure_of_rows(figure: Figure, source: RowSource) -> FigureValue:
    """Return a count, a sum or a list over the rows of a register."""
    found = source.rows(figure.of, figure.where, figure.within)
    is_confirmed = source.is_confirmed(figure.of, is_dated=figure.within is not None)
    rows = tuple((row.pk, row.version) for row in found.rows)
    unsure = tuple((row.pk, row.version) for row in found.unsure)
    if not rows and not is_confirmed:
        return FigureValue(None, len(unsure), rows, unsure, is_confirmed=False)
    if figure.source == "count":
        return FigureValue(len(rows), len(unsure), rows, unsure, is_confirmed=is_confirmed)
    if figure.source == "list":
        said = _listed(figure, found.rows)
        return FigureValue(said, len(unsure), rows, unsure, is_confirmed=is_confirmed)
    values = [row.values.get(str(figure.field)) for row in found.rows]
    known = [value for value in values if isinstance(value, int)]
    lacking = len(values) - len(known)
    total = sum(known) if known or not values else None
    return FigureValue(total, len(unsure) + lacking, rows, unsure, is_confirmed=is_confirmed)


def share_of(figure: Figure, known: Mapping[str, FigureValue]) -> FigureValue:
    """Return per cent of one figure in another, to one decimal; not known where one of them is not, or is zero."""
    part, whole = (known[code] for code in figure.parts)
    unsure = part.unsure_count + whole.unsure_count
    if not isinstance(part.value, int) or not isinstance(whole.value, int) or not whole.value:
        return FigureValue(None, unsure)
    tenths = (part.value * _PERCENT * 10 + whole.value // 2) // whole.value
    said = f"{tenths // 10},{tenths % 10}" if tenths % 10 else str(tenths // 10)
    return FigureValue(f"{said} %", unsure, (*part.rows, *whole.rows))


def said(value: FigureValue, unit: str, *, in_sentence: bool = False) -> str:
    """Return a figure as a document says it: "03 sự cố (01 đang xác minh)"; "đang xác minh" where not known.

    Args: in_sentence: the unit is kept, with room for the number: "…… sự cố (đang xác minh)"
    """
    if value.value is None:
        return f"…… {unit} ({NOT_KNOWN})" if in_sentence and unit else NOT_KNOWN
    number = said_vi.number(value.value) if isinstance(value.value, int) else value.value
    text = f"{number} {unit}".strip() if isinstance(value.value, int) else number
    doubts = []
    if value.missing_units:
        doubts.append(f"còn {said_vi.number(value.missing_units)} đơn vị chưa có số liệu")
    if value.unsure_count:
        doubts.append(f"{said_vi.number(value.unsure_count)} {NOT_KNOWN}")
    return f"{text} ({'; '.join(doubts)})" if doubts else text


def _listed(figure: Figure, rows: Sequence[SeenRow]) -> str:
    register = register_by_code(figure.of)
    field = register.fields[str(figure.field)]
    labels = reference_labels(register, [row.values for row in rows])
    said_each = [said_in_document(field, row.values.get(field.code), labels) for row in rows]
    return "; ".join(dict.fromkeys(text or NOT_KNOWN for text in said_each)) or "không có"
