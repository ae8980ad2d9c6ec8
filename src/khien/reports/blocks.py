"""An official document as blocks: what stands where, without saying how a file format draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

from khien.kernel.language import Language
from khien.reports.text_width import exact_width_mm

Style = Literal[
    "section",  # "I. …", bold
    "part",  # "1. …", bold
    "body",  # text, khoản, điểm
    "dots",  # a dotted line for a person to fill in, after a label where there is one
    "basis",  # căn cứ, italic, one line each
    "authority",  # who decides, capitals, above the căn cứ
    "order",  # "QUYẾT ĐỊNH:"
    "article",  # "Điều 1. …"
    "division",  # Phần, Chương, Mục and their titles, centred
    "caption",  # the title of a table, centred
    "measure",  # "Đơn vị tính: …", on the right above a table
]
Align = Literal["left", "center", "right"]
RowKind = Literal["row", "group", "total"]
Urgency = Literal["", "KHẨN", "THƯỢNG KHẨN", "HỎA TỐC"]

# Source: Nghị định 30/2020, Phụ lục I, phần I: A4, top and bottom 20-25 mm, left 30-35 mm, right 15-20 mm.
PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210, 297
MARGIN_TOP_MM, MARGIN_BOTTOM_MM, MARGIN_LEFT_MM, MARGIN_RIGHT_MM = 20, 20, 30, 15
TEXT_WIDTH_MM = PAGE_WIDTH_MM - MARGIN_LEFT_MM - MARGIN_RIGHT_MM
# A wide annex lies on its side with the same margins.
LANDSCAPE_WIDTH_MM = PAGE_HEIGHT_MM - MARGIN_LEFT_MM - MARGIN_RIGHT_MM
# The two blocks of the head; Quốc hiệu in 13 bold needs 96 mm on one line.
HEAD_LEFT_MM, HEAD_RIGHT_MM = 66, 99
# The room between the signer's position and name, and the frame of the signature's image in it.
SIGNATURE_GAP_MM, SIGNATURE_WIDTH_MM = 28.6, 50
# Frames of the urgency stamps. Source: Nghị định 30/2020, Phụ lục I, phần II, mục II
STAMP_WIDTHS_MM = {"HỎA TỐC": 30, "THƯỢNG KHẨN": 40, "KHẨN": 20}
STAMP_HEIGHT_MM = 8
# A table of so many rows that is no taller than this is kept on one page.
SMALL_TABLE_ROWS, SMALL_TABLE_MM = 8, 75
_CELL_MARGINS_MM, _LINE_MM_PER_PT, _ROW_GAP_MM = 2.4, 0.405, 1.6
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
    """One paragraph of a style; styles that have a face of their own ignore the runs' faces."""

    runs: tuple[Run, ...]
    style: Style = "body"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; the widths of a table add up to the text's width at most.

    `group`: neighbours with the same group stand under one common head.
    """

    title: str
    width_mm: int
    align: Align = "left"
    group: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: cells, or a heading over the whole width (one cell), or a sum."""

    cells: tuple[str, ...]
    kind: RowKind = "row"


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head is repeated on every page.

    `has_column_numbers`: a last row of the head counts the columns: (1), (2), …
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    size_pt: int = 12
    has_column_numbers: bool = False

    @property
    def is_small(self) -> bool:
        """Say whether the table is short enough to be kept on one page."""
        if len(self.rows) > SMALL_TABLE_ROWS:
            return False
        head = tuple(column.title for column in self.columns)
        cells = [head, *(row.cells for row in self.rows if row.kind != "group")]
        return sum(map(self._height_mm, cells)) <= SMALL_TABLE_MM

    def _height_mm(self, cells: Sequence[str]) -> float:
        """Return about how tall a row is."""
        lines = max(
            ceil(
                exact_width_mm(cell, self.size_pt, bold=False)
                / max(1, column.width_mm - _CELL_MARGINS_MM)
            )
            for cell, column in zip(cells, self.columns, strict=True)
        )
        return max(1, lines) * self.size_pt * _LINE_MM_PER_PT + _ROW_GAP_MM

    def is_tall(self, row: Row) -> bool:
        """Say whether a row is too tall to be kept whole: it might not fit on any page."""
        if row.kind == "group":
            return False
        cells = zip(row.cells, self.columns, strict=True)
        return any(len(cell) > column.width_mm * LETTERS_PER_MM_MAX for cell, column in cells)

    def groups(self) -> tuple[tuple[str, int], ...]:
        """Return the common heads with how many columns each spans; a column without one counts alone."""
        found: list[tuple[str, int]] = []
        for column in self.columns:
            if column.group and found and found[-1][0] == column.group:
                found[-1] = (column.group, found[-1][1] + 1)
            else:
                found.append((column.group, 1))
        return tuple(found)


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Signer:
    """One who signs: lines of authority and position ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), and the name.

    `hint`: what is asked of the one who signs by hand, as "(Ký, ghi rõ họ tên)" in minutes.
    """

    lines: tuple[str, ...]
    name: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Annex:
    """A Phụ lục, or the text that a decision issues: starts on a page of its own and counts its own pages.

    `is_landscape`: the page lies on its side, for a wide table.
    `is_issued_text`: a quy chế, quy định… attached to a decision: with the head of the issuing body and
    the signer at its end (form 1.3, attached text); `label` is then its kind.
    """

    label: str
    title: str
    reference: str
    blocks: tuple[Block, ...]
    is_landscape: bool = False
    is_issued_text: bool = False

    @property
    def width_mm(self) -> int:
        """Return the width of the text on the annex's pages."""
        return LANDSCAPE_WIDTH_MM if self.is_landscape else TEXT_WIDTH_MM


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """An official document with all its parts; a letter (công văn) is one whose kind is empty.

    `subject`: the abstract; of a letter, without "V/v", which stands under the number.
    `addressee`: the whole line "Kính gửi: …"; or `addressees`: the names alone, one or several.
    `signer`: the lines above the one signature, `signer_name` the name below it; or `signers`: several
    who sign, from left to right; or `parties`: the two who sign minutes, each as role and name.
    `drafter`: sign of who drafted and number of copies; `address`: the foot of the first page.
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
    addressees: tuple[str, ...] = ()
    signer_name: str = ""
    signers: tuple[Signer, ...] = ()
    urgency: Urgency = ""
    circulation: str = ""
    drafter: str = ""
    address: str = ""

    @property
    def is_letter(self) -> bool:
        """Say whether this is a công văn: no kind, and the abstract stands under the number."""
        return not self.kind

    def all_signers(self) -> tuple[Signer, ...]:
        """Return everyone who signs, from left to right."""
        if self.parties:
            hint = "(Ký, ghi rõ họ tên)"
            return tuple(Signer((role,), name, hint) for role, name in self.parties)
        return self.signers or (Signer(self.signer, self.signer_name),)

    def letter_subject(self) -> str:
        """Return what stands under the number of a letter: "V/v …"."""
        text = " ".join(self.subject).strip()
        return text if not text or text.startswith("V/v") else f"V/v {text}"

    def addressee_lines(self) -> tuple[str, ...]:
        """Return the lines of "Kính gửi": one for one recipient, else a line each after the first.

        Source: Nghị định 30/2020, Phụ lục I, phần II, mục I.9 (ô số 9a)
        """
        if not self.addressees:
            return (self.addressee,) if self.addressee else ()
        if len(self.addressees) == 1:
            return (f"Kính gửi: {self.addressees[0]}",)
        ends = [*(";" for _ in self.addressees[1:]), "."]
        names = zip(self.addressees, ends, strict=True)
        return ("Kính gửi:", *(f"- {name}{end}" for name, end in names))


def text_of(paragraph: Paragraph) -> str:
    """Return the text of a paragraph without its faces."""
    return "".join(run.text for run in paragraph.runs)


def is_led_in(blocks: Sequence[Block], place: int) -> bool:
    """Say whether the block at a place must stay with what follows: a table, room to write, the signature."""
    if place + 1 == len(blocks):
        return True
    after = blocks[place + 1]
    return isinstance(after, Table) or (after.style == "dots" and not after.runs)


def body(text: str) -> Paragraph:
    """Return a plain body paragraph."""
    return Paragraph((Run(text),))


def labelled(label: str, text: str) -> Paragraph:
    """Return a body paragraph that starts with an italic label."""
    return Paragraph((Run(f"{label}: ", is_italic=True), Run(text)))


def heading(style: Style, text: str) -> Paragraph:
    """Return a heading of a section or a part."""
    return Paragraph((Run(text, is_bold=True),), style)


def article(number: int, text: str, *, is_title: bool = False) -> Paragraph:
    """Return "Điều n. …": bold up to the point, or as a whole where the text is the article's title."""
    label = f"Điều {number}."
    if is_title:
        return Paragraph((Run(f"{label} {text}", is_bold=True),), "article")
    return Paragraph((Run(label, is_bold=True), Run(f" {text}")), "article")


def division(label: str, title: str) -> tuple[Paragraph, Paragraph]:
    """Return the two centred lines of a chương, phần or mục: "Chương I" and its title in capitals."""
    return heading("division", label), heading("division", title.upper())


def bases(lines: Sequence[str]) -> tuple[Paragraph, ...]:
    """Return the căn cứ: a line each, ";" at the end of each, "." at the end of the last.

    Source: Nghị định 30/2020, Phụ lục I, phần II, mục I.6
    """
    ends = [*(";" for _ in lines[1:]), "."][: len(lines)]
    return tuple(
        Paragraph((Run(f"{line.rstrip(' ;.')}{end}", is_italic=True),), "basis")
        for line, end in zip(lines, ends, strict=True)
    )


def rows(lines: Sequence[Sequence[str]]) -> tuple[Row, ...]:
    """Return plain rows."""
    return tuple(Row(tuple(line)) for line in lines)
