"""What pages count is what the findings come to, whatever the assessments were; digests are the same both ways."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khien.checks import events
from khien.checks.digest import engine_tree_digest, findings_digest, findings_tree_digest
from khien.checks.models import Assessment, Finding, Standing, ThemeStanding
from khien.checks.selectors import findings_are_as_recorded, findings_at, standing_is_as_counted
from khien.checks.services import _store, rebuild_standing
from khien.checks.standing import trend, verdict_counts
from khien.checks.storing import name_units
from khien.kernel.clock import vietnam_date
from khien.ledger import services as ledger
from khien.norms.library import load_library
from khien.norms.model import VERDICTS
from khien.org.models import Unit

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
COLUMNS = "unit_id BIGINT, control VARCHAR, kind VARCHAR, subject VARCHAR, verdict VARCHAR, reason VARCHAR, known VARCHAR, detail VARCHAR"
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


def units(count: int = 3) -> list[Unit]:
    return [
        Unit.objects.create(code=f"u{n}", name_vi="U", name_en="U", kind="ward", place="M")
        for n in range(count)
    ]


def chance_of(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # the same each time, on purpose


def store(
    given: dict[tuple[Any, ...], tuple[str, ...]], over: list[Unit], now: datetime
) -> Assessment:
    """Store made-up answers as an assessment does."""
    sql = duckdb.connect(":memory:")
    sql.execute(f"CREATE TABLE current ({COLUMNS})")
    sql.execute("CREATE TABLE host (host_id VARCHAR)")
    name_units(sql, over)
    for key, state in given.items():
        sql.execute("INSERT INTO current VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [*key, *state])
    done = _store(sql, over, library=load_library(), now=now)
    sql.close()
    return done


def changed(given: dict[Any, Any], over: list[Unit], chance: random.Random) -> dict[Any, Any]:
    """Some answers go, some come, some change."""
    controls = list(load_library().controls)[:12]
    kept = {k: v for k, v in given.items() if chance.random() < 0.85}
    for _ in range(chance.randrange(1, 12)):
        key = (chance.choice(over).pk, chance.choice(controls), "host", f"h{chance.randrange(4)}")
        verdict = chance.choice(VERDICTS)
        kept[key] = (verdict, f"r{chance.randrange(2)}", "measured", '{"a":"ạ"}')
    return kept


def recounted() -> dict[tuple[int, str], Counter[str]]:
    found: dict[tuple[int, str], Counter[str]] = {}
    for finding in Finding.objects.filter(to_at=None):
        found.setdefault((finding.unit_id, finding.control), Counter())[finding.verdict] += 1
    return found


def stood_at(moment: datetime, over: list[Unit]) -> dict[str, int]:
    """Count controls by worst verdict from the findings of a moment, one by one."""
    worst: dict[tuple[int, str], int] = {}
    order = ("fail", "unknown", "pass", "not_applicable")
    for finding in findings_at(over, at=moment):
        key, rank = (finding.unit_id, finding.control), order.index(finding.verdict)
        worst[key] = min(rank, worst.get(key, 9))
    counted = Counter(order[rank] for rank in worst.values())
    return {verdict: counted[verdict] for verdict in VERDICTS}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_standings_are_what_the_findings_come_to(seed: int) -> None:
    chance, over, given, now = chance_of(seed), units(), {}, START
    moments = []
    for _ in range(12):
        given = changed(given, over, chance)
        store(given, over, now)
        moments.append(now)
        now += timedelta(hours=chance.choice([1, 5, 24, 100]))
        rows = {(s.unit_id, s.control): s for s in Standing.objects.all()}
        counts = recounted()
        assert set(rows) == set(counts)
        for key, row in rows.items():
            assert {v: getattr(row, f"{v}_count") for v in VERDICTS} == {
                v: counts[key][v] for v in VERDICTS
            }
            assert getattr(row, f"{row.verdict}_count") > 0
    assert standing_is_as_counted(library=load_library())
    said = verdict_counts(over)
    assert {v: sum(n[v] for n in said.values()) for v in VERDICTS} == stood_at(moments[-1], over)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_the_trend_is_the_findings_at_the_end_of_each_day(seed: int) -> None:
    chance, over, given, now = chance_of(seed), units(), {}, START
    for _ in range(14):
        given = changed(given, over, chance)
        store(given, over, now)
        now += timedelta(hours=chance.choice([1, 3, 20, 24]))
    today = vietnam_date(now)
    for point in trend(over, days=10, today=today):
        end = datetime.combine(point.on, datetime.max.time(), tzinfo=UTC) - timedelta(hours=7)
        assert dict(point.counts) == stood_at(end, over), point.on


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_counted_anew_the_history_is_the_same(seed: int) -> None:
    chance, over, given, now = chance_of(seed), units(), {}, START
    for _ in range(12):
        given = changed(given, over, chance)
        store(given, over, now)
        now += timedelta(hours=chance.choice([1, 5, 24]))
    fields = ("unit_id", "theme", "from_on", "until_on", *(f"{v}_count" for v in VERDICTS))
    before = set(ThemeStanding.objects.values_list(*fields))
    standing = set(Standing.objects.values_list("unit_id", "control", "verdict", "known"))
    ThemeStanding.objects.all().delete()
    Standing.objects.all().delete()
    rebuild_standing(over, library=load_library(), now=now)
    assert set(ThemeStanding.objects.values_list(*fields)) == before
    assert set(Standing.objects.values_list("unit_id", "control", "verdict", "known")) == standing


@pytest.mark.django_db
def test_a_count_changed_behind_our_back_is_noticed() -> None:
    over = units(1)
    store({(over[0].pk, "PWD-01", "host", "h"): ("fail", "r", "measured", "{}")}, over, START)
    assert standing_is_as_counted(library=load_library())
    Standing.objects.update(fail_count=0, pass_count=1, verdict="pass")
    assert not standing_is_as_counted(library=load_library())


@pytest.mark.django_db
def test_units_that_were_not_assessed_keep_what_they_have() -> None:
    first, second = units(2)
    store({(u.pk, "PWD-01", "host", "h"): ("fail", "r", "measured", "{}") for u in (first, second)}, [first, second], START)  # fmt: skip
    done = store({}, [first], START + timedelta(days=1))
    assert (done.opened_count, done.closed_count) == (0, 1)
    assert set(Standing.objects.values_list("unit_id", flat=True)) == {second.pk}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), *[TEXT] * 7), max_size=12, unique=True))
def test_the_engine_makes_the_same_digest(findings: list[tuple[str, ...]]) -> None:
    sql = duckdb.connect(":memory:")
    sql.execute(f"CREATE TABLE current ({COLUMNS})")
    sql.execute(
        "CREATE TABLE unit_code AS SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t(unit_id, code)"
    )
    for code, control, kind, subject, verdict, reason, known, detail in findings:
        row = [{"a": 1, "b": 2}[code], control, kind, subject, verdict, reason, known, detail]
        sql.execute("INSERT INTO current VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    assert engine_tree_digest(sql, "current") == findings_tree_digest(findings)
    sql.close()


@pytest.mark.django_db
def test_a_digest_of_the_first_form_is_still_verified() -> None:
    over = units(1)
    done = store(
        {(over[0].pk, "PWD-01", "host", "h"): ("fail", "r", "measured", '{"b":1,"a":"ạ"}')},
        over,
        START,
    )
    digest = findings_digest(
        [("u0", "PWD-01", "host", "h", "fail", "r", "measured", {"a": "ạ", "b": 1})]
    )
    body = {"unit_count": 1, "host_count": 0, "opened": 1, "closed": 0, "findings_sha256": digest}
    done.ledger_index = ledger.record(events.ASSESSED, subject="1", body=body, at=START)
    done.save()
    assert findings_are_as_recorded()
    Finding.objects.update(verdict="pass")
    assert not findings_are_as_recorded()


@pytest.mark.django_db
def test_findings_older_than_the_tables_get_their_history() -> None:
    over = units(1)
    fail = {(over[0].pk, "PWD-01", "host", "h"): ("fail", "r", "measured", "{}")}
    good = {(over[0].pk, "PWD-01", "host", "h"): ("pass", "r", "measured", "{}")}
    store(fail, over, START)
    ThemeStanding.objects.all().delete()
    Standing.objects.all().delete()
    store(good, over, START + timedelta(days=3))
    rows = list(
        ThemeStanding.objects.values_list("from_on", "until_on", "fail_count", "pass_count")
    )
    assert rows == [(date(2026, 3, 2), date(2026, 3, 5), 1, 0), (date(2026, 3, 5), None, 0, 1)]


@pytest.mark.django_db
def test_an_assessment_that_finishes_after_a_newer_one_ends_nothing_before_it_began() -> None:
    over = units(1)
    fail = {(over[0].pk, "PWD-01", "host", "h"): ("fail", "r", "measured", "{}")}
    newer = store(fail, over, START + timedelta(hours=2))
    late = store({}, over, START)
    assert late.as_of == newer.as_of
    assert all(f.to_at is None or f.to_at >= f.from_at for f in Finding.objects.all())
