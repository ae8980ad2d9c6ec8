"""Running of a control's own cases: made-up machines, promised reasons."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from khien.checks.catalogue import Case, RunningCheck, tables_used
from khien.checks.runner import run_checks
from khien.facts.engine import FactEngine
from khien.facts.register_tables import REGISTER_PREFIX
from khien.facts.tables import FactTable
from khien.kernel.clock import vietnam_date
from khien.norms.model import Clause, Duty, Library
from khien.norms.rulebook import Resolved, Rule, Rulebook, build_rulebook

CASE_MOMENT = datetime(2026, 11, 21, tzinfo=UTC)
_HOST = {
    "host_id": "h1",
    "unit_id": 1,
    "host_name": "h1",
    "kind": "workstation",
    "os_family": "linux",
}


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What a case promised and what the check said."""

    case: Case
    got: Mapping[str, Any]

    @property
    def is_kept(self) -> bool:
        """Say whether every promised value came back."""
        return all(self.got.get(name) == value for name, value in self.case.expect.items())


def run_case(
    check: RunningCheck, case: Case, *, tables: Mapping[str, FactTable], library: Library
) -> CaseResult:
    """Run one case on a fresh engine; tables it gives count as read an hour before."""
    subject = dict(case.subject)
    moment = (
        datetime.fromisoformat(str(subject.pop("as_of"))) if "as_of" in subject else CASE_MOMENT
    )
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    needed = {*case.given, *tables_used(check, tables)}
    engine = FactEngine({name: tables[name] for name in needed})
    try:
        partial = subject.pop("partial_tables", ())
        complete = subject.pop("complete_registers", ())
        host = {**_HOST, **{k: subject.pop(k) for k in list(subject) if k in _HOST}}
        engine.add_hosts([host])
        read = {
            name for name in (*check.spec.evidence, *case.given) if not tables[name].is_register
        }
        statuses = {
            name: "partial" if name in partial else _status(case, tables[name])
            for name in sorted(read)
        }
        _fill(engine, case, statuses, host=str(host["host_id"]), moment=moment)
        _fill_registers(engine, case, complete, unit_id=int(str(host["unit_id"])), moment=moment)
        engine.settle(as_of=moment)
        rulebook = _rulebook_with(check, case, subject, library)
        run_checks([check], engine, {int(str(host["unit_id"])): rulebook})
        row = engine.sql.execute(
            "SELECT reason, detail FROM outcome ORDER BY subject_id LIMIT 1"
        ).fetchone()
    finally:
        engine.close()
    got = {"reason": row[0], **json.loads(row[1])} if row else {}
    return CaseResult(case, got)


def _status(case: Case, table: FactTable) -> str:
    return "empty" if table.may_be_empty and not case.given.get(table.name) else "ok"


def _fill(
    engine: FactEngine, case: Case, statuses: Mapping[str, str], *, host: str, moment: datetime
) -> None:
    keys = {"intake_id": 1, "host_id": host}
    collected_at = datetime.fromtimestamp(moment.timestamp() - 3600, tz=UTC)
    engine.add_collections(
        [
            {
                **keys,
                "table_name": table,
                "status": status,
                "row_count": len(case.given.get(table, ())),
                "collected_at": collected_at,
            }
            for table, status in statuses.items()
        ]
    )
    for table, rows in case.given.items():
        if not engine.tables[table].is_register:
            engine.add_rows(table, [{**keys, **row} for row in rows])


def _fill_registers(
    engine: FactEngine, case: Case, complete: Collection[str], *, unit_id: int, moment: datetime
) -> None:
    """Fill the registers of a case: rows are r1, r2, … of the unit; the first is the subject's row.

    Papers have their file unless the case says otherwise.
    """
    states = []
    for table in (table for table in engine.tables.values() if table.is_register):
        rows = case.given.get(table.name, [])
        keys: dict[str, Any] = {"unit_id": unit_id, "changed_at": moment}
        if "has_file" in table.columns:
            keys["has_file"] = True
        engine.add_rows(
            table.name,
            [{"row_id": f"r{n}", "row_number": n, **keys, **row} for n, row in enumerate(rows, 1)],
        )
        code = table.name.removeprefix(REGISTER_PREFIX)
        confirmed_on = vietnam_date(moment).isoformat() if code in complete else None
        states.append(
            {
                "unit_id": unit_id,
                "register": code,
                "row_count": len(rows),
                "confirmed_on": confirmed_on,
            }
        )
    engine.add_register_states(states)


def _rulebook_with(
    check: RunningCheck, case: Case, values: Mapping[str, Any], library: Library
) -> Rulebook:
    """Return what binds in a case: its own documents, or all regulations; its own values stand over the texts'.

    Where only the law above demands the control, that binds.
    """
    control, day = check.control, vietnam_date(CASE_MOMENT)
    full = build_rulebook(
        library, library.regulations if case.bound is None else case.bound, on=day
    )
    if control.id not in full.rules:
        full = build_rulebook(library, library.documents, on=day)
    rule = full.rules[control.id]
    parameters = dict(rule.parameters)
    for name, value in values.items():
        given = tuple(value) if isinstance(value, list) else value
        if control.parameters[name].type == "date" and value is not None:
            given = date.fromisoformat(str(value))
        parameters[name] = Resolved(control.parameters[name], given, (), ())
    sources = tuple(_without(clause, duty, values) for clause, duty in rule.sources)
    rules = {control.id: Rule(control.id, sources, parameters)}
    return Rulebook(full.documents, full.on, rules, full.in_force)


def _without(clause: Clause, duty: Duty, values: Mapping[str, Any]) -> tuple[Clause, Duty]:
    """Return a duty without the parameters that a case takes away."""
    kept = {name: v for name, v in duty.parameters.items() if values.get(name, v) is not None}
    return clause, replace(duty, parameters=kept)
