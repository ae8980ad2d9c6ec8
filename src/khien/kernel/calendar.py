"""Days, periods and working days as a Vietnamese office counts them; pure, the holidays are given."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # it has no types

from khien.kernel.clock import VIETNAM

PeriodKind = Literal["week", "month", "quarter", "half", "year"]
PERIOD_KINDS: tuple[PeriodKind, ...] = ("week", "month", "quarter", "half", "year")
_MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of days that recurs, with the key it has everywhere: 2026, 2026-H1, 2026-Q2, 2026-11, 2026-W07."""

    first: date
    last: date
    kind: PeriodKind
    key: str

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def next(self) -> Period:
        """Return the period that begins the day after."""
        return period_of(self.kind, self.last + _DAY)


def period_of(kind: PeriodKind, day: date) -> Period:
    """Return the period of a kind in which a day lies; weeks begin on Monday, as in ISO 8601."""
    if kind == "week":
        first = day - timedelta(days=day.weekday())
        year, week, _ = day.isocalendar()
        return Period(first, first + timedelta(days=6), kind, f"{year:04}-W{week:02}")
    months = _MONTHS[kind]
    number = (day.month - 1) // months
    first = date(day.year, number * months + 1, 1)
    last = add_months(first, months) - _DAY
    marks = {"month": f"-{first.month:02}", "quarter": f"-Q{number + 1}", "half": f"-H{number + 1}"}
    return Period(first, last, kind, f"{day.year:04}{marks.get(kind, '')}")


def period_named(key: str) -> Period:
    """Return the period of a key.

    Raises: ValueError: no period has this key
    """
    year, _, mark = key.partition("-")
    try:
        if not mark:
            found = period_of("year", date(int(year), 1, 1))
        elif mark[0] == "W":
            found = period_of("week", date.fromisocalendar(int(year), int(mark[1:]), 1))
        elif mark[0] == "Q":
            found = period_of("quarter", date(int(year), int(mark[1:]) * 3, 1))
        elif mark[0] == "H":
            found = period_of("half", date(int(year), int(mark[1:]) * 6, 1))
        else:
            found = period_of("month", date(int(year), int(mark), 1))
    except ValueError as error:
        raise ValueError(f"not the key of a period: {key}") from error
    if found.key != key:
        raise ValueError(f"not the key of a period: {key}")
    return found


def periods(kind: PeriodKind, since: date, until: date) -> Iterator[Period]:
    """Yield the periods of a kind that touch the days from one to another, both included, in order."""
    period = period_of(kind, since)
    while period.first <= until:
        yield period
        period = period.next


def add_months(day: date, count: int) -> date:
    """Return the same day some months later or earlier, or the last of that month where it has no such day."""
    month = day.year * 12 + day.month - 1 + count
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class YearWindow:
    """The days a yearly report speaks of, from a day of one year to a day of the next (kỳ số liệu 15/12-14/12).

    Args: begins, ends: month and day; where it would end before it begins, it begins in the year before
    """

    begins: tuple[int, int]
    ends: tuple[int, int]

    def of(self, year: int) -> tuple[date, date]:
        """Return the first and the last day of the window that ends in a year."""
        first = year if self.begins <= self.ends else year - 1
        return _day_of(first, *self.begins), _day_of(year, *self.ends)


def _day_of(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def named_days(rule: str, since: date, until: date) -> list[date]:
    """Return the days that a recurrence rule of RFC 5545 names between two days, both included.

    Raises: ValueError: not a rule
    """
    first = datetime.combine(date(since.year - 1, 1, 1), time())
    named = rrulestr(rule, dtstart=first, ignoretz=True).between(
        datetime.combine(since, time()), datetime.combine(until, time()), inc=True
    )
    return [moment.date() for moment in named]


def day_begins(day: date) -> datetime:
    """Return the moment, in UTC, at which a day begins in Viet Nam (0 giờ, UTC+7)."""
    return datetime.combine(day, time(), VIETNAM).astimezone(UTC)


def day_ends(day: date) -> datetime:
    """Return the moment, in UTC, at which a day is over in Viet Nam."""
    return day_begins(day + _DAY)


@dataclass(frozen=True, slots=True)
class Off:
    """Why nobody works on a day: its name in both languages, and how sure that is (A, B, C)."""

    vi: str
    en: str
    mark: str


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Which days are worked: all but Saturdays, Sundays and holidays, with the days that were moved.

    off: holidays and the working days given free in exchange; worked: Saturdays and Sundays worked instead;
    years: those whose holidays were officially announced.
    """

    off: Mapping[date, Off] = field(default_factory=dict)
    worked: Mapping[date, Off] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Say whether a day is worked."""
        return day in self.worked or (day.weekday() < _SATURDAY and day not in self.off)

    def last_until(self, day: date) -> date:
        """Return the last working day that is not after a day."""
        while not self.is_working(day):
            day -= _DAY
        return day

    def first_from(self, day: date) -> date:
        """Return the first working day that is not before a day."""
        while not self.is_working(day):
            day += _DAY
        return day

    def add(self, day: date, count: int) -> date:
        """Return the day some working days after (or, below zero, before) a day, which itself is not counted."""
        step = _DAY if count >= 0 else -_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def count(self, since: date, until: date) -> int:
        """Return how many working days lie after one day and up to another."""
        days = (since + timedelta(days=n) for n in range(1, (until - since).days + 1))
        return sum(1 for day in days if self.is_working(day))

    def is_sure(self, since: date, until: date) -> bool:
        """Say whether all holidays between two days are known and none of them is only expected (mark C)."""
        if not {since.year, until.year} <= self.years:
            return False
        marked = (*self.off.items(), *self.worked.items())
        return not any(since <= day <= until and off.mark == "C" for day, off in marked)
