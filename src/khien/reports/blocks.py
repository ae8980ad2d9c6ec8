"""An official document as blocks: what stands where, without saying how a file format draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from khien.kernel.language import Language

Style = Literal["section", "part", "body", "dots"]
Align = Literal["left", "center", "right"]
RowKind = Literal["row", "group", "total"]

# Source: Nghị định 30/2020, Phụ lục I, phần I: A4, top and bottom 20-25 mm, left 30-35 mm, right 15-20 mm.
PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210, 297
MARGIN_TOP_MM, MARGIN_BOTTOM_MM, MARGIN_LEFT_MM, MARGIN_RIGHT_MM = 20, 20, 30, 15
TEXT_WIDTH_MM = PAGE_WIDTH_MM - MARGIN_LEFT_MM - MARGIN_RIGHT_MM
# The two blocks of the head; Quốc hiệu in 13 bold needs 96 mm on one line.
HEAD_LEFT_MM, HEAD_RIGHT_MM = 66, 99
SMALL_TABLE_ROWS, SMALL_TABLE_LETTERS = 8, 1500
# At about two letters to three millimetres of a line, a cell with more is over thirty lines tall.
LETTERS_PER_MM_MAX = 18


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one face."""

    text: str
    is_bold: bool = False
    is_italic: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: section (I.), part (1.), body, or a dotted line for a person to fill in."""

    runs: tuple[Run, ...]
    style: Style = "body"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; the widths of a table add up to the text's width at most."""

    title: str
    width_mm: int
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: cells, or a heading over the whole width (one cell), or a sum."""

    cells: tuple[str, ...]
    kind: RowKind = "row"


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head is repeated on every page."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    size_pt: int = 12

    @property
    def is_small(self) -> bool:
        """Say whether the table is short enough to be kept on one page."""
        letters = sum(len(cell) for row in self.rows for cell in row.cells)
        return len(self.rows) <= SMALL_TABLE_ROWS and letters <= SMALL_TABLE_LETTERS

    def is_tall(self, row: Row) -> bool:
        """Say whether a row is too tall to be kept whole: it might not fit on any page."""
        if row.kind == "group":
            return False
        cells = zip(row.cells, self.columns, strict=True)
        return any(len(cell) > column.width_mm * LETTERS_PER_MM_MAX for cell, column in cells)


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Annex:
    """A Phụ lục: starts on a page of its own and counts its own pages."""

    label: str
    title: str
    reference: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """A named kind of official document (văn bản có tên loại) with all its parts.

    `parties`: the two who sign minutes, each as role and name; then there is no single signer.
    """

    language: Language
    file_title: str
    author: str
    made_at: str
    parent: str
    issuer: tuple[str, ...]
    number: str
    place_and_day: str
    kind: str
    subject: tuple[str, ...]
    addressee: str
    blocks: tuple[Block, ...]
    recipients: tuple[str, ...]
    signer: tuple[str, ...]
    annexes: tuple[Annex, ...]
    parties: tuple[tuple[str, str], ...] = ()


def text_of(paragraph: Paragraph) -> str:
    """Return the text of a paragraph without its faces."""
    return "".join(run.text for run in paragraph.runs)


def is_led_in(blocks: Sequence[Block], place: int) -> bool:
    """Say whether the block at a place must stay with what follows: a table, or the signature."""
    return place + 1 == len(blocks) or isinstance(blocks[place + 1], Table)


def body(text: str) -> Paragraph:
    """Return a plain body paragraph."""
    return Paragraph((Run(text),))


def labelled(label: str, text: str) -> Paragraph:
    """Return a body paragraph that starts with an italic label."""
    return Paragraph((Run(f"{label}: ", is_italic=True), Run(text)))


def heading(style: Style, text: str) -> Paragraph:
    """Return a heading of a section or a part."""
    return Paragraph((Run(text, is_bold=True),), style)


def rows(lines: Sequence[Sequence[str]]) -> tuple[Row, ...]:
    """Return plain rows."""
    return tuple(Row(tuple(line)) for line in lines)
