"""What a statement may know of the law: values in force, since when, and which texts of the unit give them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from khien.checks.catalogue import (
    PARAMETER_SQL,
    RunningCheck,
    binding_columns,
    since_columns,
)
from khien.facts.engine import FactEngine
from khien.norms.rulebook import Rule, Rulebook, is_binding


def fill_rule(check: RunningCheck, engine: FactEngine, rulebooks: Mapping[int, Rulebook]) -> bool:
    """Make table `rule`: one row per unit that the control binds, with its values and since when they hold.

    Units whose texts contradict each other are left out. Returns: whether the control binds any unit
    """
    control, wanted = check.control, _since_wanted(check)
    by_values: dict[str, list[int]] = {}
    for rulebook, unit_ids in _shared(rulebooks):
        rule = rulebook.rules.get(control.id)
        if rule is None or not rule.binding or rule.contradictions:
            continue
        values = [
            rule.parameters[name].value if name in rule.parameters else None
            for name in control.parameters
        ]
        days = [_since(rule, rulebook, name) for name in wanted.values()]
        by_values.setdefault(json.dumps([*values, *days], default=str), []).extend(unit_ids)
    if not by_values:
        return False
    kinds = {name: PARAMETER_SQL[parameter.type] for name, parameter in control.parameters.items()}
    kinds |= dict.fromkeys(wanted, "DATE")
    columns = "".join(f', ?::{kind} AS "{name}"' for name, kind in kinds.items())
    chosen = " UNION ALL ".join(
        f"SELECT unnest(?::BIGINT[]) AS unit_id{columns}" for _ in by_values
    )
    given = [value for text, ids in by_values.items() for value in (ids, *json.loads(text))]
    engine.sql.execute(f"CREATE OR REPLACE TEMP TABLE rule AS {chosen}", given)
    return True


def fill_binding(
    check: RunningCheck, engine: FactEngine, rulebooks: Mapping[int, Rulebook]
) -> None:
    """Make table `binding` where the statement reads it: one row per unit and duty that demands the control."""
    if "binding" not in _words(check):
        return
    columns = binding_columns(check.control)
    engine.sql.execute(f"CREATE OR REPLACE TEMP TABLE binding ({columns})")
    rows = [
        {"unit_id": unit_id, **row}
        for rulebook, unit_ids in _shared(rulebooks)
        if (rule := rulebook.rules.get(check.control.id)) is not None
        for row in _binding_rows(check, rulebook, rule)
        for unit_id in unit_ids
    ]
    engine.insert_rows("binding", columns, rows)


def _shared(rulebooks: Mapping[int, Rulebook]) -> list[tuple[Rulebook, list[int]]]:
    """Return each rulebook once, with the units that share it."""
    found: dict[int, tuple[Rulebook, list[int]]] = {}
    for unit_id, rulebook in rulebooks.items():
        found.setdefault(id(rulebook), (rulebook, []))[1].append(unit_id)
    return list(found.values())


def _binding_rows(
    check: RunningCheck, rulebook: Rulebook, rule: Rule
) -> Iterator[Mapping[str, Any]]:
    for clause, duty in rule.sources:
        if not is_binding(duty):
            continue
        begins, ends = rulebook.in_force[clause.document]
        values = {name: duty.parameters.get(name) for name in check.control.parameters}
        yield {
            "document": clause.document,
            "clause": clause.path,
            "modality": duty.modality,
            "frequency": duty.frequency,
            "in_force_since": begins,
            "in_force_until": ends,
            **{n: list(v) if isinstance(v, tuple) else v for n, v in values.items()},
        }


def _since_wanted(check: RunningCheck) -> dict[str, str | None]:
    """Return the columns "since when" that the statement reads, with the parameter each is about."""
    words = _words(check)
    return {
        column: name for column, name in since_columns(check.control).items() if column in words
    }


def _since(rule: Rule, rulebook: Rulebook, parameter: str | None) -> date | None:
    """Return the first day on which a text of the unit demanded the control, or gave the parameter."""
    days = [
        rulebook.in_force[clause.document][0]
        for clause, duty in rule.sources
        if is_binding(duty) and (parameter is None or duty.parameters.get(parameter) is not None)
    ]
    return min(days, default=None)


def _words(check: RunningCheck) -> set[str]:
    return set(re.findall(r"\w+", f"{check.sql} {check.spec.applies or ''}"))
