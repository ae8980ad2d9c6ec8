"""Registers as tables of the columnar engine, so that checks read rows as they read facts of machines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import duckdb
from django.db.models import TextField
from django.db.models.functions import Cast

from khien.org.models import Unit
from khien.registers.declarations import (
    FILED,
    KEY_COLUMNS,
    STATE_COLUMNS,
    Field,
    Register,
    load_registers,
)
from khien.registers.models import Attachment, Row
from khien.registers.selectors import confirmations, counts

SQL_TYPES: Final[Mapping[str, str]] = {
    "integer": "BIGINT",
    "money": "BIGINT",
    "percent": "BIGINT",
    "date": "DATE",
    "moment": "TIMESTAMP",
    "boolean": "BOOLEAN",
    "choices": "VARCHAR[]",
}
STATE_TABLE: Final = "register_state"
FILE_COLUMNS: Final = ", has_file BOOLEAN, file_sha256 VARCHAR"
_CHUNK: Final = 50_000
# Without the fraction of a second and the zone: Django keeps moments in UTC.
_MOMENT_LENGTH: Final = 19


def table_name(register: Register) -> str:
    """Return the name of a register's table."""
    return f"reg_{register.code}"


def sql_type(field: Field) -> str:
    """Return the column type of a field; references are the row_id of what they name, or free text."""
    return SQL_TYPES.get(field.type, "VARCHAR")


def fact_table_sql(register: Register) -> str:
    """Return the statement that makes a register's table if it is not there; NULL: nothing was written."""
    columns = "".join(f', "{code}" {sql_type(field)}' for code, field in register.fields.items())
    files = FILE_COLUMNS if register.code in FILED else ""
    return f'CREATE TABLE IF NOT EXISTS "{table_name(register)}" ({KEY_COLUMNS}{columns}{files})'


def create_tables(connection: duckdb.DuckDBPyConnection, registers: Iterable[Register]) -> None:
    """Make the tables of registers, and that of their state, without rows."""
    connection.execute(f'CREATE TABLE IF NOT EXISTS "{STATE_TABLE}" ({STATE_COLUMNS})')
    for register in registers:
        connection.execute(fact_table_sql(register))


def fill_engine(
    connection: duckdb.DuckDBPyConnection,
    units: Iterable[Unit],
    *,
    registers: Iterable[Register] | None = None,
) -> None:
    """Load the active rows of units into tables of an engine, all units of a register at once.

    Table `register_state` has one row for each unit and register, also where there are no rows.
    Args: registers: all of the library by default
    """
    chosen = list(load_registers().values() if registers is None else registers)
    listed = list(units)
    create_tables(connection, chosen)
    numbers = {place: found.row_count for place, found in counts(listed).items()}
    filled = {code for _, code in numbers}
    for register in chosen:
        if register.code in filled:
            _load(connection, register, listed)
            if register.code in FILED:
                _load_files(connection, register, listed)
    _load_state(connection, chosen, listed, numbers)


def _load(connection: duckdb.DuckDBPyConnection, register: Register, units: Sequence[Unit]) -> None:
    rows = (
        Row.objects.filter(unit__in=units, register=register.code, is_retired=False)
        .annotate(
            values_text=Cast("values", TextField()), changed_text=Cast("changed_at", TextField())
        )
        .order_by("pk")
        .values_list("pk", "unit_id", "number", "changed_text", "values_text")
    )
    statement = _insert_sql(register)
    chunk: list[tuple[int, int, int, str, str]] = []
    for row in rows.iterator(chunk_size=_CHUNK):
        chunk.append(row)
        if len(chunk) == _CHUNK:
            connection.execute(statement, _columns(chunk))
            chunk = []
    if chunk:
        connection.execute(statement, _columns(chunk))


def _load_files(
    connection: duckdb.DuckDBPyConnection, register: Register, units: Sequence[Unit]
) -> None:
    """Say of each row whether it has a file, and the SHA-256 of the newest."""
    held = Attachment.objects.filter(
        row__unit__in=units, row__register=register.code, is_retired=False
    ).order_by("pk")
    newest = dict(held.values_list("row_id", "sha256"))
    connection.execute(
        f'UPDATE "{table_name(register)}" AS r SET has_file = true, file_sha256 = f.sha256 '  # noqa: S608  # codes of declarations only
        "FROM (SELECT unnest($1::BIGINT[])::VARCHAR AS row_id, unnest($2::VARCHAR[]) AS sha256) AS f "
        "WHERE f.row_id = r.row_id",
        [list(newest), list(newest.values())],
    )


def _columns(rows: list[tuple[int, int, int, str, str]]) -> list[str]:
    """Return columns as JSON texts: one long text enters the engine much faster than a list of values."""
    ids, units, numbers, moments, values = zip(*rows, strict=True)
    keys = json.dumps([ids, units, numbers])
    return [
        keys,
        json.dumps([text[:_MOMENT_LENGTH] for text in moments]),
        "[" + ",".join(values) + "]",
    ]


def _insert_sql(register: Register) -> str:
    shape = json.dumps([{code: sql_type(field) for code, field in register.fields.items()}])
    fields = ", ".join(f'row."{code}"' for code in register.fields)
    files = ", false, NULL" if register.code in FILED else ""
    return f"""
INSERT INTO "{table_name(register)}"
WITH given AS (
    SELECT unnest(json_transform($1::JSON, '[["BIGINT"]]')[1]) AS id,
           unnest(json_transform($1::JSON, '[["BIGINT"]]')[2]) AS unit_id,
           unnest(json_transform($1::JSON, '[["BIGINT"]]')[3]) AS number,
           unnest(json_transform($2::JSON, '["TIMESTAMP"]')) AS changed_at,
           unnest(json_transform($3::JSON, '{shape}')) AS row
)
SELECT id::VARCHAR, unit_id, number, changed_at, {fields}{files} FROM given
"""  # noqa: S608  # codes of declarations only


def _load_state(
    connection: duckdb.DuckDBPyConnection,
    registers: Iterable[Register],
    units: Sequence[Unit],
    numbers: Mapping[tuple[int, str], int],
) -> None:
    stated = confirmations(units)
    rows = []
    for register in registers:
        for unit in units:
            place = (unit.pk, register.code)
            day = stated[place].confirmed_on.isoformat() if place in stated else None
            rows.append({"u": unit.pk, "r": register.code, "n": numbers.get(place, 0), "d": day})
    shape = json.dumps([{"u": "BIGINT", "r": "VARCHAR", "n": "BIGINT", "d": "DATE"}])
    connection.execute(
        "INSERT INTO register_state SELECT s.u, s.r, s.n, s.d "
        "FROM (SELECT unnest(json_transform(?::JSON, ?)) AS s)",
        [json.dumps(rows), shape],
    )
