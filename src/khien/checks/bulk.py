"""Whole tables between the database and the columnar engine: read as JSON, written in large batches."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import duckdb
from django.core.exceptions import EmptyResultSet
from django.db import connection, models

READ_BATCH = 1_000
READ_BATCH_LENGTH = 4_000_000
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
    *,
    shared: Sequence[str] = (),
) -> None:
    """Make a table of the engine from a query's rows.

    Args: columns: name in the engine -> name of the model's field, type in the engine
          shared: columns whose values many rows have in common; each set of values is then carried once
    """
    shape = ", ".join(f'"{name}" {kind}' for name, (_, kind) in columns.items())
    sql.execute(f'CREATE OR REPLACE TABLE "{table}" ({shape})')
    fields = [field for field, _ in columns.values()]
    if shared:
        places = {n for n, name in enumerate(columns) if name in shared}
        kinds = {
            f"c{n}": kind if n in places else [kind] for n, (_, kind) in enumerate(columns.values())
        }
        taken = ", ".join(
            f"r.c{n}" if n in places else f"unnest(r.c{n})" for n in range(len(columns))
        )
        given, batches = json.dumps([kinds]), _joined(_json_groups(rows, fields, places))
    else:
        taken = ", ".join(f"(r->>{n})::{kind}" for n, (_, kind) in enumerate(columns.values()))
        given, batches = '["JSON"]', _joined(_json_rows(rows, fields))
    insert = (
        f'INSERT INTO "{table}" SELECT {taken} FROM (SELECT unnest(from_json(?::JSON, ?)) AS r)'  # noqa: S608  # our own names
    )
    for batch in batches:
        sql.execute(insert, [batch, given])


def _joined(texts: Iterable[str]) -> Iterator[str]:
    """Yield JSON values as arrays of so many that they are few statements and little memory."""
    some: list[str] = []
    size = 0
    for text in texts:
        some.append(text)
        size += len(text)
        if size > READ_BATCH_LENGTH:
            yield f"[{','.join(some)}]"
            some, size = [], 0
    if some:
        yield f"[{','.join(some)}]"


def _json_rows(rows: models.QuerySet[Any], fields: Sequence[str]) -> Iterator[str]:
    """Yield rows as JSON arrays; the database writes them."""
    names = ", ".join(f"c{n}" for n in range(len(fields)))
    made = {
        "sqlite": f"json_array({names})",
        "postgresql": f"json_build_array({names})::text",
    }[connection.vendor]
    return _answers(rows, fields, made, "")


def _json_groups(
    rows: models.QuerySet[Any], fields: Sequence[str], shared: Set[int]
) -> Iterator[str]:
    """Yield each set of shared values as a JSON object with lists of the other values, all in one order."""
    make, gather, end = {
        "sqlite": ("json_object", "json_group_array", ""),
        "postgresql": ("json_build_object", "json_agg", "::text"),
    }[connection.vendor]
    pairs = ", ".join(
        f"'c{n}', " + (f"c{n}" if n in shared else f"{gather}(c{n})") for n in range(len(fields))
    )
    group = ", ".join(f"c{n}" for n in sorted(shared))
    return _answers(rows, fields, f"{make}({pairs}){end}", f" GROUP BY {group}")


def _answers(
    rows: models.QuerySet[Any], fields: Sequence[str], made: str, rest: str
) -> Iterator[str]:
    try:
        inner, values = rows.order_by().values_list(*fields).query.sql_with_params()
    except EmptyResultSet:
        return  # the query knows without asking that it finds nothing
    names = ", ".join(f"c{n}" for n in range(len(fields)))
    text = f"WITH given({names}) AS ({inner}) SELECT {made} FROM given{rest}"  # noqa: S608  # our own names
    with connection.chunked_cursor() as cursor:
        cursor.execute(text, values)
        while batch := cursor.fetchmany(READ_BATCH):
            for (answer,) in batch:
                yield answer


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
