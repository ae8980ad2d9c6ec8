"""The only door through which machines and facts are read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import F, Q, QuerySet

from khien.facts.engine import FactEngine
from khien.facts.errors import FactFileMissing
from khien.facts.events import COLLECTED
from khien.facts.models import FactFile, Host, Intake
from khien.facts.one_machine import Newest, newest_of, rows_of_intake
from khien.facts.register_tables import REGISTER_PREFIX, check_tables
from khien.facts.services import digest_of_files, facts_folder
from khien.facts.tables import FactTable, fact_tables
from khien.kernel.language import Text
from khien.ledger.selectors import entries_of_kind
from khien.org.models import Unit
from khien.org.selectors import all_units
from khien.registers.declarations import load_registers
from khien.registers.facts import fill_engine

ROWS_MAX = 2000


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
    declared = check_tables() if tables is not None else fact_tables()
    wanted = {name: declared[name] for name in (tables if tables is not None else declared)}
    engine = FactEngine(wanted, folder=facts_folder())
    engine.add_hosts(_host_rows(units))
    files = _files_by_table(("collection", *wanted))
    engine.add_files("collection", [file.place for file in files.get("collection", ())])
    engine.find_newest(as_of=as_of)
    newest = engine.newest_intakes()
    for name in wanted:
        held = newest.get(name, set())
        engine.add_files(name, [f.place for f in files.get(name, ()) if f.holds_one_of(held)])
    engine.open_views()
    _fill_registers(engine, units)
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

    def holds_one_of(self, intakes: set[int]) -> bool:
        if self.first_intake_id == self.last_intake_id:
            return self.first_intake_id in intakes
        return any(self.first_intake_id <= intake <= self.last_intake_id for intake in intakes)


def altered_evidence() -> Iterator[AlteredEvidence]:
    """Yield every fact file that is missing or not what was taken in, by file and by ledger entry.

    Three are compared: the file on disk, its digest in the catalogue, and the digest of the intake's files in
    the ledger, which nobody can change unseen.
    """
    folder = facts_folder()
    by_intake: dict[int, dict[str, str]] = {}
    for file in FactFile.objects.order_by("first_intake_id", "table"):
        by_intake.setdefault(file.first_intake_id, {})[file.path] = file.sha256
        place = folder / file.path
        if not place.is_file():
            yield AlteredEvidence("missing", file.path, None)
        elif hashlib.sha256(place.read_bytes()).hexdigest() != file.sha256:
            yield AlteredEvidence("altered", file.path, None)
    entries = {entry.index: entry for entry in entries_of_kind(COLLECTED)}
    known = set(Intake.objects.values_list("ledger_index", flat=True))
    for index, entry in sorted(entries.items()):
        if index not in known:
            yield AlteredEvidence("gone", str(entry.body.get("host")), index)
    for intake in Intake.objects.order_by("pk"):
        told = entries.get(intake.ledger_index) if intake.ledger_index is not None else None
        recorded = told.body.get("files_sha256") if told else None
        if recorded != digest_of_files(by_intake.get(intake.pk, {})):
            yield AlteredEvidence("catalogue", str(intake), intake.ledger_index)


@dataclass(frozen=True, slots=True)
class AlteredEvidence:
    """Something about stored facts that is not as it was recorded; kind: missing, altered, catalogue, gone."""

    kind: str
    what: str
    ledger_index: int | None

    @property
    def sentence(self) -> Text:
        """Return what is wrong, in both languages."""
        return _ALTERED[self.kind].fill({"what": self.what, "index": self.ledger_index})


_ALTERED = {
    "gone": Text(
        "Bản ghi {index} của sổ cái nói về một lần thu thập của máy {what} nay không còn.",
        "Entry {index} of the ledger tells of an intake of machine {what} that is gone.",
    ),
    "missing": Text("Thiếu tệp số liệu {what}.", "Fact file {what} is missing."),
    "altered": Text(
        "Tệp số liệu {what} đã bị sửa sau khi nạp.",
        "Fact file {what} was changed after it was taken in.",
    ),
    "catalogue": Text(
        "Danh mục tệp của lần thu thập {what} không khớp bản ghi {index} của sổ cái.",
        "The catalogue of the intake {what} does not fit entry {index} of the ledger.",
    ),
}


def _files_by_table(
    tables: Iterable[str], only: Host | None = None
) -> dict[str, list[_StoredFile]]:
    rows = FactFile.objects.filter(table__in=list(tables))
    if only is not None:
        own = Intake.objects.filter(host=only).values("pk")
        rows = rows.filter(Q(first_intake_id__in=own) | Q(last_intake_id__gt=F("first_intake_id")))
    folder = facts_folder()
    found: dict[str, list[_StoredFile]] = {}
    for table, path, first, last in rows.values_list(
        "table", "path", "first_intake_id", "last_intake_id"
    ):
        if not (folder / path).is_file():
            raise FactFileMissing(file=path)
        found.setdefault(table, []).append(_StoredFile(folder / path, first, last))
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
    files = _files_by_table(("collection", *(table.name for table in wanted)), host)
    newest = _newest_of(host, files, as_of)
    intakes = Intake.objects.select_related("host").in_bulk(
        {one.intake_id for one in newest.values() if one.intake_id is not None}
    )
    return [
        _reading(table, newest.get(table.name), files.get(table.name, ()), intakes)
        for table in wanted
    ]


def _newest_of(
    host: Host, files: Mapping[str, Sequence[_StoredFile]], as_of: datetime
) -> dict[str, Newest]:
    collections = [file.place for file in files.get("collection", ())]
    return newest_of(facts_folder(), collections, host.host_uid, as_of=as_of)


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
        places = [file.place for file in files if file.holds_one_of({intake})]
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
    newest = _newest_of(host, _files_by_table(("collection",), host), as_of)
    chosen = {name: one.intake_id for name, one in newest.items() if one.intake_id is not None}
    intakes = Intake.objects.select_related("host").in_bulk(set(chosen.values()))
    found = ((name, intakes.get(chosen.get(name, 0))) for name in tables)
    return [(name, intake) for name, intake in found if intake is not None]
