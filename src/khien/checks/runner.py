"""The check runner: one SELECT per control over all machines of all units, and a verdict for each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from khien.checks.catalogue import RunningCheck, parameter_columns
from khien.checks.errors import CheckMisbehaved
from khien.facts.engine import FactEngine
from khien.facts.tables import FactTable
from khien.norms.model import CheckSpec, Control
from khien.norms.rulebook import Rulebook

OUT_OF_SCOPE = "out_of_scope"
GATES = (
    "partial",
    "never_collected",
    "denied",
    "unsupported",
    "timeout",
    "error",
    "empty_reading",
    "stale",
)
OUTCOME_COLUMNS = (
    "control_id VARCHAR, unit_id BIGINT, host_id VARCHAR, "
    "verdict VARCHAR, reason VARCHAR, detail VARCHAR"
)


def run_checks(
    checks: Iterable[RunningCheck], engine: FactEngine, rulebooks: Mapping[int, Rulebook]
) -> None:
    """Run every check over the machines of the units whose rulebook holds its control.

    The answers stay in the engine, in table `outcome`: one row per control and machine in scope. Machines
    whose evidence is missing, stale or unreadable are unknown before any statement of a control runs.
    Source:  evidence.md §2: scope first, so that a machine without data is unknown, never absent
    Args:    engine: settled; rulebooks: unit key -> rulebook
    Raises:  CheckMisbehaved: a statement left a machine out, doubled it, or gave an undeclared reason
    """
    engine.sql.execute(f"CREATE OR REPLACE TABLE outcome ({OUTCOME_COLUMNS})")
    for check in checks:
        if _fill_rule(engine, check.control, rulebooks):
            _run_one(check, engine)


def _run_one(check: RunningCheck, engine: FactEngine) -> None:
    sql = engine.sql
    control = check.control.id
    sql.execute(_scoped_sql(check, engine.tables))
    sql.execute(
        "CREATE OR REPLACE TEMP TABLE subject AS SELECT * EXCLUDE (gate, gate_table, gate_at) "
        "FROM scoped WHERE gate IS NULL"
    )
    sql.execute("CREATE OR REPLACE TABLE in_scope AS SELECT host_id FROM subject")
    sql.execute(_GATED, [control, OUT_OF_SCOPE, OUT_OF_SCOPE])
    sql.execute(f"CREATE OR REPLACE TEMP TABLE answer AS {check.sql}")
    _refuse_broken_contract(check, engine)
    extra = [row[0] for row in sql.execute("DESCRIBE answer").fetchall()]
    packed = ", ".join(f'"{n}" := a."{n}"' for n in extra if n not in ("host_id", "reason"))
    detail = f"to_json(struct_pack({packed}))" if packed else "'{}'"
    verdicts = " ".join(f"WHEN '{r.code}' THEN '{r.verdict}'" for r in check.spec.reasons.values())
    sql.execute(
        f"INSERT INTO outcome SELECT ?, s.unit_id, s.host_id, CASE a.reason {verdicts} END, a.reason, "
        f"{detail} FROM subject AS s JOIN answer AS a ON a.host_id = s.host_id",
        [control],
    )


_GATED = """
INSERT INTO outcome
SELECT ?, unit_id, host_id, CASE gate WHEN ? THEN 'not_applicable' ELSE 'unknown' END, gate,
       CASE gate WHEN ? THEN '{}'
                 ELSE to_json(struct_pack("table" := gate_table,
                                          collected_at := strftime(gate_at, '%Y-%m-%dT%H:%M:%SZ')))
       END
  FROM scoped
 WHERE gate IS NOT NULL
"""


def _refuse_broken_contract(check: RunningCheck, engine: FactEngine) -> None:
    codes = list(check.spec.reasons)
    bad = engine.sql.execute(
        """
        SELECT COALESCE(s.host_id, a.host_id), any_value(a.reason)
          FROM subject AS s FULL JOIN answer AS a ON a.host_id = s.host_id
         GROUP BY 1
        HAVING count(*) <> 1 OR count(s.host_id) <> 1 OR count(a.host_id) <> 1
            OR NOT COALESCE(list_contains(?::VARCHAR[], any_value(a.reason)), false)
         LIMIT 1
        """,
        [codes],
    ).fetchone()
    if bad is not None:
        raise CheckMisbehaved(control=check.control.id, host=bad[0], reason=bad[1])


def _fill_rule(engine: FactEngine, control: Control, rulebooks: Mapping[int, Rulebook]) -> bool:
    """Make table `rule`: one row per unit that the control binds, with its parameter values."""
    engine.sql.execute(
        f"CREATE OR REPLACE TEMP TABLE rule (unit_id BIGINT{parameter_columns(control)})"
    )
    by_values: dict[str, list[int]] = {}
    for unit_id, rulebook in rulebooks.items():
        rule = rulebook.rules.get(control.id)
        if rule is not None and rule.binding:
            values = [
                rule.parameters[name].value if name in rule.parameters else None
                for name in control.parameters
            ]
            by_values.setdefault(json.dumps(values, default=str), []).append(unit_id)
    marks = "".join(", ?" for _ in control.parameters)
    for values_json, unit_ids in by_values.items():
        engine.sql.execute(
            f"INSERT INTO rule SELECT unnest(?::BIGINT[]){marks}",  # marks only
            [unit_ids, *json.loads(values_json)],
        )
    return bool(by_values)


def _scoped_sql(check: RunningCheck, tables: Mapping[str, FactTable]) -> str:
    evidence = check.spec.evidence
    gates = [
        (_gate_sql(tables[table], check.spec, hours), table) for table, hours in evidence.items()
    ]
    joins = " ".join(
        f'LEFT JOIN "{table}__latest" AS "g_{table}" ON "g_{table}".host_id = s.host_id'
        for table in evidence
    )
    first = f"COALESCE({', '.join(gate for gate, _ in gates)})" if gates else "NULL::VARCHAR"
    table_case = " ".join(f"WHEN ({gate}) IS NOT NULL THEN '{table}'" for gate, table in gates)
    time_case = " ".join(
        f'WHEN ({gate}) IS NOT NULL THEN "g_{table}".last_at' for gate, table in gates
    )
    partly = ", ".join(
        f"CASE WHEN \"g_{table}\".usable_status = 'partial' THEN '{table}' END"
        for table in evidence
    )
    return f"""
CREATE OR REPLACE TEMP TABLE scoped AS
WITH s AS (
    SELECT h.host_id, h.unit_id, h.host_name, h.kind, h.os_family, moment.as_of,
           rule.* EXCLUDE (unit_id)
      FROM host AS h JOIN rule ON rule.unit_id = h.unit_id CROSS JOIN moment
)
SELECT s.*, list_filter([{partly}]::VARCHAR[], lambda name: name IS NOT NULL) AS partial_tables,
       CASE WHEN NOT COALESCE({check.spec.applies or "true"}, false) THEN '{OUT_OF_SCOPE}'
            ELSE {first} END AS gate,
       {f"CASE {table_case} END" if gates else "NULL::VARCHAR"} AS gate_table,
       {f"CASE {time_case} END" if gates else "NULL::TIMESTAMP"} AS gate_at
  FROM s {joins}
"""  # built from the validated library


def _gate_sql(table: FactTable, spec: CheckSpec, hours: int | None) -> str:
    reading = f'"g_{table.name}"'
    minutes = (hours or table.age_max_hours) * 60
    empty = (
        "" if table.may_be_empty else f"WHEN {reading}.last_status = 'empty' THEN 'empty_reading' "
    )
    whole = (
        f"WHEN {reading}.usable_status = 'partial' THEN 'partial' "
        if table.name in spec.whole
        else ""
    )
    return (
        f"CASE WHEN {reading}.last_status IS NULL THEN 'never_collected' "
        f"WHEN {reading}.usable_at IS NULL THEN CASE WHEN {reading}.last_status IN "
        f"('denied', 'unsupported', 'timeout') THEN {reading}.last_status ELSE 'error' END "
        f"{empty}{whole}"
        f"WHEN date_diff('minute', {reading}.usable_at, s.as_of) > {minutes} THEN 'stale' END"
    )
