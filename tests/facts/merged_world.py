"""Machines with several intakes each, for tests of merging and of retention."""
# ruff: noqa: S608  # statements over our own files

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import normalise_samples as samples
import pytest

from khien.facts import linux
from khien.facts.evidence import digest_of_own_files
from khien.facts.models import FactFile, Intake
from khien.facts.selectors import open_engine
from khien.facts.services import facts_folder, take_in
from khien.ledger.models import LedgerEntry
from khien.org.models import Unit
from khien.org.services import register_unit

NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)


def few_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let machines be read for three tables only: what is tested does not depend on how many there are."""
    kept = tuple(f for f in linux.FACTS if f.table in ("account", "system_info", "listening_port"))
    monkeypatch.setattr(linux, "FACTS", kept)


def a_unit() -> Unit:
    return register_unit("x", name_vi="X", name_en="X", kind="ward", place="X", now=NOW)


def bundle(machine: int, at: datetime, **tables: Any) -> dict[str, Any]:
    stamp = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    made = samples.bundle(**tables) | {"started_at": stamp, "finished_at": stamp}
    made["host"] = made["host"] | {"host_uid": f"{machine:032x}", "name": f"máy-{machine}"}
    return made


def collect(unit: Unit, machines: int, days: int = 1, *, first_day: int = 0) -> list[Intake]:
    """Each machine collected once a day, one by one."""
    return [
        take_in(bundle(machine, at), unit=unit, now=at, actor="test", channel="file")
        for day in range(first_day, first_day + days)
        for machine in range(machines)
        for at in [NOW + timedelta(days=day, minutes=machine)]
    ]


def on_disk() -> set[str]:
    folder = facts_folder()
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def listed() -> set[str]:
    return set(FactFile.objects.values_list("path", flat=True))


def answers(as_of: datetime) -> dict[str, list[Any]]:
    """Everything an assessment could read at a moment."""
    with closing(open_engine(as_of=as_of)) as engine:
        return {
            name: engine.sql.execute(f'SELECT * FROM "{name}" ORDER BY ALL').fetchall()
            for name in ("latest", *engine.tables)
        }


def as_old(intake: Intake) -> None:
    """Make an intake as intakes were recorded at first: by the digests of its files, without one of its rows."""
    entry = LedgerEntry.objects.get(pk=intake.ledger_index)
    line = json.loads(bytes(entry.line))
    del line["body"]["rows_sha256"]
    line["body"]["files_sha256"] = digest_of_own_files(intake.pk)
    LedgerEntry.objects.filter(pk=entry.pk).update(line=json.dumps(line).encode())
    Intake.objects.filter(pk=intake.pk).update(rows_sha256="")


def spoil(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
