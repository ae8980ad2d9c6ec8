"""Which intakes are kept however old: what stands now, and what something else rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import duckdb
from django.conf import settings

from khien.facts.selectors import open_engine
from khien.kernel.clock import parse_iso, vietnam_date
from khien.norms.library import load_library
from khien.norms.selectors import rulebooks_of
from khien.org.selectors import all_units
from khien.registers.models import Row

# Evidence is kept at least as long as the texts want logs kept: a longer month, so that none is cut short.
_LOG_CONTROL: Final = "LOG-04"
_LOG_MONTHS: Final = "log_retain_months"
_MONTH_DAYS: Final = 31
# Before an incident was seen it was already under way.
_BEFORE_INCIDENT: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a unit's machines: what stood at a moment, and all that came in until another."""

    unit_id: int
    from_at: datetime
    until_at: datetime


Keeper = Callable[[datetime], Iterable[Kept]]
_KEEPERS: list[Keeper] = []


def register_keeper(keeper: Keeper) -> Keeper:
    """Let a room above say what it rests on; asked whenever old facts are to be deleted."""
    if keeper not in _KEEPERS:
        _KEEPERS.append(keeper)
    return keeper


def keep_days(*, now: datetime) -> int:
    """Return for how many days facts are kept: as set, and never shorter than any bound text wants logs kept."""
    rulebooks = rulebooks_of(all_units(), library=load_library(), on=vietnam_date(now))
    wanted = 0
    for rulebook in {id(one): one for one in rulebooks.values()}.values():
        rule = rulebook.rules.get(_LOG_CONTROL)
        months = rule.parameters.get(_LOG_MONTHS) if rule is not None else None
        if months is not None and isinstance(months.value, int):
            wanted = max(wanted, months.value * _MONTH_DAYS)
    return max(wanted, int(settings.KHIEN_FACTS_KEEP_DAYS))


@register_keeper
def open_incidents(now: datetime) -> list[Kept]:
    """Return what incidents rest on that are not closed: everything since a month before each."""
    rows = Row.objects.filter(register="incident", is_retired=False)
    found = []
    for unit, values in rows.values_list("unit_id", "values"):
        moments = [_moment(values.get(name)) for name in ("occurred_at", "detected_at")]
        begun = min((moment for moment in moments if moment is not None), default=None)
        if begun is not None and not values.get("closed_at"):
            found.append(Kept(unit, begun - _BEFORE_INCIDENT, now))
    return found


def _moment(text: object) -> datetime | None:
    try:
        moment = parse_iso(str(text))
    except ValueError:
        return None
    return moment


def kept_intakes(before: datetime, *, now: datetime) -> set[int]:
    """Return the intakes from before a moment that are kept.

    These are the ones that stood for each machine and table at that moment, so that every later moment can
    still be told, the last of each machine among them; and what the keepers name.
    """
    kept = [one for keeper in _KEEPERS for one in keeper(now)]
    with closing(open_engine(as_of=before, tables=())) as engine:
        sql = engine.sql
        sql.execute("CREATE TABLE kept (unit_id BIGINT, from_at TIMESTAMP, until_at TIMESTAMP)")
        if kept:
            rows = [(one.unit_id, _plain(one.from_at), _plain(one.until_at)) for one in kept]
            sql.executemany("INSERT INTO kept VALUES (?, ?, ?)", rows)
        return _numbers(sql, _STOOD) | _numbers(sql, _STOOD_FOR_UNITS) | _numbers(sql, _CAME_IN)


def _plain(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _numbers(sql: duckdb.DuckDBPyConnection, statement: str) -> set[int]:
    return {number for (number,) in sql.execute(statement).fetchall() if number is not None}


# The same choice as in the engine of checks: the newest usable reading counts, the newest of all says how it went.
_PLACE = "epoch_us(collected_at)::HUGEINT * 1000000000000 + intake_id"
_CHOSEN = f"""
SELECT DISTINCT unnest([arg_max(intake_id, {_PLACE}) FILTER (status IN ('ok', 'partial', 'empty')),
                        arg_max(intake_id, {_PLACE})])
"""
_STOOD = f"""
{_CHOSEN} FROM collection, moment WHERE collected_at <= as_of GROUP BY host_id, table_name
"""
_STOOD_FOR_UNITS = f"""
{_CHOSEN}
  FROM collection AS c JOIN host AS h USING (host_id) JOIN kept AS k USING (unit_id)
 WHERE c.collected_at <= k.from_at
 GROUP BY host_id, table_name, unit_id, k.from_at
"""
_CAME_IN = """
SELECT DISTINCT intake_id FROM collection JOIN host USING (host_id) JOIN kept USING (unit_id)
 WHERE collected_at > from_at AND collected_at <= until_at
"""
