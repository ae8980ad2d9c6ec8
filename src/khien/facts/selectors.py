"""The only door through which machines and facts are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from khien.facts.engine import FactEngine
from khien.facts.models import FactFile, Host, Intake
from khien.facts.services import facts_folder
from khien.facts.tables import FactTable, fact_tables
from khien.org.models import Unit


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
    *, as_of: datetime, units: Iterable[Unit] | None = None, tables: Iterable[str] | None = None
) -> FactEngine:
    """Open an engine filled with the facts of units (all by default), settled at a moment."""
    declared = fact_tables()
    wanted = {name: declared[name] for name in (tables if tables is not None else declared)}
    engine = FactEngine(wanted)
    hosts = Host.objects.all() if units is None else hosts_of(units)
    engine.add_hosts([_host_row(host) for host in hosts.order_by("pk")])
    folder = facts_folder()
    for name in ("collection", *wanted):
        files = FactFile.objects.filter(table=name).values_list("path", flat=True)
        engine.add_files(name, [folder / path for path in files])
    engine.settle(as_of=as_of)
    return engine


def _host_row(host: Host) -> dict[str, Any]:
    return {
        "host_id": host.host_uid,
        "unit_id": host.unit_id,
        "host_name": host.name,
        "kind": host.kind,
        "os_family": host.os_family,
    }


def readings_of(host: Host, *, as_of: datetime) -> list[Reading]:
    """Return what is known of each fact table of one machine at a moment, in the order of tables."""
    engine = open_engine(as_of=as_of, units=[host.unit])
    try:
        return [_reading(engine, host, table) for table in engine.tables.values()]
    finally:
        engine.close()


def _reading(engine: FactEngine, host: Host, table: FactTable) -> Reading:
    found = engine.sql.execute(
        "SELECT intake_id, usable_at, last_status, last_error FROM latest "
        "WHERE host_id = ? AND table_name = ?",
        [host.host_uid, table.name],
    ).fetchone()
    if found is None:
        return Reading(table, "never", None, None, None, (), ())
    intake_id, usable_at, status, error = found
    names = tuple(table.columns)
    chosen = ", ".join(f'"{name}"' for name in names)
    rows = engine.sql.execute(
        f'SELECT {chosen} FROM "{table.name}" WHERE host_id = ? ORDER BY ALL LIMIT 2000',  # noqa: S608  # registry names
        [host.host_uid],
    ).fetchall()
    intake = Intake.objects.filter(pk=intake_id).select_related("host").first()
    said = tuple(tuple(_aware(value) for value in row) for row in rows)
    return Reading(table, status, error, _aware(usable_at), intake, names, said)


def _aware(value: Any) -> Any:
    """Return a moment with its zone; the columnar engine gives UTC without saying so."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def evidence_for(
    host_uid: str, tables: Iterable[str], *, as_of: datetime
) -> list[tuple[str, Intake]]:
    """Return for each table the intake whose reading stood for a machine at a moment."""
    engine = open_engine(as_of=as_of, tables=())
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
