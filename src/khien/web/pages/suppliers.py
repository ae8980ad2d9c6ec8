"""The page of suppliers: running clocks, what is left, what is broken, and months by supplier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from khien.kernel.clock import VIETNAM
from khien.norms.rulebook import Rulebook
from khien.org.models import Unit
from khien.plans.suppliers import (
    Clock,
    Limits,
    MonthOfSupplier,
    limits_of,
    months_of_suppliers,
    supplier_clocks,
)

MONTHS_BACK = 12


@dataclass(frozen=True, slots=True)
class ClockShown:
    """One clock with what is left of it, and how much of its time is used, in percent."""

    clock: Clock
    left: timedelta | None
    used: str


@dataclass(frozen=True, slots=True)
class SupplierPage:
    """Everything the page of suppliers shows."""

    limits: Limits
    running: Sequence[ClockShown]
    done: Sequence[ClockShown]
    this_month: Sequence[MonthOfSupplier]
    broken_months: Sequence[MonthOfSupplier]

    @property
    def broken_count(self) -> int:
        """Return how many clocks ran over, open or done."""
        return sum(
            shown.clock.state in ("broken", "broken_open") for shown in (*self.running, *self.done)
        )


def supplier_page(unit: Unit, rulebook: Rulebook, *, now: datetime) -> SupplierPage:
    """Put the page of a unit's suppliers together, for the last twelve months."""
    limits = {unit.pk: limits_of(rulebook)}
    clocks = supplier_clocks([unit], limits, since=_months_ago(now), now=now)
    months = months_of_suppliers(clocks, limits)
    day = now.astimezone(VIETNAM)
    shown = [_shown(clock, now) for clock in clocks]
    return SupplierPage(
        limits=limits[unit.pk],
        running=[one for one in shown if one.clock.is_open],
        done=[one for one in shown if not one.clock.is_open],
        this_month=[m for m in months if (m.year, m.month) == (day.year, day.month)],
        broken_months=[m for m in months if m.is_broken],
    )


def _months_ago(now: datetime) -> datetime:
    day = now.astimezone(VIETNAM)
    months = day.year * 12 + day.month - 1 - (MONTHS_BACK - 1)
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=VIETNAM)


def _shown(clock: Clock, now: datetime) -> ClockShown:
    used = 100.0
    if clock.due_at is not None:
        whole = clock.due_at - clock.notified_at
        used = min(100.0, 100 * (((clock.fixed_at or now) - clock.notified_at) / whole))
    return ClockShown(clock, clock.left(now), f"{max(0.0, used):.1f}%")
