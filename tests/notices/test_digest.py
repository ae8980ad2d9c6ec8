"""One mail a day at most, only for what is new, at the chosen hour; quiet on days off unless something is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from mail_server import NOW, MailServer
from test_mail import told

from khien.notices.digest import LINES_MAX, queue_digests
from khien.notices.errors import PreferenceRefused, UnknownNotice
from khien.notices.models import Mail, Notice
from khien.notices.selectors import notice_at, notices_of, preference_of, unread_count
from khien.notices.sending import send_waiting
from khien.notices.services import clear_old, mark_read, set_preference, settle, tell
from khien.org.models import Unit, User

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SATURDAY = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def prefer(user: User, **more: Any) -> None:
    given: dict[str, Any] = {"by_mail": True, "hour": 7, "muted": (), "language": "vi"}
    set_preference(user, **(given | more), now=NOW)


def test_the_same_thing_is_told_once(an: User, binh: User) -> None:
    assert tell([told(an), told(an), told(binh)], now=NOW) == 2
    assert tell([told(an)], now=NOW + DAY) == 0
    assert (unread_count(an), unread_count(binh)) == (1, 1)


def test_nothing_new_is_no_mail(server: MailServer, an: User) -> None:
    tell([told(an)], now=NOW)
    assert queue_digests(now=NOW) == 1
    send_waiting(now=NOW)
    for days in range(1, 5):
        assert queue_digests(now=NOW + days * DAY) == 0
    assert len(server.taken) == 1


def test_a_person_gets_one_mail_a_day(server: MailServer, an: User) -> None:
    for n in range(5):
        tell([told(an, n)], now=NOW)
        queue_digests(now=NOW + timedelta(hours=n))
        send_waiting(now=NOW + timedelta(hours=n))
    assert len(server.taken) == 1
    # The rest is told on the next working day.
    monday = NOW + 3 * DAY
    assert queue_digests(now=monday) == 1
    send_waiting(now=monday)
    assert server.taken[1][2]["Subject"].startswith("Khiên: 4 việc")


def test_days_without_a_server_make_no_flood(an: User) -> None:
    for days in range(4):
        tell([told(an, days)], now=NOW + days * DAY)
        queue_digests(now=NOW + days * DAY)
    assert Mail.objects.count() == 1
    assert Notice.objects.filter(mail=Mail.objects.get()).count() == 4


def test_the_mail_leaves_from_the_chosen_hour_of_viet_nam(an: User) -> None:
    prefer(an, hour=9)
    tell([told(an)], now=NOW)
    assert queue_digests(now=NOW) == 0  # 08:00
    assert queue_digests(now=NOW + timedelta(hours=1)) == 1


def test_a_day_off_is_quiet_unless_something_is_due(an: User, binh: User) -> None:
    User.objects.filter(pk=binh.pk).update(email="binh@mau.gov.vn")
    tell([told(an, due_on=(SATURDAY + 9 * DAY).date()), told(binh, due_on=SATURDAY.date())], now=NOW)  # fmt: skip
    assert queue_digests(now=SATURDAY) == 1
    assert Mail.objects.get().user == binh
    assert queue_digests(now=SATURDAY + 2 * DAY) == 1  # Monday


def test_a_holiday_is_a_day_off(an: User) -> None:
    national_day = datetime(2026, 9, 2, 2, 0, tzinfo=UTC)
    tell([told(an, due_on=(national_day + 9 * DAY).date())], now=national_day)
    assert queue_digests(now=national_day) == 0


def test_kinds_left_out_stay_in_the_pages(an: User) -> None:
    prefer(an, muted=["reminder"])
    tell([told(an)], now=NOW)
    assert queue_digests(now=NOW) == 0
    assert [n.kind for n in notices_of(an, only_unread=True)] == ["reminder"]


def test_who_wants_no_mail_and_who_has_no_address_get_none(an: User, binh: User) -> None:
    prefer(an, by_mail=False)
    tell([told(an), told(binh)], now=NOW)
    assert queue_digests(now=NOW) == 0
    assert (unread_count(an), unread_count(binh)) == (1, 1)


def test_a_long_digest_says_how_much_more_there_is(server: MailServer, an: User) -> None:
    tell([told(an, n) for n in range(LINES_MAX + 5)], now=NOW)
    queue_digests(now=NOW)
    send_waiting(now=NOW)
    body = server.taken[0][2].get_content()
    assert body.count("\n- ") == LINES_MAX
    assert "… và 5 việc khác" in body


def test_the_language_is_chosen(server: MailServer, an: User) -> None:
    prefer(an, language="en")
    tell([told(an)], now=NOW)
    queue_digests(now=NOW)
    send_waiting(now=NOW)
    assert "Quarterly report 1" in server.taken[0][2].get_content()


def test_what_is_done_is_put_away(an: User) -> None:
    tell([told(an, 1), told(an, 2)], now=NOW)
    assert settle(["duty:1"], now=NOW) == 1
    assert [n.about for n in notices_of(an, only_unread=True)] == ["duty:2"]
    assert Notice.objects.get(about="duty:1").is_settled


def test_a_notice_is_its_owners_alone(an: User, binh: User) -> None:
    tell([told(an)], now=NOW)
    number = Notice.objects.get().pk
    assert notice_at(an, number).user == an
    with pytest.raises(UnknownNotice):
        notice_at(binh, number)
    assert mark_read(binh, now=NOW, numbers=[number]) == 0
    assert mark_read(an, now=NOW) == 1


@pytest.mark.parametrize("wrong", [{"hour": 24}, {"hour": -1}, {"muted": ["la"]}, {"language": "fr"}])  # fmt: skip
def test_odd_preferences_are_refused(an: User, wrong: dict[str, Any]) -> None:
    with pytest.raises(PreferenceRefused):
        prefer(an, **wrong)
    assert preference_of(an).hour == 7


def test_old_notices_go_away_and_waiting_mails_stay(an: User) -> None:
    tell([told(an)], now=NOW)
    queue_digests(now=NOW)
    mark_read(an, now=NOW)
    assert clear_old(now=NOW + 500 * DAY) == 1
    assert Mail.objects.count() == 1


def test_queueing_for_many_people_stays_cheap(
    ward: Unit, django_assert_max_num_queries: Any
) -> None:
    users = [User.objects.create_user(f"u{n}", unit=ward, email=f"u{n}@x.vn") for n in range(5)]
    with django_assert_max_num_queries(40):
        tell([told(user, n) for user in users for n in range(300)], now=NOW)
    assert Notice.objects.count() == 1500
