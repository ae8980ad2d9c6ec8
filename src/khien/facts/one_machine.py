"""What the fact files hold of one machine, for its page: read by one small engine that the process keeps."""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from khien.facts.tables import FactTable

_MEMORY_LIMIT = "200MB"


@dataclass(frozen=True, slots=True)
class Newest:
    """Which reading of one table counts at a moment, and how the last attempt went."""

    intake_id: int | None
    usable_at: datetime | None
    status: str
    error: str | None


def newest_of(
    folder: Path,
    collections: Sequence[Path],
    host_uid: str,
    intakes: Sequence[int],
    *,
    as_of: datetime,
) -> dict[str, Newest]:
    """Return for each table of a machine the newest usable reading at a moment, as the engine of checks would.

    Args: collections: the files that say what was read when; intakes: all that the machine had
    """
    if not collections or not intakes:
        return {}
    moment = as_of.astimezone(UTC).replace(tzinfo=None)
    # Rows lie in the order of intakes: their numbers say which parts of a large file need not be read.
    statement = _NEWEST.format(intakes=", ".join(str(int(intake)) for intake in intakes))
    with _engine(folder).cursor() as sql:
        rows = sql.execute(statement, [_names(collections), host_uid, moment]).fetchall()
    return {name: Newest(intake, _aware(at), *said) for name, intake, at, *said in rows}


def rows_of_intake(
    folder: Path, table: FactTable, files: Sequence[Path], intake: int, *, limit: int
) -> tuple[tuple[Any, ...], ...]:
    """Return rows of one intake from the files of a table, in the columns of its declaration.

    A column that the files do not hold yet reads as None; moments have their zone.
    """
    if not files:
        return ()
    with _engine(folder).cursor() as sql:
        answer = sql.execute(_ROWS, [_names(files), intake, limit])
        places = {column[0]: place for place, column in enumerate(answer.description or ())}
        taken = [places.get(name) for name in table.columns]
        return tuple(
            tuple(None if place is None else _aware(row[place]) for place in taken)
            for row in answer.fetchall()
        )


@lru_cache(maxsize=2)
def _engine(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return an engine that can read the files below a folder and nothing else; opening one takes long."""
    engine = duckdb.connect(":memory:")
    engine.execute(f"SET memory_limit = '{_MEMORY_LIMIT}'")
    engine.execute("SET threads = 1")
    place = str(folder).replace("'", "''")
    engine.execute(f"SET allowed_directories = ['{place}']")
    engine.execute("SET enable_external_access = false")
    engine.execute("SET lock_configuration = true")
    return engine


atexit.register(_engine.cache_clear)  # the engine is let go while its library still can


def _names(files: Sequence[Path]) -> list[str]:
    return [str(file) for file in files]


def _aware(value: Any) -> Any:
    """Return a moment with its zone; the columnar engine gives UTC without saying so."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


# The same choice as in the engine of checks: of two readings at one moment the one taken in later counts.
_NEWEST = """
WITH reading AS (
    SELECT *, status IN ('ok', 'partial', 'empty') AS usable,
           epoch_us(collected_at)::HUGEINT * 1000000000000 + intake_id AS place
      FROM read_parquet(?, union_by_name = true)
     WHERE host_id = ? AND collected_at <= ? AND intake_id IN ({intakes})
)
SELECT table_name,
       arg_max(intake_id, place) FILTER (usable),
       max(collected_at)         FILTER (usable),
       arg_max(status, place),
       arg_max_null(error, place)
  FROM reading
 GROUP BY table_name
"""
# The keys are left out of what is read: in a file of many machines they are most of it.
_ROWS = """
SELECT * EXCLUDE (intake_id, host_id)
  FROM read_parquet(?, union_by_name = true)
 WHERE intake_id = ?
 ORDER BY ALL
 LIMIT ?
"""
