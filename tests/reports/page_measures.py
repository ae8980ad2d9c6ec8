"""What stands where on the pages of a PDF, in millimetres: lines of text, thin lines and frames."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium
from report_cases import POINTS_PER_MM, Letter, pdf_letters

# A gap of this share of the type size is a space.
_SPACE_SHARE = 0.14


@dataclass(frozen=True)
class Line:
    """The letters that stand on one baseline without a wide gap between them."""

    page: int
    letters: tuple[Letter, ...]

    @property
    def left(self) -> float:
        return self.letters[0].left

    @property
    def right(self) -> float:
        return self.letters[-1].right

    @property
    def baseline(self) -> float:
        return self.letters[0].baseline

    @property
    def text(self) -> str:
        made = self.letters[0].text
        for before, letter in pairwise(self.letters):
            gap = (letter.left - before.right) * POINTS_PER_MM
            made += (" " if gap > letter.size * _SPACE_SHARE else "") + letter.text
        return made

    @property
    def face(self) -> str:
        fonts = {letter.font for letter in self.letters}
        marks = [name for name in ("Bold", "Italic") if all(name in font for font in fonts)]
        return " ".join([f"{round(self.letters[0].size)}", *(mark.lower() for mark in marks)])


@dataclass(frozen=True)
class Stroke:
    """A drawn line or frame: its bounds from the top left corner."""

    page: int
    left: float
    top: float
    width: float
    height: float


def lines_of(content: bytes) -> list[Line]:
    """The lines of all pages, from top to bottom and from left to right."""
    made: list[Line] = []
    pages: dict[tuple[int, float], list[Letter]] = {}
    for letter in pdf_letters(content):
        near = round(letter.baseline * 4) / 4
        pages.setdefault((letter.page, near), []).append(letter)
    for (page, _), letters in sorted(pages.items()):
        letters.sort(key=lambda letter: letter.left)
        for part in _parts(letters):
            made.append(Line(page, tuple(part)))
    return made


def _parts(letters: Sequence[Letter]) -> Iterator[list[Letter]]:
    """Cut the letters of a baseline where a wide gap stands: two blocks side by side are two lines."""
    part = [letters[0]]
    for letter in letters[1:]:
        if letter.left - part[-1].right > 6 and not _is_blank_for_number(part, letter):
            yield part
            part = []
        part.append(letter)
    yield part


def _is_blank_for_number(part: Sequence[Letter], letter: Letter) -> bool:
    return part[-1].text == ":" and letter.text == "/"


def strokes_of(content: bytes) -> list[Stroke]:
    """The drawn lines and frames of all pages."""
    found: list[Stroke] = []
    with pypdfium2.PdfDocument(content) as pdf:
        for number, page in enumerate(pdf):
            height = page.get_height()
            for drawn in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH,), max_depth=15):
                left, bottom, right, top = drawn.get_bounds()
                found.append(
                    Stroke(
                        number,
                        left / POINTS_PER_MM,
                        (height - top) / POINTS_PER_MM,
                        (right - left) / POINTS_PER_MM,
                        (top - bottom) / POINTS_PER_MM,
                    )
                )
    return found


def page_sizes(content: bytes) -> list[tuple[float, float]]:
    """Width and height of every page in millimetres."""
    with pypdfium2.PdfDocument(content) as pdf:
        return [
            (page.get_width() / POINTS_PER_MM, page.get_height() / POINTS_PER_MM) for page in pdf
        ]


def colours(content: bytes) -> set[tuple[int, int, int]]:
    """The colours of all letters."""
    found = set()
    with pypdfium2.PdfDocument(content) as pdf:
        for page in pdf:
            words = page.get_textpage()
            for index in range(words.count_chars()):
                parts = [ctypes.c_uint() for _ in range(4)]
                if pdfium.FPDFText_GetFillColor(words.raw, index, *parts):
                    found.add((parts[0].value, parts[1].value, parts[2].value))
    return found


def outside(content: bytes, *, bottom_mm: float = 20) -> list[str]:
    """What stands in the margins and is no page number: nothing may."""
    sizes = page_sizes(content)
    wrong = []
    for line in lines_of(content):
        width, height = sizes[line.page]
        top = min(letter.top for letter in line.letters)
        low = max(letter.bottom for letter in line.letters)
        is_number = top < 17 and line.text.replace(" ", "").isdigit()
        # An italic letter may lean out a little, and marks stand high over capitals.
        inside = line.left >= 29.6 and line.right <= width - 14.5 and top >= 18.5
        if not (is_number or (inside and low <= height - bottom_mm + 0.6)):
            wrong.append(f"{line.page + 1}: {line.left:.1f}-{line.right:.1f} {low:.1f} {line.text}")
    return wrong


def overlapping(content: bytes) -> list[str]:
    """Lines that print over another: nothing may."""
    lines = lines_of(content)
    wrong = []
    for before, line in pairwise(lines):
        if before.page == line.page and line.left < before.right and before.left < line.right:
            size = min(before.letters[0].size, line.letters[0].size) / POINTS_PER_MM
            if 0 < line.baseline - before.baseline < size * 0.7:
                wrong.append(f"{line.page + 1}: {before.text} / {line.text}")
    return wrong
