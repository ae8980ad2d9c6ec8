"""Dates as official texts write them, turned into ISO dates."""

from __future__ import annotations

import re
from datetime import date

SPOKEN_DATE = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})")
SLASHED_DATE = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
ANY_DATE = re.compile(
    r"ngày\s+(?:(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}))"
)
BLANK_DATE = re.compile(r"ngày\s*[.…_\s]*(?:/|tháng|\d{0,2}\s*tháng\s*[.…_]*\s*năm)")


def iso_date(day: str, month: str, year: str) -> str | None:
    """Return a date as YYYY-MM-DD, or None when the calendar has no such day."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def date_of(match: re.Match[str]) -> str | None:
    """Return the ISO date of a match of ANY_DATE."""
    day, month, year = match.group(1, 2, 3) if match[1] else match.group(4, 5, 6)
    return iso_date(day, month, year)
