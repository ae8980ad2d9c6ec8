"""Rows that machines suggest: what was read from them and does not stand in a register yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from khien.kernel.canonical import Json, canonical_bytes, sha256_hex
from khien.registers.declarations import Field, Register
from khien.registers.values import NoReferences, Values, name_of, read_value

# Tables with one row for a whole machine: a register filled from them has one row for each machine.
WHOLE_MACHINE_TABLES = ("system_info",)
# What a machine has by itself, and what is not there: nobody keeps a register of it.
_OF_THE_MACHINE = ("is_system", "is_administrative")
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
    identity: str = ""


def proposals_among(
    register: Register, known: Sequence[Values], readings: Iterable[HostReadings]
) -> list[Proposal]:
    """Return what machines show and no known row tells, each thing once, in the order of machines."""
    fields = [field for field in register.fields.values() if field.host_fact]
    if not fields:
        return []
    seen = _Seen(register, fields)
    for values in known:
        seen.add(values)
    proposals: list[Proposal] = []
    for reading in readings:
        for values in _suggested(register, fields, reading):
            if seen.can_tell(values) and not seen.has(values):
                seen.add(values)
                name = name_of(register, values) or reading.host_name
                identity = _identity_of(register, name, values)
                proposals.append(
                    Proposal(reading.host_id, reading.host_name, name, values, identity)
                )
    return proposals


def _identity_of(register: Register, name: str, values: Values) -> str:
    """Return what a proposal is known by when it comes again: its name, and its machine where that counts."""
    hosts = [values.get(f.code) for f in register.fields.values() if f.type == "host"]
    return sha256_hex(canonical_bytes([register.code, name.casefold(), *hosts]))


class _Seen:
    """What is known already, by what tells things apart: the key as far as machines give it, else the name.

    In a register with one row for a machine, the machine itself tells as well.
    """

    def __init__(self, register: Register, fields: Sequence[Field]) -> None:
        given = {field.code for field in fields}
        hosts = tuple(field.code for field in register.fields.values() if field.type == "host")
        key = tuple(code for code in register.key if code in given or code in hosts)
        name = tuple(code for code in register.name if code in given)
        self._ways = [way for way in (key, name) if way]
        self._host = hosts[:1] if _tables_of(fields) & set(WHOLE_MACHINE_TABLES) else ()
        self._seen: set[tuple[tuple[str, ...], tuple[Json, ...]]] = set()

    def add(self, values: Values) -> None:
        for way in (*self._ways, self._host):
            self._seen.add((way, _identity(way, values)))

    def has(self, values: Values) -> bool:
        way = self._way(values)
        by_host = bool(self._host) and (self._host, _identity(self._host, values)) in self._seen
        return by_host or (way, _identity(way, values)) in self._seen

    def can_tell(self, values: Values) -> bool:
        return bool(self._way(values))

    def _way(self, values: Values) -> tuple[str, ...]:
        """Return the first way in which the values say anything."""
        return next((way for way in self._ways if any(code in values for code in way)), ())


def _identity(way: tuple[str, ...], values: Values) -> tuple[Json, ...]:
    return tuple(_folded(values.get(code)) for code in way)


def _tables_of(fields: Sequence[Field]) -> set[str]:
    return {field.host_fact[0] for field in fields if field.host_fact}


def _folded(value: Json) -> Json:
    return value.casefold() if isinstance(value, str) else str(value)


def _suggested(
    register: Register, fields: Sequence[Field], reading: HostReadings
) -> list[dict[str, Json]]:
    tables = _tables_of(fields)
    if tables & set(WHOLE_MACHINE_TABLES):
        rows: dict[str, Mapping[str, Any]] = {
            table: _best(reading.tables.get(table, ())) for table in tables
        }
        return [_values(register, fields, reading, rows)] if any(rows.values()) else []
    grain = next(field.host_fact[0] for field in fields if field.host_fact)
    return [
        _values(register, fields, reading, {grain: row})
        for row in reading.tables.get(grain, ())
        if _is_registered_kind(row)
    ]


def _is_registered_kind(row: Mapping[str, Any]) -> bool:
    of_the_machine = any(row.get(column) is True for column in _OF_THE_MACHINE)
    return not of_the_machine and row.get("installed") is not False


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
