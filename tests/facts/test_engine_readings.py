"""The engine: the newest usable reading counts, moments are UTC, old files lack new columns, text is only text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khien.facts.engine import FactEngine
from khien.facts.store import write_tables
from khien.facts.tables import FactColumn, FactTable
from khien.kernel.language import Text

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
T = Text("x", "x")


def table(table_name: str = "thing", /, **columns: str) -> FactTable:
    made = {c: FactColumn(c, kind, T, None) for c, kind in (columns or {"name": "text"}).items()}
    return FactTable(table_name, T, T, 24, True, False, (), made)


def reading(intake: int, status: str, at: datetime, **more: Any) -> dict[str, Any]:
    base = {
        "intake_id": intake,
        "host_id": "h",
        "table_name": "thing",
        "error": None,
        "row_count": 1,
    }
    return base | {"status": status, "collected_at": at} | more


@pytest.fixture
def engine() -> Iterator[FactEngine]:
    made = FactEngine({"thing": table()})
    made.add_hosts(
        [
            {"host_id": h, "unit_id": 1, "host_name": h, "kind": "server", "os_family": "linux"}
            for h in ("h", "k")
        ]
    )
    yield made
    made.close()


def seen(engine: FactEngine, as_of: datetime = NOW) -> list[str]:
    engine.settle(as_of=as_of)
    return [row[0] for row in engine.sql.execute("SELECT name FROM thing ORDER BY 1").fetchall()]


def row(intake: int, name: str, host: str = "h") -> dict[str, Any]:
    return {"intake_id": intake, "host_id": host, "name": name}


def hours(number: float) -> datetime:
    return NOW + timedelta(hours=number)


def test_of_two_readings_the_newer_counts_whichever_came_in_first(engine: FactEngine) -> None:
    engine.add_collections([reading(2, "ok", hours(-5)), reading(1, "ok", hours(-1))])
    engine.add_rows("thing", [row(1, "new"), row(2, "old")])
    assert seen(engine) == ["new"]
    assert seen(engine, hours(-2)) == ["old"]
    assert seen(engine, hours(-9)) == []


def test_of_two_readings_of_one_moment_the_one_taken_in_later_counts(engine: FactEngine) -> None:
    engine.add_collections([reading(n, "ok", hours(-1)) for n in (3, 9, 4)])
    engine.add_rows("thing", [row(n, f"r{n}") for n in (3, 4, 9)])
    assert seen(engine) == ["r9"]


@pytest.mark.parametrize("status", ["denied", "unsupported", "timeout", "error"])
def test_a_failed_reading_does_not_hide_the_last_good_one(engine: FactEngine, status: str) -> None:
    engine.add_collections(
        [reading(1, "ok", hours(-3)), reading(2, status, hours(-1), error="no right")]
    )
    engine.add_rows("thing", [row(1, "kept")])
    assert seen(engine) == ["kept"]
    latest = engine.sql.execute(
        "SELECT intake_id, usable_at, last_status, last_error, last_at FROM latest"
    ).fetchone()
    plain = [hours(n).replace(tzinfo=None) for n in (-3, -1)]
    assert latest == (1, plain[0], status, "no right", plain[1])


def test_an_error_of_yesterday_is_not_said_of_a_good_reading_today(engine: FactEngine) -> None:
    engine.add_collections(
        [reading(1, "denied", hours(-3), error="no right"), reading(2, "ok", hours(-1))]
    )
    seen(engine)
    assert engine.sql.execute("SELECT last_status, last_error FROM latest").fetchone() == (
        "ok",
        None,
    )


def test_an_empty_reading_ends_what_was_there(engine: FactEngine) -> None:
    engine.add_collections(
        [reading(1, "ok", hours(-3)), reading(2, "empty", hours(-1), row_count=0)]
    )
    engine.add_rows("thing", [row(1, "gone")])
    assert seen(engine) == []


def test_machines_out_of_scope_are_not_seen(engine: FactEngine) -> None:
    engine.add_collections(
        [reading(1, "ok", hours(-1)), reading(2, "ok", hours(-1), host_id="stranger")]
    )
    engine.add_rows("thing", [row(1, "ours"), row(2, "theirs", "stranger")])
    assert seen(engine) == ["ours"]


@pytest.mark.parametrize(
    "written",
    [
        datetime(2026, 6, 1, 10, tzinfo=UTC),
        datetime(2026, 6, 1, 17, tzinfo=timezone(timedelta(hours=7))),
        "2026-06-01T10:00:00Z",
        "2026-06-01 10:00:00",
    ],
    ids=str,
)
def test_every_way_to_write_a_moment_is_kept_in_utc(engine: FactEngine, written: Any) -> None:
    engine.add_collections([reading(1, "ok", written)])
    found = engine.sql.execute("SELECT collected_at FROM collection").fetchone()
    assert found == (datetime(2026, 6, 1, 10),)  # noqa: DTZ001  # the engine keeps UTC without a zone


@pytest.mark.parametrize(
    "value",
    [b"x", {1}, object(), datetime(2026, 6, 1)],  # noqa: DTZ001  # no zone
    ids=["bytes", "set", "object", "moment without zone"],
)
def test_what_is_no_fact_value_is_a_mistake_of_ours(engine: FactEngine, value: object) -> None:
    with pytest.raises(TypeError):
        engine.add_rows("thing", [{"intake_id": 1, "host_id": "h", "name": value}])


HOSTILE = [
    "'; DROP TABLE thing__rows; --",
    '"quoted" {"json": [1]}',
    "a\\u0000b \\' %s ? $1 {x}",
    "Đường dẫn: C:\\Người dùng\\ảnh",
    "\t tab and    spaces ",
    "𝕏 🏥 \u202e rtl",
    "null",
    "",
]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_text_comes_back_as_it_was(engine: FactEngine, text: str) -> None:
    engine.add_collections([reading(1, "ok", hours(-1))])
    engine.add_rows("thing", [row(1, text)])
    assert seen(engine) == [text]


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(texts, st.none() | st.integers(-(2**53), 2**53), st.none() | st.booleans()),
        min_size=1,
    )
)
def test_rows_come_back_from_their_file_as_they_were(
    tmp_path: Path, rows: list[tuple[str, int | None, bool | None]]
) -> None:
    declared = {"thing": table(name="text", number="integer", flag="boolean")}
    given_rows = [
        {"intake_id": 1, "host_id": "h", "name": n, "number": i, "flag": f} for n, i, f in rows
    ]
    (file,) = write_tables(tmp_path, "one", declared, {"thing": given_rows})
    stored = duckdb.read_parquet(str(tmp_path / file.name))
    found = stored.project("name, number, flag").fetchall()
    assert sorted(found, key=repr) == sorted(rows, key=repr)


def test_a_file_from_before_a_column_was_declared_reads_as_not_known(tmp_path: Path) -> None:
    old = {"thing": table(name="text")}
    new = {"thing": table(name="text", size="integer", seen_at="moment")}
    written = write_tables(tmp_path, "000000000001", old, {"thing": [row(1, "a")]})
    extra = {"size": 5, "seen_at": hours(-2)}
    written += write_tables(tmp_path, "000000000002", new, {"thing": [row(2, "b", "k") | extra]})
    engine = FactEngine(new, folder=tmp_path)
    engine.add_hosts(
        [
            {"host_id": h, "unit_id": 1, "host_name": h, "kind": "server", "os_family": "linux"}
            for h in ("h", "k")
        ]
    )
    engine.add_collections([reading(1, "ok", hours(-1)), reading(2, "ok", hours(-1), host_id="k")])
    engine.add_files("thing", [tmp_path / file.name for file in written])
    engine.settle(as_of=NOW)
    found = engine.sql.execute("SELECT name, size, seen_at FROM thing ORDER BY 1").fetchall()
    engine.close()
    assert found == [("a", None, None), ("b", 5, hours(-2).replace(tzinfo=None))]


def test_a_file_with_a_column_that_is_no_longer_declared_is_read_without_it(tmp_path: Path) -> None:
    old, new = {"thing": table(name="text", gone="text")}, {"thing": table(name="text")}
    (file,) = write_tables(tmp_path, "1", old, {"thing": [row(1, "a") | {"gone": "x"}]})
    engine = FactEngine(new, folder=tmp_path)
    engine.add_hosts(
        [{"host_id": "h", "unit_id": 1, "host_name": "h", "kind": "server", "os_family": "linux"}]
    )
    engine.add_collections([reading(1, "ok", hours(-1))])
    engine.add_files("thing", [tmp_path / file.name])
    assert seen(engine) == ["a"]
    engine.close()
