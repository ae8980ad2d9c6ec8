"""Registers as files: Excel and CSV with neutralised cells, and the empty template of a register."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import BinaryIO, Final

from django.db.models import QuerySet
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from khien.kernel.canonical import Json
from khien.kernel.clock import parse_iso, said_moment
from khien.kernel.language import Language, Text
from khien.registers.columns import NUMBER, OWN_COLUMNS, UNIT, VERSION, neutralised
from khien.registers.declarations import Field, Register
from khien.registers.models import Row
from khien.registers.packages import column_letters
from khien.registers.references import reference_labels
from khien.registers.scalars import said_value
from khien.registers.values import said_text

_CHUNK: Final = 2_000
_YES_NO: Final[Mapping[bool, Text]] = {True: Text("có", "yes"), False: Text("không", "no")}
_WORDS_SHEET: Final = "khien"
_FIRST_DATA_LINE: Final = 4
_VALIDATED_LINES: Final = 5_000
_FORMATS: Final = {"date": "dd/mm/yyyy", "moment": "hh:mm dd/mm/yyyy"}
_WIDTHS: Final = {
    "long_text": 50,
    "text": 28,
    "date": 13,
    "moment": 18,
    "boolean": 9,
    "integer": 10,
}
_SHEET_NAME_LENGTH: Final = 31


def export_xlsx(
    register: Register, rows: QuerySet[Row], target: BinaryIO, *, language: Language = "vi"
) -> int:
    """Write rows as a workbook that can be changed and imported again; return how many there were.

    Line 1, hidden, names the columns by code, lines 2 and 3 in both languages. Choices have lists to pick from.
    """
    book = Workbook(write_only=True)
    for name, number_format in _FORMATS.items():
        book.add_named_style(NamedStyle(name=f"khien_{name}", number_format=number_format))
    sheet = book.create_sheet(register.title.in_language(language)[:_SHEET_NAME_LENGTH])
    _lay_out(sheet, register)
    _offer_choices(book, sheet, register, language)
    for header in _header_rows(sheet, register):
        sheet.append(header)
    count = 0
    for cells in _rows(register, rows, language):
        sheet.append([_styled(sheet, register, code, cell) for code, cell in cells.items()])
        count += 1
    book.save(target)
    return count


def export_csv(
    register: Register, rows: QuerySet[Row], *, language: Language = "vi", delimiter: str = ";"
) -> Iterator[str]:
    """Yield rows as CSV text in pieces, first the labels of one language; encode as "utf-8-sig" for Excel."""
    yield _csv_line([neutralised(label) for label in _titles(register, language)], delimiter)
    for cells in _rows(register, rows, language):
        yield _csv_line(
            [_csv_cell(register.fields.get(code), cell) for code, cell in cells.items()], delimiter
        )


def _csv_line(cells: Iterable[object], delimiter: str) -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerow(cells)
    return target.getvalue()


def _csv_cell(field: Field | None, cell: object) -> object:
    if isinstance(cell, datetime):
        return f"{cell:%H:%M %d/%m/%Y}"
    if hasattr(cell, "isoformat"):
        return f"{cell:%d/%m/%Y}"
    return cell


def _titles(register: Register, language: Language) -> list[str]:
    return [
        OWN_COLUMNS[NUMBER].in_language(language),
        OWN_COLUMNS[UNIT].in_language(language),
        OWN_COLUMNS[VERSION].in_language(language),
        *(field.title.in_language(language) for field in register.fields.values()),
    ]


def _rows(
    register: Register, rows: QuerySet[Row], language: Language
) -> Iterator[dict[str, object]]:
    """Yield the cells of rows by column, a chunk of rows in memory at a time."""
    chunk: list[Row] = []
    for row in rows.select_related("unit").iterator(chunk_size=_CHUNK):
        chunk.append(row)
        if len(chunk) == _CHUNK:
            yield from _cells(register, chunk, language)
            chunk = []
    yield from _cells(register, chunk, language)


def _cells(register: Register, rows: list[Row], language: Language) -> Iterator[dict[str, object]]:
    labels = reference_labels(register, [row.values for row in rows], is_numbered=True)
    for row in rows:
        cells: dict[str, object] = {NUMBER: row.number, UNIT: row.unit.code, VERSION: row.version}
        for code, field in register.fields.items():
            cells[code] = _cell(field, row.values.get(code), language, labels)
        yield cells


def _cell(
    field: Field, value: Json, language: Language, labels: Mapping[tuple[str, Json], str]
) -> object:
    if value is None or (
        isinstance(value, int) and not isinstance(value, bool) and not field.is_reference
    ):
        return value
    if isinstance(value, bool):
        return _YES_NO[value].in_language(language)
    if field.type in _FORMATS:
        return said_value(field, value)
    if field.type == "choice":
        label = field.choices.get(str(value))
        return neutralised(label.in_language(language) if label else str(value))
    if field.type == "choices" and isinstance(value, list):
        known = (field.choices.get(str(code)) for code in value)
        return neutralised("; ".join(label.in_language(language) for label in known if label))
    return neutralised(said_text(field, value, labels))


def said_cell(
    field: Field, value: Json, language: Language, labels: Mapping[tuple[str, Json], str]
) -> str:
    """Return a value as pages and printed forms say it, in one language."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _YES_NO[value].in_language(language)
    if field.type == "moment" and isinstance(value, str):
        return said_moment(parse_iso(value))
    if field.type == "money" and isinstance(value, int):
        return f"{value:,}".replace(",", "." if language == "vi" else ",")
    if field.type == "percent":
        return f"{value}%"
    if field.type == "choice" and str(value) in field.choices:
        return field.choices[str(value)].in_language(language)
    if field.type == "choices" and isinstance(value, list):
        known = (field.choices.get(str(code)) for code in value)
        return "; ".join(label.in_language(language) for label in known if label)
    return said_text(field, value, labels)


def _lay_out(sheet: Worksheet, register: Register) -> None:
    sheet.freeze_panes = f"B{_FIRST_DATA_LINE}"
    sheet.row_dimensions[1].hidden = True
    for at, code in enumerate((*OWN_COLUMNS, *register.fields), 1):
        kind = register.fields[code].type if code in register.fields else "integer"
        sheet.column_dimensions[column_letters(at)].width = _WIDTHS.get(kind, 22)
    sheet.column_dimensions[column_letters(3)].hidden = True


def _header_rows(sheet: Worksheet, register: Register) -> Iterator[list[object]]:
    yield [NUMBER, UNIT, VERSION, *register.fields]
    required = {code for code, field in register.fields.items() if field.is_required}
    codes = [*OWN_COLUMNS, *register.fields]
    for language, is_bold in (("vi", True), ("en", False)):
        cells: list[object] = []
        for code, title in zip(
            codes, _titles(register, "en" if language == "en" else "vi"), strict=True
        ):
            cell = WriteOnlyCell(sheet, neutralised(title) + (" *" if code in required else ""))
            cell.font = Font(bold=is_bold, italic=not is_bold)
            cell.fill = PatternFill("solid", fgColor="E8EEF4")
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cells.append(cell)
        yield cells


def _styled(sheet: Worksheet, register: Register, code: str, cell: object) -> object:
    field = register.fields.get(code)
    if cell is None or field is None or field.type not in _FORMATS:
        return cell
    styled = WriteOnlyCell(sheet, cell)
    styled.style = f"khien_{field.type}"
    return styled


def _offer_choices(
    book: Workbook, sheet: Worksheet, register: Register, language: Language
) -> None:
    """Give columns of choices a list to pick from; the lists stand on a hidden sheet."""
    offered = {
        code: [label.in_language(language) for label in field.choices.values()]
        for code, field in register.fields.items()
        if field.type == "choice"
    }
    for code, field in register.fields.items():
        if field.type == "boolean":
            offered[code] = [label.in_language(language) for label in _YES_NO.values()]
    if not offered:
        return
    words = book.create_sheet(_WORDS_SHEET)
    words.sheet_state = "hidden"
    for line in range(max(map(len, offered.values()))):
        words.append(
            [neutralised(list_[line]) if line < len(list_) else None for list_ in offered.values()]
        )
    places = {code: at for at, code in enumerate((*OWN_COLUMNS, *register.fields), 1)}
    for at, (code, labels) in enumerate(offered.items(), 1):
        letter, column = column_letters(at), column_letters(places[code])
        rule = DataValidation(
            type="list",
            formula1=f"{_WORDS_SHEET}!${letter}$1:${letter}${len(labels)}",
            allow_blank=True,
        )
        rule.add(f"{column}{_FIRST_DATA_LINE}:{column}{_VALIDATED_LINES}")
        sheet.data_validations.append(rule)
