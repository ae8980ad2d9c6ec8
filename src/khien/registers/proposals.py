"""Rows that machines suggest: what was read from them and does not stand in a register yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from khien.kernel.canonical import Json
from khien.registers.declarations import Field, Register
from khien.registers.values import NoReferences, Values, name_of, read_value

# Tables with one row for a whole machine: a register filled from them has one row for each machine.
WHOLE_MACHINE_TABLES = ("system_info",)
_LOOPBACK = ("127.", "::1", "fe80:")


@dataclass(frozen=True, slots=True)
class HostReadings:
    """What was read from one machine: rows by fact table."""

    host_id: str
    host_name: str
    tables: Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A row that a machine suggests (đề nghị ghi sổ); a person adds it, completes it or leaves it."""

    host_id: str
    host_name: str
    name: str
    values: Values


def proposals_among(
    register: Register, known: Sequence[Values], readings: Iterable[HostReadings]
) -> list[Proposal]:
    """Return what machines show and no known row tells, each thing once, in the order of machines."""
    fields = [field for field in register.fields.values() if field.host_fact]
    identity = _identity(register, fields)
    if not fields or not identity:
        return []
    seen = [_Known(identity)]
    for values in known:
        seen[0].add(values)
    proposals: list[Proposal] = []
    for reading in readings:
        for values in _suggested(register, fields, reading):
            if identity[0] in values or any(code in values for code in identity):
                if seen[0].has(values):
                    continue
                seen[0].add(values)
                name = name_of(register, values) or reading.host_name
                proposals.append(Proposal(reading.host_id, reading.host_name, name, values))
    return proposals


def _identity(register: Register, fields: Sequence[Field]) -> tuple[str, ...]:
    """Return the fields by which a suggested row is compared: of the key, else of the name."""
    given = {field.code for field in fields}
    given |= {field.code for field in register.fields.values() if field.type == "host"}
    return tuple(c for c in register.key if c in given) or tuple(
        c for c in register.name if c in given
    )


class _Known:
    """The identities of rows already known."""

    def __init__(self, identity: tuple[str, ...]) -> None:
        self._identity = identity
        self._seen: set[tuple[Json, ...]] = set()

    def add(self, values: Values) -> None:
        self._seen.add(self._of(values))

    def has(self, values: Values) -> bool:
        return self._of(values) in self._seen

    def _of(self, values: Values) -> tuple[Json, ...]:
        return tuple(_folded(values.get(code)) for code in self._identity)


def _folded(value: Json) -> Json:
    return value.casefold() if isinstance(value, str) else str(value)


def _suggested(
    register: Register, fields: Sequence[Field], reading: HostReadings
) -> list[dict[str, Json]]:
    tables = {field.host_fact[0] for field in fields if field.host_fact}
    if tables & set(WHOLE_MACHINE_TABLES):
        rows: dict[str, Mapping[str, Any]] = {
            table: _best(reading.tables.get(table, ())) for table in tables
        }
        return [_values(register, fields, reading, rows)] if any(rows.values()) else []
    grain = next(field.host_fact[0] for field in fields if field.host_fact)
    return [
        _values(register, fields, reading, {grain: row}) for row in reading.tables.get(grain, ())
    ]


def _best(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the row of a table that says most of the machine: an interface with addresses, not the loop."""
    return max(rows, key=_weight, default={})


def _weight(row: Mapping[str, Any]) -> int:
    address = str(row.get("ipv4") or "")
    is_local = address.startswith(_LOOPBACK)
    return sum(value is not None for value in row.values()) + (
        10 if address and not is_local else 0
    )


def _values(
    register: Register,
    fields: Sequence[Field],
    reading: HostReadings,
    rows: Mapping[str, Mapping[str, Any]],
) -> dict[str, Json]:
    values: dict[str, Json] = {}
    for field in register.fields.values():
        if field.type == "host":
            values[field.code] = reading.host_id
    for field in fields:
        table, column = field.host_fact or ("", "")
        raw = rows.get(table, {}).get(column)
        value, problem = read_value(field, _plain(raw), NoReferences())
        if value is not None and problem is None:
            values[field.code] = value
    return values


def _plain(raw: object) -> object:
    """Return the first of several addresses, without the length of its prefix."""
    if isinstance(raw, str) and "/" in raw and raw.replace("/", "").replace(".", "").isdecimal():
        return raw.partition("/")[0]
    return raw
