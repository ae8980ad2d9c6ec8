"""The only writer of assessments and findings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from django.db import transaction

from khien.checks import events
from khien.checks.catalogue import RunningCheck, load_checks, tables_used
from khien.checks.digest import findings_digest
from khien.checks.models import Assessment, Finding
from khien.checks.runner import run_checks
from khien.facts.engine import FactEngine
from khien.facts.register_tables import check_tables
from khien.facts.selectors import open_engine
from khien.kernel.canonical import Json
from khien.kernel.clock import vietnam_date
from khien.ledger import services as ledger
from khien.norms.model import Library
from khien.norms.rulebook import Rulebook
from khien.norms.selectors import rulebooks_of
from khien.org.models import Unit

Key: TypeAlias = tuple[int, str, str, str]
State: TypeAlias = tuple[str, str, str, str]
_BATCH = 2000


@transaction.atomic
def assess(units: Iterable[Unit], *, library: Library, now: datetime) -> Assessment:
    """Judge units by their rulebooks on the facts at hand; only what changed opens a new interval.

    Returns: the assessment, on record in the ledger
    Raises:  CheckMisbehaved: a check broke its contract; nothing is stored
    """
    all_units = list(units)
    rulebooks = rulebooks_of(all_units, library=library, on=vietnam_date(now))
    checks = load_checks()
    needed = set().union(*(tables_used(check, check_tables()) for check in checks.values()))
    engine = open_engine(as_of=now, units=all_units, tables=sorted(needed))
    try:
        run_checks(checks.values(), engine, rulebooks)
        current = _measured(engine, checks)
        hosts = engine.sql.execute("SELECT unit_id, count(*) FROM host GROUP BY 1").fetchall()
    finally:
        engine.close()
    current.update(_undecided(rulebooks, checks, library, dict(hosts)))
    host_count = sum(count for _, count in hosts)
    return _store(all_units, current, library=library, now=now, host_count=host_count)


def _measured(engine: FactEngine, checks: Mapping[str, RunningCheck]) -> dict[Key, State]:
    known = {control: check.spec.decided for control, check in checks.items()}
    rows = engine.sql.execute(
        "SELECT unit_id, control_id, subject_kind, subject_id, verdict, reason, detail FROM outcome"
    ).fetchall()
    return {
        (unit, control, kind, "" if kind == "unit" else subject): (
            verdict,
            reason,
            detail,
            known[control],
        )
        for unit, control, kind, subject, verdict, reason, detail in rows
    }


def _undecided(
    rulebooks: Mapping[int, Rulebook],
    checks: Mapping[str, RunningCheck],
    library: Library,
    host_counts: Mapping[int, int],
) -> dict[Key, State]:
    """Say for each unit which binding controls nothing decides yet: unknown, never silence."""
    found: dict[Key, State] = {}
    for unit_id, rulebook in rulebooks.items():
        for control_id, rule in rulebook.rules.items():
            if not rule.binding:
                continue
            key = (unit_id, control_id, "unit", "")
            if control_id not in checks:
                found[key] = ("unknown", "not_yet", "{}", "not_yet")
            elif checks[control_id].spec.subject == "host" and not host_counts.get(unit_id):
                found[key] = ("unknown", "no_machine", "{}", "not_yet")
    return found


def _store(
    units: list[Unit],
    current: Mapping[Key, State],
    *,
    library: Library,
    now: datetime,
    host_count: int,
) -> Assessment:
    open_rows = Finding.objects.filter(unit__in=units, to_at=None).values_list(
        "pk",
        "unit_id",
        "control",
        "subject_kind",
        "subject",
        "verdict",
        "reason",
        "detail",
        "known",
    )
    unchanged: set[Key] = set()
    closing: list[int] = []
    for pk, unit, control, kind, subject, verdict, reason, detail, known in open_rows.iterator():
        key = (unit, control, kind, subject)
        if _same(current.get(key), (verdict, reason, detail, known)):
            unchanged.add(key)
        else:
            closing.append(pk)
    for start in range(0, len(closing), _BATCH):
        Finding.objects.filter(pk__in=closing[start : start + _BATCH]).update(to_at=now)
    opening = [(key, state) for key, state in current.items() if key not in unchanged]
    assessment = Assessment.objects.create(
        as_of=now,
        library_sha256=library.digest,
        unit_count=len(units),
        host_count=host_count,
        opened_count=len(opening),
        closed_count=len(closing),
    )
    assessment.units.set(units)
    Finding.objects.bulk_create(
        (_finding(key, state, assessment) for key, state in opening), batch_size=_BATCH
    )
    assessment.ledger_index = _record(assessment, units, current, now=now)
    assessment.save(update_fields=["ledger_index"])
    return assessment


def _same(new: State | None, old: tuple[str, str, Any, str]) -> bool:
    if new is None:
        return False
    return (new[0], new[1], new[3]) == (old[0], old[1], old[3]) and json.loads(new[2]) == old[2]


def _finding(key: Key, state: State, assessment: Assessment) -> Finding:
    unit_id, control, kind, subject = key
    verdict, reason, detail, known = state
    return Finding(
        unit_id=unit_id,
        control=control,
        subject_kind=kind,
        subject=subject,
        verdict=verdict,
        reason=reason,
        detail=json.loads(detail),
        known=known,
        from_at=assessment.as_of,
        opened_by=assessment,
    )


def _record(
    assessment: Assessment, units: list[Unit], current: Mapping[Key, State], *, now: datetime
) -> int:
    codes = {unit.pk: unit.code for unit in units}
    counts: dict[str, int] = {}
    for verdict, _, _, _ in current.values():
        counts[verdict] = counts.get(verdict, 0) + 1
    body: dict[str, Json] = {
        "library": assessment.library_sha256,
        "units": [unit.code for unit in units][:50],
        "unit_count": len(units),
        "host_count": assessment.host_count,
        "verdicts": counts,
        "findings_sha256": findings_digest(
            (codes[unit_id], control, kind, subject, verdict, reason, known, json.loads(detail))
            for (unit_id, control, kind, subject), (
                verdict,
                reason,
                detail,
                known,
            ) in current.items()
        ),
        "opened": assessment.opened_count,
        "closed": assessment.closed_count,
    }
    return ledger.record(events.ASSESSED, subject=str(assessment.pk), body=body, at=now)
