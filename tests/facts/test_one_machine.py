"""The page of one machine reads what the checks read: the same reading counts, the same rows come."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import normalise_samples as samples
import pytest

from khien.facts.models import Host
from khien.facts.one_machine import newest_of, rows_of_intake
from khien.facts.selectors import open_engine, readings_of
from khien.facts.services import facts_folder, take_in
from khien.facts.tables import fact_tables
from khien.org.services import register_unit

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)
HOST = "ab" * 16


@pytest.fixture
def host(tmp_path: Path, settings: Any) -> Host:
    settings.KHIEN_DATA = tmp_path
    unit = register_unit("x", name_vi="X", name_en="X", kind="ward", place="X", now=NOW)
    for hours in (0, 3):
        at = NOW + timedelta(hours=hours)
        stamp = f"{at:%Y-%m-%dT%H:%M:%SZ}"
        sent = samples.bundle() | {"started_at": stamp, "finished_at": stamp}
        take_in(sent, unit=unit, now=at, actor="test", channel="file")
    return Host.objects.get(host_uid=HOST)


@pytest.mark.parametrize("hours", [-1, 0, 1, 3, 9])
def test_the_page_of_a_machine_reads_what_the_checks_read(host: Host, hours: int) -> None:
    as_of = NOW + timedelta(hours=hours)
    read = {reading.table.name: reading for reading in readings_of(host, as_of=as_of)}
    with closing(open_engine(as_of=as_of)) as engine:
        latest = engine.sql.execute(
            "SELECT table_name, intake_id, last_status, last_error, usable_at FROM latest"
        ).fetchall()
        known = {name for name, reading in read.items() if reading.status != "never"}
        assert {row[0] for row in latest} & set(read) == known
        for name, intake, status, error, at in latest:
            one = read[name]
            assert (one.intake and one.intake.pk, one.status, one.error) == (intake, status, error)
            assert one.collected_at == (at and at.replace(tzinfo=UTC))
            count = engine.sql.table(name).aggregate("count(*)").fetchall()
            assert count == [(len(one.rows),)]


def test_a_machine_that_was_never_read_has_no_newest_reading(host: Host) -> None:
    collections = sorted((facts_folder() / "collection").iterdir())
    assert newest_of(facts_folder(), collections, "cd" * 16, [1], as_of=NOW) == {}
    assert newest_of(facts_folder(), [], HOST, [1], as_of=NOW) == {}


def test_a_column_of_a_later_declaration_reads_as_nothing(host: Host) -> None:
    table = fact_tables()["account"]
    place = facts_folder() / "account" / "old.parquet"
    first, *others = table.columns
    with closing(duckdb.connect(":memory:")) as sql:
        sql.execute("CREATE TABLE old AS SELECT 1 AS intake_id, 'x' AS host_id, 'an' AS " + first)
        sql.execute(f"COPY old TO '{place}' (FORMAT parquet)")
    rows = rows_of_intake(facts_folder(), table, [place], 1, limit=9)
    assert rows == (("an", *[None] * len(others)),)
    assert rows_of_intake(facts_folder(), table, [], 1, limit=9) == ()


def test_the_engine_of_pages_reads_nothing_but_facts(host: Host, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.parquet"
    elsewhere.write_bytes(b"PAR1")
    with pytest.raises(Exception, match="Permission"):
        newest_of(facts_folder(), [elsewhere], HOST, [1], as_of=NOW)
