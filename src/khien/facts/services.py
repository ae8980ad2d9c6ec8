"""The only writer of machines, intakes and fact files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from khien.facts import events
from khien.facts.linux import NormalisedTable, normalise
from khien.facts.models import FactFile, Host, Intake
from khien.facts.rows_digest import digest_of_tables
from khien.facts.store import WrittenFile, write_tables
from khien.facts.tables import fact_tables
from khien.kernel.canonical import Json, canonical_bytes, sha256_hex
from khien.kernel.clock import parse_iso
from khien.kernel.vietnamese import nfc
from khien.ledger import services as ledger
from khien.org.models import Unit


def facts_folder() -> Path:
    """Return the folder that holds the Parquet files."""
    return Path(settings.KHIEN_DATA) / "facts"


@dataclass(frozen=True, slots=True)
class CheckedBundle:
    """A bundle that was found good: its raw content, its normalised tables, its digest."""

    raw: Mapping[str, Any]
    tables: tuple[NormalisedTable, ...]
    sha256: str


def check_bundle(bundle: Mapping[str, Any]) -> CheckedBundle:
    """Read a collector's bundle; nothing is stored.

    Raises: BundleError: malformed or hostile bundle
    """
    tables = normalise(bundle)
    return CheckedBundle(bundle, tables, sha256_hex(canonical_bytes(_without_fractions(bundle))))


def take_in(
    bundle: Mapping[str, Any],
    *,
    unit: Unit,
    now: datetime,
    actor: str,
    channel: str,
    kind: str | None = None,
) -> Intake:
    """Take in one collector's bundle: normalise it, write its facts, put it on record.

    The same bundle twice changes nothing. A machine keeps the unit and kind it has; kind is its first guess.
    Raises: BundleError: malformed or hostile bundle
    """
    checked = check_bundle(bundle)
    (intake,) = take_in_all([checked], unit=unit, now=now, actor=actor, channel=channel, kind=kind)
    return intake


@transaction.atomic
def take_in_all(
    bundles: Iterable[CheckedBundle],
    *,
    unit: Unit,
    now: datetime,
    actor: str,
    channel: str,
    kind: str | None = None,
) -> list[Intake]:
    """Take in bundles of many machines of a unit at once: all of them or none, in one file per table.

    Returns: an intake for each bundle; for one that was taken in before, the intake of then
    """
    taken: list[Intake] = []
    new: dict[Intake, CheckedBundle] = {}
    known: dict[tuple[int, str], Intake] = {}
    for bundle in bundles:
        host = _seen_host(bundle.raw, bundle.tables, unit=unit, kind=kind, now=now)
        place = (host.pk, bundle.sha256)
        if place not in known:
            before = Intake.objects.filter(host=host, sha256=bundle.sha256).first()
            known[place] = before or _new_intake(host, bundle, now, actor, channel)
            if before is None:
                new[known[place]] = bundle
        taken.append(known[place])
    if new:
        _store(new, now=now)
    return taken


def _new_intake(
    host: Host, bundle: CheckedBundle, now: datetime, actor: str, channel: str
) -> Intake:
    return Intake.objects.create(
        host=host,
        collected_at=min(parse_iso(str(bundle.raw["finished_at"])), now),
        received_at=now,
        channel=channel,
        actor=actor,
        collector=_collector_name(bundle.raw),
        sha256=bundle.sha256,
        table_count=len(bundle.tables),
    )


def _store(new: Mapping[Intake, CheckedBundle], *, now: datetime) -> None:
    """Write the facts of intakes, then say in the ledger what each holds."""
    # A database takes back what failed, a folder does not: what was written goes if anything after it fails.
    with ExitStack() as undo:
        files = _written_facts(new)
        undo.callback(_remove, files)
        for intake, bundle in new.items():
            tables = {f.table: f.digests[intake.pk] for f in files if intake.pk in f.digests}
            intake.rows_sha256 = digest_of_tables(tables)
            intake.ledger_index = _record(intake, bundle, now=now)
        Intake.objects.bulk_update(list(new), ["ledger_index", "rows_sha256"], batch_size=500)
        FactFile.objects.bulk_create(_catalogued(file, now=now) for file in files)
        undo.pop_all()


def _record(intake: Intake, bundle: CheckedBundle, *, now: datetime) -> int:
    body: dict[str, Json] = {
        "host": intake.host.name,
        "sha256": intake.sha256,
        "rows_sha256": intake.rows_sha256,
        "collected_at": str(bundle.raw["finished_at"]),
        "channel": intake.channel,
        "by": intake.actor,
        "tables": {table.table: table.status for table in bundle.tables},
    }
    return ledger.record(events.COLLECTED, subject=intake.host.host_uid, body=body, at=now)


def _remove(files: Iterable[WrittenFile]) -> None:
    for file in files:
        (facts_folder() / file.name).unlink(missing_ok=True)


def _collector_name(bundle: Mapping[str, Any]) -> str:
    collector = bundle["collector"]
    return f"{collector['name']} {collector['version']}"[:80]


def _seen_host(
    bundle: Mapping[str, Any],
    tables: tuple[NormalisedTable, ...],
    *,
    unit: Unit,
    kind: str | None,
    now: datetime,
) -> Host:
    about = bundle["host"]
    host, is_new = Host.objects.get_or_create(
        host_uid=about["host_uid"],
        defaults={
            "unit": unit,
            "name": _host_name(bundle),
            "kind": kind or _guessed_kind(tables),
            "os_family": about["os_family"],
            "first_seen_at": now,
            "last_seen_at": now,
        },
    )
    if not is_new:
        host.name, host.last_seen_at = _host_name(bundle), now
        host.save(update_fields=["name", "last_seen_at"])
    return host


def _host_name(bundle: Mapping[str, Any]) -> str:
    return nfc(str(bundle["host"]["name"]))[: Host.name.field.max_length]


def _guessed_kind(tables: tuple[NormalisedTable, ...]) -> str:
    info = next((t.rows[0] for t in tables if t.table == "system_info" and t.rows), {})
    return Host.Kind.WORKSTATION if info.get("has_desktop") else Host.Kind.SERVER


def _written_facts(new: Mapping[Intake, CheckedBundle]) -> list[WrittenFile]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for intake, bundle in new.items():
        keys = {"intake_id": intake.pk, "host_id": intake.host.host_uid}
        for table in bundle.tables:
            rows.setdefault(table.table, []).extend({**row, **keys} for row in table.rows)
            rows.setdefault("collection", []).append(
                {
                    **keys,
                    "table_name": table.table,
                    "status": table.status,
                    "error": table.error,
                    "row_count": len(table.rows),
                    "collected_at": intake.collected_at,
                }
            )
    first, last = min(i.pk for i in new), max(i.pk for i in new)
    stem = f"{first:012d}" if first == last else f"{first:012d}-{last:012d}"
    return write_tables(facts_folder(), stem, fact_tables(), rows)


def _catalogued(file: WrittenFile, *, now: datetime) -> FactFile:
    return FactFile(
        table=file.table,
        path=file.name,
        sha256=file.sha256,
        row_count=file.row_count,
        first_intake_id=min(file.digests),
        last_intake_id=max(file.digests),
        intake_count=len(file.digests),
        written_at=now,
    )


def _without_fractions(value: Any) -> Any:
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        return {str(key): _without_fractions(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_fractions(item) for item in value]
    return value


@transaction.atomic
def set_host_kind(host: Host, kind: str, *, now: datetime, actor: str) -> None:
    """Say what a machine is used as; recorded, because controls apply by it."""
    if host.kind == kind:
        return
    body = {"from": host.kind, "to": kind, "by": actor}
    host.kind = kind
    host.save(update_fields=["kind"])
    ledger.record(events.HOST_KIND_SET, subject=host.host_uid, body=body, at=now)
