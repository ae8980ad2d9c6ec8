"""What people decide about duties: who answers, what does not apply this time; each on record."""

from __future__ import annotations

from datetime import date

import pytest
from duties_cast import BY, Cast, at

from khien.duties.errors import (
    OccurrenceSettled,
    PersonRefused,
    SetAsideRefused,
    UnknownDuty,
    UnknownOccurrence,
)
from khien.duties.models import Occurrence, SetAside
from khien.duties.selectors import (
    Asked,
    history_of_charge,
    occurrence_at,
    occurrences,
    open_set_asides,
    reminders_due,
)
from khien.duties.services import ask_set_aside, decide_set_aside, hand_over
from khien.ledger.models import LedgerEntry
from khien.org.errors import NotAllowed
from khien.org.models import Unit, User
from khien.org.services import grant_role
from khien.registers.services import Act

QUARTER = "bn-iii-3-p4-quarterly-report"
NOW = at("2026-09-01")
ACT = Act(BY, NOW)


def person(name: str, role: str | None, unit: Unit) -> User:
    user = User.objects.create_user(name, unit=unit)
    if role:
        grant_role(user, role, unit, from_on=date(2026, 1, 1), by="t", now=NOW)
    return user


def third_quarter(cast: Cast) -> Occurrence:
    return next(one for one in cast.on("2026-09-01", QUARTER) if one.period == "2026-Q3")


def test_what_waits_and_what_comes_goes_to_the_new_person(cast: Cast) -> None:
    an, binh = person("an", "officer", cast.unit), person("binh", "officer", cast.unit)
    cast.on("2026-09-01")
    hand_over(cast.unit, "", an, reason="phân công", act=ACT)
    hand_over(cast.unit, QUARTER, binh, reason="nghỉ phép", act=ACT)
    cast.on("2026-12-25")
    owners = set(Occurrence.objects.filter(duty=QUARTER).values_list("person__username", flat=True))
    others = set(
        Occurrence.objects.exclude(duty=QUARTER).values_list("person__username", flat=True)
    )
    assert (owners, others) == ({"binh"}, {"an"})


def test_a_hand_over_keeps_who_answered_before(cast: Cast) -> None:
    an, binh = person("an", "officer", cast.unit), person("binh", "officer", cast.unit)
    hand_over(cast.unit, QUARTER, an, reason="", act=ACT)
    hand_over(cast.unit, QUARTER, binh, reason="chuyển công tác", act=Act(BY, at("2026-10-01")))
    history = [(c.person.username, c.until_on) for c in history_of_charge(cast.unit, QUARTER)]
    assert history == [("binh", None), ("an", date(2026, 10, 1))]
    assert LedgerEntry.objects.filter(kind="duties.handed_over").count() == 2


def test_handing_over_to_the_same_person_twice_is_one_record(cast: Cast) -> None:
    an = person("an", "officer", cast.unit)
    assert hand_over(cast.unit, QUARTER, an, reason="", act=ACT) == hand_over(
        cast.unit, QUARTER, an, reason="", act=ACT
    )
    assert LedgerEntry.objects.filter(kind="duties.handed_over").count() == 1


@pytest.mark.parametrize("case", ["stranger", "disabled", "ended"])
def test_a_duty_goes_to_nobody_who_cannot_do_it(cast: Cast, ward: Unit, case: str) -> None:
    user = person("dung", "officer", ward if case == "stranger" else cast.unit)
    if case == "disabled":
        user.is_active = False
    if case == "ended":
        cast.unit.ended_on = date(2026, 8, 1)
    with pytest.raises(PersonRefused):
        hand_over(cast.unit, QUARTER, user, reason="", act=ACT)


def test_a_duty_that_is_not_there_is_handed_to_nobody(cast: Cast) -> None:
    with pytest.raises(UnknownDuty):
        hand_over(cast.unit, "no-such", person("an", "officer", cast.unit), reason="", act=ACT)


def test_a_leader_sets_an_occurrence_aside_and_it_stays_so(cast: Cast) -> None:
    leader = person("chi", "leader", cast.unit)
    request = ask_set_aside(third_quarter(cast), reason="Đơn vị mới thành lập", act=ACT)
    assert list(open_set_asides([cast.unit])) == [request]
    decide_set_aside(request, is_approved=True, answer="", leader=leader, act=Act("chi", NOW))
    assert cast.stands("2026-10-01", QUARTER)["2026-Q3"] == "not_applicable"
    assert Occurrence.objects.get(duty=QUARTER, period="2026-Q3").reason == "Đơn vị mới thành lập"
    assert LedgerEntry.objects.filter(kind="duties.set_aside_decided").count() == 1


def test_a_refused_request_leaves_the_duty_as_it_was(cast: Cast) -> None:
    leader = person("chi", "leader", cast.unit)
    request = ask_set_aside(third_quarter(cast), reason="Bận", act=ACT)
    decide_set_aside(
        request, is_approved=False, answer="Vẫn phải làm", leader=leader, act=Act("chi", NOW)
    )
    assert cast.stands("2026-10-01", QUARTER)["2026-Q3"] == "overdue"


def test_an_officer_cannot_answer_a_request(cast: Cast) -> None:
    officer = person("an", "officer", cast.unit)
    request = ask_set_aside(third_quarter(cast), reason="Bận", act=ACT)
    with pytest.raises(NotAllowed):
        decide_set_aside(request, is_approved=True, answer="", leader=officer, act=ACT)
    assert SetAside.objects.get().state == "open"


def test_a_request_needs_a_reason_and_comes_once(cast: Cast) -> None:
    found = third_quarter(cast)
    with pytest.raises(SetAsideRefused):
        ask_set_aside(found, reason=" \u200b ", act=ACT)
    ask_set_aside(found, reason="Bận", act=ACT)
    with pytest.raises(SetAsideRefused):
        ask_set_aside(found, reason="Bận", act=ACT)


def test_what_is_done_is_not_set_aside(cast: Cast) -> None:
    cast.send("quarterly_report", "2026-08-30")
    with pytest.raises(OccurrenceSettled):
        ask_set_aside(third_quarter(cast), reason="Bận", act=ACT)


def test_a_request_is_answered_once(cast: Cast) -> None:
    leader = person("chi", "leader", cast.unit)
    request = ask_set_aside(third_quarter(cast), reason="Bận", act=ACT)
    decide_set_aside(request, is_approved=False, answer="", leader=leader, act=ACT)
    with pytest.raises(SetAsideRefused):
        decide_set_aside(request, is_approved=True, answer="", leader=leader, act=ACT)


def test_an_occurrence_of_another_unit_is_not_there(cast: Cast, ward: Unit) -> None:
    found = third_quarter(cast)
    assert occurrence_at([cast.unit], found.pk, now=NOW) == found
    with pytest.raises(UnknownOccurrence):
        occurrence_at([ward], found.pk, now=NOW)


def test_occurrences_are_filtered_by_how_they_stand_and_whose_they_are(cast: Cast) -> None:
    an = person("an", "officer", cast.unit)
    cast.on("2026-09-01")
    hand_over(cast.unit, QUARTER, an, reason="", act=ACT)
    mine = occurrences([cast.unit], Asked(stands=["open", "due_soon"], person=an), now=NOW)
    assert [one.period for one in mine] == ["2026-Q3"]
    leaders = occurrences([cast.unit], Asked(role="leader"), now=NOW)
    assert {one.control for one in leaders} == {"GOV-05", "BUD-01"}


@pytest.mark.parametrize(("day", "level"), [
    ("2026-09-02", "ahead_30"), ("2026-09-08", "ahead_10"), ("2026-09-15", "ahead_3"), ("2026-09-18", "on_the_day"),
    ("2026-09-20", "overdue"), ("2026-09-22", "overdue_leader"), ("2026-10-10", "overdue_superior"),
])  # fmt: skip
def test_the_newest_level_of_reminding_is_told(cast: Cast, day: str, level: str) -> None:
    cast.on(day)
    told = {
        r.occurrence.period: r.level.code
        for r in reminders_due(at(day))
        if r.occurrence.duty == QUARTER
    }
    assert told["2026-Q3"] == level


def test_nobody_is_reminded_of_what_is_not_open_or_done(cast: Cast) -> None:
    cast.send("quarterly_report", "2026-09-02")
    cast.on("2026-09-15")
    told = {
        r.occurrence.period for r in reminders_due(at("2026-09-15")) if r.occurrence.duty == QUARTER
    }
    assert told == {"2026-Q2"}


def test_a_clock_of_hours_reminds_by_hours(cast: Cast) -> None:
    cast.put(
        "incident", title="Mã độc", occurred_at="10/09/2026 08:00", detected_at="10/09/2026 09:00"
    )
    levels = []
    for hour in (2, 14, 22):
        moment = at("2026-09-10", hour)
        cast.on(moment)
        levels += [r.level.code for r in reminders_due(moment) if r.occurrence.due_at is not None]
    assert levels == ["half_time", "last_hours"]
