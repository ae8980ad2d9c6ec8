"""The only writer of assessments and findings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime

import duckdb
from django.db import transaction

from khien.checks import events
from khien.checks.bulk import bare_engine
from khien.checks.catalogue import RunningCheck, load_checks, tables_used
from khien.checks.digest import engine_tree_digest
from khien.checks.forecast import Foreseen, foresee
from khien.checks.models import Assessment, Finding, Standing, Turning
from khien.checks.runner import run_checks
from khien.checks.storing import (
    compare,
    name_units,
    read_findings,
    rewrite_theme_history,
    write_change,
    write_standing,
    written_of,
)
from khien.facts.register_tables import check_tables
from khien.facts.selectors import open_engine
from khien.kernel.canonical import Json
from khien.kernel.clock import vietnam_date
from khien.ledger import services as ledger
from khien.norms.model import Library
from khien.norms.rulebook import Rulebook
from khien.norms.selectors import rulebooks_of
from khien.org.models import Unit


def assess(units: Iterable[Unit], *, library: Library, now: datetime) -> Assessment:
    """Judge units by their rulebooks on the facts at hand; only what changed opens a new interval.

    Judging takes a minute for twenty thousand machines, and meanwhile others may write: only the storing of
    what changed is a transaction.
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
        _fill_current(engine.sql, checks, rulebooks, all_units)
        newest = _newest_of(all_units)
        compare(engine.sql, all_units)
        assessment = _store(engine.sql, all_units, library=library, now=now, seen=newest)
        # Only now: foreseeing asks the checks again, about days to come, and takes the place of their answers.
        _replace_turnings(all_units, list(foresee(checks.values(), engine, rulebooks, now=now)))
        return assessment
    finally:
        engine.close()


@transaction.atomic
def _replace_turnings(units: Sequence[Unit], foreseen: Iterable[Foreseen]) -> None:
    """Keep what is foreseen of units instead of what was foreseen at their last assessment."""
    Turning.objects.filter(unit__in=units).delete()
    rows = (
        Turning(
            unit_id=one.key[0],
            control=one.key[1],
            subject_kind=one.key[2],
            subject=one.key[3],
            turns_on=one.turns_on,
            reason=one.reason,
            detail=json.loads(one.detail),
        )
        for one in foreseen
    )
    Turning.objects.bulk_create(rows, batch_size=1000)


def _fill_current(
    sql: duckdb.DuckDBPyConnection,
    checks: Mapping[str, RunningCheck],
    rulebooks: Mapping[int, Rulebook],
    units: Sequence[Unit],
) -> None:
    """Make view `current`, every finding of now: what checks answered, and what nothing decides yet."""
    decided = {control: check.spec.decided for control, check in checks.items()}
    sql.execute(
        "CREATE OR REPLACE TABLE decided AS "
        "SELECT unnest(?::VARCHAR[]) AS control_id, unnest(?::VARCHAR[]) AS known",
        [list(decided), list(decided.values())],
    )
    own = [
        (control, reason.code, reason.decided)
        for control, check in checks.items()
        for reason in check.spec.reasons.values()
        if reason.decided is not None
    ]
    sql.execute(
        "CREATE OR REPLACE TABLE decided_otherwise AS SELECT unnest(?::VARCHAR[]) AS control_id, "
        "unnest(?::VARCHAR[]) AS reason, unnest(?::VARCHAR[]) AS known",
        [list(column) for column in zip(*own, strict=True)] or [[], [], []],
    )
    name_units(sql, units)
    sql.execute(
        "CREATE OR REPLACE TABLE undecided (unit_id BIGINT, control VARCHAR, reason VARCHAR)"
    )
    hosts = sql.execute("SELECT DISTINCT unit_id FROM host").fetchall()
    _fill_undecided(sql, checks, rulebooks, {unit for (unit,) in hosts})
    sql.execute(_CURRENT)


_CURRENT = """
CREATE OR REPLACE VIEW current AS
SELECT unit_id, control_id AS control, subject_kind AS kind,
       CASE subject_kind WHEN 'unit' THEN '' ELSE subject_id END AS subject, verdict, reason,
       COALESCE(o.known, decided.known) AS known, detail
  FROM outcome JOIN decided USING (control_id)
  LEFT JOIN decided_otherwise AS o USING (control_id, reason)
UNION ALL
SELECT unit_id, control, 'unit', '', 'unknown', reason, 'not_yet', '{}' FROM undecided
"""


def _fill_undecided(
    sql: duckdb.DuckDBPyConnection,
    checks: Mapping[str, RunningCheck],
    rulebooks: Mapping[int, Rulebook],
    with_hosts: Set[int],
) -> None:
    """Say for each unit which binding controls nothing decides yet: unknown, never silence."""
    shared: dict[int, list[int]] = {}
    for unit, rulebook in rulebooks.items():
        shared.setdefault(id(rulebook), []).append(unit)
    for units in shared.values():
        binding = [c for c, rule in rulebooks[units[0]].rules.items() if rule.binding]
        unknown = [control for control in binding if control not in checks]
        of_hosts = [c for c in binding if c in checks and checks[c].spec.subject == "host"]
        bare = [unit for unit in units if unit not in with_hosts]
        for some, controls, reason in ((units, unknown, "not_yet"), (bare, of_hosts, "no_machine")):
            sql.execute(
                "INSERT INTO undecided SELECT u.id, c.id, ? FROM (SELECT unnest(?::BIGINT[]) AS id) AS u "
                "CROSS JOIN (SELECT unnest(?::VARCHAR[]) AS id) AS c",
                [reason, some, controls],
            )


def _newest_of(units: Sequence[Unit]) -> Assessment | None:
    return Assessment.objects.filter(units__in=units).order_by("-as_of", "-pk").first()


@transaction.atomic
def _store(
    sql: duckdb.DuckDBPyConnection,
    units: list[Unit],
    *,
    library: Library,
    now: datetime,
    seen: Assessment | None = None,
) -> Assessment:
    """Store how `current` differs from what stands; table `change` says it if `seen` still is the newest."""
    # Of two assessments of a unit at once the second waits, and then sees what the first has stored.
    list(
        Unit.objects.select_for_update(no_key=True)
        .filter(pk__in=[u.pk for u in units])
        .order_by("pk")
    )
    newest = _newest_of(units)
    if newest is None or newest != seen:
        compare(sql, units)
    written = written_of(sql)
    as_of = (
        max(now, newest.as_of) if newest is not None else now
    )  # intervals never end before they begin
    hosts = sql.execute("SELECT count(*) FROM host").fetchone()
    assessment = Assessment.objects.create(
        as_of=as_of,
        library_sha256=library.digest,
        unit_count=len(units),
        host_count=hosts[0] if hosts else 0,
        opened_count=written.opened_count,
        closed_count=written.closed_count,
    )
    assessment.units.set(units)
    if not Standing.objects.filter(unit__in=units).exists():
        rewrite_theme_history(sql, units, library=library)  # of findings older than the tables
    write_change(sql, assessment)
    write_standing(sql, units, library=library, on=vietnam_date(as_of))
    assessment.ledger_index = _record(sql, assessment, units, now=as_of)
    assessment.save(update_fields=["ledger_index"])
    return assessment


def _record(
    sql: duckdb.DuckDBPyConnection, assessment: Assessment, units: list[Unit], *, now: datetime
) -> int:
    verdicts = sql.execute("SELECT verdict, count(*) FROM current GROUP BY 1 ORDER BY 1").fetchall()
    body: dict[str, Json] = {
        "library": assessment.library_sha256,
        "units": [unit.code for unit in units][:50],
        "unit_count": len(units),
        "host_count": assessment.host_count,
        "verdicts": dict(verdicts),
        "findings_tree_sha256": engine_tree_digest(sql, "current"),
        "opened": assessment.opened_count,
        "closed": assessment.closed_count,
    }
    return ledger.record(events.ASSESSED, subject=str(assessment.pk), body=body, at=now)


@transaction.atomic
def rebuild_standing(units: Iterable[Unit], *, library: Library, now: datetime) -> None:
    """Count anew what pages show of units, now and in the past, from their findings."""
    chosen = list(units)
    with bare_engine() as sql:
        read_findings(sql, Finding.objects.filter(unit__in=chosen, to_at=None), table="current")
        rewrite_theme_history(sql, chosen, library=library)
        write_standing(sql, chosen, library=library, on=vietnam_date(now))
