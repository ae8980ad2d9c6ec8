"""Occurrences through time: what is made, what stays as it was, what takes the place of what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models import F
from duties_cast import Cast, at, bound_unit

from khien.duties.models import Occurrence, Refresh
from khien.duties.refreshing import refresh
from khien.duties.selectors import counts, next_due
from khien.ledger.models import LedgerEntry
from khien.norms.models import Binding
from khien.org.decisions import Decision
from khien.org.models import Unit
from khien.org.services import register_unit
from khien.org.structure import merge_units

QUARTER = "bn-iii-3-p4-quarterly-report"


def test_how_a_quarter_stands_follows_the_day(cast: Cast) -> None:
    seen = {day: cast.stands(day, QUARTER)["2026-Q3"] for day in
            ("2026-07-15", "2026-09-01", "2026-09-19", "2026-09-20")}  # fmt: skip
    assert list(seen.values()) == ["upcoming", "open", "due_soon", "overdue"]


def test_a_deadline_on_a_saturday_keeps_its_day_and_shows_friday_to_act(cast: Cast) -> None:
    (found,) = [one for one in cast.on("2026-09-01", QUARTER) if one.period == "2026-Q3"]
    assert (found.due_on, found.act_on) == (date(2026, 9, 19), date(2026, 9, 18))
    assert cast.stands("2026-09-19", QUARTER)["2026-Q3"] == "due_soon"


def test_vietnam_midnight_ends_the_last_day_not_utc(cast: Cast) -> None:
    still = at("2026-06-19", 16)  # 23:00 in Viet Nam
    over = at("2026-06-19", 17)  # 00:00 of the 20th
    assert {one.period: one.stands for one in cast.on(still, QUARTER)}["2026-Q2"] != "overdue"  # type: ignore[attr-defined]
    assert {one.period: one.stands for one in cast.on(over, QUARTER)}["2026-Q2"] == "overdue"  # type: ignore[attr-defined]


def test_a_refresh_without_news_writes_nothing(cast: Cast) -> None:
    cast.on("2026-09-01")
    entries = LedgerEntry.objects.count()
    assert refresh([cast.unit], now=at("2026-09-01", 3)) is None
    assert (LedgerEntry.objects.count(), Refresh.objects.count()) == (entries, 1)


def test_a_refresh_is_on_record_with_its_counts(cast: Cast) -> None:
    cast.on("2026-09-01")
    entry = LedgerEntry.objects.filter(kind="duties.refreshed").get()
    assert f'"created":{Occurrence.objects.count()}' in bytes(entry.line).decode()


def test_the_clock_set_back_changes_nothing_stored(cast: Cast) -> None:
    cast.send("quarterly_report", "2026-09-15")
    cast.put(
        "incident", title="Mã độc", detected_at="16/09/2026 08:00", occurred_at="16/09/2026 07:00"
    )
    cast.on("2026-09-20")
    before = list(Occurrence.objects.order_by("pk").values())
    cast.on("2026-08-01")
    assert list(Occurrence.objects.order_by("pk").values()) == before


def test_the_clock_set_far_ahead_and_back_loses_nothing(ward_cast: Cast) -> None:
    ward_cast.on("2026-11-01")
    before = {one.pk: one for one in Occurrence.objects.all()}
    ward_cast.on("2031-11-01")
    ward_cast.on("2026-11-02")
    after = Occurrence.objects.in_bulk(list(before))
    assert {pk: (one.state, one.due_on) for pk, one in after.items()} == {
        pk: (one.state, one.due_on) for pk, one in before.items()
    }


def test_a_binding_that_begins_within_a_window_owes_that_window(db: None) -> None:
    cast = Cast(bound_unit("moi", "bac-ninh", since=date(2026, 9, 10)))
    (found,) = [one for one in cast.on("2026-09-11", QUARTER) if one.period == "2026-Q3"]
    assert found.opens_on == date(2026, 9, 10)


def test_a_binding_that_begins_after_the_day_owes_the_next_one(db: None) -> None:
    cast = Cast(bound_unit("moi", "bac-ninh", since=date(2026, 9, 20)))
    assert "2026-Q3" not in cast.stands("2026-09-21", QUARTER)
    assert cast.stands("2026-09-21", QUARTER)["2026-Q4"] == "upcoming"


def test_a_unit_that_ends_within_a_period_owes_it_no_more(cast: Cast) -> None:
    cast.on("2026-09-01")
    Unit.objects.update(ended_on=date(2026, 9, 10))
    assert cast.stands("2026-09-11", QUARTER)["2026-Q3"] == "replaced"
    assert Occurrence.objects.get(duty=QUARTER, period="2026-Q3").reason == "unit_ended"


def test_what_was_overdue_when_a_unit_ended_stays_on_record(cast: Cast) -> None:
    cast.on("2026-09-25")
    Unit.objects.update(ended_on=date(2026, 10, 1))
    stands = cast.stands("2026-10-02", QUARTER)
    assert (stands["2026-Q3"], stands["2026-Q4"]) == ("overdue", "replaced")


def test_a_text_that_ends_within_a_period_takes_it_away_and_keeps_the_past(cast: Cast) -> None:
    cast.on("2026-09-25")
    Binding.objects.update(bound_to=date(2026, 12, 1))
    stands = cast.stands("2026-12-02", QUARTER)
    assert (stands["2026-Q3"], stands["2026-Q4"]) == ("overdue", "replaced")
    assert Occurrence.objects.get(duty=QUARTER, period="2026-Q4").reason == "document_ended"


def test_a_text_that_binds_again_brings_its_duties_back(cast: Cast) -> None:
    cast.on("2026-09-25")
    Binding.objects.update(bound_to=date(2026, 12, 1))
    cast.on("2026-12-02")
    Binding.objects.update(bound_to=None)
    assert cast.stands("2026-12-05", QUARTER)["2026-Q4"] == "due_soon"


def test_a_past_day_is_not_moved_by_a_schedule_that_changes(cast: Cast) -> None:
    """The past is judged by the law of its day: only what is ahead follows the new schedule."""
    cast.on("2026-09-25")
    Occurrence.objects.filter(duty=QUARTER).update(due_on=F("due_on") - timedelta(days=1))
    cast.on("2026-09-26")
    days = dict(Occurrence.objects.filter(duty=QUARTER).values_list("period", "due_on"))
    assert (days["2026-Q3"], days["2026-Q4"]) == (date(2026, 9, 18), date(2026, 12, 19))


def test_a_missed_month_is_missed_and_a_missed_report_is_owed(ward_cast: Cast, cast: Cast) -> None:
    ward_cast.on("2026-09-15")
    cast.on("2026-09-25")
    assert ward_cast.stands("2026-12-15", "ds-d24-k1-b-backup-monthly")["2026-10"] == "missed"
    assert cast.stands("2027-02-15", QUARTER)["2026-Q3"] == "overdue"


def test_what_was_missed_before_anybody_looked_is_not_made(ward_cast: Cast) -> None:
    stands = ward_cast.stands("2026-12-15", "ds-d24-k1-b-backup-monthly")
    assert "missed" not in stands.values()


def test_many_units_take_no_more_queries_than_one(
    cast: Cast, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    units = [
        cast.unit,
        *(bound_unit(f"u{n}", "bac-ninh", since=date(2026, 5, 7)) for n in range(30)),
    ]
    with django_assert_max_num_queries(40):
        refresh(units, now=at("2026-09-01"))
    with django_assert_max_num_queries(15):
        refresh(units, now=at("2026-09-01", 3))
    with django_assert_max_num_queries(1):
        assert len(next_due(units, now=at("2026-09-01"))) == 31
    with django_assert_max_num_queries(1):
        assert counts(units, now=at("2026-09-01"))[units[5].pk]["overdue"] >= 4


@pytest.mark.parametrize("day", ["2026-06-30", "2026-12-31", "2027-02-28", "2028-02-29"])
def test_refreshing_twice_is_refreshing_once(cast: Cast, ward_cast: Cast, day: str) -> None:
    ward_cast.on(day)
    cast.on(day)
    assert refresh([cast.unit, ward_cast.unit], now=at(day)) is None


def test_two_units_that_merge_within_a_quarter(db: None) -> None:
    """What each owed for the quarter goes with it; the unit that takes over owes by its own texts."""
    units = [
        register_unit(
            code,
            name_vi=f"Đơn vị {code}",
            name_en=code,
            kind="hospital",
            place="M",
            now=at("2026-01-05"),
        )
        for code in ("a", "b", "chung")
    ]
    for unit in units:
        Binding.objects.create(unit=unit, document="bac-ninh", bound_from=date(2026, 5, 7))
    refresh(units, now=at("2026-09-01"))
    paper = Decision("QĐ 12/QĐ-UBND")
    merge_units(
        units[:2], units[2:], on=date(2026, 9, 10), decision=paper, by="t", now=at("2026-09-11")
    )
    stands = [Cast(unit).stands("2026-09-12", QUARTER)["2026-Q3"] for unit in units]
    assert stands == ["replaced", "replaced", "due_soon"]
