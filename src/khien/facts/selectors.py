"""The only door through which machines and facts are read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db.models import F, Q, QuerySet

from khien.facts.engine import FactEngine
from khien.facts.errors import FactFileMissing
from khien.facts.events import COLLECTED
from khien.facts.models import FactFile, Host, Intake
from khien.facts.register_tables import REGISTER_PREFIX, check_tables
from khien.facts.services import digest_of_files, facts_folder
from khien.facts.tables import FactTable, fact_tables
from khien.kernel.language import Text
from khien.ledger.selectors import entries_of_kind
from khien.org.models import Unit
from khien.org.selectors import all_units
from khien.registers.declarations import load_registers
from khien.registers.facts import fill_engine


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
    only: Host | None = None,
) -> FactEngine:
    """Open an engine filled with the facts of units (all by default) or of one machine, settled at a moment.

    Only files that hold a newest reading are opened. For one machine there are no views: `rows_of_intake` reads.
    """
    declared = check_tables() if tables is not None else fact_tables()
    wanted = {name: declared[name] for name in (tables if tables is not None else declared)}
    engine = FactEngine(wanted, folder=facts_folder())
    engine.add_hosts(_host_rows(units, only))
    files = _files_by_table(("collection", *wanted), only)
    engine.add_files(
        "collection",
        [file.place for file in files.get("collection", ())],
        only=only.host_uid if only is not None else "",
    )
    engine.find_newest(as_of=as_of)
    newest = engine.newest_intakes()
    for name in wanted:
        held = newest.get(name, set())
        engine.add_files(name, [f.place for f in files.get(name, ()) if f.holds_one_of(held)])
    if only is None:
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


def _files_by_table(tables: Iterable[str], only: Host | None) -> dict[str, list[_StoredFile]]:
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


def _host_rows(units: Iterable[Unit] | None, only: Host | None) -> list[dict[str, Any]]:
    hosts = Host.objects.all() if units is None else Host.objects.filter(unit__in=units)
    if only is not None:
        hosts = hosts.filter(pk=only.pk)
    rows = hosts.order_by("pk").values_list("host_uid", "unit_id", "name", "kind", "os_family")
    names = ("host_id", "unit_id", "host_name", "kind", "os_family")
    return [dict(zip(names, row, strict=True)) for row in rows]


def readings_of(
    host: Host, *, as_of: datetime, tables: Iterable[str] | None = None
) -> list[Reading]:
    """Return what is known of fact tables (all by default) of one machine at a moment."""
    engine = open_engine(as_of=as_of, only=host, tables=tables)
    try:
        ids = engine.sql.execute("SELECT DISTINCT intake_id FROM latest").fetchall()
        intakes = Intake.objects.select_related("host").in_bulk([row[0] for row in ids if row[0]])
        return [_reading(engine, host, table, intakes) for table in engine.tables.values()]
    finally:
        engine.close()


def _reading(
    engine: FactEngine, host: Host, table: FactTable, intakes: Mapping[int, Intake]
) -> Reading:
    found = engine.sql.execute(
        "SELECT intake_id, usable_at, last_status, last_error FROM latest "
        "WHERE host_id = ? AND table_name = ?",
        [host.host_uid, table.name],
    ).fetchone()
    if found is None:
        return Reading(table, "never", None, None, None, (), ())
    intake_id, usable_at, status, error = found
    names = tuple(table.columns)
    rows = engine.rows_of_intake(table.name, intake_id, limit=2000) if intake_id else []
    said = tuple(tuple(_aware(value) for value in row) for row in rows)
    return Reading(table, status, error, _aware(usable_at), intakes.get(intake_id), names, said)


def _aware(value: Any) -> Any:
    """Return a moment with its zone; the columnar engine gives UTC without saying so."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def evidence_for(
    host_uid: str, tables: Iterable[str], *, as_of: datetime
) -> list[tuple[str, Intake]]:
    """Return for each table the intake whose reading stood for a machine at a moment."""
    host = Host.objects.filter(host_uid=host_uid).first()
    if host is None:
        return []
    engine = open_engine(as_of=as_of, tables=(), only=host)
    try:
        rows = engine.sql.execute(
            "SELECT table_name, intake_id FROM latest WHERE host_id = ? AND intake_id IS NOT NULL",
            [host_uid],
        ).fetchall()
    finally:
        engine.close()
    chosen = dict(rows)
    intakes = Intake.objects.select_related("host").in_bulk(set(chosen.values()))
    return [(name, intakes[chosen[name]]) for name in tables if chosen.get(name) in intakes]
