"""Clocks that events start, intervals from the last time, and those a unit sets itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from duties_cast import BY, Cast, at, bound_unit

from khien.duties.errors import IntervalRefused, UnknownDuty
from khien.duties.models import Occurrence
from khien.duties.selectors import intervals_missing
from khien.duties.services import set_interval
from khien.registers.services import Act, retire_row

IN_24_HOURS = "bn-ii-2-p3-report-24h"
ON_REQUEST = "bn-iii-3-p4-adhoc-report"
WIFI = "bd-d7-k2-b-wifi-rotate"
REVIEW = "ds-d19-k1-e-acc-review-3m"
LOGS = "ds-d20-k3-log-review"


def test_an_incident_starts_a_clock_of_24_hours(cast: Cast) -> None:
    cast.put(
        "incident", title="Mã độc", occurred_at="10/09/2026 22:30", detected_at="11/09/2026 01:00"
    )
    (found,) = cast.on(datetime(2026, 9, 10, 20, 0, tzinfo=UTC), IN_24_HOURS)
    assert found.due_at == datetime(2026, 9, 11, 15, 30, tzinfo=UTC)  # 22:30 in Viet Nam
    assert (found.period, found.due_on) == ("incident-1", date(2026, 9, 11))


def test_the_clock_is_judged_to_the_minute(cast: Cast) -> None:
    row = cast.put(
        "incident", title="Mã độc", occurred_at="10/09/2026 22:30", detected_at="10/09/2026 23:00"
    )
    before, after = (
        datetime(2026, 9, 11, 15, 29, tzinfo=UTC),
        datetime(2026, 9, 11, 15, 31, tzinfo=UTC),
    )
    assert cast.stands(before, IN_24_HOURS) == {"incident-1": "due_soon"}
    assert cast.stands(after, IN_24_HOURS) == {"incident-1": "overdue"}
    cast.change(row, reported_at="11/09/2026 22:31")
    assert cast.stands("2026-09-12", IN_24_HOURS) == {"incident-1": "done_late"}
    cast.change(row, reported_at="11/09/2026 22:30")
    assert cast.stands("2026-09-12", IN_24_HOURS) == {"incident-1": "done"}


def test_an_incident_before_the_text_starts_no_clock(cast: Cast) -> None:
    cast.put("incident", title="Cũ", detected_at="06/05/2026 10:00", occurred_at="06/05/2026 09:00")
    assert cast.stands("2026-05-20", IN_24_HOURS) == {}


def test_a_correction_of_the_hour_moves_the_clock(cast: Cast) -> None:
    row = cast.put(
        "incident", title="Mã độc", occurred_at="10/09/2026 08:00", detected_at="10/09/2026 09:00"
    )
    cast.on("2026-09-11")
    cast.change(row, occurred_at="10/09/2026 06:00")
    (found,) = cast.on("2026-09-13", IN_24_HOURS)
    assert found.due_at == datetime(2026, 9, 10, 23, 0, tzinfo=UTC)


def test_an_incident_taken_out_of_the_register_ends_its_clock(cast: Cast) -> None:
    row = cast.put(
        "incident", title="Nhầm", occurred_at="10/09/2026 08:00", detected_at="10/09/2026 09:00"
    )
    cast.on("2026-09-11")
    retire_row(row, act=Act(BY, at("2026-09-12")))
    assert cast.stands("2026-09-12", IN_24_HOURS) == {"incident-1": "replaced"}
    assert Occurrence.objects.get(duty=IN_24_HOURS).reason == "row_gone"


def test_a_request_is_due_on_the_day_it_names_and_closes_by_the_report_sent(cast: Cast) -> None:
    asked = cast.put("request", content="Báo cáo mã độc", kind="report", authority=cast.body("so_yt"),
                     received_on="2026-10-01", due_on="2026-10-11")  # fmt: skip
    (found,) = cast.on("2026-10-02", ON_REQUEST)
    assert (found.due_on, found.act_on) == (date(2026, 10, 11), date(2026, 10, 9))
    report = cast.paper("adhoc_report", "2026-10-08")
    cast.put(
        "dispatch",
        document=report,
        authority=cast.body("so_yt"),
        sent_on="2026-10-08",
        answers=asked,
    )
    assert cast.stands("2026-10-09", ON_REQUEST) == {"request-1": "done"}


def test_a_request_of_another_body_is_not_this_duty(cast: Cast) -> None:
    cast.put("request", content="Báo cáo", kind="report", authority=cast.body("so_khcn"), received_on="2026-10-01",
             due_on="2026-10-11")  # fmt: skip
    assert cast.stands("2026-10-02", ON_REQUEST) == {}


def test_each_network_has_a_clock_of_its_own(db: None) -> None:
    cast = Cast(bound_unit("so", "binh-dinh", since=date(2026, 1, 1), kind="department"))
    changed = "password_changed_on"
    first = cast.put(
        "wifi", ssid="A", is_joined_to_lan=False, is_guest=True, **{changed: "2026-03-10"}
    )
    cast.put("wifi", ssid="B", is_joined_to_lan=True, is_guest=False, **{changed: "2026-04-20"})
    one, other = "1-after-2026-03-10", "2-after-2026-04-20"
    assert cast.stands("2026-09-05", WIFI) == {one: "due_soon", other: "open"}
    cast.change(first, **{changed: "2026-09-12"})
    stands = cast.stands("2026-09-13", WIFI)
    assert stands == {one: "done_late", "1-after-2026-09-12": "upcoming", other: "open"}


def test_a_corrected_day_moves_the_clock_of_its_network(db: None) -> None:
    cast = Cast(bound_unit("so", "binh-dinh", since=date(2026, 1, 1), kind="department"))
    changed = "password_changed_on"
    row = cast.put(
        "wifi", ssid="A", is_joined_to_lan=False, is_guest=True, **{changed: "2026-03-10"}
    )
    cast.on("2026-09-05", WIFI)
    cast.change(row, **{changed: "2026-03-12"})
    assert [one.due_on for one in cast.on("2026-09-06", WIFI)] == [date(2026, 9, 12)]


def test_doing_it_again_early_starts_the_clock_anew_without_a_second_entry(ward_cast: Cast) -> None:
    reviewer, minutes = ward_cast.person(), ward_cast.paper("account_review_minutes", "2026-08-01")
    said = {"is_complete": True, "reviewer": reviewer, "minutes": minutes}
    ward_cast.put("account_review", reviewed_on="2026-08-01", **said)
    ward_cast.on("2026-08-02", REVIEW)
    ward_cast.put("account_review", reviewed_on="2026-08-20", **said)
    waiting = [one for one in ward_cast.on("2026-08-21", REVIEW) if one.state == "pending"]
    assert [(one.period, one.due_on) for one in waiting] == [
        ("after-2026-08-20", date(2026, 11, 20))
    ]


def test_three_months_are_counted_from_the_last_time(ward_cast: Cast) -> None:
    reviewer, minutes = ward_cast.person(), ward_cast.paper("account_review_minutes", "2026-08-01")
    said = {"is_complete": True, "reviewer": reviewer, "minutes": minutes}
    for day in ("2026-06-10", "2026-09-10", "2026-12-11"):
        ward_cast.put("account_review", reviewed_on=day, **said)
    stands = ward_cast.stands("2026-12-12", REVIEW)
    assert stands["after-2026-06-10"] == "done"  # the 10th is the last day allowed
    assert stands["after-2026-09-10"] == "done_late"
    assert stands["after-2026-12-11"] == "upcoming"


def test_regularly_has_no_day_until_the_unit_sets_one(ward_cast: Cast) -> None:
    assert ward_cast.stands("2026-11-01", LOGS) == {}
    missing = [duty for _, duty in intervals_missing([ward_cast.unit], on=date(2026, 11, 1))]
    assert LOGS in missing
    set_interval(
        ward_cast.unit,
        LOGS,
        every=1,
        measure="month",
        decision="QĐ 5",
        act=Act(BY, at("2026-11-01")),
    )
    (found,) = ward_cast.on("2026-11-02", LOGS)
    assert (found.due_on, found.remark) == (date(2026, 12, 1), "own_interval")
    assert LOGS not in [
        duty for _, duty in intervals_missing([ward_cast.unit], on=date(2026, 11, 2))
    ]


def test_a_shorter_interval_moves_what_is_ahead_only(ward_cast: Cast) -> None:
    set_interval(
        ward_cast.unit, LOGS, every=3, measure="month", decision="", act=Act(BY, at("2026-09-01"))
    )
    assert ward_cast.on("2026-09-02", LOGS)[0].due_on == date(2026, 12, 1)
    set_interval(
        ward_cast.unit, LOGS, every=30, measure="day", decision="", act=Act(BY, at("2026-09-10"))
    )
    assert ward_cast.on("2026-09-11", LOGS)[0].due_on == date(2026, 9, 1) + timedelta(days=30)


@pytest.mark.parametrize(("duty", "every", "failure"), [
    (REVIEW, 1, IntervalRefused),
    (LOGS, 0, IntervalRefused),
    (LOGS, 61, IntervalRefused),
    ("no-such-duty", 1, UnknownDuty),
])  # fmt: skip
def test_an_interval_out_of_reason_is_refused(
    ward_cast: Cast, duty: str, every: int, failure: type[Exception]
) -> None:
    with pytest.raises(failure):
        set_interval(
            ward_cast.unit,
            duty,
            every=every,
            measure="month",
            decision="",
            act=Act(BY, at("2026-11-01")),
        )
