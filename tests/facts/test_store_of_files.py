"""Fact files are whole or not there: a failure at any step leaves neither a half file nor part of a set."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from khien.facts import store
from khien.facts.engine import FactEngine
from khien.facts.store import write_tables
from khien.facts.tables import FactColumn, FactTable
from khien.kernel.language import Text

T = Text("x", "x")
TABLES = {
    name: FactTable(name, T, T, 24, True, False, (), {"name": FactColumn("name", "text", T, None)})
    for name in ("first", "second")
}
AT = datetime(2026, 6, 1, tzinfo=UTC)


def rows(name: str = "a") -> list[dict[str, Any]]:
    return [{"intake_id": 1, "host_id": "h", "name": name}]


def collection() -> list[dict[str, Any]]:
    base = {"intake_id": 1, "host_id": "h", "status": "ok", "error": None, "row_count": 1}
    return [base | {"table_name": name, "collected_at": AT} for name in TABLES]


def everything(name: str = "a") -> dict[str, list[dict[str, Any]]]:
    return {"first": rows(name), "second": rows(name), "collection": collection()}


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_each_table_with_rows_gets_a_file_that_is_named_and_hashed(tmp_path: Path) -> None:
    written = write_tables(tmp_path, "007", TABLES, everything() | {"second": []})
    assert [(f.table, f.name, f.row_count) for f in written] == [
        ("collection", "collection/007.parquet", 2),
        ("first", "first/007.parquet", 1),
    ]
    assert files(tmp_path) == {f.name for f in written}
    for file in written:
        assert hashlib.sha256((tmp_path / file.name).read_bytes()).hexdigest() == file.sha256


class Crash(Exception):
    pass


@pytest.mark.parametrize("step", ["_flush", "_flush_folder"])
@pytest.mark.parametrize("call", [1, 2, 3])
def test_a_failure_while_writing_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, call: int
) -> None:
    write_tables(tmp_path, "001", TABLES, everything())
    before = files(tmp_path)
    real, calls = getattr(store, step), []

    def fail(path: Path) -> None:
        calls.append(path)
        if len(calls) == call:
            raise Crash
        real(path)

    monkeypatch.setattr(store, step, fail)
    with pytest.raises(Crash):
        write_tables(tmp_path, "002", TABLES, everything())
    assert files(tmp_path) == before


def test_a_failure_between_writing_and_renaming_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Path, target: Path) -> Path:
        raise Crash

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(Crash):
        write_tables(tmp_path, "002", TABLES, everything())
    assert files(tmp_path) == set()


def test_a_half_file_that_a_power_loss_left_is_never_read_and_goes(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "001.part").write_bytes(b"PAR1 half")
    (written,) = write_tables(tmp_path, "001", TABLES, {"first": rows("whole")})
    assert duckdb.read_parquet(str(tmp_path / written.name)).project("name").fetchall() == [
        ("whole",)
    ]
    assert files(tmp_path) == {"first/001.parquet"}


def test_a_row_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    bad = {"first": rows(), "second": [{"intake_id": 1, "host_id": "h", "name": object()}]}
    with pytest.raises(TypeError):
        write_tables(tmp_path, "001", TABLES, bad)
    assert files(tmp_path) == set()


@pytest.mark.parametrize("name", ['it\'s "here"', "dữ liệu cơ quan", "a;b%c"])
def test_the_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    (file,) = write_tables(folder, "001", TABLES, {"first": rows("there")})
    engine = FactEngine({"first": TABLES["first"]}, folder=folder)
    engine.add_hosts(
        [{"host_id": "h", "unit_id": 1, "host_name": "h", "kind": "server", "os_family": "linux"}]
    )
    engine.add_collections([collection()[0]])
    engine.add_files("first", [folder / file.name])
    engine.settle(as_of=AT)
    assert engine.sql.execute("SELECT name FROM first").fetchall() == [("there",)]
    engine.close()


def test_what_was_written_is_on_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (order.append("sync"), real_sync(fd))[1])
    monkeypatch.setattr(
        Path, "replace", lambda a, b: (order.append("rename"), real_replace(a, b))[1]
    )
    write_tables(tmp_path, "001", TABLES, {"first": rows()})
    assert order == ["sync", "rename", "sync"]
