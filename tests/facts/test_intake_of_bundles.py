"""A bundle is taken in whole or not at all; a hostile one leaves no machine, no file and no record."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import normalise_samples as samples
import pytest
from django.db import transaction

from khien.facts import services, store
from khien.facts.errors import BundleError
from khien.facts.models import FactFile, Host, Intake
from khien.facts.selectors import evidence_for, hosts_of, readings_of
from khien.facts.services import set_host_kind, take_in
from khien.ledger.models import LedgerEntry
from khien.org.models import Unit
from khien.org.services import register_unit

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)
HOST = "ab" * 16
Bundle = dict[str, Any]


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Path:
    settings.KHIEN_DATA = tmp_path
    return tmp_path


@pytest.fixture
def unit(data: Path) -> Unit:
    return register_unit("x", name_vi="X", name_en="X", kind="ward", place="X", now=NOW)


def bundle(at: datetime = NOW, **tables: Any) -> Bundle:
    stamp = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    return samples.bundle(**tables) | {"started_at": stamp, "finished_at": stamp}


def take(made: Bundle, unit: Unit, *, now: datetime = NOW, **more: Any) -> Intake:
    return take_in(made, unit=unit, now=now, actor="test", channel="file", **more)


def left_behind(data: Path) -> tuple[int, int, int, int, int]:
    """Machines, intakes, catalogued files, files, records of collections."""
    on_disk = sum(path.is_file() for path in (data / "facts").rglob("*"))
    records = LedgerEntry.objects.filter(kind="facts.collected").count()
    counts = (Host.objects.count(), Intake.objects.count(), FactFile.objects.count())
    return (*counts, on_disk, records)


def hostile(change: Callable[[Bundle], object]) -> Bundle:
    made = copy.deepcopy(bundle())
    change(made)
    return made


def put(*path: str, to: Any) -> Callable[[Bundle], object]:
    def change(made: Bundle) -> None:
        place: Any = made
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return change


HOSTILE: dict[str, Callable[[Bundle], object]] = {
    "another format": put("format", to="khien-bundle/99"),
    "nothing but a format": lambda made: [made.pop(k) for k in list(made) if k != "format"],
    "an extra key": put("extra", to=1),
    "tables that are a list": put("tables", to=[]),
    "a table without a status": lambda made: made["tables"]["passwd"].pop("status"),
    "an invented status": put("tables", "passwd", "status", to="fine"),
    "a row that is text": put("tables", "passwd", "rows", to=["root"]),
    "a value that is a list": put("tables", "passwd", "rows", to=[{"name": ["root"]}]),
    "a fraction": put("tables", "passwd", "rows", to=[{"uid": 0.5}]),
    "a number without end": put("tables", "passwd", "rows", to=[{"uid": 10**30}]),
    "a text without end": put("tables", "passwd", "rows", to=[{"name": "x" * 100_000}]),
    "too many rows": put("tables", "passwd", "rows", to=[{"name": "x"}] * 20_001),
    "too many tables": put("tables", to={f"t{n}": samples.table() for n in range(500)}),
    "a table with a path for a name": put("tables", "../../passwd", to=samples.table()),
    "a column with SQL for a name": put("tables", "passwd", "rows", to=[{'x"; DROP TABLE': 1}]),
    "half a letter": put("tables", "passwd", "rows", to=[{"name": "\ud800"}]),
    "a zero byte": put("host", "name", to="may\x00"),
    "a machine without a name": put("host", "name", to=""),
    "a machine with a path for an id": put("host", "host_uid", to="../../../etc"),
    "an id in capitals": put("host", "host_uid", to="AB" * 16),
    "another kind of system": put("host", "os_family", to="plan9"),
    "no time": put("finished_at", to=None),
    "a time without a zone": put("finished_at", to="2026-06-01T00:00:00"),
    "a time before all times": put("finished_at", to="0001-01-01T00:00:00+07:00"),
    "no collector": put("collector", to=None),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_bundle_is_refused_and_leaves_nothing(name: str, unit: Unit, data: Path) -> None:
    with pytest.raises(BundleError) as caught:
        take(hostile(HOSTILE[name]), unit)
    assert caught.value.text().vi != caught.value.text().en
    assert left_behind(data) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize("made", [None, [], "x", 5, {}, {"format": "khien-bundle/1"}], ids=str)
def test_what_is_no_bundle_at_all_is_refused(made: Any, unit: Unit, data: Path) -> None:
    with pytest.raises(BundleError):
        take(made, unit)
    assert left_behind(data) == (0, 0, 0, 0, 0)


def test_a_good_bundle_is_stored_catalogued_and_on_record(unit: Unit, data: Path) -> None:
    intake = take(bundle(), unit)
    hosts, intakes, catalogued, on_disk, records = left_behind(data)
    assert (hosts, intakes, records) == (1, 1, 1)
    assert catalogued == on_disk > 5
    for file in FactFile.objects.all():
        content = (data / "facts" / file.path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file.sha256
        assert (file.first_intake_id, file.last_intake_id) == (intake.pk, intake.pk)
    assert LedgerEntry.objects.get(index=intake.ledger_index).subject == HOST


def test_the_same_bundle_twice_changes_nothing_but_when_the_machine_was_seen(
    unit: Unit, data: Path
) -> None:
    first = take(bundle(), unit)
    before = left_behind(data)
    reordered = dict(reversed(copy.deepcopy(bundle()).items()))
    again = take(reordered, unit, now=NOW + timedelta(days=1))
    assert again.pk == first.pk
    assert left_behind(data) == before


class Crash(Exception):
    pass


@pytest.mark.parametrize("step", ["write", "catalogue", "record"])
def test_a_failure_at_any_step_leaves_nothing(
    step: str, unit: Unit, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise Crash

    targets: dict[str, tuple[Any, str]] = {
        "write": (store, "_flush_folder"),
        "catalogue": (services, "_catalogued"),
        "record": (services.ledger, "record"),
    }
    monkeypatch.setattr(*targets[step], fail)
    with pytest.raises(Crash), transaction.atomic():
        take(bundle(), unit)
    monkeypatch.undo()
    catalogued = set(FactFile.objects.values_list("path", flat=True))
    assert (Host.objects.count(), Intake.objects.count(), catalogued) == (0, 0, set())
    assert not LedgerEntry.objects.filter(kind="facts.collected").exists()
    if step != "catalogue":
        assert left_behind(data) == (0, 0, 0, 0, 0)
    # What a crash may leave on disk is not in the catalogue, so nothing reads it; the next intake writes over it.
    take(bundle(), unit)
    assert left_behind(data)[2] == left_behind(data)[3]


def test_a_clock_that_runs_ahead_does_not_put_facts_in_the_future(unit: Unit) -> None:
    intake = take(bundle(NOW + timedelta(days=400)), unit)
    assert intake.collected_at == NOW


def test_a_machine_keeps_its_unit_and_kind_and_takes_its_new_name(unit: Unit) -> None:
    other = register_unit("y", name_vi="Y", name_en="Y", kind="ward", place="Y", now=NOW)
    take(bundle(), unit, kind="isolated")
    renamed = bundle(NOW + timedelta(hours=1))
    renamed["host"] = renamed["host"] | {"name": "Ma\u0301y " + "x" * 250}
    take(renamed, other, now=NOW + timedelta(hours=2), kind="server")
    host = Host.objects.get()
    assert (host.unit, host.kind, host.last_seen_at) == (unit, "isolated", NOW + timedelta(hours=2))
    assert host.name.startswith("Máy x")
    assert len(host.name) == 200
    assert [h.pk for h in hosts_of([unit])] == [host.pk]
    assert list(hosts_of([other])) == []


def test_the_kind_of_a_machine_changes_on_record(unit: Unit) -> None:
    host = take(bundle(), unit).host
    for _ in range(2):
        set_host_kind(host, "workstation", now=NOW, actor="an")
    (entry,) = LedgerEntry.objects.filter(kind="facts.host_kind_set")
    assert (entry.body["to"], entry.body["by"]) == ("workstation", "an")


def test_readings_say_what_is_known_when_and_by_which_intake(unit: Unit) -> None:
    first = take(bundle(), unit)
    denied = bundle(NOW + timedelta(hours=3), passwd=samples.table("denied", [], "no right"))
    take(denied, unit, now=NOW + timedelta(hours=3))
    found = {r.table.name: r for r in readings_of(first.host, as_of=NOW + timedelta(hours=4))}
    account = found["account"]
    assert (account.status, account.intake, account.collected_at) == ("denied", first, NOW)
    assert [dict(zip(account.columns, row, strict=True))["username"] for row in account.rows] == [
        "root"
    ]
    assert found["os_version"].collected_at == NOW + timedelta(hours=3)
    earlier = {r.table.name: r for r in readings_of(first.host, as_of=NOW + timedelta(hours=1))}
    assert (earlier["account"].status, earlier["os_version"].intake) == ("ok", first)
    before = readings_of(first.host, as_of=NOW - timedelta(hours=1))
    assert {(r.status, r.intake, r.rows) for r in before} == {("never", None, ())}


def test_evidence_names_the_intake_that_stood_at_the_moment(unit: Unit) -> None:
    first = take(bundle(), unit)
    second = take(bundle(NOW + timedelta(hours=3)), unit, now=NOW + timedelta(hours=3))
    wanted = ["account", "no_such_table", "os_version"]
    at_first = evidence_for(HOST, wanted, as_of=NOW + timedelta(hours=1))
    at_second = evidence_for(HOST, wanted, as_of=NOW + timedelta(hours=4))
    assert at_first == [("account", first), ("os_version", first)]
    assert at_second == [("account", second), ("os_version", second)]
    assert evidence_for("cd" * 16, wanted, as_of=NOW + timedelta(hours=4)) == []
