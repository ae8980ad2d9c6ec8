"""The calendar file: whose it is, what it shows, and that what people wrote stays text."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from duties_cast import BY, Cast, at
from icalendar import Calendar
from icalendar.cal import Component

from khien.duties.errors import LinkRefused, UnknownCalendarLink
from khien.duties.feed import calendar_file, plain
from khien.duties.links import (
    LINKS_MAX,
    links_of,
    make_link,
    occurrences_behind,
    opened,
    revoke_link,
)
from khien.duties.models import CalendarLink
from khien.duties.services import hand_over
from khien.ledger.models import LedgerEntry
from khien.org.errors import NotAllowed
from khien.org.models import Unit, User
from khien.org.services import grant_role, revoke_role
from khien.registers.services import Act

NOW = at("2026-09-01")
ACT = Act(BY, NOW)
QUARTER = "bn-iii-3-p4-quarterly-report"


@pytest.fixture
def an(hospital: Unit) -> User:
    user = User.objects.create_user("an", unit=hospital)
    grant_role(user, "officer", hospital, from_on=date(2026, 1, 1), by="t", now=NOW)
    return user


def file_of(link: CalendarLink) -> bytes:
    return calendar_file(occurrences_behind(link, now=NOW), name="Bệnh viện", stamp=NOW)


def events_of(link: CalendarLink) -> dict[str, Component]:
    return {str(event["UID"]): event for event in Calendar.from_ical(file_of(link)).walk("VEVENT")}


def test_a_unit_s_file_shows_the_day_to_act_and_says_the_day_of_the_text(
    cast: Cast, an: User
) -> None:
    cast.on("2026-09-01")
    link, _ = make_link(an, cast.unit, act=ACT)
    event = events_of(link)[f"bv.{QUARTER}.2026-Q3@khien"]
    assert event.decoded("DTSTART") == date(2026, 9, 18)
    assert "chậm nhất 19/09/2026" in str(event["DESCRIPTION"])
    assert "đoạn 4 mục III.3 (Bắc Ninh)" in str(event["DESCRIPTION"])


def test_the_uid_is_the_same_after_everything_is_made_anew(cast: Cast, an: User) -> None:
    cast.on("2026-09-01")
    link, _ = make_link(an, cast.unit, act=ACT)
    before = set(events_of(link))
    cast.unit.occurrences.all().delete()
    cast.on("2026-09-01")
    assert set(events_of(link)) == before


def test_alarms_ring_ahead_and_not_for_what_is_done(cast: Cast, an: User) -> None:
    cast.send("quarterly_report", "2026-08-30")
    cast.on("2026-09-01")
    events = events_of(make_link(an, cast.unit, act=ACT)[0])
    done, ahead = events[f"bv.{QUARTER}.2026-Q3@khien"], events[f"bv.{QUARTER}.2026-Q4@khien"]
    assert str(done["SUMMARY"]).startswith("✓ ")
    assert not done.walk("VALARM")
    triggers = [alarm.decoded("TRIGGER") for alarm in ahead.walk("VALARM")]
    assert timedelta(days=-10, hours=8) in triggers


def test_an_hour_is_told_in_vietnam_time_with_its_zone(cast: Cast, an: User) -> None:
    cast.put(
        "incident", title="Mã độc", occurred_at="01/09/2026 08:00", detected_at="01/09/2026 08:30"
    )
    cast.on("2026-09-01")
    link, _ = make_link(an, cast.unit, act=ACT)
    start = events_of(link)["bv.bn-ii-2-p3-report-24h.incident-1@khien"].decoded("DTSTART")
    assert start.replace(tzinfo=None).isoformat() == "2026-09-02T08:00:00"
    assert start.tzinfo == ZoneInfo("Asia/Ho_Chi_Minh")
    assert b"BEGIN:VTIMEZONE\r\nTZID:Asia/Ho_Chi_Minh" in file_of(link)


def test_what_people_wrote_becomes_no_tag_and_no_line_of_the_file(cast: Cast, an: User) -> None:
    cast.paper("rating_sheet", "2026-10-02", title="<img src=x onerror=alert(1)>")
    cast.unit.name_vi = "Viện <b>A</b>\r\nEND:VCALENDAR"
    cast.unit.save()
    cast.on("2026-10-05")
    content = file_of(make_link(an, cast.unit, act=ACT)[0]).decode()
    assert "‹img" in content.replace("\r\n ", "")
    assert "<" not in content
    assert content.count("\r\nEND:VCALENDAR\r\n") == 1
    assert plain("a<b>\x00\r\n") == "a‹b›  \n"


def test_lines_are_as_short_as_the_format_asks(cast: Cast, an: User) -> None:
    cast.on("2026-09-01")
    lines = file_of(make_link(an, cast.unit, act=ACT)[0]).split(b"\r\n")
    assert max(map(len, lines)) <= 75


def test_a_person_s_file_shows_what_the_person_answers_for(
    cast: Cast, an: User, ward: Unit
) -> None:
    binh = User.objects.create_user("binh", unit=cast.unit)
    grant_role(binh, "officer", cast.unit, from_on=date(2026, 1, 1), by="t", now=NOW)
    cast.on("2026-09-01")
    hand_over(cast.unit, "", an, reason="", act=ACT)
    hand_over(cast.unit, QUARTER, binh, reason="", act=ACT)
    of_binh = events_of(make_link(binh, None, act=ACT)[0])
    assert of_binh
    assert all(QUARTER in uid for uid in of_binh)
    assert not any(QUARTER in uid for uid in events_of(make_link(an, None, act=ACT)[0]))


def test_only_the_hash_of_the_secret_is_kept_and_the_link_opens_by_it(cast: Cast, an: User) -> None:
    link, secret = make_link(an, cast.unit, act=ACT)
    assert secret not in str(CalendarLink.objects.values().get())
    assert secret.encode() not in b"".join(bytes(entry.line) for entry in LedgerEntry.objects.all())
    assert opened(secret, now=NOW) == link
    assert CalendarLink.objects.get().read_at == NOW


@pytest.mark.parametrize("change", ["revoked", "disabled", "role taken", "another secret"])
def test_a_link_opens_no_longer_than_its_owner_may_read(cast: Cast, an: User, change: str) -> None:
    link, secret = make_link(an, cast.unit, act=ACT)
    if change == "revoked":
        revoke_link(link, act=ACT)
    elif change == "disabled":
        User.objects.update(is_active=False)
    elif change == "role taken":
        revoke_role(an.roles.get(), by="t", now=NOW)
    with pytest.raises(UnknownCalendarLink):
        opened(secret if change != "another secret" else f"{secret}x", now=NOW)


def test_a_stranger_gets_no_link(ward: Unit, an: User) -> None:
    with pytest.raises(NotAllowed):
        make_link(an, ward, act=ACT)


def test_links_are_few_and_those_revoked_make_room(cast: Cast, an: User) -> None:
    links = [make_link(an, None, act=ACT)[0] for _ in range(LINKS_MAX)]
    with pytest.raises(LinkRefused):
        make_link(an, None, act=ACT)
    revoke_link(links[0], act=ACT)
    make_link(an, None, act=ACT)
    assert links_of(an).count() == LINKS_MAX
