"""Where a signature is seen: found from the text of the page, as a clerk would, or named in millimetres."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

import pypdfium2 as pdfium

from khien.kernel.language import Text
from khien.signatures.errors import NoPlace, PdfNotSignable

MM: Final = 72 / 25.4
_GAP_MIN: Final = 14 * MM
_BELOW_CAPACITY: Final = 26 * MM
_FRAME_WIDTH: Final = 62 * MM
_CLEAR: Final = 1.0 * MM
_SAME_COLUMN: Final = 12 * MM
_RECIPIENTS: Final = "i nhận:"  # of «Nơi nhận:»; the letter ơ of some typefaces is read twice
_MARGIN_RIGHT: Final = 15 * MM
_TOP: Final = 6 * MM
STAMP_MM: Final = (80.0, 14.0)
_PAGES_LOOKED_AT: Final = 400
_SPACE: Final = 32
_RANK_LENGTH: Final = 20
_ALIKE: Final = 0.9
_SPACE_SHARE: Final = 0.12
_BROKEN: Final = Text("tệp hỏng hoặc không phải PDF", "it is broken, or no PDF")
_NO_SUCH_PAGE: Final = Text("không có trang {page}", "it has no page {page}")
_TURNED: Final = Text(
    "trang {page} bị xoay; lưu lại với trang đứng thẳng", "page {page} is turned; save it upright"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A frame on a page in PDF points, from the bottom left corner; pages count from 0."""

    page: int
    left: float
    bottom: float
    right: float
    top: float

    @property
    def width_mm(self) -> float:
        """Return the width in millimetres."""
        return (self.right - self.left) / MM

    @property
    def height_mm(self) -> float:
        """Return the height in millimetres."""
        return (self.top - self.bottom) / MM

    def centred(self, size_mm: tuple[float, float]) -> Place:
        """Return a frame of a size around the same middle."""
        middle, height = (self.left + self.right) / 2, (self.bottom + self.top) / 2
        half_width, half_height = size_mm[0] * MM / 2, size_mm[1] * MM / 2
        return Place(
            self.page, middle - half_width, height - half_height, middle + half_width, height + half_height
        )  # fmt: skip

    def meets(self, other: Place) -> bool:
        """Say whether two frames share a spot."""
        return (
            self.page == other.page
            and self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def place_for_signature(content: bytes, name: str) -> Place:
    """Return the free frame between the capacity and the name of the one who signs.

    Source: Nghị định 30/2020, Phụ lục I, ô 7a, 7b, 7c
    Args:   name: as it stands on the paper; empty where the frame below the capacity is meant
    Raises: NoPlace: no page shows it; PdfNotSignable: broken
    """
    document = _opened(content)
    try:
        count = min(len(document), _PAGES_LOOKED_AT)
        # The signer stands near the end; annexes follow and may name the same person in a table.
        for page in range(count - 1, -1, -1):
            lines = list(_lines(document[page], name))
            found = _above_name(lines, name) or _beside_recipients(lines, name)
            if found is not None:
                return Place(page, *found)
    finally:
        document.close()
    raise NoPlace(name=name)


def place_for_stamp(content: bytes, taken: Sequence[Place]) -> Place:
    """Return the frame at the top right of the first page, above the text, beside what stands there.

    Source: Nghị định 30/2020, Phụ lục I, ô 14
    Raises: PdfNotSignable: broken, or the page is turned
    """
    document = _opened(content)
    try:
        page = document[0]
        _must_be_upright(page, 0)
        _, _, right, top = page.get_mediabox()
    finally:
        document.close()
    width, height = STAMP_MM[0] * MM, STAMP_MM[1] * MM
    right, top = right - _MARGIN_RIGHT, top - _TOP
    first = Place(0, right - width, top - height, right, top)
    beside = Place(0, first.left - width, first.bottom, first.left, first.top)
    return beside if any(first.meets(other) for other in taken) else first


def place_for_seal(signature: Place, size_mm: tuple[float, float]) -> Place:
    """Return where a seal stands so that it covers a third of the signature, on its left.

    Source: Nghị định 30/2020, Phụ lục I, ô 8
    """
    right = signature.left + (signature.right - signature.left) / 3
    middle = (signature.bottom + signature.top) / 2
    width, height = size_mm[0] * MM, size_mm[1] * MM
    return Place(signature.page, right - width, middle - height / 2, right, middle + height / 2)


def place_asked(content: bytes, page: int, from_top_mm: tuple[float, float, float, float]) -> Place:
    """Return a frame named by a person: page from 1; left, top, width, height in millimetres.

    Raises: PdfNotSignable: broken, no such page, or a turned one
    """
    document = _opened(content)
    try:
        if not 1 <= page <= len(document):
            raise PdfNotSignable("PDF", _NO_SUCH_PAGE.fill({"page": page}))
        found = document[page - 1]
        _must_be_upright(found, page - 1)
        x0, _, _, y1 = found.get_mediabox()
    finally:
        document.close()
    left, top, width, height = (value * MM for value in from_top_mm)
    return Place(page - 1, x0 + left, y1 - top - height, x0 + left + width, y1 - top)


def _opened(content: bytes) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(content)
        len(document)
    except pdfium.PdfiumError as error:
        raise PdfNotSignable("PDF", _BROKEN) from error
    return document


def _must_be_upright(page: pdfium.PdfPage, index: int) -> None:
    if page.get_rotation():
        raise PdfNotSignable("PDF", _TURNED.fill({"page": index + 1}))


def _lines(page: pdfium.PdfPage, wanted: str) -> Iterator[_Line]:
    """Yield what stands on a page, line by line in each column; nothing if it lacks what is wanted."""
    if page.get_rotation():
        return
    text = page.get_textpage()
    try:
        whole = _key(text.get_text_range())
        if _RECIPIENTS not in whole and (not wanted or _key(wanted) not in whole):
            return
        letters = [
            _Line(chr(letter), *text.get_charbox(index, loose=True))
            for index in range(text.count_chars())
            if (letter := pdfium.raw.FPDFText_GetUnicode(text, index)) > _SPACE
        ]
    finally:
        text.close()
    rows: list[list[_Line]] = []
    for letter in sorted(letters, key=lambda one: (-round(one.bottom), one.left)):
        row = next((r for r in reversed(rows) if _is_same_line(r[-1], letter)), None)
        if row is None:
            rows.append([letter])
        else:
            row.append(letter)
    yield from sorted((_joined(row) for row in rows), key=lambda line: -line.top)


def _is_same_line(before: _Line, after: _Line) -> bool:
    overlap = min(before.top, after.top) - max(before.bottom, after.bottom)
    height = min(before.top - before.bottom, after.top - after.bottom)
    return overlap > height * 0.5 and after.left - before.right < max(height, 3)


def _joined(row: Sequence[_Line]) -> _Line:
    """Return letters as a line; where two stand apart there is a space."""
    words = [row[0].text]
    for before, after in pairwise(row):
        apart = after.left - before.right > (before.top - before.bottom) * _SPACE_SHARE
        words.append(f" {after.text}" if apart else after.text)
    return _Line(
        "".join(words),
        min(w.left for w in row),
        min(w.bottom for w in row),
        max(w.right for w in row),
        max(w.top for w in row),
    )


def _key(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _says(line: str, name: str) -> bool:
    """Say whether a line is a name, with a rank before it or a letter read twice, and nothing else."""
    if len(line) > len(name) + _RANK_LENGTH:
        return False
    tail = line[-len(name) - 2 :]
    return line.endswith(name) or SequenceMatcher(None, tail, name).ratio() > _ALIKE


def _above_name(lines: Sequence[_Line], name: str) -> tuple[float, float, float, float] | None:
    """Return the free frame above a line that says a name and nothing else but a rank before it."""
    if not name:
        return None
    wanted = _key(name)
    for line in reversed(lines):
        if not _says(_key(line.text), wanted):
            continue
        over = [
            other.bottom
            for other in lines
            if other.bottom >= line.top - 1 and abs(other.middle - line.middle) < _SAME_COLUMN
        ]
        if over and min(over) - line.top >= _GAP_MIN:
            return _frame(line.middle, line.top, min(over))
    return None


def _beside_recipients(
    lines: Sequence[_Line], name: str
) -> tuple[float, float, float, float] | None:
    """Return the frame below the capacity at the right of «Nơi nhận:», where the name was left open."""
    anchor = next((line for line in lines if _RECIPIENTS in _key(line.text)), None)
    if anchor is None:
        return None
    column = [
        line for line in lines if line.left > anchor.right and line.bottom <= anchor.top + 4 * MM
    ]
    if not column or (name and any(_key(name) in _key(line.text) for line in column)):
        return None
    capacity = [column[0]]
    for line in column[1:]:
        if capacity[-1].bottom - line.top > _GAP_MIN:
            return _frame(line.middle, line.top, capacity[-1].bottom)
        capacity.append(line)
    low = capacity[-1].bottom
    return _frame(capacity[-1].middle, low - _BELOW_CAPACITY, low)


def _frame(middle: float, bottom: float, top: float) -> tuple[float, float, float, float]:
    half = _FRAME_WIDTH / 2
    return middle - half, bottom + _CLEAR, middle + half, top - _CLEAR
