"""The bell, the list of notices, settings of reminders and the queue of mails; nobody sees another's."""

from __future__ import annotations

import html
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from khien.kernel.clock import now_utc, vietnam_date
from khien.kernel.language import Text
from khien.notices.digest import NOTICES_PATH, queue_digests
from khien.notices.models import Mail, Notice
from khien.notices.selectors import preference_of
from khien.notices.services import Telling, tell
from khien.org.models import User
from khien.org.roles import ADMINISTRATOR
from khien.org.services import grant_role

pytestmark = pytest.mark.django_db
LIST, SETTINGS, MAIL = "/thong-bao/", "/thong-bao/cai-dat/", "/thu-dien-tu/"


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


def told(user: User, unit: Any, number: int = 1, **more: Any) -> Telling:
    place = (("kind", "row"), ("unit", unit.code), ("register", "endpoint"), ("number", number))
    given: dict[str, Any] = {
        "user_id": user.pk, "kind": "overdue", "about": f"duty:{number}", "source": f"duty:{number}:overdue",
        "title": Text(f"Việc <b>{number}</b>", f"Thing {number}"), "unit": unit, "anchor": "do-son/D26.g2",
        "due_on": vietnam_date(now_utc()), "place": place,
    }  # fmt: skip
    return Telling(**(given | more))


def administer(cast: Any, user: User) -> None:
    since = vietnam_date(now_utc() - timedelta(days=1))
    grant_role(user, ADMINISTRATOR, cast.ward, from_on=since, by="test", now=now_utc())


def test_the_bell_counts_what_is_unread(cast: Any) -> None:
    tell([told(cast.an, cast.ward, n) for n in (1, 2)], now=now_utc())
    page = text(cast.client().get("/don-vi/phuong/quy-tac/"))
    assert "<b>2<span" in page
    assert "<b>2<span" not in text(cast.client(cast.dung).get("/hom-nay/"))


def test_a_notice_leads_to_what_it_is_about_and_is_read_then(cast: Any) -> None:
    tell([told(cast.an, cast.ward)], now=now_utc())
    number = Notice.objects.get().pk
    answer = cast.client().get(f"{LIST}{number}/")
    assert answer.headers["Location"] == "/don-vi/phuong/so/endpoint/1/"
    assert Notice.objects.get().read_at is not None
    assert reverse("notice", args=[number]) == f"{NOTICES_PATH}{number}/"
    assert reverse("notice-settings") == f"{NOTICES_PATH}cai-dat/"


def test_anothers_notice_is_not_there(cast: Any) -> None:
    tell([told(cast.an, cast.ward)], now=now_utc())
    number = Notice.objects.get().pk
    assert cast.client(cast.dung).get(f"{LIST}{number}/").status_code == 404
    cast.client(cast.dung).post(f"{LIST}doc/", {"so": str(number)})
    assert Notice.objects.get().read_at is None


def test_the_list_says_why_and_escapes_what_people_wrote(cast: Any) -> None:
    tell([told(cast.an, cast.ward)], now=now_utc())
    raw = cast.client().get(LIST).content.decode()
    assert "Việc &lt;b&gt;1&lt;/b&gt;" in raw
    assert "/don-vi/phuong/tuan-thu/do-son/#D26.g2" in raw
    assert "Quá hạn" in raw


def test_notices_are_marked_read_one_by_one_or_all(cast: Any) -> None:
    tell([told(cast.an, cast.ward, n) for n in (1, 2, 3)], now=now_utc())
    client = cast.client()
    client.post(f"{LIST}doc/", {"so": str(Notice.objects.first().pk)})
    assert Notice.objects.filter(read_at=None).count() == 2
    client.post(f"{LIST}doc/", {"so": "x"})
    assert Notice.objects.filter(read_at=None).count() == 2
    client.post(f"{LIST}doc/")
    assert Notice.objects.filter(read_at=None).count() == 0
    assert "Không có thông báo chưa đọc." in text(client.get(LIST))
    assert "Việc <b>1</b>" in text(client.get(f"{LIST}?xem=tat-ca&loai=overdue"))
    assert "Việc <b>1</b>" not in text(client.get(f"{LIST}?xem=tat-ca&loai=report"))


def test_a_notice_to_a_page_that_is_gone_leads_to_the_list(cast: Any) -> None:
    tell([told(cast.an, cast.ward, place=(("kind", "unheard-of"),))], now=now_utc())
    assert cast.client().get(f"{LIST}{Notice.objects.get().pk}/").headers["Location"] == LIST


def form(**more: Any) -> dict[str, Any]:
    return {"thu": "an@phuong.gov.vn", "gui_thu": "1", "gio": "9", "ngon_ngu": "vi", "loai": ["overdue"], **more}  # fmt: skip


def test_settings_are_kept(cast: Any) -> None:
    client = cast.client()
    assert client.post(SETTINGS, form()).status_code == 302
    chosen = preference_of(cast.an)
    cast.an.refresh_from_db()
    assert (cast.an.email, chosen.hour, "overdue" in chosen.muted) == ("an@phuong.gov.vn", 9, False)
    assert "reminder" in chosen.muted
    assert 'value="an@phuong.gov.vn"' in text(client.get(SETTINGS))


@pytest.mark.parametrize(
    "wrong", [{"gio": "25"}, {"gio": "x"}, {"thu": "khong-phai"}, {"ngon_ngu": "fr"}]
)
def test_settings_that_cannot_be_meant_are_refused_and_what_was_typed_stays(
    cast: Any, wrong: dict[str, str]
) -> None:
    before = User.objects.get(pk=cast.an.pk).email
    answer = cast.client().post(SETTINGS, form(**wrong))
    assert answer.status_code == 422
    assert 'role="alert"' in text(answer)
    assert preference_of(cast.an).hour == 7
    if "thu" in wrong:
        assert 'value="khong-phai"' in text(answer)
        assert User.objects.get(pk=cast.an.pk).email == before


def test_the_administrator_sees_what_waits_and_when_it_is_tried(
    cast: Any, tmp_path: Path, settings: Any
) -> None:
    settings.KHIEN_DATA = tmp_path
    administer(cast, cast.an)
    User.objects.filter(pk=cast.an.pk).update(email="an@phuong.gov.vn")
    tell([told(cast.an, cast.ward)], now=now_utc())
    queue_digests(now=now_utc().replace(hour=5))  # noon in Viet Nam
    page = text(cast.client().get(MAIL))
    assert "1 thư chưa gửi" in page
    assert "Chưa khai máy chủ thư." in page
    (tmp_path / "mail.toml").write_text('[smtp]\nserver = "127.0.0.1"\nsecurity = "none"\nport = 1\nsender = "k@x.vn"\n')  # fmt: skip
    Mail.objects.update(next_at=now_utc())
    client = cast.client()
    said = text(client.post(f"{MAIL}thu/", follow=True))
    assert "Thư thử còn chờ: ConnectionRefusedError" in said
    assert "2 thư chưa gửi, lần thử kế" in " ".join(said.replace("</b>", "").split())
    assert client.post(f"{MAIL}gui-lai/").status_code == 302


def test_a_wrong_file_is_named_to_the_administrator(
    cast: Any, tmp_path: Path, settings: Any
) -> None:
    settings.KHIEN_DATA = tmp_path
    administer(cast, cast.an)
    (tmp_path / "mail.toml").write_text("[smtp]\nservr = 1\n")
    assert "servr" in text(cast.client().get(MAIL))


def test_who_administers_nothing_finds_no_queue(cast: Any) -> None:
    plain = User.objects.create_user("thuong", unit=cast.ward)
    assert cast.client(plain).get(MAIL).status_code == 404
    assert cast.client(plain).post(f"{MAIL}thu/").status_code == 404


@pytest.mark.parametrize("address", [LIST, f"{LIST}?xem=tat-ca", SETTINGS])
def test_the_pages_ask_few_questions(
    cast: Any, django_assert_max_num_queries: Any, address: str
) -> None:
    tell([told(cast.an, cast.ward, n) for n in range(60)], now=now_utc())
    client = cast.client()
    with django_assert_max_num_queries(13):
        assert client.get(address).status_code == 200
