"""The only writer of machines, intakes and fact files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from khien.facts import events
from khien.facts.linux import NormalisedTable, normalise
from khien.facts.models import FactFile, Host, Intake
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


@transaction.atomic
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
    tables = normalise(bundle)
    digest = sha256_hex(canonical_bytes(_without_fractions(bundle)))
    host = _seen_host(bundle, tables, unit=unit, kind=kind, now=now)
    known = Intake.objects.filter(host=host, sha256=digest).first()
    if known is not None:
        return known
    intake = Intake.objects.create(
        host=host,
        collected_at=min(parse_iso(str(bundle["finished_at"])), now),
        received_at=now,
        channel=channel,
        actor=actor,
        collector=_collector_name(bundle),
        sha256=digest,
        table_count=len(tables),
    )
    # A database takes back what failed, a folder does not: what was written goes if anything after it fails.
    with ExitStack() as undo:
        files = _written_facts(intake, tables)
        undo.callback(_remove, files)
        body: dict[str, Json] = {
            "host": host.name,
            "sha256": digest,
            "files_sha256": digest_of_files({file.name: file.sha256 for file in files}),
            "collected_at": str(bundle["finished_at"]),
            "channel": channel,
            "by": actor,
            "tables": {table.table: table.status for table in tables},
        }
        intake.ledger_index = ledger.record(
            events.COLLECTED, subject=host.host_uid, body=body, at=now
        )
        intake.save(update_fields=["ledger_index"])
        FactFile.objects.bulk_create(_catalogued(file, intake) for file in files)
        undo.pop_all()
    return intake


def digest_of_files(files: Mapping[str, str]) -> str:
    """Return the digest that stands in the ledger for the fact files of one intake: name -> SHA-256."""
    return sha256_hex(canonical_bytes(dict(files)))


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


def _written_facts(intake: Intake, tables: tuple[NormalisedTable, ...]) -> list[WrittenFile]:
    keys = {"intake_id": intake.pk, "host_id": intake.host.host_uid}
    rows: dict[str, list[dict[str, Any]]] = {
        table.table: [{**row, **keys} for row in table.rows] for table in tables
    }
    rows["collection"] = [
        {
            **keys,
            "table_name": table.table,
            "status": table.status,
            "error": table.error,
            "row_count": len(table.rows),
            "collected_at": intake.collected_at,
        }
        for table in tables
    ]
    return write_tables(facts_folder(), f"{intake.pk:012d}", fact_tables(), rows)


def _catalogued(file: WrittenFile, intake: Intake) -> FactFile:
    return FactFile(
        table=file.table,
        path=file.name,
        sha256=file.sha256,
        row_count=file.row_count,
        first_intake_id=intake.pk,
        last_intake_id=intake.pk,
        written_at=intake.received_at,
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
