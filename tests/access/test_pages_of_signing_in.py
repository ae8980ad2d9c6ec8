"""The pages of signing in: what they let in, what they hold back, and what an attacker gets."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from access_cast import GOOD, NOW, People
from django.contrib.sessions.models import Session
from django.test import Client

from khien.access import events, factors, services, sessions, totp
from khien.access.models import PasswordState, SignedIn
from khien.kernel.clock import now_utc
from khien.ledger.models import LedgerEntry
from khien.org.models import Unit
from khien.org.roles import ADMINISTRATOR, LEADER
from khien.org.services import grant_role, make_sign_in_link
from khien.org.signals import user_disabled

pytestmark = pytest.mark.django_db
SIGN_IN, ACCOUNT = "/dang-nhap/", "/tai-khoan/"


@pytest.fixture
def ready(people: People) -> People:
    """Everybody has a password."""
    for user in (people.hien, people.lan, people.khoi):
        services.set_password(user, GOOD, by=user.username, now=now_utc())
    return people


def sign_in(client: Client, name: str, password: str = GOOD, **more: str) -> Any:
    return client.post(SIGN_IN, {"ten": name, "mat_khau": password, **more})


def with_app(user: Any) -> str:
    secret, start = totp.new_secret(), now_utc() - timedelta(minutes=5)
    code = totp.code_at(secret, int(start.timestamp()) // 30)
    factors.add_code_app(user, secret, code, name="Điện thoại", now=start)
    return secret


def code_now(secret: str) -> str:
    return totp.code_at(secret, int(now_utc().timestamp()) // 30)


def is_in(client: Client) -> bool:
    return client.get(ACCOUNT).status_code == 200


def test_a_name_and_its_password_sign_in_and_it_is_on_record(ready: People) -> None:
    client = Client()
    assert sign_in(client, "lan").headers["Location"] == "/"
    assert is_in(client)
    assert LedgerEntry.objects.get(kind=events.SIGNED_IN).body["way"] == "password"
    assert SignedIn.objects.get().way == "password"


def test_a_wrong_password_keeps_the_name_and_tells_no_more(ready: People) -> None:
    for name in ("lan", "khong-ai"):
        page = sign_in(Client(), name, "sai")
        assert page.status_code == 403
        assert f'value="{name}"' in page.content.decode()
        assert "không đúng, hoặc tài khoản đang tạm khóa" in page.content.decode()


def test_the_form_of_signing_in_is_protected(ready: People) -> None:
    assert sign_in(Client(enforce_csrf_checks=True), "lan").status_code == 403


def test_a_session_planted_before_signing_in_is_worth_nothing(ready: People) -> None:
    victim = Client()
    victim.get(SIGN_IN)
    session = victim.session
    session["planted"] = "x"
    session.save()
    victim.cookies["khien_session"] = session.session_key
    sign_in(victim, "lan")
    assert victim.cookies["khien_session"].value != session.session_key
    attacker = Client()
    attacker.cookies["khien_session"] = session.session_key
    assert not is_in(attacker)


@pytest.mark.parametrize(
    ("asked", "way"),
    [
        ("/tai-khoan/phien/", "/tai-khoan/phien/"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_the_way_onward_stays_in_the_house(ready: People, asked: str, way: str) -> None:
    assert sign_in(Client(), "lan", next=asked).headers["Location"] == way
    secret, client = with_app(ready.lan), Client()
    sign_in(client, "lan", next=asked)
    answer = client.post("/dang-nhap/yeu-to/", {"ma": code_now(secret)})
    assert answer.headers["Location"] == way


def test_who_has_a_second_factor_must_show_it(ready: People) -> None:
    secret, client = with_app(ready.lan), Client()
    assert sign_in(client, "lan").headers["Location"] == "/dang-nhap/yeu-to/"
    assert not is_in(client)
    wrong = client.post("/dang-nhap/yeu-to/", {"ma": "000000"})
    assert wrong.status_code == 403
    assert not is_in(client)
    client.post("/dang-nhap/yeu-to/", {"ma": code_now(secret)})
    assert is_in(client)
    assert SignedIn.objects.get().factor == "totp"


def test_a_right_password_does_not_forgive_wrong_codes(ready: People) -> None:
    secret, client = with_app(ready.lan), Client()
    for _ in range(5):
        sign_in(client, "lan")
        client.post("/dang-nhap/yeu-to/", {"ma": "000000"})
    assert sign_in(client, "lan").status_code == 403
    client.post("/dang-nhap/yeu-to/", {"ma": code_now(secret)})
    assert not is_in(client)


def test_the_second_step_alone_leads_nowhere(ready: People) -> None:
    answer = Client().post("/dang-nhap/yeu-to/", {"ma": "000000"})
    assert answer.headers["Location"] == "/can-dang-nhap/"


def test_an_administrator_by_password_first_adds_a_factor(ready: People) -> None:
    client = Client()
    sign_in(client, "hien")
    held = client.get("/don-vi/phuong/")
    assert held.headers["Location"] == "/tai-khoan/yeu-to/ung-dung/"
    assert client.get(ACCOUNT).status_code == 302
    assert client.get("/quan-tri/dang-nhap/").status_code == 302
    page = client.get("/tai-khoan/yeu-to/ung-dung/").content.decode()
    secret = client.session["khien_new_secret"]
    assert "Điều 10" in page
    client.post("/tai-khoan/yeu-to/ung-dung/", {"ma": code_now(secret)})
    assert is_in(client)


def test_staff_are_not_forced(ready: People) -> None:
    client = Client()
    sign_in(client, "lan")
    assert is_in(client)


def test_who_becomes_an_administrator_meanwhile_is_held_within_a_minute(ready: People) -> None:
    client = Client()
    sign_in(client, "lan")
    grant_role(ready.lan, ADMINISTRATOR, ready.ward, from_on=NOW.date(), by="hien", now=NOW)
    age(client, fresh=61)
    assert client.get(ACCOUNT).status_code == 302


def test_a_link_on_the_machine_itself_needs_no_factor_and_says_so(people: People) -> None:
    client = Client()
    client.post(f"/vao/{make_sign_in_link(people.hien, now=now_utc())}/")
    page = client.get(ACCOUNT)
    assert page.status_code == 200
    assert "chính máy này" in page.content.decode()
    assert SignedIn.objects.get().way == "link"


@pytest.mark.parametrize(
    "sign", [{"REMOTE_ADDR": "192.0.2.9"}, {"HTTP_X_FORWARDED_FOR": "192.0.2.9"}]
)
def test_a_link_from_elsewhere_needs_one(people: People, sign: dict[str, str]) -> None:
    client = Client(**sign)
    client.post(f"/vao/{make_sign_in_link(people.hien, now=now_utc())}/")
    assert client.get(ACCOUNT).headers["Location"] == "/tai-khoan/yeu-to/ung-dung/"


def test_a_first_password_is_changed_before_anything_else(people: People) -> None:
    issued, client = services.issue_password(people.lan, by="hien", now=now_utc()), Client()
    sign_in(client, "lan", issued)
    assert client.get("/").headers["Location"] == "/tai-khoan/mat-khau/"
    form = {"hien_tai": issued, "moi": GOOD, "nhac_lai": GOOD}
    client.post("/tai-khoan/mat-khau/", form)
    assert is_in(client)


def test_an_expired_password_opens_only_the_page_of_changing_it(ready: People) -> None:
    PasswordState.objects.update(set_at=now_utc() - timedelta(days=91))
    client = Client()
    sign_in(client, "lan")
    assert client.get("/").headers["Location"] == "/tai-khoan/mat-khau/"
    page = client.post(
        "/tai-khoan/mat-khau/", {"hien_tai": GOOD, "moi": "ngan", "nhac_lai": "ngan"}
    )
    assert page.status_code == 422
    assert "Điều 19 (Đồ Sơn)" in page.content.decode()


def test_a_password_change_ends_the_other_sessions(ready: People) -> None:
    here, there = Client(), Client()
    sign_in(here, "lan")
    sign_in(there, "lan")
    new = GOOD + "mới"
    here.post("/tai-khoan/mat-khau/", {"hien_tai": GOOD, "moi": new, "nhac_lai": new})
    assert is_in(here)
    assert not is_in(there)
    told = LedgerEntry.objects.filter(kind__in=[events.PASSWORD_SET, events.SESSIONS_ENDED])
    assert told.filter(kind=events.SESSIONS_ENDED).get().body["count"] == 1


def age(client: Client, **seconds: int) -> None:
    session = client.session
    mark = session[sessions.MARK]
    session[sessions.MARK] = mark | {name: mark[name] - by for name, by in seconds.items()}
    session.save()


@pytest.mark.parametrize(
    ("seconds", "stays"),
    [
        ({"seen": 9 * 60}, True),
        ({"seen": 10 * 60 + 2}, False),
        ({"started": 12 * 3600 + 2}, False),
    ],
)
def test_a_session_ends_by_idleness_and_by_age(
    ready: People, seconds: dict[str, int], stays: bool
) -> None:
    client = Client()
    sign_in(client, "lan")
    age(client, **seconds)
    assert is_in(client) is stays


def test_a_session_in_use_is_noted_and_sent_again_but_not_at_every_page(ready: People) -> None:
    client = Client()
    sign_in(client, "lan")
    age(client, seen=sessions.TOUCH_SECONDS + 1)
    before = client.session[sessions.MARK]["seen"]
    assert "khien_session" in client.get("/tai-khoan/").cookies
    assert client.session[sessions.MARK]["seen"] > before
    assert "khien_session" not in client.get("/tai-khoan/").cookies


def test_a_session_without_a_mark_is_not_let_in(ready: People) -> None:
    client = Client()
    sign_in(client, "lan")
    session = client.session
    del session[sessions.MARK]
    session.save()
    assert not is_in(client)


def test_one_sees_and_ends_ones_own_sessions_only(ready: People) -> None:
    here, there, other = (
        Client(),
        Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows) Firefox/140"),
        Client(),
    )
    for client, name in ((here, "lan"), (there, "lan"), (other, "khoi")):
        sign_in(client, name)
    page = here.get("/tai-khoan/phien/").content.decode()
    assert "Firefox · Windows" in page
    (place,) = set(re.findall(r"/tai-khoan/phien/(\d+)/ket-thuc/", page))
    assert other.post(f"/tai-khoan/phien/{place}/ket-thuc/").status_code == 404
    assert is_in(there)
    here.post(f"/tai-khoan/phien/{place}/ket-thuc/")
    assert (is_in(here), is_in(there), is_in(other)) == (True, False, True)


def test_signing_out_ends_the_session_in_the_list_too(ready: People) -> None:
    client = Client()
    sign_in(client, "lan")
    client.post("/ra/")
    assert SignedIn.objects.get().ended_by == "lan"
    assert Session.objects.count() == 0


def test_a_disabled_user_is_out_at_once(ready: People) -> None:
    client = Client()
    sign_in(client, "lan")
    user_disabled.send(sender=None, user=ready.lan)
    assert not is_in(client)


def test_sensitive_acts_ask_again_after_ten_minutes(ready: People) -> None:
    client = Client()
    sign_in(client, "lan")
    assert client.get("/tai-khoan/ma-du-phong/").status_code == 200
    age(client, proven=601)
    for address in (
        "/tai-khoan/ma-du-phong/",
        "/tai-khoan/yeu-to/ung-dung/",
        "/tai-khoan/yeu-to/khoa/",
    ):
        assert client.get(address).headers["Location"].startswith("/tai-khoan/xac-nhan/")
    assert client.post("/tai-khoan/xac-nhan/", {"mat_khau": "sai"}).status_code == 403
    onward = client.post(
        "/tai-khoan/xac-nhan/", {"mat_khau": GOOD, "next": "/tai-khoan/ma-du-phong/"}
    )
    assert onward.headers["Location"] == "/tai-khoan/ma-du-phong/"
    assert client.get("/tai-khoan/ma-du-phong/").status_code == 200


def test_an_administrator_acts_on_users_in_reach_and_on_nobody_else(ready: People) -> None:
    client = ready.client(ready.hien)
    page = client.get("/quan-tri/dang-nhap/").content.decode()
    assert "lan" in page
    assert "khoi" not in page
    assert client.get(f"/quan-tri/dang-nhap/{ready.khoi.pk}/").status_code == 404
    assert (
        client.post(f"/quan-tri/dang-nhap/{ready.khoi.pk}/", {"viec": "mo-khoa"}).status_code == 404
    )
    for _ in range(5):
        sign_in(Client(), "lan", "sai")
    client.post(f"/quan-tri/dang-nhap/{ready.lan.pk}/", {"viec": "mo-khoa"})
    assert sign_in(Client(), "lan").status_code == 302
    client.post(f"/quan-tri/dang-nhap/{ready.lan.pk}/", {"viec": "ket-thuc-phien"})
    assert not sessions.open_sessions(ready.lan, now=now_utc()).exists()


def test_staff_administer_no_sign_ins(ready: People) -> None:
    client = ready.client(ready.lan)
    for address in (
        "/quan-tri/dang-nhap/",
        f"/quan-tri/dang-nhap/{ready.lan.pk}/",
        "/tu-kiem-tra/",
    ):
        assert client.get(address).status_code == 404


def test_an_issued_password_is_shown_once_and_signs_in(ready: People) -> None:
    client = ready.client(ready.hien)
    page = client.post(
        f"/quan-tri/dang-nhap/{ready.lan.pk}/", {"viec": "cap-mat-khau"}
    ).content.decode()
    (issued,) = re.findall(r'<p class="mono secret">([^<]+)</p>', page)
    again = client.get(f"/quan-tri/dang-nhap/{ready.lan.pk}/").content.decode()
    assert issued not in again
    assert sign_in(Client(), "lan", issued.replace("&amp;", "&")).status_code == 302


@pytest.mark.parametrize("act", ["cap-mat-khau", "bo-yeu-to"])
def test_no_way_in_as_somebody_who_may_more_than_the_administrator_manages(
    ready: People, act: str
) -> None:
    above = Unit.objects.create(
        code="tren", name_vi="Tỉnh", name_en="Province", kind="province", place="Mẫu"
    )
    grant_role(ready.lan, LEADER, above, from_on=date(2020, 1, 1), by="khien", now=now_utc())
    refused = ready.client(ready.hien).post(f"/quan-tri/dang-nhap/{ready.lan.pk}/", {"viec": act})
    assert refused.status_code == 403
    assert "KHIEN-ORG-019" in refused.content.decode()


def test_who_looked_at_what_is_in_the_log_without_secrets(
    ready: People, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client()
    sign_in(client, "lan")
    with caplog.at_level("INFO"):
        client.get("/tai-khoan/phien/")
        secret = make_sign_in_link(ready.lan, now=now_utc())
        client.get(f"/vao/{secret}/")
    lines = [r.getMessage() for r in caplog.records if r.name == "khien.looked"]
    assert lines[0] == "user=lan address=127.0.0.1 GET /tai-khoan/phien/ 200"
    assert not any(secret in line for line in lines)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_of_the_account_is_there_in_both_languages(ready: People, language: str) -> None:
    client = ready.client(ready.hien)
    client.cookies["khien_language"] = language
    for address in (
        "",
        "mat-khau/",
        "yeu-to/ung-dung/",
        "yeu-to/khoa/",
        "ma-du-phong/",
        "phien/",
        "xac-nhan/",
    ):
        page = client.get(f"/tai-khoan/{address}")
        assert page.status_code == 200, address
        assert page.headers["Content-Language"] == language
