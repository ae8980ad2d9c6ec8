"""A table of a page as a workbook: what begins as a formula is text, the head stays in view."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import FileResponse
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from khien.registers.columns import neutralised
from khien.reports.xlsx_layout import MEDIA_TYPE

_NAME_LENGTH: Final = 31
_WIDTH: Final = 34


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to send: its name, heads and rows; whole numbers stay numbers."""

    name: str
    heads: Sequence[str]
    rows: Iterable[Sequence[str | int]]


def workbook_of(sheet: Sheet, file_name: str) -> FileResponse:
    """Return a table as a workbook to keep."""
    book = Workbook()
    page = book.active
    page.title = sheet.name[:_NAME_LENGTH]
    page.append([neutralised(head) for head in sheet.heads])
    for row in sheet.rows:
        page.append([cell if isinstance(cell, int) else neutralised(cell) for cell in row])
    for cell in page[1]:
        cell.font = Font(bold=True)
    for line in page.iter_rows():
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for number in range(1, len(sheet.heads) + 1):
        page.column_dimensions[get_column_letter(number)].width = _WIDTH
    page.freeze_panes = "A2"
    target = io.BytesIO()
    book.save(target)
    target.seek(0)
    return FileResponse(target, content_type=MEDIA_TYPE, as_attachment=True, filename=file_name)
