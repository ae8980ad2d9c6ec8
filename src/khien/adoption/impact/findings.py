"""Which findings would turn: the changed controls asked on the facts of now, by the old law and by the new.

Nothing is stored; the answers stay in an engine of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from khien.adoption.impact.model import NOT_BOUND, Turn
from khien.checks.catalogue import RunningCheck, load_checks, tables_used
from khien.checks.runner import run_checks
from khien.facts.engine import FactEngine
from khien.facts.register_tables import check_tables
from khien.facts.selectors import open_engine
from khien.norms.rulebook import Rulebook
from khien.org.models import Unit


def findings_that_turn(
    units: Sequence[Unit],
    before: Mapping[int, Rulebook],
    after: Mapping[int, Rulebook],
    controls: Iterable[str],
    *,
    now: datetime,
) -> tuple[dict[int, tuple[Turn, ...]], tuple[str, ...]]:
    """Return by unit what would turn, and the controls that no check can decide before the day.

    Args:   before, after: rulebooks by unit key, without and with the text
            controls: those that differ for at least one unit
    Raises: CheckMisbehaved, CheckTooSlow
    """
    known = load_checks()
    chosen = list(controls)
    checks = [known[control] for control in chosen if control in known]
    left = tuple(control for control in chosen if control not in known)
    if not checks or not units:
        return {}, left
    engine = open_engine(as_of=now, units=units, tables=sorted(_tables(checks)))
    try:
        _ask(engine, checks, before, "before_answer")
        _ask(engine, checks, after, "after_answer")
        return _turns(engine, {unit.pk for unit in units}), left
    finally:
        engine.close()


def _tables(checks: Iterable[RunningCheck]) -> set[str]:
    return set().union(*(tables_used(check, check_tables()) for check in checks))


def _ask(
    engine: FactEngine,
    checks: Collection[RunningCheck],
    rulebooks: Mapping[int, Rulebook],
    table: str,
) -> None:
    run_checks(checks, engine, rulebooks)
    engine.sql.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM outcome")  # noqa: S608  # our own names


def _turns(engine: FactEngine, units: Collection[int]) -> dict[int, tuple[Turn, ...]]:
    rows = engine.sql.execute(_COMPARED, [NOT_BOUND, NOT_BOUND]).fetchall()
    found: dict[int, list[Turn]] = {}
    for unit, control, old, new, count in rows:
        if unit in units:
            found.setdefault(unit, []).append(Turn(control, old, new, count))
    return {unit: tuple(turns) for unit, turns in found.items()}


_COMPARED = """
SELECT unit_id, control_id, COALESCE(b.verdict, ?) AS old, COALESCE(a.verdict, ?) AS new, count(*)
  FROM before_answer AS b FULL JOIN after_answer AS a
       USING (unit_id, control_id, subject_kind, subject_id)
 WHERE b.verdict IS DISTINCT FROM a.verdict
 GROUP BY 1, 2, 3, 4
 ORDER BY 1, 2, 3, 4
"""
