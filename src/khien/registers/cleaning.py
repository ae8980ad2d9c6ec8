"""Cleaning of text that people and files give: one form of Unicode, nothing invisible."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"[ \t]+")
_LINES = re.compile(r"\r\n|[\r\n\u0085\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n{3,}")
# Control, format (zero width, direction), surrogate and unassigned characters have no place in a register.
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Cn"))


def one_line(text: str) -> str:
    """Return text as one line in NFC, without unseen characters and runs of space."""
    if text.isprintable():
        return " ".join(unicodedata.normalize("NFC", text).split())
    return " ".join(clean_lines(text).split())


def clean_lines(text: str) -> str:
    """Return text in NFC with its lines, without unseen characters, runs of space and blank edges."""
    text = _LINES.sub("\n", text)
    if not text.isascii() or not text.replace("\n", "").isprintable():
        text = unicodedata.normalize("NFC", "".join(_seen(letter) for letter in text))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _seen(letter: str) -> str:
    if letter in "\n\t":
        return letter
    category = unicodedata.category(letter)
    if category == "Zs":
        return " "
    return "" if category in _UNSEEN else letter


def shortened(value: object, length: int = 60) -> str:
    """Return a value as a sentence may repeat it."""
    text = one_line(str(value))
    return text if len(text) <= length else text[: length - 1] + "…"
