"""Which fact files are put together, and the making of one file out of many, proven to hold the same rows."""

from __future__ import annotations

import math
import secrets
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import duckdb

from khien.facts.errors import FactFileMissing, FactsAltered
from khien.facts.rows_digest import digests_by_intake
from khien.facts.store import WrittenFile, file_digest, parquet_of, write_parquet

# The rows of so many intakes are compared at once: they must fit in memory.
WINDOW = 1_000


@dataclass(frozen=True, slots=True)
class Sizes:
    """When files are merged: so many of a size at least, and how large the new one may become."""

    files_min: int = 16
    files_max: int = 2_000
    intakes_max: int = 60_000
    rows_max: int = 2_000_000
    is_any_size: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the catalogue that may be merged."""

    pk: int
    table: str
    path: str
    sha256: str
    row_count: int
    first_intake_id: int
    last_intake_id: int
    intake_count: int


def groups_of(files: Sequence[Source], sizes: Sizes) -> list[list[Source]]:
    """Return the groups of files of one table that are worth merging, each of neighbours in time.

    Files have sizes by the power of `files_min` that their number of intakes is. Enough neighbours of one size,
    with smaller ones between, make a group; so each row is rewritten once per size and not at every run.
    Args: files: of one table, in order of their intakes
    """
    if sizes.is_any_size:
        return [group for run in _runs(files, sizes, math.inf) for group in _cut(run, sizes)]
    taken: set[int] = set()
    groups: list[list[Source]] = []
    highest = max((_size(file, sizes) for file in files), default=0)
    for size in range(highest + 1):
        free = [[f for f in run if f.pk not in taken] for run in _runs(files, sizes, size)]
        for run in free:
            if sum(_size(file, sizes) == size for file in run) < sizes.files_min:
                continue
            made = list(_cut(run, sizes))
            groups.extend(made)
            taken.update(file.pk for group in made for file in group)
    return groups


def _size(file: Source, sizes: Sizes) -> int:
    size, count = 0, file.intake_count
    while count >= sizes.files_min:
        size, count = size + 1, count // sizes.files_min
    return size


def _is_full(file: Source, sizes: Sizes) -> bool:
    return file.row_count * 2 > sizes.rows_max or file.intake_count * 2 > sizes.intakes_max


def _runs(files: Iterable[Source], sizes: Sizes, size_max: float) -> Iterator[list[Source]]:
    """Yield the runs of neighbours that are not full and no larger than a size."""
    run: list[Source] = []
    for file in files:
        if _is_full(file, sizes) or _size(file, sizes) > size_max:
            yield run
            run = []
        else:
            run.append(file)
    yield run


def _cut(run: Sequence[Source], sizes: Sizes) -> Iterator[list[Source]]:
    """Yield groups of a run that keep within the limits; one file alone is no group."""
    group: list[Source] = []
    for file in run:
        rows = file.row_count + sum(f.row_count for f in group)
        intakes = file.intake_count + sum(f.intake_count for f in group)
        if rows > sizes.rows_max or intakes > sizes.intakes_max or len(group) == sizes.files_max:
            if len(group) > 1:
                yield group
            group = []
        group.append(file)
    if len(group) > 1:
        yield group


def merged(
    sql: duckdb.DuckDBPyConnection,
    folder: Path,
    group: Sequence[Source],
    *,
    without: Collection[int] = (),
) -> WrittenFile | None:
    """Make one file of a group, and make sure it holds the same rows of every intake.

    Args:    without: intakes whose rows are left out
    Returns: the file, on disk but not in the catalogue yet; None if no row is left
    Raises:  FactsAltered: a source is not as recorded, or the rows would not be the same;
             FactFileMissing: a source is gone
    """
    for source in group:
        must_be_as_recorded(folder, source)
    held = _digests_of_sources(sql, folder, group)
    left_out = held.keys() & set(without)
    kept = {intake: digest for intake, digest in held.items() if intake not in left_out}
    if not kept:
        return None
    table = group[0].table
    place = folder / table / f"{min(kept):012d}-{max(kept):012d}-{secrets.token_hex(4)}.parquet"
    query = f"SELECT * FROM {parquet_of(folder, [source.path for source in group])}"  # noqa: S608  # paths of the catalogue
    if left_out:
        query += f" WHERE intake_id NOT IN ({', '.join(map(str, sorted(left_out)))})"
    with ExitStack() as undo:
        undo.callback(place.unlink, missing_ok=True)
        sha256 = write_parquet(sql, query, place)
        name = f"{table}/{place.name}"
        written = parquet_of(folder, [name])
        if _digests(sql, written, sorted(kept)) != kept:
            raise FactsAltered(file=group[0].path)
        count = sql.execute(f"SELECT count(*) FROM {written}").fetchone()  # noqa: S608  # our own path
        undo.pop_all()
    return WrittenFile(table, name, sha256, count[0] if count else 0, kept)


def _digests_of_sources(
    sql: duckdb.DuckDBPyConnection, folder: Path, group: Sequence[Source]
) -> dict[int, str]:
    """Return the digest of each intake's rows in a group; each intake has its rows of a table in one file."""
    found: dict[int, str] = {}
    for files in _few_intakes(group):
        relation = parquet_of(folder, [file.path for file in files])
        if len(files) > 1:
            found.update(digests_by_intake(sql, relation))
            continue
        found.update(_digests(sql, relation, sorted(intakes_held(sql, folder, files[0]))))
    return found


def intakes_held(sql: duckdb.DuckDBPyConnection, folder: Path, source: Source) -> set[int]:
    """Return the intakes whose rows a file holds."""
    relation = parquet_of(folder, [source.path])
    rows = sql.execute(f"SELECT DISTINCT intake_id FROM {relation}").fetchall()  # noqa: S608  # a path of the catalogue
    return {intake for (intake,) in rows}


def _few_intakes(group: Iterable[Source]) -> Iterator[list[Source]]:
    """Yield files together as long as they hold few intakes."""
    some: list[Source] = []
    for file in group:
        if some and file.intake_count + sum(f.intake_count for f in some) > WINDOW:
            yield some
            some = []
        some.append(file)
    if some:
        yield some


def _digests(
    sql: duckdb.DuckDBPyConnection, relation: str, intakes: Sequence[int]
) -> dict[int, str]:
    """Return the digests of intakes of a relation, few at a time: their rows must fit in memory."""
    found: dict[int, str] = {}
    for start in range(0, len(intakes), WINDOW):
        some = intakes[start : start + WINDOW]
        span = f"intake_id BETWEEN {some[0]} AND {some[-1]}"
        found.update(digests_by_intake(sql, f"(SELECT * FROM {relation} WHERE {span})"))  # noqa: S608  # whole numbers
    return found


def must_be_as_recorded(folder: Path, source: Source) -> None:
    """Make sure that a file is what the catalogue says.

    Raises: FactsAltered: it is not; FactFileMissing: it is gone
    """
    try:
        found = file_digest(folder / source.path)
    except FileNotFoundError as error:
        raise FactFileMissing(file=source.path) from error
    if found != source.sha256:
        raise FactsAltered(file=source.path)
