"""A clause's words with those marked that decided what is suggested; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from khien.kernel.vietnamese import nfc

_SYLLABLE = re.compile(r"[^\W_]+")
_BETWEEN = r"[\W_]+"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a clause: `kind` is control, value or when where it decided something, else empty."""

    text: str
    kind: str = ""


def marked(text: str, phrases: Iterable[tuple[str, str]]) -> list[Piece]:
    """Return a clause in pieces, every character of it, with phrases marked; the first of two that meet stays.

    Args: phrases: pairs of what is looked for, whatever stands between its syllables, and the kind of its mark
    """
    plain = nfc(text)
    taken: list[tuple[int, int, str]] = []
    for phrase, kind in phrases:
        pattern = _pattern(phrase)
        if pattern is None:
            continue
        for found in pattern.finditer(plain):
            start, end = found.span()
            if all(end <= other or start >= until for other, until, _ in taken):
                taken.append((start, end, kind))
    pieces, at = [], 0
    for start, end, kind in sorted(taken):
        if start > at:
            pieces.append(Piece(plain[at:start]))
        pieces.append(Piece(plain[start:end], kind))
        at = end
    if at < len(plain):
        pieces.append(Piece(plain[at:]))
    return pieces


def _pattern(phrase: str) -> re.Pattern[str] | None:
    syllables = _SYLLABLE.findall(nfc(phrase).lower())
    if not syllables:
        return None
    parts = (f"0*{one}" if one.isdigit() else re.escape(one) for one in syllables)
    inner = _BETWEEN.join(parts)
    return re.compile(rf"(?<![^\W_]){inner}(?![^\W_])", re.IGNORECASE)
