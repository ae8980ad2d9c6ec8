"""The periods that reports are about: their keys, first and last days, and how documents call them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from khien.kernel.clock import said_day
from khien.kernel.language import Text

MONTH, QUARTER, HALF, YEAR = "month", "quarter", "half", "year"
ONCE, EVENT, ROW = "once", "event", "row"
REGULAR = (MONTH, QUARTER, HALF, YEAR)
EVERY = (*REGULAR, ONCE, EVENT, ROW)
_MONTHS = {MONTH: 1, QUARTER: 3, HALF: 6, YEAR: 12}
_LETTER = {MONTH: "M", QUARTER: "Q", HALF: "H"}
_REGULAR_KEY = re.compile(r"(\d{4})(?:-([MQH])(\d{1,2}))?")
_EVENT_KEY = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.\d+)?")
_ROMAN = ("I", "II", "III", "IV")
# A window that begins after this month belongs to the year that follows: 15/12/2025 begins 2026.
_LAST_MONTH_OF_THE_SAME_YEAR = 6


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a report comes, and on which day of the year its first period begins (day, month)."""

    every: str
    day: int = 1
    month: int = 1

    @property
    def is_regular(self) -> bool:
        """Say whether its periods follow one another through the year."""
        return self.every in REGULAR

    @property
    def is_shifted(self) -> bool:
        """Say whether its periods are not those of the calendar."""
        return (self.day, self.month) != (1, 1)


@dataclass(frozen=True, slots=True)
class Period:
    """What a report is about in time: its key, its first and last day, and what it is called."""

    key: str
    begins: date
    ends: date
    label: Text


def period_of(rhythm: Rhythm, key: str) -> Period | None:
    """Return the period of a key; None where the key is none of this rhythm."""
    if rhythm.every == ONCE:
        return Period(key, date.min, date.max, Text("", "")) if key == ONCE else None
    if not rhythm.is_regular:
        return _event_period(key)
    found = _REGULAR_KEY.fullmatch(key)
    if found is None or found[2] != _LETTER.get(rhythm.every):
        return None
    year, place = int(found[1]), int(found[3] or 1)
    months = _MONTHS[rhythm.every]
    if not 1 <= place <= 12 // months or year < 2000:
        return None
    first = _first_day(rhythm, year)
    begins = _later(first, (place - 1) * months)
    ends = _later(first, place * months) - timedelta(days=1)
    label = _label(rhythm, year, place)
    if rhythm.is_shifted:
        span = f"{said_day(begins)} - {said_day(ends)}"
        label = Text(f"{label.vi} ({span})", f"{label.en} ({span})")
    return Period(key, begins, ends, label)


def period_on(rhythm: Rhythm, day: date) -> Period:
    """Return the period in which a day lies; of an event, the day itself."""
    if not rhythm.is_regular:
        found = period_of(rhythm, ONCE if rhythm.every == ONCE else day.isoformat())
    else:
        years = (day.year, day.year + 1, day.year - 1)
        around = (p for year in years for p in periods_of_year(rhythm, year))
        found = next((p for p in around if p.begins <= day <= p.ends), None)
    if found is None:
        raise ValueError(f"no period on {day}")
    return found


def periods_of_year(rhythm: Rhythm, year: int) -> Iterator[Period]:
    """Yield the periods of a year, in order."""
    for place in range(1, 12 // _MONTHS[rhythm.every] + 1):
        letter = _LETTER.get(rhythm.every)
        found = period_of(rhythm, f"{year}-{letter}{place}" if letter else str(year))
        if found is not None:
            yield found


def _event_period(key: str) -> Period | None:
    found = _EVENT_KEY.fullmatch(key)
    if found is None:
        return None
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        return None
    return Period(key, day, day, Text(f"ngày {said_day(day)}", said_day(day)))


def _first_day(rhythm: Rhythm, year: int) -> date:
    is_before = rhythm.month > _LAST_MONTH_OF_THE_SAME_YEAR
    return date(year - 1 if is_before else year, rhythm.month, rhythm.day)


def _later(day: date, months: int) -> date:
    whole = day.month - 1 + months
    return day.replace(year=day.year + whole // 12, month=whole % 12 + 1)


def _label(rhythm: Rhythm, year: int, place: int) -> Text:
    if rhythm.every == MONTH:
        return Text(f"tháng {place} năm {year}", f"month {place} of {year}")
    if rhythm.every == QUARTER:
        return Text(f"quý {_ROMAN[place - 1]} năm {year}", f"quarter {_ROMAN[place - 1]} of {year}")
    if rhythm.every == HALF:
        which = ("đầu", "first") if place == 1 else ("cuối", "last")
        return Text(f"6 tháng {which[0]} năm {year}", f"the {which[1]} six months of {year}")
    return Text(f"năm {year}", f"{year}")
