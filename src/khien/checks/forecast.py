"""What passes today and will fail if nobody acts: the same statements asked about days to come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from khien.checks.catalogue import RunningCheck, tables_used
from khien.checks.runner import run_checks
from khien.facts.engine import FactEngine
from khien.kernel.clock import vietnam_date
from khien.norms.rulebook import Rulebook

# Days ahead at which every statement is asked; between two of them the exact day is searched.
HORIZON_DAYS = (7, 14, 30, 60, 90)

Key: TypeAlias = tuple[int, str, str, str]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One finding that passes today, the first day on which it fails, and the reason it has then."""

    key: Key
    turns_on: date
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class _Bracket:
    """Days ahead between which a finding turns: it still passes on `low`, it fails on `high`."""

    low: int
    high: int
    reason: str
    detail: str


def foresee(
    checks: Iterable[RunningCheck],
    engine: FactEngine,
    rulebooks: Mapping[int, Rulebook],
    *,
    now: datetime,
) -> list[Foreseen]:
    """Return what turns from pass to fail within the horizon, each with its first day.

    Only statements over registers that look at the day are asked: facts of machines of a day to come are not
    known. Texts, rows and confirmations are taken as they stand now. The answers of now are lost afterwards.
    Args: engine: table `outcome` still holds the answers of now
    """
    passing = _answers(engine, "pass")
    controls = {control for _, control, _, _ in passing}
    asked = {
        check.control.id: check
        for check in checks
        if check.control.id in controls and _turns_with_time(check, engine)
    }
    brackets: dict[Key, _Bracket] = {}
    low = 0
    for high in HORIZON_DAYS:
        failing = _failing_on(asked.values(), engine, rulebooks, now, high)
        for key in (failing.keys() & passing.keys()) - brackets.keys():
            brackets[key] = _Bracket(low, high, *failing[key])
        low = high
    for control in sorted({key[1] for key in brackets}):
        own = {key: bracket for key, bracket in brackets.items() if key[1] == control}
        brackets |= _narrow(asked[control], engine, rulebooks, own, now)
    today = vietnam_date(now)
    return [
        Foreseen(key, today + timedelta(days=b.high), b.reason, b.detail)
        for key, b in brackets.items()
    ]


def _turns_with_time(check: RunningCheck, engine: FactEngine) -> bool:
    words = set(re.findall(r"\w+", f"{check.sql} {check.spec.applies or ''}"))
    tables = tables_used(check, engine.tables)
    return (
        not words.isdisjoint(("as_of", "today"))
        and check.spec.subject != "host"
        and all(engine.tables[table].is_register for table in tables)
    )


def _narrow(
    check: RunningCheck,
    engine: FactEngine,
    rulebooks: Mapping[int, Rulebook],
    brackets: dict[Key, _Bracket],
    now: datetime,
) -> dict[Key, _Bracket]:
    """Search the exact day on which each finding of one control turns, by halving."""
    while days := {(b.low + b.high) // 2 for b in brackets.values() if b.high - b.low > 1}:
        day = min(days)
        failing = _failing_on([check], engine, rulebooks, now, day)
        brackets = {
            key: _narrowed(b, day, failing.get(key)) if b.low < day < b.high else b
            for key, b in brackets.items()
        }
    return brackets


def _narrowed(bracket: _Bracket, day: int, failing: tuple[str, str] | None) -> _Bracket:
    if failing is None:
        return _Bracket(day, bracket.high, bracket.reason, bracket.detail)
    return _Bracket(bracket.low, day, *failing)


def _failing_on(
    checks: Iterable[RunningCheck],
    engine: FactEngine,
    rulebooks: Mapping[int, Rulebook],
    now: datetime,
    days: int,
) -> dict[Key, tuple[str, str]]:
    engine.set_moment(now + timedelta(days=days))
    run_checks(checks, engine, rulebooks, confirmed_at=now)
    return _answers(engine, "fail")


def _answers(engine: FactEngine, verdict: str) -> dict[Key, tuple[str, str]]:
    rows = engine.sql.execute(
        "SELECT unit_id, control_id, subject_kind, CASE subject_kind WHEN 'unit' THEN '' ELSE subject_id END, "
        "reason, detail FROM outcome WHERE verdict = ? AND subject_kind <> 'host'",
        [verdict],
    ).fetchall()
    return {(unit, control, kind, subject): (r, d) for unit, control, kind, subject, r, d in rows}
