"""The only door through which rows of registers are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q, QuerySet

from khien.kernel.canonical import Json
from khien.kernel.vietnamese import search_key
from khien.org.models import Unit
from khien.registers.declarations import Register
from khien.registers.errors import UnknownRow
from khien.registers.models import CommittedImport, Confirmation, Dismissal, Row, RowVersion
from khien.registers.proposals import HostReadings, Proposal, proposals_among

PAGE_SIZE = 50
_DIGEST = re.compile(r"[0-9a-f]{64}")
STATES = ("active", "retired", "all")
ORDERS = ("name", "number", "changed")


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on a field: `is`, `has` a choice, `contains`, `from`/`to`, `empty`, `filled`."""

    field: str
    how: str
    value: Json = None


@dataclass(frozen=True, slots=True)
class RowQuery:
    """What a list of rows shows: words to find, conditions, order (a leading - turns it round), state."""

    search: str = ""
    filters: Sequence[Filter] = ()
    order: str = "name"
    state: str = "active"


@dataclass(frozen=True, slots=True)
class RowPage:
    """One page of a list: its rows, its place, and how many rows the list has."""

    rows: list[Row]
    number: int
    page_count: int
    row_count: int


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that a version changed."""

    field: str
    before: Json
    after: Json


@dataclass(frozen=True, slots=True)
class Change:
    """One step in a row's history: what was done, by whom, when, and which fields it changed."""

    version: int
    what: str
    by: str
    at: datetime
    ledger_index: int
    fields: tuple[FieldChange, ...]
    values: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class RegisterCount:
    """How many active rows a unit has in a register, and when one of them last changed."""

    row_count: int
    changed_at: datetime | None


def rows_of(
    units: Iterable[Unit], register: Register, query: RowQuery | None = None
) -> QuerySet[Row]:
    """Return the rows of units that a query shows, in its order; a field it does not know is passed over."""
    query = query or RowQuery()
    rows = Row.objects.filter(unit__in=units, register=register.code)
    if query.state != "all":
        rows = rows.filter(is_retired=query.state == "retired")
    for word in search_key(query.search).split()[:10]:
        rows = rows.filter(search_key__contains=word)
    for condition in query.filters:
        if condition.field in register.fields:
            rows = rows.filter(_condition(register, condition))
    return rows.order_by(*_order(register, query.order))


def _condition(register: Register, condition: Filter) -> Q:
    place = f"values__{condition.field}"
    if condition.how in ("empty", "filled"):
        return Q(**{f"{place}__isnull": condition.how == "empty"})
    kind = register.fields[condition.field].type
    if condition.how == "has" or (condition.how == "is" and kind == "choices"):
        # Quoted: a choice that is part of another one's code must not be found.
        return Q(**{f"{place}__icontains": f'"{condition.value}"'})
    if condition.how == "contains":
        return Q(**{f"{place}__icontains": condition.value})
    if condition.how in ("from", "to"):
        compare = "gte" if condition.how == "from" else "lte"
        value = condition.value
        if kind == "moment" and condition.how == "to" and isinstance(value, str):
            value = f"{value}~"  # a day: after all its moments
        return Q(**{f"{place}__{compare}": value})
    return Q(**{place: condition.value})


def _order(register: Register, order: str) -> tuple[str, ...]:
    sign, name = ("-", order[1:]) if order.startswith("-") else ("", order)
    columns = {"number": "number", "changed": "changed_at", "name": "name_key"}
    if name in columns:
        return (f"{sign}{columns[name]}", f"{sign}id")
    if name in register.fields:
        return (f"{sign}values__{name}", "name_key", "id")
    return ("name_key", "id")


def page_of(rows: QuerySet[Row], number: int, *, size: int = PAGE_SIZE) -> RowPage:
    """Return one page of a list, the nearest there is, with the units of its rows; two queries."""
    count = rows.order_by().count()
    page_count = max(1, -(-count // size))
    number = min(max(1, number), page_count)
    shown = rows.select_related("unit")[(number - 1) * size : number * size]
    return RowPage(list(shown), number, page_count, count)


def row_at(units: Iterable[Unit], register: Register, *, unit: str, number: int) -> Row:
    """Return a row by its register, unit code and number, retired or not.

    Raises: UnknownRow: there is none, or its unit is not among those given
    """
    rows = Row.objects.filter(unit__in=units, unit__code=unit, register=register.code)
    row = rows.filter(number=number).select_related("unit").first()
    if row is None:
        raise UnknownRow(register=register.title.vi, number=number)
    return row


def rows_numbered(unit: Unit, register: Register, numbers: Iterable[int]) -> list[Row]:
    """Return rows of a unit's register by their numbers, in that order; unknown numbers are passed over."""
    rows = Row.objects.filter(unit=unit, register=register.code, number__in=list(numbers))
    return list(rows.select_related("unit").order_by("number"))


def history_of(row: Row) -> list[Change]:
    """Return every version of a row with what it changed, newest first."""
    changes: list[Change] = []
    before: Mapping[str, Json] = {}
    for version in RowVersion.objects.filter(row=row).order_by("version"):
        changes.append(_change(version, before))
        before = version.values
    return changes[::-1]


def _change(version: RowVersion, before: Mapping[str, Json]) -> Change:
    codes = [*before, *(code for code in version.values if code not in before)]
    fields = tuple(
        FieldChange(code, before.get(code), version.values.get(code))
        for code in codes
        if before.get(code) != version.values.get(code)
    )
    return Change(
        version=version.version,
        what=version.what,
        by=version.changed_by,
        at=version.changed_at,
        ledger_index=version.ledger_index,
        fields=fields,
        values=version.values,
    )


def values_of_version(row: Row, version: int) -> Mapping[str, Json]:
    """Return what a row said at a version; what it says now where there is none such."""
    found = row.versions.filter(version=version).first()
    values: Mapping[str, Json] = row.values if found is None else found.values
    return values


def values_at(row: Row, moment: datetime) -> Mapping[str, Json] | None:
    """Return what a row said at a moment; None where it did not stand in the register then."""
    version = row.versions.filter(changed_at__lte=moment).order_by("-version").first()
    return None if version is None or version.what == "retired" else version.values


def counts(units: Iterable[Unit]) -> dict[tuple[int, str], RegisterCount]:
    """Return how many active rows units have, by unit id and register; registers without rows are absent."""
    rows = Row.objects.filter(unit__in=units, is_retired=False).order_by()
    grouped = rows.values("unit_id", "register").annotate(n=Count("pk"), at=Max("changed_at"))
    return {(r["unit_id"], r["register"]): RegisterCount(r["n"], r["at"]) for r in grouped}


def confirmations(
    units: Iterable[Unit], *, on: date | None = None
) -> dict[tuple[int, str], Confirmation]:
    """Return the newest confirmation of each register, by unit id and register; as of a day if given."""
    stated = Confirmation.objects.filter(unit__in=units)
    if on is not None:
        stated = stated.filter(confirmed_on__lte=on)
    return {(c.unit_id, c.register): c for c in stated.order_by("confirmed_on", "pk")}


def confirmations_of(unit: Unit, register: Register) -> QuerySet[Confirmation]:
    """Return every confirmation of a unit's register, newest first."""
    return Confirmation.objects.filter(unit=unit, register=register.code)


def proposals_for(
    unit: Unit, register: Register, readings: Iterable[HostReadings]
) -> list[Proposal]:
    """Return what machines of a unit show and its register does not hold; nothing is ever added by itself.

    A row that was retired still counts as known: who took it out need not be asked again.
    """
    known = Row.objects.filter(unit=unit, register=register.code).values_list("values", flat=True)
    left_out = set(
        Dismissal.objects.filter(unit=unit, register=register.code).values_list(
            "identity", flat=True
        )
    )
    found = proposals_among(register, list(known), readings)
    return [proposal for proposal in found if proposal.identity not in left_out]


def dismissals_of(unit: Unit, register: Register) -> QuerySet[Dismissal]:
    """Return what machines showed and somebody left out of a unit's register, newest first."""
    return Dismissal.objects.filter(unit=unit, register=register.code)


def import_confirmed(unit: Unit, register: Register, digest: str) -> CommittedImport | None:
    """Return the import that was carried out for a confirmed preview, if it was."""
    if not _DIGEST.fullmatch(digest):
        return None
    found = CommittedImport.objects.filter(unit=unit, register=register.code, digest=digest)
    return found.first()
