"""Clocks of suppliers: hours from notice to repair, and incidents in a month, by the clauses that limit them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from khien.kernel.clock import VIETNAM, iso_utc, parse_iso
from khien.norms.library import load_library
from khien.norms.rulebook import Resolved, Rulebook
from khien.norms.selectors import rulebooks_of
from khien.org.models import Unit
from khien.registers.declarations import register_by_code
from khien.registers.models import Row
from khien.registers.selectors import Filter, RowQuery, rows_of

HOURS_CONTROL: Final = "SLA-01"
HOURS: Final = "supplier_fix_hours"
COUNT_CONTROL: Final = "SLA-02"
COUNT: Final = "supplier_incidents_max"
RUNNING_MAX: Final = 500
ClockState = Literal["running", "broken_open", "kept", "broken", "no_limit"]


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that the bound texts set a supplier, with the clauses; no value: no bound text sets one."""

    value: int | None
    resolved: Resolved | None

    @property
    def anchors(self) -> tuple[str, ...]:
        """Return the clauses that give the limit."""
        return self.resolved.anchors if self.resolved else ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a supplier must keep towards a unit: hours from notice to repair, incidents in a month."""

    hours: Limit
    count: Limit


@dataclass(frozen=True, slots=True)
class Clock:
    """One incident of a supplier (sự cố dịch vụ): since when, until when, and how it stands now."""

    row: Row
    supplier: str
    contract: str
    notified_at: datetime
    fixed_at: datetime | None
    due_at: datetime | None
    state: ClockState
    has_minutes: bool
    anchors: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Say whether the repair is still awaited."""
        return self.fixed_at is None

    def left(self, now: datetime) -> timedelta | None:
        """Return the time that is left, negative when over; None without a limit."""
        return None if self.due_at is None else self.due_at - (self.fixed_at or now)

    @property
    def took(self) -> timedelta | None:
        """Return how long the repair took; None while it is awaited."""
        return None if self.fixed_at is None else self.fixed_at - self.notified_at


@dataclass(frozen=True, slots=True)
class MonthOfSupplier:
    """The incidents of one supplier at one unit in one month; those shown not to be its fault are apart."""

    unit: Unit
    supplier: str
    year: int
    month: int
    count: int
    excused_count: int
    most: int | None

    @property
    def is_broken(self) -> bool:
        """Say whether there were more than the texts allow."""
        return self.most is not None and self.count > self.most

    @property
    def left(self) -> int | None:
        """Return how many more the month may have; None without a limit."""
        return None if self.most is None else max(0, self.most - self.count)


def limits_of(rulebook: Rulebook | None) -> Limits:
    """Return the limits of a rulebook; also where the duty is the supplier's, not the unit's.

    Source: binh-phuoc/D21.k3.b, binh-phuoc/D21.k3.c
    """
    return Limits(_limit(rulebook, HOURS_CONTROL, HOURS), _limit(rulebook, COUNT_CONTROL, COUNT))


def _limit(rulebook: Rulebook | None, control: str, name: str) -> Limit:
    rule = rulebook.rules.get(control) if rulebook else None
    resolved = rule.parameters.get(name) if rule else None
    value = resolved.value if resolved else None
    return Limit(value if isinstance(value, int) else None, resolved)


def supplier_clocks(
    units: Iterable[Unit], limits: Mapping[int, Limits], *, since: datetime, now: datetime
) -> list[Clock]:
    """Return incidents that are open, and those notified since a moment: open ones first, most pressing on top.

    Three queries for all units.
    Args: limits: by unit id
    """
    register = register_by_code("supplier_incident")
    listed = list(units)
    recent = RowQuery(
        filters=(Filter("notified_at", "from", iso_utc(since)),), order="-notified_at"
    )
    awaited = RowQuery(filters=(Filter("fixed_at", "empty"),), order="notified_at")
    found = {
        row.pk: row
        for query in (awaited, recent)
        for row in rows_of(listed, register, query).select_related("unit")[:RUNNING_MAX]
    }
    names = _names(found.values())
    clocks = [_clock(row, names, limits.get(row.unit_id), now=now) for row in found.values()]
    awaited_ones = sorted((c for c in clocks if c.is_open), key=lambda c: c.due_at or c.notified_at)
    done = sorted((c for c in clocks if not c.is_open), key=lambda c: c.notified_at, reverse=True)
    return awaited_ones + done


def open_clocks(units: Iterable[Unit], *, today: date, now: datetime) -> list[Clock]:
    """Return the clocks of units that still run, by the limits of each unit's rulebook, most pressing first."""
    register = register_by_code("supplier_incident")
    awaited = RowQuery(filters=(Filter("fixed_at", "empty"),), order="notified_at")
    rows = list(rows_of(units, register, awaited).select_related("unit")[:RUNNING_MAX])
    found = {row.unit_id: row.unit for row in rows}
    books = rulebooks_of(found.values(), library=load_library(), on=today) if found else {}
    limits = {pk: limits_of(book) for pk, book in books.items()}
    names = _names(rows)
    clocks = [_clock(row, names, limits.get(row.unit_id), now=now) for row in rows]
    return sorted(clocks, key=lambda clock: clock.due_at or clock.notified_at)


def _names(rows: Iterable[Row]) -> dict[int, str]:
    ids = {row.values.get(code) for row in rows for code in ("supplier", "contract")} - {None}
    return dict(Row.objects.filter(pk__in=ids).values_list("pk", "name"))


def _clock(row: Row, names: Mapping[int, str], limits: Limits | None, *, now: datetime) -> Clock:
    notified = parse_iso(str(row.values["notified_at"]))
    fixed_text = row.values.get("fixed_at")
    fixed = parse_iso(str(fixed_text)) if fixed_text else None
    hours = limits.hours.value if limits else None
    due = notified + timedelta(hours=hours) if hours is not None else None
    return Clock(
        row=row,
        supplier=names.get(row.values.get("supplier", 0), "–"),
        contract=names.get(row.values.get("contract", 0), ""),
        notified_at=notified,
        fixed_at=fixed,
        due_at=due,
        state=clock_state(due, fixed, now=now),
        has_minutes=row.values.get("minutes") is not None,
        anchors=limits.hours.anchors if limits else (),
    )


def clock_state(due: datetime | None, fixed: datetime | None, *, now: datetime) -> ClockState:
    """Return how a clock stands: a repair exactly at the limit has kept it.

    Source: binh-phuoc/D21.k3.b
    """
    if due is None:
        return "no_limit"
    if fixed is None:
        return "running" if now <= due else "broken_open"
    return "kept" if fixed <= due else "broken"


def months_of_suppliers(
    clocks: Sequence[Clock], limits: Mapping[int, Limits]
) -> list[MonthOfSupplier]:
    """Count incidents by unit, supplier and month in Viet Nam, newest month first, fullest on top.

    An incident that is recorded as not the supplier's fault is counted apart.
    Source: binh-phuoc/D21.k3.c
    """
    counted: dict[tuple[int, int, int, str], list[Clock]] = {}
    for clock in clocks:
        day = clock.notified_at.astimezone(VIETNAM)
        key = (day.year, day.month, clock.row.unit_id, clock.supplier)
        counted.setdefault(key, []).append(clock)
    months = [_month(key, members, limits) for key, members in counted.items()]
    return sorted(months, key=lambda m: (-m.year, -m.month, -m.count, m.unit.code, m.supplier))


def _month(
    key: tuple[int, int, int, str], clocks: Sequence[Clock], limits: Mapping[int, Limits]
) -> MonthOfSupplier:
    year, month, unit_id, supplier = key
    excused = sum(clock.row.values.get("is_supplier_fault") is False for clock in clocks)
    most = limits[unit_id].count.value if unit_id in limits else None
    return MonthOfSupplier(
        clocks[0].row.unit, supplier, year, month, len(clocks) - excused, excused, most
    )
