"""From a schedule to windows: when an occurrence opens and which is its last day; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from khien.kernel.calendar import (
    WorkingDays,
    YearWindow,
    add_months,
    day_begins,
    named_days,
    period_of,
)
from khien.kernel.clock import vietnam_date
from khien.norms.model import Schedule

LATE_FROM_START = "late_from_start"
NO_DAY_IN_TEXT = "no_day_in_text"
OWN_INTERVAL = "own_interval"
AT_ONCE = "at_once"
_DAY = timedelta(days=1)
# Of an interval so much, at its end, is the time to act.
_OPEN_SHARE = 3


@dataclass(frozen=True, slots=True)
class Window:
    """One time at which a duty is due: its key, when it opens, the last day allowed, the day to act.

    accepts_from: the first day whose proof belongs to it; a proof belongs to the latest window that accepts it.
    """

    key: str
    opens_on: date
    due_on: date
    act_on: date
    accepts_from: date
    due_at: datetime | None = None
    remark: str = ""
    subject: int | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """For how long a text binds a unit: its first day, and the first day no longer (None: it still does).

    gaps: times within, as first day and first day no longer, in which another text stood in its place.
    """

    begins: date
    ends: date | None = None
    gaps: tuple[tuple[date, date], ...] = ()

    def holds_on(self, day: date) -> bool:
        """Say whether a last day lies within."""
        if any(first <= day < after for first, after in self.gaps):
            return False
        return self.begins <= day and (self.ends is None or day < self.ends)

    def without(self, other: Reach) -> Reach:
        """Return what is left where another text stands in the place of this one for its own time."""
        if other.ends is not None:
            return replace(self, gaps=(*self.gaps, (other.begins, other.ends)))
        ends = other.begins if self.ends is None else min(self.ends, other.begins)
        return replace(self, ends=ends)


def calendar_windows(
    schedule: Schedule, working: WorkingDays, since: date, until: date, *, lead_days: int | None
) -> list[Window]:
    """Return the windows of a calendar schedule whose last day lies between two days, in order."""
    found = []
    is_before = schedule.sense == "before"
    for named in named_days(schedule.rule, since, until + _DAY):
        due = named - _DAY if is_before else named
        if not since <= due <= until:
            continue
        period = period_of(schedule.period, due)  # type: ignore[arg-type]  # checked when read
        opens = _opening(schedule, period.first, due)
        accepts = opens if lead_days is None else named - timedelta(days=lead_days)
        remark = NO_DAY_IN_TEXT if schedule.is_assumed else ""
        found.append(
            Window(period.key, opens, due, working.last_until(due), accepts, remark=remark)
        )
    return found


def _opening(schedule: Schedule, first: date, due: date) -> date:
    match schedule.opens:
        case "month":
            return due.replace(day=1)
        case int() as days:
            return due - timedelta(days=days)
        case _:
            return first


def data_window(schedule: Schedule, window_key: str) -> tuple[date, date] | None:
    """Return the days a yearly report speaks of, where they are not those of its period."""
    if schedule.window is None or not window_key.isdecimal():
        return None
    return YearWindow(*schedule.window).of(int(window_key))


def once_window(
    schedule: Schedule, reach: Reach, working: WorkingDays, *, lead_days: int
) -> Window:
    """Return the one window of a duty with one day; late from its first day where that day was past already."""
    due = schedule.due or date.max
    is_late = due < reach.begins
    return Window(
        key="once",
        opens_on=reach.begins,
        due_on=due,
        act_on=working.last_until(due),
        accepts_from=min(reach.begins, due) - timedelta(days=lead_days),
        remark=LATE_FROM_START if is_late else "",
    )


@dataclass(frozen=True, slots=True)
class Interval:
    """How often something is done: every so many months or days, and whose choice that is."""

    every: int
    measure: str
    is_own: bool = False

    def after(self, day: date) -> date:
        """Return the last day allowed after something was done on a day."""
        if self.measure == "month":
            return add_months(day, self.every)
        return day + timedelta(days=self.every)

    def opens_before(self, anchor: date) -> date:
        """Return the day from which doing it again counts as this time, not as the last one once more."""
        due = self.after(anchor)
        return due - max(_DAY, (due - anchor) // _OPEN_SHARE)


def rolling_windows(
    interval: Interval,
    reach: Reach,
    done: Sequence[date],
    working: WorkingDays,
    *,
    prefix: str = "",
    subject: int | None = None,
) -> Iterator[tuple[Window, date | None]]:
    """Yield the windows from one time to the next, each with the day that closed it; the last one is open.

    The clock starts with the newest time before the text began to bind, if that still holds then, else with
    the first day of the text. Doing it again early starts the clock anew without a window of its own.
    Args: done: the days on which it was done, in order
    """
    anchor = reach.begins
    before = [day for day in done if day < reach.begins]
    if before and interval.after(before[-1]) >= reach.begins:
        anchor = before[-1]
    for day in [day for day in done if day > anchor]:
        window = _rolled(interval, anchor, working, prefix, subject, reach)
        if day >= window.opens_on:
            yield window, day
        anchor = day
    yield _rolled(interval, anchor, working, prefix, subject, reach), None


def anchor_in(key: str) -> date | None:
    """Return the day from which the window of a key counts, if that was a day on which it was done."""
    _, mark, day = key.rpartition("after-")
    return date.fromisoformat(day) if mark else None


def _rolled(
    interval: Interval,
    anchor: date,
    working: WorkingDays,
    prefix: str,
    subject: int | None,
    reach: Reach,
) -> Window:
    due = interval.after(anchor)
    opens = max(interval.opens_before(anchor), reach.begins)
    return Window(
        key=f"{prefix}{'since' if anchor == reach.begins else 'after'}-{anchor}",
        opens_on=opens,
        due_on=due,
        act_on=working.last_until(due),
        accepts_from=anchor + _DAY,
        remark=OWN_INTERVAL if interval.is_own else "",
        subject=subject,
    )


def event_window(
    schedule: Schedule,
    key: str,
    started: date | datetime,
    due_on: date | None,
    working: WorkingDays,
    *,
    subject: int,
) -> Window | None:
    """Return the window that an event opens; None where it depends on a day that nobody gave."""
    first = vietnam_date(started) if isinstance(started, datetime) else started
    if schedule.within is None:
        if due_on is None:
            return None
        act = max(first, working.last_until(due_on)) if first <= due_on else due_on
        return Window(key, first, due_on, act, first, subject=subject)
    if schedule.measure == "hour":
        moment = started if isinstance(started, datetime) else day_begins(started)
        due_at = moment + timedelta(hours=schedule.within)
        due = vietnam_date(due_at)
        return Window(key, first, due, due, first, due_at=due_at, subject=subject)
    due = (
        add_months(first, schedule.within)
        if schedule.measure == "month"
        else first + timedelta(days=schedule.within)
    )
    remark = AT_ONCE if schedule.within == 0 else ""
    return Window(key, first, due, due, first, remark=remark, subject=subject)


def owner_of(windows: Sequence[Window], day: date) -> Window | None:
    """Return the window to which something done on a day belongs: the latest that accepts it.

    Args: windows: in order of `accepts_from`
    """
    found = None
    for window in windows:
        if window.accepts_from > day:
            break
        found = window
    return found


def soonest(days: Iterable[date]) -> date | None:
    """Return the first of some days."""
    return min(days, default=None)
