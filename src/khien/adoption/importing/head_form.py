"""Reads what persons write into the fields of a text's head."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from khien.adoption.importing.errors import HeadRefused
from khien.adoption.importing.head import DAYS, FIELDS, LABELS, OLDEST
from khien.registers.cleaning import one_line

WORDS_MAX: Final = 500
REPLACES_MAX: Final = 50
_SEPARATOR = re.compile(r"[;,\n]+")
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_NEWEST: Final = date(2100, 1, 1)


def read_corrections(
    values: Mapping[str, Any], *, said: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    """Return all corrections of a head: those before, with what was written now.

    Args:   said: what the text says of itself; a field back at that is no correction any more
    Raises: HeadRefused: a field cannot be meant so
    """
    corrections = dict(before)
    for name in FIELDS:
        if name not in values:
            continue
        value = _read(name, values[name])
        if value == (said[name] or ([] if name == "replaces" else "")):
            corrections.pop(name, None)
        else:
            corrections[name] = value
    return corrections


def _read(name: str, given: Any) -> Any:
    if name == "replaces":
        parts = given if isinstance(given, (list, tuple)) else _SEPARATOR.split(str(given))
        numbers = [one_line(str(part)) for part in parts]
        found = list(dict.fromkeys(number for number in numbers if number))
        if len(found) > REPLACES_MAX or any(len(one) > WORDS_MAX for one in found):
            raise _refused(name, "quá nhiều hoặc quá dài", "too many or too long")
        return found
    words = one_line(str(given or ""))
    if len(words) > WORDS_MAX:
        raise _refused(name, f"dài quá {WORDS_MAX} ký tự", f"longer than {WORDS_MAX} characters")
    return _day(name, words) if name in DAYS and words else words


def _day(name: str, words: str) -> str:
    slashed = _SLASHED.fullmatch(words)
    try:
        day = (
            date(int(slashed[3]), int(slashed[2]), int(slashed[1]))
            if slashed
            else date.fromisoformat(words)
        )
    except ValueError as error:
        raise _refused(
            name,
            f"«{words[:40]}» không phải là ngày, ghi như 01/07/2026",
            f"“{words[:40]}” is no day, write it like 01/07/2026",
        ) from error
    if not OLDEST <= day < _NEWEST:
        raise _refused(
            name, f"năm {day.year} không thể đúng", f"the year {day.year} cannot be right"
        )
    return day.isoformat()


def _refused(name: str, why_vi: str, why_en: str) -> HeadRefused:
    label = LABELS[name]
    return HeadRefused(why_vi=f"«{label.vi}»: {why_vi}", why_en=f"“{label.en}”: {why_en}")
