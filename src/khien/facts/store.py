"""Writing of fact rows to immutable Parquet files, each named and hashed in the catalogue."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from khien.facts.engine import FactEngine
from khien.facts.tables import FactTable


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A Parquet file that is safely on disk: its place under the facts folder, digest, rows."""

    table: str
    name: str
    sha256: str
    row_count: int


def write_tables(
    folder: Path,
    stem: str,
    tables: Mapping[str, FactTable],
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
) -> list[WrittenFile]:
    """Write one Parquet file per table that has rows; "collection" may be among them.

    Each file is written beside its place, flushed to disk and renamed, so a crash leaves no half file;
    if one cannot be written, none of them stays.
    Returns: the files, in the order of table names
    """
    declared = {name: tables[name] for name in rows if name != "collection"}
    engine = FactEngine(declared, folder=folder)
    with ExitStack() as undo, closing(engine):
        written = []
        for table in sorted(name for name in rows if rows[name]):
            place = folder / table / f"{stem}.parquet"
            undo.callback(place.unlink, missing_ok=True)
            written.append(_write_one(engine, place, table, rows[table]))
        undo.pop_all()
    return written


def _write_one(
    engine: FactEngine, place: Path, table: str, rows: Sequence[Mapping[str, Any]]
) -> WrittenFile:
    source = "collection" if table == "collection" else f"{table}__rows"
    if table == "collection":
        engine.add_collections(rows)
    else:
        engine.add_rows(table, rows)
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_suffix(".part")
    with ExitStack() as undo:
        undo.callback(partial.unlink, missing_ok=True)
        engine.sql.execute(
            f"COPY \"{source}\" TO '{_quoted(partial)}' (FORMAT parquet, COMPRESSION zstd)"
        )
        _flush(partial)
        partial.replace(place)
    _flush_folder(place.parent)
    digest = hashlib.sha256(place.read_bytes()).hexdigest()
    return WrittenFile(table, f"{table}/{place.name}", digest, len(rows))


def _quoted(path: Path) -> str:
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
