"""Columns of a register's file: the same for what goes out and what comes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from khien.kernel.language import Text
from khien.kernel.vietnamese import search_key
from khien.registers.cleaning import one_line
from khien.registers.declarations import Register

NUMBER: Final = "row_number"
UNIT: Final = "row_unit"
VERSION: Final = "row_version"
OWN_COLUMNS: Final[Mapping[str, Text]] = {
    NUMBER: Text("Số dòng", "Row number"),
    UNIT: Text("Mã đơn vị", "Unit code"),
    VERSION: Text("Bản của dòng", "Row version"),
}
# A cell that starts with one of these may run as a formula in a spreadsheet program.
DANGEROUS: Final = tuple("=+-@\t\r\n＝＋－＠|%")
ERRORS: Final = (
    "#NULL!",
    "#DIV/0!",
    "#VALUE!",
    "#REF!",
    "#NAME?",
    "#NUM!",
    "#N/A",
    "#GETTING_DATA",
)
_QUOTE: Final = "'"
_HEADER_ROWS_MAX: Final = 20


def neutralised(text: str) -> str:
    """Return text so that no spreadsheet program takes it for a formula; `plain` takes the mark away again."""
    needs_mark = text.startswith((*DANGEROUS, _QUOTE)) or text in ERRORS
    return f"{_QUOTE}{text}" if needs_mark else text


def plain(text: str) -> str:
    """Return text of a cell without the mark that neutralises it."""
    rest = text[1:]
    has_mark = text.startswith(_QUOTE) and (rest.startswith((*DANGEROUS, _QUOTE)) or rest in ERRORS)
    return rest if has_mark else text


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of a register stand in a table, and the line its data starts after."""

    line: int
    columns: Mapping[int, str]
    unknown: Mapping[int, str]
    repeated: Mapping[int, str]


def find_header(register: Register, rows: Sequence[tuple[int, Sequence[object]]]) -> Header | None:
    """Return the row that names the most columns, by code or by Vietnamese or English label.

    Args: rows: the first rows of the table
    """
    words = (_codes(register), _labels(register))
    best: Header | None = None
    for line, cells in rows[:_HEADER_ROWS_MAX]:
        for known in words:
            header = _header(line, cells, known)
            if best is None or len(header.columns) > len(best.columns):
                best = header
    needed = min(2, len(register.fields))
    if best is None or len(set(best.columns.values()) & register.fields.keys()) < needed:
        return None
    return best


def is_header(register: Register, cells: Sequence[object]) -> bool:
    """Say whether all cells of a row are names of columns, as in the second language's header."""
    texts = [_text(cell) for cell in cells if cell not in (None, "")]
    codes, labels = _codes(register), _labels(register)
    return len(texts) > 1 and (
        all(text in codes for text in texts) or all(search_key(text) in labels for text in texts)
    )


def _header(line: int, cells: Sequence[object], known: Mapping[str, str]) -> Header:
    columns: dict[int, str] = {}
    unknown: dict[int, str] = {}
    repeated: dict[int, str] = {}
    for at, cell in enumerate(cells):
        text = _text(cell)
        code = known.get(text) or known.get(search_key(text))
        if code is None:
            if text:
                unknown[at] = text
        elif code in columns.values():
            repeated[at] = text
        else:
            columns[at] = code
    return Header(line, columns, unknown, repeated)


def _text(cell: object) -> str:
    # A star marks a required column in the files Khiên writes.
    return one_line(plain(cell)).rstrip("* ") if isinstance(cell, str) else ""


def _codes(register: Register) -> dict[str, str]:
    return {code: code for code in (*OWN_COLUMNS, *register.fields)}


def _labels(register: Register) -> dict[str, str]:
    titles = {**OWN_COLUMNS, **{code: field.title for code, field in register.fields.items()}}
    labels: dict[str, str] = {}
    for code, title in titles.items():
        for word in (title.vi, title.en):
            labels[search_key(word).rstrip("* ")] = code
    return labels
