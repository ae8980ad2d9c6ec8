"""Whole tables between the database and the columnar engine: read as JSON, written in large batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import duckdb
from django.core.exceptions import EmptyResultSet
from django.db import connection, models

READ_BATCH = 20_000
WRITE_BATCH = 20_000
IDS_BATCH = 2_000


@contextmanager
def bare_engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an engine for tables of the database alone, without facts; its moments are UTC, as they are stored."""
    sql = duckdb.connect(":memory:")
    try:
        sql.execute("SET TimeZone = 'UTC'")
        sql.execute("SET threads = 2")
        yield sql
    finally:
        sql.close()


def read_table(
    sql: duckdb.DuckDBPyConnection,
    table: str,
    rows: models.QuerySet[Any],
    columns: Mapping[str, tuple[str, str]],
) -> None:
    """Make a table of the engine from a query's rows.

    Args: columns: name in the engine -> name of the model's field, type in the engine
    """
    shape = ", ".join(f'"{name}" {kind}' for name, (_, kind) in columns.items())
    sql.execute(f'CREATE OR REPLACE TABLE "{table}" ({shape})')
    taken = ", ".join(f"(r->>{n})::{kind}" for n, (_, kind) in enumerate(columns.values()))
    insert = (
        f'INSERT INTO "{table}" SELECT {taken} FROM '  # noqa: S608  # our own names
        "(SELECT unnest(from_json(?::JSON, '[\"JSON\"]')) AS r)"
    )
    for batch in _json_batches(rows, [field for field, _ in columns.values()]):
        sql.execute(insert, [batch])


def _json_batches(rows: models.QuerySet[Any], fields: Sequence[str]) -> Iterator[str]:
    """Yield rows as JSON arrays of arrays; the database writes the inner ones."""
    try:
        inner, values = rows.order_by().values_list(*fields).query.sql_with_params()
    except EmptyResultSet:
        return  # the query knows without asking that it finds nothing
    names = ", ".join(f"c{n}" for n in range(len(fields)))
    made = {
        "sqlite": f"json_array({names})",
        "postgresql": f"json_build_array({names})::text",
    }[connection.vendor]
    text = f"WITH given({names}) AS ({inner}) SELECT {made} FROM given"  # noqa: S608  # our own names
    with connection.chunked_cursor() as cursor:
        cursor.execute(text, values)
        while batch := cursor.fetchmany(READ_BATCH):
            yield f"[{','.join(row[0] for row in batch)}]"


def insert_rows(
    model: type[models.Model], fields: Sequence[str], batches: Iterable[Sequence[tuple[Any, ...]]]
) -> None:
    """Insert rows whose values need no model: texts, numbers, days and moments."""
    quote = connection.ops.quote_name
    columns = {field.name: field.column for field in model._meta.concrete_fields}
    names = ", ".join(quote(str(columns[field])) for field in fields)
    target = f"{quote(model._meta.db_table)} ({names})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {target} FROM STDIN") as copy:
                for batch in batches:
                    for row in batch:
                        copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(fields))
        for batch in batches:
            cursor.executemany(
                f"INSERT INTO {target} VALUES ({places})",  # noqa: S608  # our own names
                [tuple(map(_adapted, row)) for row in batch],
            )


def _adapted(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value


def id_batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield keys in as many at once as every database takes."""
    for start in range(0, len(ids), IDS_BATCH):
        yield ids[start : start + IDS_BATCH]


def fetched(
    answer: duckdb.DuckDBPyConnection, *more: Any, size: int = WRITE_BATCH
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of an engine's answer in batches, each row followed by the same values."""
    while batch := answer.fetchmany(size):
        yield [(*row, *more) for row in batch]
