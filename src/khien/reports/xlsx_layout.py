"""An official document as a workbook: its text on the first sheet, each table on its own, fixed bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from khien.kernel.clock import parse_iso
from khien.registers.columns import neutralised
from khien.reports.blocks import (
    LANDSCAPE_WIDTH_MM,
    TEXT_WIDTH_MM,
    Block,
    Column,
    OfficialDocument,
    Row,
    Table,
    text_of,
)
from khien.reports.cleaning import printable
from khien.reports.docx_layout import fixed_package

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPEFACE: Final = "Times New Roman"
# A unit of width is about one digit of 11 points.
_UNITS_PER_MM: Final = 0.52
_TEXT_SHEET: Final = "Văn bản"
_NUMBER: Final = re.compile(r"-?(0|[1-9]\d{0,2}(\.\d{3})*|[1-9]\d*)")
_LINE: Final = Side(style="thin")
_FRAME: Final = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_PAPER_A4: Final = 9


def render_xlsx(document: OfficialDocument) -> bytes:
    """Return the document as a workbook: what begins as a formula is text, numbers are numbers."""
    book = Workbook()
    book.calculation.fullCalcOnLoad = False
    text = book.active
    _write_text(text, document)
    for number, (label, title, table) in enumerate(_tables(document), start=1):
        sheet = book.create_sheet(f"{label} {number}")
        _write_table(sheet, document, title, table)
    book.properties.title, book.properties.creator = (
        document.file_title[:255],
        document.author[:255],
    )
    made_at = parse_iso(document.made_at).replace(tzinfo=None)
    book.properties.created = made_at
    made = io.BytesIO()
    book.save(made)
    stamp = f"{made_at:%Y-%m-%dT%H:%M:%SZ}"
    return fixed_package(made.getvalue(), made_at, modified=stamp)


def _tables(document: OfficialDocument) -> Iterator[tuple[str, str, Table]]:
    """Give every table with the name of its sheet and the words that stand over it."""
    yield from (("Bảng", title, table) for title, table in _titled(document.blocks))
    for annex in document.annexes:
        for title, table in _titled(annex.blocks):
            yield "Phụ lục", title or annex.title, table


def _titled(shown: Sequence[Block]) -> Iterator[tuple[str, Table]]:
    before = ""
    for block in shown:
        if isinstance(block, Table):
            yield before, block
        before = "" if isinstance(block, Table) else text_of(block).rstrip(": ")


def _write_text(sheet: Worksheet, document: OfficialDocument) -> None:
    sheet.title = _TEXT_SHEET
    sheet.column_dimensions["A"].width = TEXT_WIDTH_MM * _UNITS_PER_MM
    _set_print(sheet, is_landscape=False)
    head = [document.parent, " ".join(document.issuer), document.number, document.place_and_day]
    title = [document.kind, " ".join(document.subject), *document.addressee_lines()]
    lines = [*head, *title, *_lines(document.blocks)]
    for annex in document.annexes:
        lines.extend([annex.label, annex.title, *_lines(annex.blocks)])
    for line in filter(None, lines):
        _put(sheet, sheet.max_row + (sheet.max_row > 1 or sheet["A1"].value is not None), 1, line)


def _lines(shown: Sequence[Block]) -> list[str]:
    return [text_of(block) for block in shown if not isinstance(block, Table)]


def _write_table(sheet: Worksheet, document: OfficialDocument, title: str, table: Table) -> None:
    width = sum(column.width_mm for column in table.columns)
    _set_print(sheet, is_landscape=width > (TEXT_WIDTH_MM + LANDSCAPE_WIDTH_MM) / 2)
    for place, column in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width_mm * _UNITS_PER_MM
    last = len(table.columns)
    for line, words in enumerate((" ".join(document.issuer), title), start=1):
        _put(sheet, line, 1, words, bold=True)
        _merge(sheet, line, line, 1, last)
    start = 4
    line = _write_heads(sheet, table, start)
    sheet.print_title_rows = f"{start}:{line - 1}"
    sheet.freeze_panes = sheet.cell(line, 1)
    for row in table.rows:
        _write_row(sheet, line, row, table.columns)
        line += 1


def _write_heads(sheet: Worksheet, table: Table, start: int) -> int:
    """Write the rows of the head and return the line after them."""
    is_grouped = any(column.group for column in table.columns)
    lines = 2 if is_grouped else 1
    place = 1
    for label, span in table.groups():
        title = label or table.columns[place - 1].title
        _put(sheet, start, place, title, bold=True, framed=True, align="center")
        _merge(sheet, start, start if label else start + lines - 1, place, place + span - 1)
        for inner in range(place, place + span) if label else ():
            words = table.columns[inner - 1].title
            _put(sheet, start + 1, inner, words, bold=True, framed=True, align="center")
        place += span
    if table.has_column_numbers:
        for inner in range(1, len(table.columns) + 1):
            _put(sheet, start + lines, inner, f"({inner})", framed=True, align="center")
        lines += 1
    return start + lines


def _write_row(sheet: Worksheet, line: int, row: Row, columns: Sequence[Column]) -> None:
    bold = row.kind != "row"
    if row.kind == "group":
        _put(sheet, line, 1, row.cells[0], bold=True, framed=True)
        _merge(sheet, line, line, 1, len(columns))
        return
    for place, (cell, column) in enumerate(zip(row.cells, columns, strict=True), start=1):
        _put(sheet, line, place, cell, bold=bold, framed=True, align=column.align)


def _put(
    sheet: Worksheet, line: int, place: int, words: str, *,
    bold: bool = False, framed: bool = False, align: str = "left",
) -> None:  # fmt: skip
    cell = sheet.cell(line, place)
    if align == "right" and _NUMBER.fullmatch(words):
        cell.value, cell.number_format = int(words.replace(".", "")), "#,##0"
    elif words:
        plain = printable(words).replace("{U+000A}", "\n")
        # A dash and a space begin a line of a list, never a formula.
        cell.value = plain if plain.startswith("- ") else neutralised(plain)
        cell.data_type, cell.quotePrefix = "s", True
    cell.font = Font(name=_TYPEFACE, size=12, bold=bold)
    cell.alignment = Alignment(horizontal=align, vertical="top", wrap_text=True)
    if framed:
        cell.border = _FRAME


def _merge(sheet: Worksheet, top: int, bottom: int, left: int, right: int) -> None:
    if top != bottom or left != right:
        sheet.merge_cells(start_row=top, end_row=bottom, start_column=left, end_column=right)


def _set_print(sheet: Worksheet, *, is_landscape: bool) -> None:
    sheet.page_setup.paperSize = _PAPER_A4
    sheet.page_setup.orientation = "landscape" if is_landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins = sheet.page_margins
    margins.left, margins.right, margins.top, margins.bottom = (
        30 / 25.4,
        15 / 25.4,
        20 / 25.4,
        20 / 25.4,
    )
    sheet.oddHeader.center.text = "&P"
    sheet.HeaderFooter.differentFirst = True
