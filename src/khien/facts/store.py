"""Writing of fact rows to immutable Parquet files, each named and hashed in the catalogue."""

from __future__ import annotations

import atexit
import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from khien.facts.engine import COLLECTION_COLUMNS, column_types, fact_columns, json_rows
from khien.facts.rows_digest import digests_by_intake
from khien.facts.tables import FactTable

# Rows of a machine that is looked up alone lie in few row groups; more of them would make the footer long.
ROW_GROUP_SIZE = 20_480
_MEMORY_LIMIT = "500MB"
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A Parquet file that is safely on disk: its place under the facts folder, digest, rows, intakes."""

    table: str
    name: str
    sha256: str
    row_count: int
    digests: Mapping[int, str] = field(default_factory=dict)


def write_tables(
    folder: Path,
    stem: str,
    tables: Mapping[str, FactTable],
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
) -> list[WrittenFile]:
    """Write one Parquet file per table that has rows, of one intake or many; "collection" may be among them.

    Each file is written beside its place, flushed to disk and renamed, so a crash leaves no half file;
    if one cannot be written, none of them stays.
    Returns: the files, in the order of table names, with the digest of each intake's rows
    """
    with ExitStack() as undo, writer(folder) as sql:
        written = []
        for table in sorted(name for name in rows if rows[name]):
            place = folder / table / f"{stem}.parquet"
            undo.callback(place.unlink, missing_ok=True)
            columns = COLLECTION_COLUMNS if table == "collection" else fact_columns(tables[table])
            _fill(sql, columns, rows[table])
            digests = digests_by_intake(sql, "given", columns=column_types(columns))
            order = " ORDER BY intake_id" if len(digests) > 1 else ""
            sha256 = write_parquet(sql, f"SELECT * FROM given{order}", place)  # noqa: S608  # our own words
            name = f"{table}/{place.name}"
            written.append(WrittenFile(table, name, sha256, len(rows[table]), digests))
        undo.pop_all()
    return written


def _fill(sql: duckdb.DuckDBPyConnection, columns: str, rows: Sequence[Mapping[str, Any]]) -> None:
    sql.execute(f"CREATE OR REPLACE TEMP TABLE given ({columns})")
    text, shape = json_rows(columns, rows)
    sql.execute(
        "INSERT INTO given BY NAME SELECT r.* FROM (SELECT unnest(from_json(?::JSON, ?)) AS r)",
        [text, shape],
    )


def write_parquet(sql: duckdb.DuckDBPyConnection, query: str, place: Path) -> str:
    """Write the answer of a query as a file that is whole and on disk when it has its name; return its digest."""
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_suffix(".part")
    with ExitStack() as undo:
        undo.callback(partial.unlink, missing_ok=True)
        sql.execute(
            f"COPY ({query}) TO '{quoted(partial)}' "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP_SIZE})"
        )
        _flush(partial)
        partial.replace(place)
    _flush_folder(place.parent)
    return file_digest(place)


def file_digest(place: Path) -> str:
    """Return the SHA-256 of a file, however large."""
    found = hashlib.sha256()
    with place.open("rb") as source:
        while chunk := source.read(_CHUNK_BYTES):
            found.update(chunk)
    return found.hexdigest()


def writer(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection that reads and writes files below the facts folder and nothing else.

    Its temporary tables are its own; to be closed.
    """
    return _engine(folder).cursor()


@lru_cache(maxsize=2)
def _engine(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return the engine behind the writers of this process; opening one takes longer than to write a table."""
    engine = duckdb.connect(":memory:")
    engine.execute(f"SET memory_limit = '{_MEMORY_LIMIT}'")
    engine.execute("SET threads = 1")
    engine.execute("SET TimeZone = 'UTC'")
    engine.execute(f"SET allowed_directories = ['{quoted(folder)}']")
    engine.execute("SET enable_external_access = false")
    engine.execute("SET lock_configuration = true")
    return engine


atexit.register(_engine.cache_clear)  # the engine is let go while its library still can


def parquet_of(folder: Path, names: Iterable[str]) -> str:
    """Return the relation of the rows of fact files, columns matched by name."""
    listed = ", ".join(f"'{quoted(folder / name)}'" for name in names)
    return f"read_parquet([{listed}], union_by_name = true)"


def quoted(path: Path) -> str:
    """Return a path as it may stand between quotation marks of a statement."""
    return str(path).replace("'", "''")


def _flush(path: Path) -> None:
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())


def _flush_folder(path: Path) -> None:
    """Make a rename durable; Windows neither needs it nor lets a folder be opened."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
