"""The rows that a report counts, fetched once for all its figures and tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from khien.kernel.canonical import Json
from khien.org.models import Unit
from khien.registers.models import Row
from khien.registers.selectors import confirmations
from khien.reports.conditions import day_of, judged
from khien.reports.definitions import Conditions
from khien.reports.standpoints import Stand

# A statement that a register of events is complete covers what was recorded up to a month after it;
# one about a list holds for a year, as it does for the checks.
CONFIRMED_DAYS, LIST_CONFIRMED_DAYS = 31, 366


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row as it stood when it was counted."""

    pk: int
    unit: int
    number: int
    version: int
    name: str
    values: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Found:
    """The rows that pass some conditions, and those of which it is not known whether they do."""

    rows: Sequence[SeenRow]
    unsure: Sequence[SeenRow] = field(default=())


class RowSource:
    """Reads registers of a unit, and of those that merged into it, for one report."""

    def __init__(self, stand: Stand, registers: Iterable[str], heirs: Iterable[int]) -> None:
        self._stand = stand
        counted = set(heirs)
        self._until = {h.unit.pk: h.until for h in stand.heirs if h.unit.pk in counted}
        units = [stand.unit.pk, *self._until]
        self._rows = _rows(units, list(registers))
        self._confirmed = _confirmed(stand.unit)

    def rows(self, register: str, where: Conditions, within: str | None) -> Found:
        """Return the rows of a register that pass, within the period if a field says when."""
        sure: list[SeenRow] = []
        unsure: list[SeenRow] = []
        for row in self._rows.get(register, ()):
            if not self._is_in_time(row, within):
                continue
            answer = judged(row.values, where, self._stand.meaning)
            if answer is not False:
                (sure if answer else unsure).append(row)
        return Found(sure, unsure)

    def is_confirmed(self, register: str, *, is_dated: bool) -> bool:
        """Say whether somebody stated the register as complete, lately enough for the period."""
        stated = self._confirmed.get(register)
        if stated is None:
            return False
        if not is_dated:
            return (self._stand.today - stated).days <= LIST_CONFIRMED_DAYS
        # datetime.min has no day before it; a report that comes once has no first day.
        reach = self._stand.until.toordinal() - CONFIRMED_DAYS
        return stated >= self._stand.period.begins and stated.toordinal() >= reach

    def _is_in_time(self, row: SeenRow, within: str | None) -> bool:
        until = self._until.get(row.unit)
        if within is None:
            # What stood at a unit that ended was entered again by its successor.
            return until is None
        day = day_of(row.values.get(within))
        if day is None:
            return False
        last = self._stand.period.ends if until is None else until - timedelta(days=1)
        return self._stand.period.begins <= day <= last


def _rows(units: list[int], registers: list[str]) -> dict[str, list[SeenRow]]:
    found: dict[str, list[SeenRow]] = {}
    rows = Row.objects.filter(unit__in=units, register__in=registers, is_retired=False)
    columns = ("register", "pk", "unit_id", "number", "version", "name", "values")
    for register, *seen in rows.order_by("register", "unit_id", "number").values_list(*columns):
        found.setdefault(register, []).append(SeenRow(*seen))
    return found


def _confirmed(unit: Unit) -> dict[str, date]:
    return {register: c.confirmed_on for (_, register), c in confirmations([unit]).items()}
