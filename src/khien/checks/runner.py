"""The check runner: one SELECT per control over all subjects of all units, and a verdict for each."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import duckdb

from khien.checks.catalogue import PARAMETER_SQL, RunningCheck
from khien.checks.errors import CheckMisbehaved, CheckTooSlow
from khien.checks.scoping import (
    CONFIRMED_DAYS,
    NOTHING_REGISTERED,
    OUT_OF_SCOPE,
    empty_register_sql,
    scoped_sql,
)
from khien.facts.engine import FactEngine
from khien.norms.model import Control
from khien.norms.rulebook import Rulebook

SECONDS_MAX = 120
OUTCOME_COLUMNS = (
    "control_id VARCHAR, unit_id BIGINT, subject_kind VARCHAR, subject_id VARCHAR, "
    "verdict VARCHAR, reason VARCHAR, detail VARCHAR"
)


def run_checks(
    checks: Iterable[RunningCheck], engine: FactEngine, rulebooks: Mapping[int, Rulebook]
) -> None:
    """Run every check over the subjects (machines, units, register rows) of units whose rulebook holds it.

    The answers stay in the engine, in table `outcome`: one row per control and subject in scope. Subjects
    whose evidence is missing, stale or unreadable are unknown before any statement of a control runs.
    Source:  evidence.md §2: scope first, so that a machine without data is unknown, never absent
    Args:    engine: settled; rulebooks: unit key -> rulebook
    Raises:  CheckMisbehaved: a statement left a subject out, doubled it, or gave an undeclared reason
    """
    engine.sql.execute(f"CREATE OR REPLACE TABLE outcome ({OUTCOME_COLUMNS})")
    engine.sql.execute(_COMPLETE, [CONFIRMED_DAYS])
    engine.sql.execute("CREATE OR REPLACE TABLE in_scope AS SELECT host_id FROM host")
    # Checks of units and registers first: they may read all machines, before one of machines narrows the view.
    for check in sorted(checks, key=lambda check: check.spec.subject == "host"):
        if _fill_rule(engine, check.control, rulebooks):
            with _time_limit(check, engine):
                _run_one(check, engine)


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
 WHERE date_diff('day', confirmed_on::TIMESTAMP, as_of) BETWEEN 0 AND ?
 GROUP BY unit_id
"""


def _run_one(check: RunningCheck, engine: FactEngine) -> None:
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
    columns = [row[0] for row in sql.execute("DESCRIBE answer").fetchall()]
    packed = ", ".join(f'"{n}" := a."{n}"' for n in columns if n not in (spec.key, "reason"))
    detail = f"to_json(struct_pack({packed}))" if packed else "'{}'"
    verdicts = " ".join(f"WHEN '{r.code}' THEN '{r.verdict}'" for r in spec.reasons.values())
    stored = sql.execute(
        f"INSERT INTO outcome SELECT ?, s.unit_id, ?, s.subject_id, CASE a.reason {verdicts} END, a.reason, "
        f'{detail} FROM subject AS s JOIN answer AS a ON a."{spec.key}" = s.subject_id',
        [control, spec.subject],
    ).fetchone()
    counts = sql.execute(_COUNTS.format(key=spec.key), [list(spec.reasons)]).fetchone()
    if stored is None or counts is None or {*counts[:3], stored[0]} != {counts[0]} or counts[3]:
        raise _broken_contract(check, engine)


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
                 ELSE to_json(struct_pack("table" := gate_table,
                                          collected_at := strftime(gate_at, '%Y-%m-%dT%H:%M:%SZ')))
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


def _fill_rule(engine: FactEngine, control: Control, rulebooks: Mapping[int, Rulebook]) -> bool:
    """Make table `rule`: one row per unit that the control binds, with its parameter values."""
    by_values: dict[str, list[int]] = {}
    for unit_id, rulebook in rulebooks.items():
        rule = rulebook.rules.get(control.id)
        if rule is not None and rule.binding:
            values = [
                rule.parameters[name].value if name in rule.parameters else None
                for name in control.parameters
            ]
            by_values.setdefault(json.dumps(values, default=str), []).append(unit_id)
    if not by_values:
        return False
    columns = "".join(
        f', ?::{PARAMETER_SQL[parameter.type]} AS "{name}"'
        for name, parameter in control.parameters.items()
    )
    chosen = " UNION ALL ".join(
        f"SELECT unnest(?::BIGINT[]) AS unit_id{columns}" for _ in by_values
    )
    given = [value for text, ids in by_values.items() for value in (ids, *json.loads(text))]
    engine.sql.execute(f"CREATE OR REPLACE TEMP TABLE rule AS {chosen}", given)
    return True
