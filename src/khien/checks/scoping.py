"""Which subjects a control judges, and which of them have no evidence that could be judged."""

from __future__ import annotations

from collections.abc import Mapping

from khien.checks.catalogue import RunningCheck
from khien.facts.register_tables import REGISTER_PREFIX
from khien.facts.tables import FactTable
from khien.norms.model import CheckSpec

OUT_OF_SCOPE = "out_of_scope"
NOTHING_REGISTERED = "nothing_registered"
# A register that somebody confirmed as complete counts as such for a year.
CONFIRMED_DAYS = 366

_HOST = """
    SELECT h.host_id AS subject_id, h.host_id, h.unit_id, h.host_name, h.kind, h.os_family,
           moment.as_of, moment.today, rule.* EXCLUDE (unit_id)
      FROM host AS h JOIN rule ON rule.unit_id = h.unit_id CROSS JOIN moment
"""
_UNIT = """
    SELECT rule.unit_id::VARCHAR AS subject_id, rule.unit_id, moment.as_of, moment.today, rule.* EXCLUDE (unit_id)
      FROM rule CROSS JOIN moment
"""
_ROW = """
    SELECT r.row_id AS subject_id, r.unit_id, moment.as_of, moment.today, rule.* EXCLUDE (unit_id)
      FROM "{table}" AS r JOIN rule ON rule.unit_id = r.unit_id CROSS JOIN moment
"""


def scoped_sql(check: RunningCheck, tables: Mapping[str, FactTable]) -> str:
    """Return the statement that makes table `scoped`: every subject with its parameters and its gate.

    A gate is the reason why a subject cannot be judged: out of scope, or what is wrong with its evidence.
    """
    spec = check.spec
    gates = [(_gate(table, spec, tables), table) for table in spec.evidence]
    first = f"COALESCE({', '.join(gate for gate, _ in gates)})" if gates else "NULL::VARCHAR"
    table_case = " ".join(f"WHEN ({gate}) IS NOT NULL THEN '{table}'" for gate, table in gates)
    time_case = " ".join(
        f'WHEN ({gate}) IS NOT NULL THEN "g_{table}".last_at'
        for gate, table in gates
        if not table.startswith(REGISTER_PREFIX)
    )
    return f"""
CREATE OR REPLACE TEMP TABLE scoped AS
WITH s AS ({_base(spec)})
SELECT s.*, {_partial_tables(check)} AS partial_tables,
       COALESCE(done.registers, []::VARCHAR[]) AS complete_registers,
       CASE WHEN NOT COALESCE({spec.applies or "true"}, false) THEN '{OUT_OF_SCOPE}'
            ELSE {first} END AS gate,
       {f"CASE {table_case} END" if gates else "NULL::VARCHAR"} AS gate_table,
       {f"CASE {time_case} END" if time_case else "NULL::TIMESTAMP"} AS gate_at
  FROM s {_joins(spec)}
  LEFT JOIN complete_register AS done ON done.unit_id = s.unit_id
"""  # noqa: S608  # built from the validated library


def empty_register_sql(spec: CheckSpec) -> str | None:
    """Return the units whose register has no row to judge; None where subjects are not register rows."""
    if spec.subject in ("host", "unit"):
        return None
    table = f"{REGISTER_PREFIX}{spec.subject}"
    return f"""
SELECT rule.unit_id, '{table}' AS register, c.unit_id IS NOT NULL AS is_confirmed
  FROM rule
  LEFT JOIN complete_register AS c
         ON c.unit_id = rule.unit_id AND list_contains(c.registers, '{spec.subject}')
 WHERE rule.unit_id NOT IN (SELECT unit_id FROM "{table}")
"""  # noqa: S608  # built from the validated library


def _base(spec: CheckSpec) -> str:
    if spec.subject == "host":
        return _HOST
    if spec.subject == "unit":
        return _UNIT
    return _ROW.format(table=f"{REGISTER_PREFIX}{spec.subject}")


def _partial_tables(check: RunningCheck) -> str:
    spec = check.spec
    if (
        "partial_tables" not in check.sql
    ):  # a list for each of 20,000 machines is dear where nobody reads it
        return "[]::VARCHAR[]"
    partly = ", ".join(
        f"CASE WHEN \"g_{table}\".usable_status = 'partial' THEN '{table}' END"
        for table in spec.evidence
        if not table.startswith(REGISTER_PREFIX)
    )
    return f"list_filter([{partly}]::VARCHAR[], lambda name: name IS NOT NULL)"


def _joins(spec: CheckSpec) -> str:
    return " ".join(
        f'LEFT JOIN register_state AS "g_{table}" ON "g_{table}".unit_id = s.unit_id '
        f"AND \"g_{table}\".register = '{table.removeprefix(REGISTER_PREFIX)}'"
        if table.startswith(REGISTER_PREFIX)
        else f'LEFT JOIN "{table}__latest" AS "g_{table}" ON "g_{table}".host_id = s.host_id'
        for table in spec.evidence
    )


def _gate(table: str, spec: CheckSpec, tables: Mapping[str, FactTable]) -> str:
    if table.startswith(REGISTER_PREFIX):
        return _register_gate(table, spec.evidence[table])
    return _fact_gate(tables[table], spec)


def _register_gate(table: str, hours: int | None) -> str:
    """An empty register that nobody confirmed says nothing; one not confirmed lately is stale if asked for."""
    state = f'"g_{table}"'
    stale = (
        f"WHEN {state}.confirmed_on IS NULL "
        f"OR 24 * date_diff('day', {state}.confirmed_on, s.today) > {hours} THEN 'register_not_confirmed' "
        if hours
        else ""
    )
    return (
        f"CASE WHEN COALESCE({state}.row_count, 0) = 0 AND {state}.confirmed_on IS NULL "
        f"THEN 'register_empty' {stale}END"
    )


def _fact_gate(table: FactTable, spec: CheckSpec) -> str:
    reading = f'"g_{table.name}"'
    minutes = (spec.evidence[table.name] or table.age_max_hours) * 60
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
