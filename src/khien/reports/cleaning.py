"""Text from machines is hostile until it is plain: no control characters, no tricks of direction, no floods."""

from __future__ import annotations

import re
import unicodedata

TEXT_LENGTH_MAX = 600
NAME_LENGTH_MAX = 80

# Letters that every typeface of official documents has: Latin with the Vietnamese ones, common signs.
# All others are written as their code: XML forbids some, some turn text around, and an archival PDF may
# hold no letter that its typeface lacks.
_STRANGE = re.compile(
    "[^ -~\u00a0-\u00ac\u00ae-\u017e\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9"
    "\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ab\u20ac\u2122"
    "\u2190-\u2193\u2212\u2260\u2264\u2265]"
)
_SPACES = re.compile(r"\s+")


def plain(text: str, limit: int = TEXT_LENGTH_MAX) -> str:
    """Return text fit for an official page: one line, Unicode form C, cut where it is too long."""
    short = printable(_SPACES.sub(" ", text[: limit * 4])).strip()
    return short if len(short) <= limit else f"{short[: limit - 1].rstrip()}…"


def printable(text: str) -> str:
    """Return text in form C with every letter that official typefaces lack written as {U+1F600}."""
    return _STRANGE.sub(_code, unicodedata.normalize("NFC", text))


def _code(found: re.Match[str]) -> str:
    return f"{{U+{ord(found.group()):04X}}}"
