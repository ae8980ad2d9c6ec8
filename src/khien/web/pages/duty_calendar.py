"""Duties of a unit as a calendar: a month by days, and a year by months."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from khien.duties.holidays import working_days
from khien.duties.models import Occurrence
from khien.duties.proofs import load_proofs
from khien.duties.selectors import Asked, counts, occurrences
from khien.duties.shown import STAND_WORDS, Shown, shown_of
from khien.kernel.clock import vietnam_date
from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.org.models import Unit

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_YEARS = range(2000, 2101)
# The last day of a text may lie a few days after the day to act, never before it.
_REACH = timedelta(days=40)
GONE = ("replaced", "not_applicable")
# From what is good to what presses, as a bar shows it.
ORDER = ("overdue", "due_soon", "open", "upcoming", "missed", "done_late", "done")


@dataclass(frozen=True, slots=True)
class Entry:
    """One occurrence on the day to act on it; `moved`: the last day of the text is another one."""

    number: int
    title: Text
    cited: Text
    state: Text
    stands: str
    act_on: date
    due_on: date

    @property
    def is_moved(self) -> bool:
        """Say whether the day to act is before the last day of the text."""
        return self.act_on != self.due_on


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar; `why_off`: the holiday, where it is one."""

    on: date
    is_in_month: bool
    is_today: bool
    is_off: bool
    why_off: Text | None
    is_worked: bool
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class MonthPage:
    """One month in weeks from Monday, with the months around it and what stands over all time."""

    first: date
    weeks: Sequence[Sequence[Day]]
    before: date
    after: date
    today: date
    counts: Mapping[str, int]

    @property
    def busy_days(self) -> list[Day]:
        """Return the days of the month on which something must be done, for narrow windows."""
        return [d for week in self.weeks for d in week if d.is_in_month and d.entries]

    @property
    def is_now(self) -> bool:
        """Say whether it is the month of today."""
        return (self.first.year, self.first.month) == (self.today.year, self.today.month)


@dataclass(frozen=True, slots=True)
class MonthOfYear:
    """One month of the year's overview: how many occurrences stand how."""

    first: date
    counts: Mapping[str, int]
    is_now: bool

    @property
    def total(self) -> int:
        """Return how many there are."""
        return sum(self.counts.values())

    @property
    def shown(self) -> list[tuple[str, Text, int]]:
        """Return what there is, most pressing first, in words."""
        return [(s, STAND_WORDS[s], self.counts[s]) for s in ORDER if self.counts.get(s)]


@dataclass(frozen=True, slots=True)
class YearPage:
    """One year in months."""

    year: int
    months: Sequence[MonthOfYear]
    counts: Mapping[str, int]


def asked_month(text: str, *, today: date) -> date:
    """Return the first day of the month asked for, of this month where none is meant."""
    found = _MONTH.fullmatch(text)
    if found and int(found[1]) in _YEARS and 1 <= int(found[2]) <= 12:
        return date(int(found[1]), int(found[2]), 1)
    return today.replace(day=1)


def month_page(unit: Unit, first: date, *, now: datetime) -> MonthPage:
    """Put one month of a unit's duties together; three queries."""
    today = vietnam_date(now)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    entries = _by_day(_between([unit], weeks[0][0], weeks[-1][-1], now=now))
    return MonthPage(
        first=first,
        weeks=[[_day(on, first, today, entries.get(on, ())) for on in week] for week in weeks],
        before=(first - timedelta(days=1)).replace(day=1),
        after=(first + timedelta(days=31)).replace(day=1),
        today=today,
        counts=counts([unit], now=now).get(unit.pk, {}),
    )


def year_page(unit: Unit, year: int, *, now: datetime) -> YearPage:
    """Put one year of a unit's duties together."""
    today = vietnam_date(now)
    found: dict[int, dict[str, int]] = {month: {} for month in range(1, 13)}
    for one in _between([unit], date(year, 1, 1), date(year, 12, 31), now=now):
        stands = stands_of(one)
        month = found[one.act_on.month]
        month[stands] = month.get(stands, 0) + 1
    return YearPage(
        year=year,
        months=[
            MonthOfYear(
                date(year, month, 1), found[month], (year, month) == (today.year, today.month)
            )
            for month in found
        ],
        counts=counts([unit], now=now).get(unit.pk, {}),
    )


def _between(units: Iterable[Unit], since: date, until: date, *, now: datetime) -> list[Occurrence]:
    asked = Asked(since=since, until=until + _REACH)
    found = occurrences(units, asked, now=now)
    return [one for one in found if since <= one.act_on <= until and stands_of(one) not in GONE]


def _by_day(found: Iterable[Occurrence]) -> dict[date, list[Entry]]:
    library, rules = load_library(), load_proofs()
    days: dict[date, list[Entry]] = {}
    for one in found:
        days.setdefault(one.act_on, []).append(_entry(shown_of(one, rules=rules, library=library)))
    for entries in days.values():
        entries.sort(key=lambda entry: (ORDER.index(entry.stands), entry.title.vi))
    return days


def _entry(shown: Shown) -> Entry:
    one = shown.occurrence
    return Entry(
        one.pk, shown.title, shown.cited, shown.state, stands_of(one), one.act_on, one.due_on
    )


def _day(on: date, first: date, today: date, entries: Sequence[Entry]) -> Day:
    days = working_days()
    off = days.off.get(on)
    return Day(
        on=on,
        is_in_month=on.month == first.month,
        is_today=on == today,
        is_off=not days.is_working(on),
        why_off=Text(off.vi, off.en) if off else None,
        is_worked=on in days.worked,
        entries=entries,
    )


def stands_of(occurrence: Occurrence) -> str:
    """Return how an occurrence stands, as the selector said."""
    return str(getattr(occurrence, "stands", occurrence.state))
