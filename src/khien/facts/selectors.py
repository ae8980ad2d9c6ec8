"""The only door through which machines and facts are read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb
from django.db.models import Count, F, Q, QuerySet, Sum

from khien.facts.engine import FactEngine
from khien.facts.errors import FactFileMissing
from khien.facts.models import FactFile, Host, Intake, LeftFile
from khien.facts.one_machine import Newest, newest_of, rows_of_intake
from khien.facts.register_tables import REGISTER_PREFIX, check_tables
from khien.facts.services import facts_folder
from khien.facts.tables import FactTable, fact_tables
from khien.org.models import Unit
from khien.org.selectors import all_units
from khien.registers.declarations import load_registers
from khien.registers.facts import fill_engine

ROWS_MAX = 2000
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of one table of one machine: the newest usable rows and how they came."""

    table: FactTable
    status: str
    error: str | None
    collected_at: datetime | None
    intake: Intake | None
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """How much of facts is stored: by table its name, files and rows; in all, files, bytes and intakes."""

    tables: tuple[tuple[str, int, int], ...]
    byte_count: int
    intake_count: int
    left_count: int

    @property
    def file_count(self) -> int:
        """Return how many files the catalogue names."""
        return sum(files for _, files, _ in self.tables)

    def as_dict(self) -> dict[str, Any]:
        """Return it for a program."""
        return {
            "tables": {name: {"files": files, "rows": rows} for name, files, rows in self.tables},
            "files": self.file_count,
            "bytes": self.byte_count,
            "intakes": self.intake_count,
            "replaced": self.left_count,
        }


def stored_facts() -> StoredFacts:
    """Return how many files and bytes facts take, table by table."""
    rows = FactFile.objects.order_by().values_list("table").annotate(Count("pk"), Sum("row_count"))
    places = FactFile.objects.values_list("path", flat=True)
    sizes = (_size_of(facts_folder() / path) for path in places.iterator(chunk_size=5000))
    return StoredFacts(
        tables=tuple(sorted(rows)),
        byte_count=sum(sizes),
        intake_count=Intake.objects.filter(expired_by=None).count(),
        left_count=LeftFile.objects.count(),
    )


def _size_of(place: Path) -> int:
    try:
        return place.stat().st_size
    except FileNotFoundError:
        return 0


def hosts_of(units: Iterable[Unit]) -> QuerySet[Host]:
    """Return the machines of units, by name."""
    return Host.objects.filter(unit__in=units).select_related("unit")


def open_engine(
    *,
    as_of: datetime,
    units: Iterable[Unit] | None = None,
    tables: Iterable[str] | None = None,
) -> FactEngine:
    """Open an engine filled with the facts of units (all by default), settled at a moment.

    Only files that hold a newest reading are opened.
    """
    names = None if tables is None else list(tables)
    listed = None if units is None else list(units)
    return _again_if_merged(lambda: _opened(as_of, listed, names))


def _again_if_merged(read: Callable[[], _Answer]) -> _Answer:
    """Read, and once more by a new catalogue where a file was merged and removed since it was read."""
    try:
        return read()
    except (FactFileMissing, duckdb.IOException):
        return read()


def _opened(
    as_of: datetime, units: Sequence[Unit] | None, tables: Sequence[str] | None
) -> FactEngine:
    declared = check_tables() if tables is not None else fact_tables()
    wanted = {name: declared[name] for name in (tables if tables is not None else declared)}
    with ExitStack() as undo:
        engine = FactEngine(wanted, folder=facts_folder())
        undo.callback(engine.close)
        engine.add_hosts(_host_rows(units))
        files = _files_by_table(("collection", *wanted))
        engine.add_files("collection", [file.place for file in files.get("collection", ())])
        engine.find_newest(as_of=as_of)
        newest = engine.newest_intakes()
        for name in wanted:
            places = [f.place for f in files.get(name, ()) if f.holds_one_of(newest)]
            engine.add_files(name, places)
        engine.open_views()
        _fill_registers(engine, units)
        undo.pop_all()
    return engine


def _fill_registers(engine: FactEngine, units: Iterable[Unit] | None) -> None:
    wanted = [r for r in load_registers().values() if f"{REGISTER_PREFIX}{r.code}" in engine.tables]
    if wanted:
        fill_engine(engine.sql, all_units() if units is None else units, registers=wanted)


@dataclass(frozen=True, slots=True)
class _StoredFile:
    place: Path
    first_intake_id: int
    last_intake_id: int

    def holds_one_of(self, intakes: Sequence[int]) -> bool:
        """Say whether one of these intakes, in order, may lie in the file."""
        place = bisect_left(intakes, self.first_intake_id)
        return place < len(intakes) and intakes[place] <= self.last_intake_id


def _files_by_table(
    tables: Iterable[str], intakes: Sequence[int] | None = None
) -> dict[str, list[_StoredFile]]:
    """Return the files of tables; only those that may hold one of these intakes, in order, if they are given."""
    rows = FactFile.objects.filter(table__in=list(tables))
    if intakes is not None:
        is_own = Q(first_intake_id__in=intakes) | Q(last_intake_id__gt=F("first_intake_id"))
        rows = rows.filter(is_own)
    folder = facts_folder()
    found: dict[str, list[_StoredFile]] = {}
    for table, path, first, last in rows.values_list(
        "table", "path", "first_intake_id", "last_intake_id"
    ):
        file = _StoredFile(folder / path, first, last)
        if intakes is not None and not file.holds_one_of(intakes):
            continue
        if not file.place.is_file():
            raise FactFileMissing(file=path)
        found.setdefault(table, []).append(file)
    return found


def _host_rows(units: Iterable[Unit] | None) -> list[dict[str, Any]]:
    hosts = Host.objects.all() if units is None else Host.objects.filter(unit__in=units)
    rows = hosts.order_by("pk").values_list("host_uid", "unit_id", "name", "kind", "os_family")
    names = ("host_id", "unit_id", "host_name", "kind", "os_family")
    return [dict(zip(names, row, strict=True)) for row in rows]


def readings_of(
    host: Host, *, as_of: datetime, tables: Iterable[str] | None = None
) -> list[Reading]:
    """Return what is known of fact tables (all by default) of one machine at a moment."""
    declared = check_tables() if tables is not None else fact_tables()
    wanted = [declared[name] for name in (tables if tables is not None else declared)]
    return _again_if_merged(lambda: _read_one(host, wanted, as_of))


def _read_one(host: Host, wanted: Sequence[FactTable], as_of: datetime) -> list[Reading]:
    own = _intakes_of(host)
    files = _files_by_table(("collection", *(table.name for table in wanted)), own)
    newest = _newest_of(host, files, own, as_of)
    intakes = Intake.objects.select_related("host").in_bulk(
        {one.intake_id for one in newest.values() if one.intake_id is not None}
    )
    return [
        _reading(table, newest.get(table.name), files.get(table.name, ()), intakes)
        for table in wanted
    ]


def _intakes_of(host: Host) -> list[int]:
    return list(Intake.objects.filter(host=host).order_by("pk").values_list("pk", flat=True))


def _newest_of(
    host: Host,
    files: Mapping[str, Sequence[_StoredFile]],
    intakes: Sequence[int],
    as_of: datetime,
) -> dict[str, Newest]:
    collections = [file.place for file in files.get("collection", ())]
    return newest_of(facts_folder(), collections, host.host_uid, intakes, as_of=as_of)


def _reading(
    table: FactTable,
    newest: Newest | None,
    files: Iterable[_StoredFile],
    intakes: Mapping[int, Intake],
) -> Reading:
    if newest is None:
        return Reading(table, "never", None, None, None, (), ())
    intake = newest.intake_id
    rows: tuple[tuple[Any, ...], ...] = ()
    if intake is not None:
        places = [file.place for file in files if file.holds_one_of((intake,))]
        rows = rows_of_intake(facts_folder(), table, places, intake, limit=ROWS_MAX)
    return Reading(
        table,
        newest.status,
        newest.error,
        newest.usable_at,
        intakes.get(intake) if intake is not None else None,
        tuple(table.columns),
        rows,
    )


def evidence_for(
    host_uid: str, tables: Iterable[str], *, as_of: datetime
) -> list[tuple[str, Intake]]:
    """Return for each table the intake whose reading stood for a machine at a moment."""
    host = Host.objects.filter(host_uid=host_uid).first()
    if host is None:
        return []
    own = _intakes_of(host)
    newest = _again_if_merged(
        lambda: _newest_of(host, _files_by_table(("collection",), own), own, as_of)
    )
    chosen = {name: one.intake_id for name, one in newest.items() if one.intake_id is not None}
    intakes = Intake.objects.select_related("host").in_bulk(set(chosen.values()))
    found = ((name, intakes.get(chosen.get(name, 0))) for name in tables)
    return [(name, intake) for name, intake in found if intake is not None]
