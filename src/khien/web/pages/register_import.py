"""The preview of an import in words: each bad cell, the first new rows, every changed field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from khien.kernel.canonical import Json
from khien.kernel.language import Text
from khien.registers.columns import OWN_COLUMNS
from khien.registers.declarations import Field
from khien.registers.imports import BadCell, ChangedRow, ImportPreview
from khien.registers.references import reference_labels
from khien.registers.values import name_of
from khien.web.pages.register_list import columns_of, said
from khien.web.pages.register_place import Place

BAD_SHOWN = 300
ROWS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class BadShown:
    """One bad cell with the words of its column."""

    cell: BadCell
    column: str


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """One row the import would change: its number, its name, and each field before and after."""

    number: int
    line: int
    name: str
    fields: list[tuple[Field, str, str]]


@dataclass(frozen=True, slots=True)
class NewShown:
    """One row the import would add: the line of the file, its name, its first cells."""

    line: int
    name: str
    cells: list[str]


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """What the person sees before confirming; long lists are cut, the counts are whole."""

    bad: list[BadShown]
    bad_left: int
    columns: list[Field]
    new: list[NewShown]
    new_left: int
    changed: list[ChangeShown]
    changed_left: int
    formulas: list[str]
    formulas_left: int


def preview_page(place: Place, preview: ImportPreview) -> PreviewPage:
    """Return the preview in words."""
    shown_new, shown_changed = preview.new[:ROWS_SHOWN], preview.changed[:ROWS_SHOWN]
    values = [
        *(row.values for row in shown_new),
        *(row.values for row in shown_changed),
        *(row.before for row in shown_changed),
    ]
    labels = reference_labels(place.register, values, hosts=place.hosts)
    columns = columns_of(place.register)
    return PreviewPage(
        bad=[BadShown(cell, _column_words(place, cell.column)) for cell in preview.bad[:BAD_SHOWN]],
        bad_left=max(0, preview.bad_count - min(len(preview.bad), BAD_SHOWN)),
        columns=columns,
        new=[
            NewShown(
                row.line,
                name_of(place.register, row.values, labels),
                [said(one, row.values.get(one.code), labels) for one in columns],
            )
            for row in shown_new
        ],
        new_left=len(preview.new) - len(shown_new),
        changed=[_change(place, row, labels) for row in shown_changed],
        changed_left=len(preview.changed) - len(shown_changed),
        formulas=list(preview.formula_cells[:ROWS_SHOWN]),
        formulas_left=max(0, len(preview.formula_cells) - ROWS_SHOWN),
    )


def _change(place: Place, row: ChangedRow, labels: Mapping[tuple[str, Json], str]) -> ChangeShown:
    fields = [place.register.fields[code] for code in row.fields if code in place.register.fields]
    return ChangeShown(
        number=row.number,
        line=row.line,
        name=name_of(place.register, row.values, labels),
        fields=[
            (
                one,
                said(one, row.before.get(one.code), labels),
                said(one, row.values.get(one.code), labels),
            )
            for one in fields
        ],
    )


def _column_words(place: Place, code: str) -> str:
    one = place.register.fields.get(code)
    title: Text | None = one.title if one is not None else OWN_COLUMNS.get(code)
    return str(title) if title is not None else ""
