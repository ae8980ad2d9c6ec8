"""Rows of registers with a day that comes or is past: what a declaration marks as due, for the list of the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from khien.org.models import Unit
from khien.registers.declarations import ALWAYS, Field, Register, load_registers
from khien.registers.models import Row

# What nothing but a new day ends is not shown as overdue for longer than this.
PAST_DAYS_MAX = 60
ROWS_MAX = 500


@dataclass(frozen=True, slots=True)
class DueRow:
    """A row, its field that says by when, and that day."""

    row: Row
    register: Register
    field: Field
    on: date


def rows_due(units: Iterable[Unit], until: date, *, today: date) -> list[DueRow]:
    """Return rows of units with something due by a day and not yet done, soonest first; one query.

    Args: until: that day counts too
    """
    asked = Q(pk__in=[])
    for register in load_registers().values():
        for field in register.fields.values():
            if field.due is not None:
                asked |= Q(register=register.code) & _is_due(field, until, today)
    rows = Row.objects.filter(asked, unit__in=units, is_retired=False).select_related("unit")
    found = [due for row in rows.order_by("-pk")[:ROWS_MAX] for due in _dues(row, until, today)]
    return sorted(found, key=lambda due: (due.on, due.row.pk))


def _is_due(field: Field, until: date, today: date) -> Q:
    is_due = Q(**{f"values__{field.code}__lte": until.isoformat()})
    if field.due == ALWAYS:
        since = today - timedelta(days=PAST_DAYS_MAX)
        return is_due & Q(**{f"values__{field.code}__gte": since.isoformat()})
    return is_due & Q(**{f"values__{field.due}__isnull": True})


def _dues(row: Row, until: date, today: date) -> Iterable[DueRow]:
    register = load_registers()[row.register]
    for field in register.fields.values():
        value = row.values.get(field.code)
        if field.due is None or not isinstance(value, str):
            continue
        on = date.fromisoformat(value)
        is_past = field.due == ALWAYS and on < today - timedelta(days=PAST_DAYS_MAX)
        if on <= until and not is_past and row.values.get(field.due) is None:
            yield DueRow(row, register, field, on)
