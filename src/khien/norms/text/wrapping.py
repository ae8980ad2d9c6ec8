"""Whether a line was broken because it was full (soft wrap) or because a paragraph ended.

A line of a page is full when the first word of the next line would not have fitted on it. Widths are counted
with the letters of the Times family, the typeface official texts must use, so that "fitted" is nearly exact.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from khien.norms.text.lines import Line

_SAMPLE_MAX = 4000
_NARROW_START = 40
_COLUMN_PAIRS_MIN = 6
_AFM = {
    250: ".,",
    278: "ijlt:;/\\|!",
    333: "fr()-I[]“”‘’\"'",
    389: "sJ",
    444: "caez?",
    500: "0123456789bdđghknopquvxy–$*#_…",
    556: "FPSß",
    611: "ELTZ",
    667: "BCR",
    722: "ADĐGHKNOQUVXYw&",
    778: "m",
    833: "%",
    889: "M",
    921: "@",
    944: "W",
}


class _Widths(dict[int, int]):
    """Widths by code point; accents add nothing to their letter."""

    def __missing__(self, code: int) -> int:
        base = unicodedata.normalize("NFD", chr(code))[0]
        width = self.get(ord(base)) or 500
        self[code] = width
        return width


_WIDTHS = _Widths({ord(letter): width for width, letters in _AFM.items() for letter in letters})
_WIDTHS[32] = 250
_SPACE = 250


def width_of(text: str) -> int:
    """Return the width of a line in thousandths of the type size."""
    return sum(map(_WIDTHS.__getitem__, map(ord, text)))


def _has_long_lines(lines: Sequence[Line], full: int) -> bool:
    """Say whether so many lines pass the margin that lines must be whole paragraphs."""
    # 220 is the narrowest mean letter: shorter lines cannot be too wide.
    short = full // 220
    sample = [line.text for line in lines[:_SAMPLE_MAX] if line.text]
    wide = sum(len(text) > full // 600 and _is_wide(text, full, short) for text in sample)
    return wide * 25 > len(sample)


def _is_wide(text: str, full: int, short: int) -> bool:
    return len(text) > short or width_of(text) > full * 1.12


def _columns(pairs: Sequence[tuple[str, str]]) -> int | None:
    """Return the column at which a program broke the lines, or None when a page did."""
    if len(pairs) < _COLUMN_PAIRS_MIN:
        return None
    lengths = sorted(len(line) for line, _ in pairs)
    column = lengths[(len(lengths) - 1) * 98 // 100]
    early = sum(len(line) + 1 + len(_first_word(following)) <= column for line, following in pairs)
    return column if early * 40 <= len(pairs) else None


def _first_word(text: str) -> str:
    return text.split(" ", 1)[0]


def _sure_pairs(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Return lines that surely go on, with the line they go on in."""
    pairs: list[tuple[str, str]] = []
    previous = ""
    for line in lines:
        text = line.text
        if (
            text[0].islower()
            and len(previous) >= _NARROW_START
            and text[1:2] not in (")", ".")
            and previous[-1] not in ".;:!?"
        ):
            pairs.append((previous, text))
            if len(pairs) >= _SAMPLE_MAX:
                break
        previous = text
    return pairs


class Wrapping:
    """The measure of one text: how wide its full lines are, or that its lines are whole paragraphs."""

    def __init__(self, full_width: int | None, columns: int | None = None) -> None:
        self.full_width = full_width
        self.columns = columns

    @classmethod
    def measure(cls, lines: Sequence[Line]) -> Wrapping:
        """Learn the measure of a text from the lines that surely go on in the next one.

        Args: lines: lines that have text
        """
        pairs = _sure_pairs(lines)
        if not pairs:
            return cls(None)
        widths = sorted(width_of(line) for line, _ in pairs)
        full = widths[min(len(widths) - 1, int(len(widths) * 0.9))]
        if _has_long_lines(lines, full):
            return cls(None)
        return cls(full, _columns(pairs))

    def is_wrapped(self) -> bool:
        """Say whether lines of this text are broken at the margin."""
        return self.full_width is not None

    def fill(self, line: str, following: str) -> float:
        """Return how full a line would be with the first word of the next one (1 = the margin)."""
        if self.full_width is None:
            return 0.0
        word = _first_word(following)
        if self.columns is not None:
            # One column short of the margin is what still fits.
            return (len(line) + 1 + len(word)) / (self.columns + 1)
        return (width_of(line) + _SPACE + width_of(word)) / self.full_width

    def ended(self, line: str, following: str, after: str) -> bool:
        """Say whether a paragraph ends with `line`, when `following` could start another.

        Args: after: the line after `following`, or "" when `following` is the last of its paragraph
        """
        if self.full_width is None:
            return True
        fill = self.fill(line, following)
        if self.columns is not None:
            return fill < 1
        closed = line[-1] in '.;:!?”"'
        if fill < (0.93 if closed else 0.88):
            return True
        if not closed or fill > 1.12:
            return False
        if width_of(following) / self.full_width > 0.967:
            return False
        # A first line is indented: it was broken although the next word would have fitted in a full line.
        return bool(after) and after[0].islower() and self.fill(following, after) < 0.995
