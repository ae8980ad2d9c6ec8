"""Keeps the calendar of duties up to date: all units once a day, and at once those of which something changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from khien.checks.events import ASSESSED
from khien.duties.models import Refresh
from khien.duties.refreshing import refresh
from khien.kernel.clock import vietnam_date
from khien.ledger.selectors import entries_from, recent_entries
from khien.norms.events import DOCUMENT_BOUND, UNITS_BOUND, UNITS_RELEASED
from khien.org.models import Unit

# Entries of these rooms name the unit first in their subject: "unit" or "unit/register/number".
_ROOMS = ("registers.", "org.unit_")
_ENTRIES_MAX = 5000


@dataclass(slots=True)
class Keeper:
    """A job: remembers up to which entry of the ledger it looked, and on which day it last looked at all units."""

    seen: int = -1
    day: date | None = None

    def __call__(self, now: datetime) -> int:
        """Refresh what may have changed; return how many occurrences did."""
        newest = recent_entries().first()
        last = -1 if newest is None else newest.index
        today = vietnam_date(now)
        if self.day != today or last - self.seen > _ENTRIES_MAX:
            units: list[Unit] | None = list(Unit.objects.all())
        else:
            units = self._touched(last)
        done = refresh(units, now=now) if units else None
        self.seen, self.day = last, today
        return 0 if done is None else changed_count(done)

    def _touched(self, last: int) -> list[Unit]:
        entries = entries_from(self.seen + 1).filter(index__lte=last)
        codes = set()
        for kind, subject in entries.values_list("kind", "subject"):
            if kind in (ASSESSED, UNITS_BOUND, UNITS_RELEASED):
                return list(Unit.objects.all())
            if kind == DOCUMENT_BOUND or kind.startswith(_ROOMS):
                codes.add(subject.partition("/")[0])
        return list(Unit.objects.filter(code__in=codes))


def changed_count(done: Refresh) -> int:
    """Return how many occurrences a refresh made or changed."""
    return (
        done.created_count + done.closed_count + done.reopened_count
        + done.changed_count + done.replaced_count
    )  # fmt: skip
