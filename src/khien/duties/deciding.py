"""Which occurrences a unit should have, and what closes each: from schedules, reach and evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from khien.duties.evidence import Evidence, Found, Kept, moment_in
from khien.duties.models import Occurrence, UnitInterval
from khien.duties.plan import DutyPlan
from khien.duties.proofs import Where, matches
from khien.duties.windows import (
    Interval,
    Reach,
    Window,
    calendar_windows,
    event_window,
    once_window,
    owner_of,
    rolling_windows,
)
from khien.kernel.calendar import WorkingDays, day_begins, day_ends, period_named
from khien.kernel.clock import vietnam_date

# A duty with one day may have been done this long before its text began to bind.
ONCE_LEAD_DAYS = 90
# Windows before and after those wanted are needed to say to which one a proof belongs.
_MARGIN = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An occurrence that should be there, and what closes it if something does.

    is_lasting: it stands now however long ago it was due, so it is made even where a unit begins late.
    """

    window: Window
    found: Found | None = None
    is_missed: bool = False
    is_lasting: bool = False


@dataclass(slots=True)
class Deciding:
    """What is the same for all units of one refresh.

    since, until: last days wanted; prior: days on which closed occurrences of one row were done before;
    seen: the latest moment ever refreshed for: with the clock set back, what was seen stays seen.
    """

    evidence: Evidence
    working: WorkingDays
    now: datetime
    seen: datetime
    since: date
    until: date
    intervals: Mapping[tuple[int, str], Sequence[UnitInterval]] = field(default_factory=dict)
    prior: Mapping[tuple[int, str, int], Sequence[date]] = field(default_factory=dict)
    _windows: dict[str, list[Window]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """Return the day it is in Viet Nam."""
        return vietnam_date(self.now)

    @property
    def seen_on(self) -> date:
        """Return the last day on which something may have happened."""
        return vietnam_date(max(self.now, self.seen))

    def wanted(self, unit: int, plan: DutyPlan, reach: Reach) -> Iterator[Wanted]:
        """Yield the occurrences of a dated duty of a unit."""
        kinds: Mapping[str, Callable[[int, DutyPlan, Reach], Iterator[Wanted]]] = {
            "calendar": self._calendar,
            "once": self._once,
            "rolling": self._rolling,
            "own": self._own,
            "event": self._events,
        }
        yield from kinds[plan.schedule.kind](unit, plan, reach)

    def _calendar(self, unit: int, plan: DutyPlan, reach: Reach) -> Iterator[Wanted]:
        windows = self._windows.get(plan.duty.id)
        if windows is None:
            lead = next((r.lead_days for r in plan.rules if r.lead_days is not None), None)
            first, last = self.since - _MARGIN, self.until + _MARGIN
            windows = calendar_windows(plan.schedule, self.working, first, last, lead_days=lead)
            self._windows[plan.duty.id] = windows
        closing = self._closing(unit, plan, windows)
        for place, window in enumerate(windows):
            if not self.since <= window.due_on <= self.until or not reach.holds_on(window.due_on):
                continue
            found = closing.get(window.key)
            after = windows[place + 1].due_on if place + 1 < len(windows) else date.max
            is_missed = found is None and not plan.accepts_late and after < self.today
            yield Wanted(_begun(window, reach), found, is_missed)

    def _closing(self, unit: int, plan: DutyPlan, windows: Sequence[Window]) -> dict[str, Found]:
        """Return what closes calendar windows, by their keys; the first that does counts."""
        groups: dict[str, list[Found]] = {}
        by_key = {window.key: window for window in windows}
        for one in self._found(unit, plan):
            window = by_key.get(one.period)
            if window is None and not _names_another(one.period, plan.schedule.period):
                window = owner_of(windows, one.on)
            if window is not None and one.on <= self.seen_on:
                groups.setdefault(window.key, []).append(one)
        whole = {key: self._first_whole(unit, plan, found) for key, found in groups.items()}
        for window in windows:
            passed = self._passed_in(unit, plan, window)
            if passed is not None:
                whole.setdefault(window.key, passed)
        return {key: one for key, one in whole.items() if one is not None}

    def _passed_in(self, unit: int, plan: DutyPlan, window: Window) -> Found | None:
        """Return that the control passed in whole at some moment of a window."""
        opens, ends = (
            day_begins(window.opens_on),
            min(day_ends(window.due_on), max(self.now, self.seen)),
        )
        for rule in plan.rules:
            if not rule.finding:
                continue
            for from_at, to_at, finding in self.evidence.passing(unit, rule.finding):
                first = max(from_at, opens)
                if first < ends and (to_at is None or to_at > first):
                    kind = Occurrence.Proof.FINDING
                    return Found(vietnam_date(first), kind, at=first, finding=finding)
        return None

    def _once(self, unit: int, plan: DutyPlan, reach: Reach) -> Iterator[Wanted]:
        window = once_window(plan.schedule, reach, self.working, lead_days=ONCE_LEAD_DAYS)
        if reach.ends is not None and reach.ends <= reach.begins:
            return
        is_standing = any(rule.is_standing for rule in plan.rules)
        usable = [
            one
            for one in self._found(unit, plan)
            if (is_standing or one.on >= window.accepts_from) and one.on <= self.seen_on
        ]
        found = self._first_whole(unit, plan, usable) or self._passed_in(unit, plan, window)
        # An end after the last day leaves the duty as it stood; an end before it takes it away.
        if found is None and reach.ends is not None and reach.ends <= window.due_on:
            return
        yield Wanted(window, found, is_lasting=True)

    def _rolling(self, unit: int, plan: DutyPlan, reach: Reach) -> Iterator[Wanted]:
        interval = Interval(plan.schedule.every, plan.schedule.measure)
        if plan.schedule.each:
            yield from self._rolling_rows(unit, plan, reach, interval)
        else:
            yield from self._rolled(unit, plan, reach, interval)

    def _own(self, unit: int, plan: DutyPlan, reach: Reach) -> Iterator[Wanted]:
        chosen = self.intervals.get((unit, plan.duty.id))
        if not chosen:
            return
        newest = chosen[-1]
        begins = max(reach.begins, chosen[0].from_on)
        interval = Interval(newest.every, newest.measure, is_own=True)
        yield from self._rolled(unit, plan, replace(reach, begins=begins), interval)

    def _rolled(
        self, unit: int, plan: DutyPlan, reach: Reach, interval: Interval
    ) -> Iterator[Wanted]:
        usable = [one for one in self._found(unit, plan) if one.on <= self.seen_on]
        done = {one.on: one for one in self._wholes(unit, plan, usable)}
        for window, day in rolling_windows(interval, reach, sorted(done), self.working):
            if reach.holds_on(window.due_on):
                found = None if day is None else done[day]
                yield Wanted(window, found, is_lasting=day is None)

    def _rolling_rows(
        self, unit: int, plan: DutyPlan, reach: Reach, interval: Interval
    ) -> Iterator[Wanted]:
        """Yield the windows of each row of a register, such as each Wi-Fi network, by its own dates."""
        rule = plan.rules[0]
        for row in self.evidence.rows(plan.schedule.each, unit):
            begun = moment_in(row.values.get("installed_on"))
            stopped = moment_in(row.values.get("stopped_on"))
            if isinstance(stopped, date) and stopped <= self.today:
                continue
            begins = max(reach.begins, begun) if isinstance(begun, date) else reach.begins
            now_done = self.evidence.row_found(row, rule)
            found: dict[date, Found | None] = dict.fromkeys(
                self.prior.get((unit, plan.duty.id, row.pk), ())
            )
            if now_done is not None and now_done.on <= self.seen_on:
                found[now_done.on] = now_done
            windows = rolling_windows(
                interval,
                replace(reach, begins=begins),
                sorted(found),
                self.working,
                prefix=f"{row.number}-",
                subject=row.pk,
            )
            for window, day in windows:
                closed = found[day] if day is not None else None
                if (day is None or closed is not None) and reach.holds_on(window.due_on):
                    yield Wanted(window, closed, is_lasting=day is None)

    def _events(self, unit: int, plan: DutyPlan, reach: Reach) -> Iterator[Wanted]:
        schedule = plan.schedule
        for row in self.evidence.rows(schedule.register, unit):
            if schedule.where and not any(self._is_like(row, one) for one in schedule.where):
                continue
            begun = _first_moment(row, schedule.starts)
            if begun is None:
                continue
            started = vietnam_date(begun) if isinstance(begun, datetime) else begun
            if started > self.seen_on or not reach.holds_on(started):
                continue
            due = moment_in(row.values.get(schedule.due_field)) if schedule.due_field else None
            due_on = vietnam_date(due) if isinstance(due, datetime) else due
            window = event_window(
                schedule,
                f"{schedule.register}-{row.number}",
                begun,
                due_on,
                self.working,
                subject=row.pk,
            )
            if window is None:
                continue
            ends = [f for rule in plan.rules if (f := self.evidence.row_found(row, rule))]
            found = min(ends, key=lambda one: one.on, default=None)
            yield Wanted(window, found or self._passed_in(unit, plan, window))

    def _is_like(self, row: Kept, where: Where) -> bool:
        """Say whether a row meets a condition; a body is meant by the names of the texts it stands for."""
        plain = {name: values for name, values in where.items() if name != "authority"}
        bodies = where.get("authority")
        if bodies and not self.evidence.stands_for(row.values.get("authority")) & set(bodies):
            return False
        return matches(row.values, plain)

    def _found(self, unit: int, plan: DutyPlan) -> list[Found]:
        rules = [rule for rule in plan.rules if rule.register]
        if len(rules) == 1:
            return list(self.evidence.found(unit, rules[0]))
        found = (one for rule in rules for one in self.evidence.found(unit, rule))
        return sorted(found, key=lambda one: (one.on, one.row or 0))

    def _first_whole(self, unit: int, plan: DutyPlan, found: Sequence[Found]) -> Found | None:
        return next(iter(self._wholes(unit, plan, found)), None)

    def _wholes(self, unit: int, plan: DutyPlan, found: Iterable[Found]) -> Iterator[Found]:
        """Yield each time at which all that a proof must reach was reached, then begin again."""
        cover = next((rule.covers for rule in plan.rules if rule.covers), None)
        if cover is None:
            yield from found
            return
        yield from _completed(found, self.evidence.whole(unit, cover))


def _first_moment(row: Kept, fields: Iterable[str]) -> date | datetime | None:
    for name in fields:
        moment = moment_in(row.values.get(name))
        if moment is not None:
            return moment
    return None


def _names_another(key: str, kind: str) -> bool:
    """Say whether a paper names a period of this kind itself: one of another time is no proof of this one."""
    try:
        return period_named(key).kind == kind
    except ValueError:
        return False


def _completed(found: Iterable[Found], whole: frozenset[object]) -> Iterator[Found]:
    reached: set[object] = set()
    for one in found:
        reached |= whole if one.part is None else one.part
        if reached >= whole:
            yield one
            reached = set()


def _begun(window: Window, reach: Reach) -> Window:
    """Return a window that does not open before the text begins to bind."""
    if window.opens_on >= reach.begins:
        return window
    return Window(
        window.key,
        reach.begins,
        window.due_on,
        window.act_on,
        window.accepts_from,
        window.due_at,
        window.remark,
        window.subject,
    )
