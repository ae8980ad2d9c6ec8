"""Silence is unknown: before any statement of a control runs, evidence must be there, usable and fresh."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from khien.checks.catalogue import RunningCheck
from khien.checks.errors import CheckMisbehaved
from khien.checks.runner import run_checks
from khien.facts.engine import FactEngine
from khien.facts.tables import FactColumn, FactTable
from khien.kernel.language import Text
from khien.norms.model import CheckSpec, Control, Parameter, Reason
from khien.norms.rulebook import Resolved, Rule, Rulebook

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
T = Text("chữ", "text")


def table(name: str, *, may_be_empty: bool = False) -> FactTable:
    column = FactColumn("size", "integer", T, None)
    return FactTable(name, T, T, 24, may_be_empty, False, ("linux",), {"size": column})


TABLES = {"box": table("box"), "bag": table("bag", may_be_empty=True)}
SQL = """
SELECT s.host_id, b.size AS found,
       CASE WHEN b.size IS NULL THEN 'silent' WHEN b.size < s.least THEN 'small' ELSE 'ok' END AS reason
  FROM subject AS s LEFT JOIN box AS b ON b.host_id = s.host_id
"""


def check(
    sql: str = SQL, *, evidence: tuple[str, ...] = ("box",), applies: str | None = None
) -> RunningCheck:
    verdicts = {"ok": "pass", "small": "fail", "silent": "unknown"}
    reasons = {code: Reason(code, verdict, T) for code, verdict in verdicts.items()}  # type: ignore[arg-type]
    spec = CheckSpec(applies, dict.fromkeys(evidence), reasons)
    least = Parameter("least", "integer", "max", T)
    control = Control(
        "TST-01", "test", "host", "host", "high", T, T, T, T, {"least": least}, spec, Path()
    )
    return RunningCheck(control, spec, sql, ())


def rulebook(least: int | None) -> Rulebook:
    parameter = check().control.parameters["least"]

    class Bound(Rule):
        binding = True

    rule = Bound("TST-01", (), {"least": Resolved(parameter, least, (), ())})
    return Rulebook((), NOW.date(), {"TST-01": rule})


@pytest.fixture
def engine() -> Iterator[FactEngine]:
    made = FactEngine(TABLES)
    yield made
    made.close()


def host(name: str, unit: int = 1, kind: str = "server") -> dict[str, object]:
    return {"host_id": name, "unit_id": unit, "host_name": name, "kind": kind, "os_family": "linux"}


def read(
    name: str, *, intake: int = 1, status: str = "ok", hours: float = 1, table: str = "box"
) -> dict[str, object]:
    at = NOW - timedelta(hours=hours)
    return {
        "intake_id": intake,
        "host_id": name,
        "table_name": table,
        "status": status,
        "collected_at": at,
    }


def outcome(
    engine: FactEngine, *checks: RunningCheck, least: int | None = 8
) -> dict[str, tuple[str, str]]:
    engine.settle(as_of=NOW)
    run_checks(checks or (check(),), engine, {1: rulebook(least), 2: rulebook(3)})
    rows = engine.sql.execute("SELECT subject_id, verdict, reason FROM outcome").fetchall()
    assert len({row[0] for row in rows}) == len(rows)
    return {row[0]: (row[1], row[2]) for row in rows}


def test_a_machine_nobody_read_is_unknown(engine: FactEngine) -> None:
    engine.add_hosts([host("a")])
    assert outcome(engine) == {"a": ("unknown", "never_collected")}


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("denied", "denied"),
        ("unsupported", "unsupported"),
        ("timeout", "timeout"),
        ("error", "error"),
    ],
)
def test_a_reading_that_failed_is_unknown_by_its_own_reason(
    engine: FactEngine, status: str, reason: str
) -> None:
    engine.add_hosts([host("a")])
    engine.add_collections([read("a", status=status)])
    assert outcome(engine) == {"a": ("unknown", reason)}


def test_an_old_reading_is_stale_and_its_old_verdict_is_not_kept(engine: FactEngine) -> None:
    engine.add_hosts([host("a"), host("b")])
    engine.add_collections([read("a", hours=24.1), read("b", hours=23.9)])
    engine.add_rows("box", [{"intake_id": 1, "host_id": h, "size": 9} for h in "ab"])
    assert outcome(engine) == {"a": ("unknown", "stale"), "b": ("pass", "ok")}


def test_a_newer_failed_reading_does_not_hide_a_usable_one(engine: FactEngine) -> None:
    engine.add_hosts([host("a")])
    engine.add_collections(
        [read("a", intake=1, hours=5), read("a", intake=2, hours=1, status="denied")]
    )
    engine.add_rows("box", [{"intake_id": 1, "host_id": "a", "size": 9}])
    assert outcome(engine) == {"a": ("pass", "ok")}


def test_only_the_newest_usable_reading_counts(engine: FactEngine) -> None:
    engine.add_hosts([host("a")])
    engine.add_collections([read("a", intake=1, hours=5), read("a", intake=2, hours=1)])
    engine.add_rows(
        "box",
        [{"intake_id": 1, "host_id": "a", "size": 9}, {"intake_id": 2, "host_id": "a", "size": 2}],
    )
    assert outcome(engine) == {"a": ("fail", "small")}


def test_a_reading_from_after_the_moment_is_not_seen(engine: FactEngine) -> None:
    engine.add_hosts([host("a")])
    engine.add_collections([read("a", hours=-1)])
    assert outcome(engine) == {"a": ("unknown", "never_collected")}


def test_empty_is_an_answer_only_where_the_table_may_be_empty(engine: FactEngine) -> None:
    engine.add_hosts([host("a")])
    engine.add_collections([read("a", status="empty"), read("a", status="empty", table="bag")])
    assert outcome(engine) == {"a": ("unknown", "empty_reading")}
    bag = check(SQL.replace("box", "bag"), evidence=("bag",))
    assert outcome(engine, bag) == {"a": ("unknown", "silent")}


def test_each_unit_is_judged_by_its_own_number(engine: FactEngine) -> None:
    engine.add_hosts([host("a", unit=1), host("b", unit=2)])
    engine.add_collections([read("a"), read("b")])
    engine.add_rows("box", [{"intake_id": 1, "host_id": h, "size": 5} for h in "ab"])
    assert outcome(engine) == {"a": ("fail", "small"), "b": ("pass", "ok")}


def test_a_machine_out_of_scope_is_not_applicable_even_without_facts(engine: FactEngine) -> None:
    engine.add_hosts([host("a", kind="workstation")])
    assert outcome(engine, check(applies="s.kind = 'server'")) == {
        "a": ("not_applicable", "out_of_scope")
    }


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT host_id, 'ok' AS reason FROM subject WHERE host_id <> 'a'",
        "SELECT host_id, 'ok' AS reason FROM subject UNION ALL SELECT host_id, 'ok' FROM subject",
        "SELECT host_id, 'invented' AS reason FROM subject",
        "SELECT host_id, NULL AS reason FROM subject",
        "SELECT 'stranger' AS host_id, 'ok' AS reason UNION ALL SELECT host_id, 'ok' FROM subject",
    ],
    ids=["leaves one out", "doubles", "undeclared reason", "no reason", "a stranger"],
)
def test_a_statement_that_breaks_its_contract_is_refused(engine: FactEngine, sql: str) -> None:
    engine.add_hosts([host("a")])
    engine.add_collections([read("a")])
    with pytest.raises(CheckMisbehaved):
        outcome(engine, check(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT s.host_id, (SELECT content FROM read_text('/etc/hostname')) AS found, 'ok' AS reason FROM subject AS s",
        "SELECT s.host_id, 'ok' AS reason FROM subject AS s; COPY host TO 'stolen.csv'",
        "SELECT s.host_id, 'ok' AS reason FROM subject AS s; SET enable_external_access = true",
    ],
    ids=["reads a file", "writes a file", "changes a setting"],
)
def test_a_statement_cannot_leave_its_tables(engine: FactEngine, sql: str) -> None:
    engine.add_hosts([host("a")])
    engine.add_collections([read("a")])
    with pytest.raises(duckdb.Error):
        outcome(engine, check(sql))
