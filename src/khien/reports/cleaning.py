"""Text from machines is hostile until it is plain: no control characters, no tricks of direction, no floods."""

from __future__ import annotations

import re
import unicodedata

TEXT_LENGTH_MAX = 600
NAME_LENGTH_MAX = 80

# XML 1.0 forbids most of these in a document part; the rest hide or turn text around for a reader.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e01ef]"
)
_SPACES = re.compile(r"\s+")
_MARKS_PER_LETTER_MAX = 3


def plain(text: str, limit: int = TEXT_LENGTH_MAX) -> str:
    """Return text fit for an official page: one line, Unicode form C, cut where it is too long."""
    kept = _FORBIDDEN.sub("\ufffd", text.replace("\t", " ").replace("\n", " ").replace("\r", " "))
    normal = unicodedata.normalize("NFC", _SPACES.sub(" ", kept)).strip()
    calm = _without_mark_floods(normal)
    return calm if len(calm) <= limit else f"{calm[: limit - 1].rstrip()}…"


def _without_mark_floods(text: str) -> str:
    result: list[str] = []
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= _MARKS_PER_LETTER_MAX:
            result.append(letter)
    return "".join(result)
