"""How long the thin lines under head and title are: a share of the text's width, estimated for Times."""

from __future__ import annotations

import unicodedata

_MM_PER_PT = 25.4 / 72
# Average advances of Times bold, in thousandths of the type size.
_UPPER, _LOWER, _NARROW, _SPACE = 720, 500, 320, 250
_NARROW_LETTERS = set("IJijlftr.,:;-'()")


def text_width_mm(text: str, size_pt: int) -> int:
    """Return about how wide a text is in Times bold of a size, in whole millimetres."""
    bare = (
        unicodedata.normalize("NFD", letter)[0] for letter in unicodedata.normalize("NFC", text)
    )
    return round(sum(map(_advance, bare)) / 1000 * size_pt * _MM_PER_PT)


def _advance(letter: str) -> int:
    if letter.isspace():
        return _SPACE
    if letter in _NARROW_LETTERS:
        return _NARROW
    return _UPPER if letter.isupper() else _LOWER


def balanced(text: str, size_pt: int, width_mm: int) -> tuple[str, ...]:
    """Return a name on one line, or on two of about equal length where it is wider than its block."""
    words = text.split()
    if text_width_mm(text, size_pt) <= width_mm or len(words) < 2:
        return (text,)
    halves = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    return min(halves, key=lambda half: max(text_width_mm(line, size_pt) for line in half))


def line_mm(text_mm: int) -> int:
    """Return the length of the line under a text: between a third and a half of it.

    Source: Nghị định 30/2020, Phụ lục I, phần II, mục I.2 and I.5
    """
    return round(text_mm * 0.42)
