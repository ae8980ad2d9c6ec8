"""Findings and what is counted of them, compared and written set by set; for the services of this room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import duckdb
from django.db.models import QuerySet

from khien.checks.bulk import bare_engine, fetched, id_batches, insert_rows, read_table
from khien.checks.digest import engine_tree_digest
from khien.checks.models import Assessment, Finding, Standing, ThemeStanding
from khien.norms.model import Library
from khien.org.models import Unit

Counts: TypeAlias = tuple[int, int, int, int]

_FINDING = {
    "id": ("id", "BIGINT"),
    "unit_id": ("unit_id", "BIGINT"),
    "control": ("control", "VARCHAR"),
    "kind": ("subject_kind", "VARCHAR"),
    "subject": ("subject", "VARCHAR"),
    "verdict": ("verdict", "VARCHAR"),
    "reason": ("reason", "VARCHAR"),
    "known": ("known", "VARCHAR"),
    "detail": ("detail", "VARCHAR"),
}
_SHARED = ("unit_id", "control", "kind", "verdict", "reason", "known")
_COUNTED = {
    "control": ("control", "VARCHAR"),
    "theme": ("theme", "VARCHAR"),
    "verdict": ("verdict", "VARCHAR"),
    "known": ("known", "VARCHAR"),
    "fail_count": ("fail_count", "BIGINT"),
    "unknown_count": ("unknown_count", "BIGINT"),
    "pass_count": ("pass_count", "BIGINT"),
    "not_applicable_count": ("not_applicable_count", "BIGINT"),
}
_STANDING = {"id": ("id", "BIGINT"), "unit_id": ("unit_id", "BIGINT"), **_COUNTED}
_COUNTS = ("fail_count", "unknown_count", "pass_count", "not_applicable_count")


@dataclass(frozen=True, slots=True)
class Written:
    """How many findings an assessment opened and closed."""

    opened_count: int
    closed_count: int


def read_findings(
    sql: duckdb.DuckDBPyConnection, findings: QuerySet[Finding], *, table: str
) -> None:
    """Make a table of the engine from findings."""
    read_table(sql, table, findings, _FINDING, shared=_SHARED)


def stored_tree_digest(findings: QuerySet[Finding], units: Iterable[Unit]) -> str:
    """Return the digest of stored findings in its second form, as it is made when they are recorded."""
    with bare_engine() as sql:
        read_findings(sql, findings, table="stood")
        name_units(sql, units)
        return engine_tree_digest(sql, "stood")


def name_units(sql: duckdb.DuckDBPyConnection, units: Iterable[Unit]) -> None:
    """Make table `unit_code`: the codes of units."""
    codes = {unit.pk: unit.code for unit in units}
    sql.execute(
        "CREATE OR REPLACE TABLE unit_code AS "
        "SELECT unnest(?::BIGINT[]) AS unit_id, unnest(?::VARCHAR[]) AS code",
        [list(codes), list(codes.values())],
    )


def compare(sql: duckdb.DuckDBPyConnection, units: Sequence[Unit]) -> None:
    """Set table `current` against the open findings; table `change` then holds what opens and what closes.

    Args: sql: holds `current` (unit_id, control, kind, subject, verdict, reason, known, detail)
    """
    read_findings(sql, Finding.objects.filter(unit__in=units, to_at=None), table="stood")
    sql.execute(_CHANGE)


def written_of(sql: duckdb.DuckDBPyConnection) -> Written:
    """Return how many findings table `change` opens and closes."""
    row = sql.execute("SELECT count(verdict), count(closing_id) FROM change").fetchone()
    return Written(*row) if row else Written(0, 0)


_CHANGE = """
CREATE OR REPLACE TABLE change AS
SELECT s.id AS closing_id, c.*
  FROM stood AS s FULL JOIN current AS c
       ON s.unit_id = c.unit_id AND s.control = c.control AND s.kind = c.kind AND s.subject = c.subject
 WHERE s.id IS NULL OR c.verdict IS NULL OR s.verdict <> c.verdict OR s.reason <> c.reason
    OR s.known <> c.known OR s.detail <> c.detail
"""


def write_change(sql: duckdb.DuckDBPyConnection, assessment: Assessment) -> None:
    """Close the findings that ended and open the new ones, as table `change` says."""
    ids = [
        row[0]
        for row in sql.execute(
            "SELECT closing_id FROM change WHERE closing_id IS NOT NULL ORDER BY 1"
        ).fetchall()
    ]
    for some in id_batches(ids):
        Finding.objects.filter(pk__in=some).update(to_at=assessment.as_of)
    names = ("unit_id", "control", "kind", "subject", "verdict", "reason", "known", "detail")
    answer = sql.execute(
        f"SELECT {', '.join(names)} FROM change WHERE verdict IS NOT NULL ORDER BY unit_id, control, kind, subject"  # noqa: S608  # our own names
    )
    fields = [_FINDING[name][0].removesuffix("_id") for name in names]
    insert_rows(
        Finding,
        [*fields, "from_at", "opened_by"],
        fetched(answer, assessment.as_of, assessment.pk),
    )


def count_standing(sql: duckdb.DuckDBPyConnection, library: Library) -> None:
    """Make table `counted` from table `current`: each control of each unit with its findings counted."""
    themes = [(control.id, control.theme) for control in library.controls.values()]
    sql.execute(
        "CREATE OR REPLACE TABLE control_theme AS "
        "SELECT unnest(?::VARCHAR[]) AS control, unnest(?::VARCHAR[]) AS theme",
        [[control for control, _ in themes], [theme for _, theme in themes]],
    )
    sql.execute(_COUNT)


_COUNT = """
CREATE OR REPLACE TABLE counted AS
WITH ranked AS (
    SELECT *, CASE verdict WHEN 'fail' THEN '1' WHEN 'unknown' THEN '2' WHEN 'pass' THEN '3' ELSE '4' END AS rank
      FROM current
)
SELECT unit_id, control, COALESCE(any_value(theme), '') AS theme,
       arg_min(verdict, rank) AS verdict, arg_min(known, rank || subject) AS known,
       count(*) FILTER (verdict = 'fail') AS fail_count,
       count(*) FILTER (verdict = 'unknown') AS unknown_count,
       count(*) FILTER (verdict = 'pass') AS pass_count,
       count(*) FILTER (verdict = 'not_applicable') AS not_applicable_count
  FROM ranked LEFT JOIN control_theme USING (control)
 GROUP BY unit_id, control
"""


def compare_standing(sql: duckdb.DuckDBPyConnection, units: Sequence[Unit]) -> int:
    """Make table `standing_change`, how stored standings differ from table `counted`; return how many do."""
    read_table(sql, "standing", Standing.objects.filter(unit__in=units), _STANDING)
    differs = " OR ".join(f"s.{name} <> c.{name}" for name in _COUNTED if name != "control")
    sql.execute(
        "CREATE OR REPLACE TABLE standing_change AS SELECT s.id AS old_id, c.* FROM standing AS s "  # noqa: S608  # our own names
        "FULL JOIN counted AS c ON s.unit_id = c.unit_id AND s.control = c.control "
        f"WHERE s.id IS NULL OR c.control IS NULL OR {differs}"
    )
    row = sql.execute("SELECT count(*) FROM standing_change").fetchone()
    return int(row[0]) if row else 0


def write_standing(
    sql: duckdb.DuckDBPyConnection, units: Sequence[Unit], *, library: Library, on: date
) -> None:
    """Bring what is counted of units in line with table `current`, as of a day."""
    count_standing(sql, library)
    compare_standing(sql, units)
    old = sql.execute("SELECT old_id FROM standing_change WHERE old_id IS NOT NULL").fetchall()
    for some in id_batches([row[0] for row in old]):
        Standing.objects.filter(pk__in=some).delete()
    names = ["unit_id", *_COUNTED]
    answer = sql.execute(
        f"SELECT {', '.join(names)} FROM standing_change WHERE control IS NOT NULL ORDER BY unit_id, control"  # noqa: S608  # our own names
    )
    insert_rows(Standing, ["unit", *_COUNTED], fetched(answer))
    _write_themes(_themes_counted(sql), units, on=on)


def is_standing_as_counted(units: Sequence[Unit], *, library: Library) -> bool:
    """Say whether the standings of units are what their open findings come to."""
    with bare_engine() as sql:
        read_findings(sql, Finding.objects.filter(unit__in=units, to_at=None), table="current")
        count_standing(sql, library)
        return compare_standing(sql, units) == 0


def _themes_counted(sql: duckdb.DuckDBPyConnection) -> dict[tuple[int, str], Counts]:
    rows = sql.execute(
        "SELECT unit_id, theme, count(*) FILTER (verdict = 'fail'), count(*) FILTER (verdict = 'unknown'), "
        "count(*) FILTER (verdict = 'pass'), count(*) FILTER (verdict = 'not_applicable') "
        "FROM counted GROUP BY ALL"
    ).fetchall()
    return {(unit, theme): (f, u, p, n) for unit, theme, f, u, p, n in rows}


def _write_themes(
    new: Mapping[tuple[int, str], Counts], units: Sequence[Unit], *, on: date
) -> None:
    """End the theme standings that changed and begin new ones; a second change on one day replaces the first."""
    stored = ThemeStanding.objects.filter(unit__in=units, until_on=None)
    old = {(row.unit_id, row.theme): row for row in stored}
    changed = [key for key in {*old, *new} if key not in old or _counts(old[key]) != new.get(key)]
    replaced = [old[key].pk for key in changed if key in old and old[key].from_on >= on]
    ended = [old[key].pk for key in changed if key in old and old[key].from_on < on]
    for some in id_batches(replaced):
        ThemeStanding.objects.filter(pk__in=some).delete()
    for some in id_batches(ended):
        ThemeStanding.objects.filter(pk__in=some).update(until_on=on)
    resumed = _resumed(new, [old[key] for key in changed if key in old and old[key].from_on == on])
    ThemeStanding.objects.bulk_create(
        ThemeStanding(
            unit_id=key[0], theme=key[1], from_on=on, **dict(zip(_COUNTS, new[key], strict=True))
        )
        for key in sorted(changed)
        if key in new and key not in resumed
    )


def _resumed(
    new: Mapping[tuple[int, str], Counts], replaced: Sequence[ThemeStanding]
) -> set[tuple[int, str]]:
    """Let the standing before a day go on where a second change of the day brought it back."""
    if not replaced:
        return set()
    day = replaced[0].from_on
    keys = {(row.unit_id, row.theme) for row in replaced}
    before = ThemeStanding.objects.filter(unit__in={unit for unit, _ in keys}, until_on=day)
    again = [
        row
        for row in before
        if (row.unit_id, row.theme) in keys and _counts(row) == new.get((row.unit_id, row.theme))
    ]
    for some in id_batches([row.pk for row in again]):
        ThemeStanding.objects.filter(pk__in=some).update(until_on=None)
    return {(row.unit_id, row.theme) for row in again}


def _counts(row: ThemeStanding) -> Counts:
    return (row.fail_count, row.unknown_count, row.pass_count, row.not_applicable_count)


def rewrite_theme_history(
    sql: duckdb.DuckDBPyConnection, units: Sequence[Unit], *, library: Library
) -> None:
    """Make the history of theme standings of units anew from all their findings, past and present."""
    count_standing(sql, library)  # for the themes of controls
    read_table(sql, "lasted", Finding.objects.filter(unit__in=units), _INTERVAL)
    ThemeStanding.objects.filter(unit__in=units).delete()
    insert_rows(
        ThemeStanding,
        ["unit", "theme", "from_on", "until_on", *_COUNTS],
        fetched(sql.execute(_THEME_HISTORY)),
    )


_INTERVAL = {
    "unit_id": ("unit_id", "BIGINT"),
    "control": ("control", "VARCHAR"),
    "verdict": ("verdict", "VARCHAR"),
    "from_at": ("from_at", "TIMESTAMPTZ"),
    "to_at": ("to_at", "TIMESTAMPTZ"),
}

# Findings that began or ended, then the worst verdict of each control at the end of each day of Viet Nam on
# which it changed, then how many controls of a theme moved that day, then the sums.
_THEME_HISTORY = """
WITH event AS (
    SELECT unit_id, control, verdict, from_at AS moment, 1 AS step FROM lasted
    UNION ALL SELECT unit_id, control, verdict, to_at, -1 FROM lasted WHERE to_at IS NOT NULL
), daily AS (
    SELECT unit_id, control, (moment AT TIME ZONE 'Asia/Ho_Chi_Minh')::DATE AS day,
           sum(step) FILTER (verdict = 'fail') AS f, sum(step) FILTER (verdict = 'unknown') AS u,
           sum(step) FILTER (verdict = 'pass') AS p, sum(step) FILTER (verdict = 'not_applicable') AS n
      FROM event GROUP BY ALL
), standing AS (
    SELECT unit_id, control, day,
           CASE WHEN sum(f) OVER w > 0 THEN 'fail' WHEN sum(u) OVER w > 0 THEN 'unknown'
                WHEN sum(p) OVER w > 0 THEN 'pass' WHEN sum(n) OVER w > 0 THEN 'not_applicable' END AS verdict
      FROM daily WINDOW w AS (PARTITION BY unit_id, control ORDER BY day)
), move AS (
    SELECT unit_id, control, day, verdict, 1 AS step FROM standing WHERE verdict IS NOT NULL
    UNION ALL
    SELECT unit_id, control, day, before, -1
      FROM (SELECT unit_id, control, day, lag(verdict) OVER (PARTITION BY unit_id, control ORDER BY day) AS before
              FROM standing)
     WHERE before IS NOT NULL
), moved AS (
    SELECT unit_id, COALESCE(theme, '') AS theme, day,
           COALESCE(sum(step) FILTER (verdict = 'fail'), 0) AS f,
           COALESCE(sum(step) FILTER (verdict = 'unknown'), 0) AS u,
           COALESCE(sum(step) FILTER (verdict = 'pass'), 0) AS p,
           COALESCE(sum(step) FILTER (verdict = 'not_applicable'), 0) AS n
      FROM move LEFT JOIN control_theme USING (control) GROUP BY ALL
    HAVING f <> 0 OR u <> 0 OR p <> 0 OR n <> 0
), summed AS (
    SELECT unit_id, theme, day AS from_on, lead(day) OVER w AS until_on, sum(f) OVER w AS f, sum(u) OVER w AS u,
           sum(p) OVER w AS p, sum(n) OVER w AS n
      FROM moved WINDOW w AS (PARTITION BY unit_id, theme ORDER BY day)
)
SELECT unit_id, theme, from_on, until_on, f::BIGINT, u::BIGINT, p::BIGINT, n::BIGINT
  FROM summed WHERE f + u + p + n > 0 ORDER BY unit_id, theme, from_on
"""
