"""Duties as pages: calendar, list, one occurrence and what may be done about it, board, calendar links."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest

from khien.duties.models import CalendarLink, Charge, Occurrence, SetAside
from khien.duties.plan import dated_duties
from khien.duties.proofs import load_proofs
from khien.duties.refreshing import refresh
from khien.kernel.clock import now_utc, vietnam_date
from khien.norms.library import load_library
from khien.notices.models import Notice
from khien.notices.reminders import tell_duties
from khien.org.models import User
from khien.org.roles import LEADER, STAFF
from khien.org.services import grant_role
from khien.web.pages.duty_calendar import asked_month

pytestmark = pytest.mark.django_db
BASE = "/don-vi/phuong/nghia-vu/"


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


@pytest.fixture
def refreshed(cast: Any) -> Any:
    refresh([cast.ward, cast.station, cast.strange], now=now_utc())
    assert Occurrence.objects.filter(unit=cast.ward, state="pending").exists()
    return cast


def waiting(cast: Any, **more: Any) -> Occurrence:
    found = Occurrence.objects.filter(unit=cast.ward, state="pending", **more).order_by("act_on", "pk")  # fmt: skip
    return found.first()  # type: ignore[return-value]


def person(cast: Any, name: str, role: str) -> User:
    user = User.objects.create_user(name, unit=cast.ward, full_name=name.title())
    since = vietnam_date(now_utc() - timedelta(days=1))
    grant_role(user, role, cast.ward, from_on=since, by="test", now=now_utc())
    return user


def test_the_calendar_shows_a_duty_on_the_day_to_act(refreshed: Any) -> None:
    one = waiting(refreshed)
    page = text(refreshed.client().get(f"{BASE}?thang={one.act_on:%Y-%m}"))
    assert page.count(f'href="{BASE}{one.pk}/"') == 2  # as a table, and as days for a phone
    assert f"Tháng {one.act_on.month}/{one.act_on.year}" in page
    assert f"{BASE}{one.pk}/" not in text(refreshed.client().get(f"{BASE}?thang=2001-01"))


@pytest.mark.parametrize("query", ["?thang=0000-00", "?thang=9999-99", "?thang=2100-12&xem=nam", "?thang=%00", "?thang=2000-01"])  # fmt: skip
def test_odd_months_get_a_page(refreshed: Any, query: str) -> None:
    assert refreshed.client().get(BASE + query).status_code == 200


def test_holidays_are_named_in_the_calendar(refreshed: Any) -> None:
    page = text(refreshed.client().get(f"{BASE}?thang=2026-09"))
    assert "Quốc khánh" in page


def test_the_year_counts_its_months(refreshed: Any) -> None:
    one = waiting(refreshed)
    page = text(refreshed.client().get(f"{BASE}?xem=nam&thang={one.act_on:%Y-%m}"))
    assert f'href="?thang={one.act_on:%Y-%m}"' in page


def test_the_list_narrows_by_state_document_role_person_and_theme(refreshed: Any) -> None:
    client, base = refreshed.client(), f"{BASE}danh-sach/"
    one = waiting(refreshed)
    other = next(d for d in ("do-son", "binh-dinh") if d != one.document)
    theme = load_library().controls[one.control].theme
    link = f'href="{BASE}{one.pk}/"'
    for query in (f"van-ban={one.document}", f"vai-tro={one.role}", f"chu-de={theme}"):
        assert link in text(client.get(f"{base}?{query}")), query
    assert link not in text(client.get(f"{base}?van-ban={other}"))
    assert "Không có nghĩa vụ nào phù hợp." in text(client.get(f"{base}?nguoi=khong-co"))
    assert client.get(f"{base}?trang=99&trang-thai=%00&van-ban=x").status_code == 200


def test_one_occurrence_says_the_clause_the_days_and_where_to_enter_the_proof(refreshed: Any) -> None:  # fmt: skip
    plans = dated_duties(load_library(), load_proofs())
    with_register = {
        p.duty.id: p.rules[0].register for many in plans.values() for p in many if p.rules and p.rules[0].register
    }  # fmt: skip
    one = waiting(refreshed, duty__in=with_register)
    page = text(refreshed.client().get(f"{BASE}{one.pk}/"))
    assert f"/don-vi/phuong/tuan-thu/{one.document}/#{one.clause}" in page
    assert f"{one.opens_on:%d/%m/%Y}" in page
    assert f'href="/don-vi/phuong/so/{with_register[one.duty]}/them/"' in page
    assert "checkbox" not in page


def test_another_units_occurrence_is_not_there(refreshed: Any) -> None:
    foreign = Occurrence.objects.filter(unit=refreshed.strange).first()
    assert foreign is not None
    assert refreshed.client().get(f"{BASE}{foreign.pk}/").status_code == 404
    assert refreshed.client().post(f"{BASE}{foreign.pk}/mien/", {"ly_do": "x"}).status_code == 404


def test_a_duty_is_handed_over_and_the_person_is_told_and_sees_it(refreshed: Any) -> None:
    staff, one = person(refreshed, "nhan-vien", STAFF), waiting(refreshed)
    address = f"{BASE}{one.pk}/"
    assert refreshed.client(staff).get(address).status_code == 403
    answer = refreshed.client().post(f"{address}ban-giao/", {"nguoi": "nhan-vien", "ly_do": "Nghỉ phép"}, follow=True)  # fmt: skip
    assert "Đã bàn giao nghĩa vụ" in text(answer)
    assert Charge.objects.get().person == staff
    tell_duties(now=now_utc())
    assert Notice.objects.filter(user=staff, kind="handover").exists()
    page = text(refreshed.client(staff).get(address))
    assert "Nhan-Vien" in page
    assert "/so/" not in page.partition('id="bang-chung"')[2].partition("</section>")[0]


def test_who_does_not_exist_gets_no_duty(refreshed: Any) -> None:
    one = waiting(refreshed)
    answer = refreshed.client().post(f"{BASE}{one.pk}/ban-giao/", {"nguoi": "khong-co"})
    assert answer.status_code == 404
    assert 'role="alert"' in text(answer)
    assert not Charge.objects.exists()


def test_the_unit_sets_an_interval_only_where_the_text_leaves_it(refreshed: Any) -> None:
    one = waiting(refreshed, kind__in=["calendar", "once", "rolling"])
    answer = refreshed.client().post(f"{BASE}{one.pk}/chu-ky/", {"so": "3", "don_vi_do": "month"})
    assert answer.status_code == 422
    assert 'role="alert"' in text(answer)


def test_a_leader_answers_a_request_that_a_duty_not_apply(refreshed: Any) -> None:
    leader, one = person(refreshed, "lanh-dao", LEADER), waiting(refreshed)
    address = f"{BASE}{one.pk}/"
    assert refreshed.client().post(f"{address}mien/", {"ly_do": ""}).status_code == 422
    refreshed.client().post(f"{address}mien/", {"ly_do": "Chưa có mạng"})
    assert SetAside.objects.get().reason == "Chưa có mạng"
    tell_duties(now=now_utc())
    assert Notice.objects.filter(user=leader, kind="decision").exists()
    assert f"{BASE}{one.pk}/" in text(refreshed.client(leader).get(f"{BASE}bang/"))
    answer = {"quyet_dinh": "dong-y", "tra_loi": "Được"}
    assert refreshed.client().post(f"{address}mien/tra-loi/", answer).status_code == 403
    refreshed.client(leader).post(f"{address}mien/tra-loi/", answer)
    one.refresh_from_db()
    assert (one.state, SetAside.objects.get().state) == ("not_applicable", "approved")
    assert "Chưa có mạng" in text(refreshed.client().get(address))


def test_the_board_shows_the_units_below_and_no_stranger(refreshed: Any) -> None:
    page = text(refreshed.client().get(f"{BASE}bang/"))
    assert refreshed.ward.name_vi in page
    assert refreshed.station.name_vi in page
    assert refreshed.strange.name_vi not in page


def test_a_calendar_link_is_shown_once_and_ends_when_revoked(
    refreshed: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    client = refreshed.client()
    page = text(client.post("/lich/", {"don_vi": "phuong"}))
    address = re.search(r"http://testserver(/lich/\S+?\.ics)", page)
    assert address
    assert address[1] not in text(client.get("/lich/"))
    feed = refreshed.client(refreshed.dung).get(address[1])
    assert feed.headers["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in feed.content
    assert address[1] not in caplog.text
    assert " lich 200" in caplog.text
    number = CalendarLink.objects.get().pk
    assert refreshed.client(refreshed.dung).post(f"/lich/{number}/thu-hoi/").status_code == 404
    client.post(f"/lich/{number}/thu-hoi/")
    assert client.get(address[1]).status_code == 404
    assert client.post("/lich/", {"don_vi": refreshed.strange.code}).status_code == 404


@pytest.mark.parametrize("part", ["", "?xem=nam", "danh-sach/?trang-thai=tat-ca", "bang/", "{number}/"])  # fmt: skip
def test_the_pages_ask_few_questions(
    refreshed: Any, django_assert_max_num_queries: Any, part: str
) -> None:
    client, address = refreshed.client(), BASE + part.format(number=waiting(refreshed).pk)
    client.get(address)
    with django_assert_max_num_queries(24):
        assert client.get(address).status_code == 200


def test_nothing_is_said_of_a_day_that_is_no_day() -> None:
    assert asked_month("2026-13", today=date(2026, 5, 4)) == date(2026, 5, 1)
