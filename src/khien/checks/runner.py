"""The check runner: one SELECT per control over all subjects of all units, and a verdict for each."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import duckdb

from khien.checks.bound_texts import fill_binding, fill_rule
from khien.checks.catalogue import RunningCheck
from khien.checks.errors import CheckMisbehaved, CheckTooSlow
from khien.checks.filed_papers import find_unproven
from khien.checks.scoping import (
    CONFIRMED_DAYS,
    NOTHING_REGISTERED,
    OUT_OF_SCOPE,
    empty_register_sql,
    scoped_sql,
)
from khien.facts.engine import FactEngine
from khien.kernel.clock import vietnam_date
from khien.norms.rulebook import Rulebook

SECONDS_MAX = 120
FILE_MISSING = "file_missing"
OUTCOME_COLUMNS = (
    "control_id VARCHAR, unit_id BIGINT, subject_kind VARCHAR, subject_id VARCHAR, "
    "verdict VARCHAR, reason VARCHAR, detail VARCHAR"
)


def run_checks(
    checks: Iterable[RunningCheck],
    engine: FactEngine,
    rulebooks: Mapping[int, Rulebook],
    *,
    confirmed_at: datetime | None = None,
) -> None:
    """Run every check over the subjects (machines, units, register rows) of units whose rulebook holds it.

    The answers stay in the engine, in table `outcome`: one row per control and subject in scope. Subjects
    whose evidence is missing, stale or unreadable are unknown before any statement of a control runs.
    Source:  evidence.md §2: scope first, so that a machine without data is unknown, never absent
    Args:    engine: settled; rulebooks: unit key -> rulebook
             confirmed_at: the moment at which registers count as confirmed, if it is not that of the engine
    Raises:  CheckMisbehaved: a statement left a subject out, doubled it, or gave an undeclared reason
    """
    engine.sql.execute(f"CREATE OR REPLACE TABLE outcome ({OUTCOME_COLUMNS})")
    engine.sql.execute(_COMPLETE, [confirmed_at and vietnam_date(confirmed_at), CONFIRMED_DAYS])
    engine.sql.execute("CREATE OR REPLACE TABLE in_scope AS SELECT host_id FROM host")
    # Checks of units and registers first: they may read all machines, before one of machines narrows the view.
    for check in sorted(checks, key=lambda check: check.spec.subject == "host"):
        _say_contradictions(check, engine, rulebooks)
        if fill_rule(check, engine, rulebooks):
            fill_binding(check, engine, rulebooks)
            with _time_limit(check, engine):
                _run_one(check, engine, is_foreseen=confirmed_at is not None)


@contextmanager
def _time_limit(check: RunningCheck, engine: FactEngine) -> Iterator[None]:
    timer = threading.Timer(SECONDS_MAX, engine.sql.interrupt)
    timer.start()
    try:
        yield
    except duckdb.InterruptException as error:
        raise CheckTooSlow(control=check.control.id, seconds=SECONDS_MAX) from error
    finally:
        timer.cancel()


_COMPLETE = """
CREATE OR REPLACE TEMP TABLE complete_register AS
SELECT unit_id, list(register) AS registers
  FROM register_state, moment
 WHERE date_diff('day', confirmed_on, COALESCE(?::DATE, today)) BETWEEN 0 AND ?
 GROUP BY unit_id
"""


def _run_one(check: RunningCheck, engine: FactEngine, *, is_foreseen: bool) -> None:
    sql, spec, control = engine.sql, check.spec, check.control.id
    sql.execute(scoped_sql(check, engine.tables))
    sql.execute(
        "CREATE OR REPLACE TEMP VIEW subject AS SELECT * EXCLUDE (gate, gate_table, gate_at) "
        "FROM scoped WHERE gate IS NULL"
    )
    if spec.subject == "host":
        sql.execute("CREATE OR REPLACE TABLE in_scope AS SELECT host_id FROM subject")
    sql.execute(_GATED, [control, spec.subject, OUT_OF_SCOPE, OUT_OF_SCOPE])
    if (empty := empty_register_sql(spec)) is not None:
        sql.execute(_EMPTY.format(units=empty), [control, NOTHING_REGISTERED])
    sql.execute(f"CREATE OR REPLACE TEMP TABLE answer AS {check.sql}")
    find_unproven(check, engine, is_named=not is_foreseen)
    columns = [row[0] for row in sql.execute("DESCRIBE answer").fetchall()]
    packed = ", ".join(
        f'"{n}" := a."{n}"' for n in sorted(columns) if n not in (spec.key, "reason")
    )
    detail = f"to_json(struct_pack({packed}))" if packed else "'{}'"
    cases = " ".join(f"WHEN '{r.code}' THEN '{r.verdict}'" for r in spec.reasons.values())
    stored = sql.execute(
        _STORED.format(key=spec.key, cases=cases, detail=detail),
        [control, spec.subject, FILE_MISSING],
    ).fetchone()
    counts = sql.execute(_COUNTS.format(key=spec.key), [list(spec.reasons)]).fetchone()
    if stored is None or counts is None or {*counts[:3], stored[0]} != {counts[0]} or counts[3]:
        raise _broken_contract(check, engine)


# A pass that rests on a paper without a file is not proven.
_STORED = """
INSERT INTO outcome
SELECT ?, s.unit_id, ?, s.subject_id,
       CASE WHEN u.subject_id IS NOT NULL THEN 'unknown' ELSE CASE a.reason {cases} END END,
       CASE WHEN u.subject_id IS NOT NULL THEN ? ELSE a.reason END,
       CASE WHEN u.subject_id IS NOT NULL
            THEN to_json(struct_pack(paper_rows := u.paper_rows, papers := u.papers)) ELSE {detail} END
  FROM subject AS s JOIN answer AS a ON a."{key}" = s.subject_id
  LEFT JOIN unproven AS u ON u.subject_id = s.subject_id
"""

# Subjects, answers and different subjects answered for must be as many, and no reason undeclared.
_COUNTS = """
SELECT (SELECT count(*) FROM subject), count(*), count(DISTINCT "{key}"),
       count(*) FILTER (NOT COALESCE(list_contains(?::VARCHAR[], reason), false))
  FROM answer
"""

_GATED = """
INSERT INTO outcome
SELECT ?, unit_id, ?, subject_id, CASE gate WHEN ? THEN 'not_applicable' ELSE 'unknown' END, gate,
       CASE gate WHEN ? THEN '{}'
                 ELSE to_json(struct_pack(collected_at := strftime(gate_at, '%Y-%m-%dT%H:%M:%SZ'),
                                          "table" := gate_table))
       END
  FROM scoped
 WHERE gate IS NOT NULL
"""

_EMPTY = """
INSERT INTO outcome
SELECT ?, unit_id, 'unit', unit_id::VARCHAR, CASE WHEN is_confirmed THEN 'not_applicable' ELSE 'unknown' END,
       CASE WHEN is_confirmed THEN ? ELSE 'register_empty' END,
       to_json(struct_pack("table" := register))
  FROM ({units})
"""


def _broken_contract(check: RunningCheck, engine: FactEngine) -> CheckMisbehaved:
    """Return the error that names the first subject left out, doubled, or answered with a strange reason."""
    codes, key = list(check.spec.reasons), check.spec.key
    bad = engine.sql.execute(
        f"""
        SELECT COALESCE(s.subject_id, a."{key}"), any_value(a.reason)
          FROM subject AS s FULL JOIN answer AS a ON a."{key}" = s.subject_id
         GROUP BY 1
        HAVING count(*) <> 1 OR count(s.subject_id) <> 1 OR count(a."{key}") <> 1
            OR NOT COALESCE(list_contains(?::VARCHAR[], any_value(a.reason)), false)
         LIMIT 1
        """,
        [codes],
    ).fetchone()
    host, reason = bad if bad is not None else (None, None)
    return CheckMisbehaved(control=check.control.id, host=host, reason=reason)


def _say_contradictions(
    check: RunningCheck, engine: FactEngine, rulebooks: Mapping[int, Rulebook]
) -> None:
    """Where texts contradict each other nothing is decided: unknown for the unit, with both clauses."""
    control = check.control.id
    for unit_id, rulebook in rulebooks.items():
        rule = rulebook.rules.get(control)
        if rule is None or not rule.contradictions or not rule.binding:
            continue
        clash = rule.contradictions[0]
        name = check.control.parameters[clash.parameter].title
        detail = {
            "parameter_vi": name.vi,
            "parameter_en": name.en,
            "first": clash.first.anchor,
            "second": clash.second.anchor,
        }
        engine.sql.execute(
            "INSERT INTO outcome VALUES (?, ?, 'unit', ?, 'unknown', 'contradictory_texts', ?)",
            [control, unit_id, str(unit_id), json.dumps(detail, ensure_ascii=False)],
        )
