"""The code of a text: proposed from who issued it and its number, unique, good for an address."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

from khien.adoption.importing.errors import CodeRefused, CodeTaken
from khien.adoption.importing.head import Head
from khien.adoption.models import CODE_LENGTH
from khien.kernel.vietnamese import search_key

_PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_BODY = re.compile(
    r"^(?:uy ban nhan dan|ubnd|hoi dong nhan dan|hdnd|chu tich uy ban nhan dan|chu tich)\s+"
)
# Addresses that stand beside those of texts.
RESERVED: Final = frozenset({"nhap", "nhan", "so-sanh", "nghiem-nhat", "luat-het-hieu-luc"})
_ROOM_FOR_COUNT = 4
_WORDS_MAX = 36


def proposed_code(head: Head, taken: Container[str]) -> str:
    """Return a free code for a text, like xa-thanh-binh-12-2026."""
    issuer = _BODY.sub("", search_key(head.issuer)) or search_key(head.place)
    year = f"{head.issued_on.year}" if head.issued_on else ""
    number = _slug(head.number.partition("/")[0]) if head.number else ""
    in_number = re.search(r"/((?:19|20)\d\d)/", head.number)
    parts = [_slug(issuer)[:_WORDS_MAX].strip("-"), number, in_number[1] if in_number else year]
    if not number:
        parts.insert(1, _slug(search_key(head.kind or head.title))[:20].strip("-"))
    return free_code("-".join(part for part in parts if part) or "van-ban", taken)


def free_code(wanted: str, taken: Container[str]) -> str:
    """Return a code, with a count after it where it is taken."""
    base = wanted[: CODE_LENGTH - _ROOM_FOR_COUNT].strip("-")
    code, count = base, 1
    while code in taken:
        count += 1
        code = f"{base}-{count}"
    return code


def checked_code(given: str, taken: Container[str]) -> str:
    """Return a code a person chose.

    Raises: CodeRefused: it cannot stand in an address; CodeTaken: another text has it
    """
    code = given.strip()
    if not _PLAIN.fullmatch(code) or len(code) > CODE_LENGTH or code in RESERVED:
        raise CodeRefused(given=given[:CODE_LENGTH], limit=CODE_LENGTH)
    if code in taken:
        raise CodeTaken(given=code, free=free_code(code, taken))
    return code


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", search_key(text)).strip("-")
