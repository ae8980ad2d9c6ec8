"""The pages of a review: what stands there, what a press does, who may, how many questions they ask."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import own_text
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khien.adoption.models import ClauseReview, ImportedText, OwnControl, ReviewClaim
from khien.adoption.review import suggesting
from khien.adoption.review.selectors import chapter_at, next_undecided, sweep_of
from khien.kernel.canonical import sha256_hex
from khien.kernel.clock import now_utc, vietnam_date
from khien.ledger.models import LedgerEntry
from khien.org.roles import INSPECTOR
from khien.org.services import grant_role
from khien.org.users import make_user

pytestmark = pytest.mark.django_db
BASE = f"/van-ban/nhap/{own_text.CODE}/ra-soat/"
CLAUSE = f"{BASE}D2.k1/"


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> None:
    settings.KHIEN_DATA = tmp_path


def form(page: str, action: str) -> dict[str, Any]:
    """Return what a browser would send from the form with an address, without its buttons."""
    found = next(
        one for one in re.findall(r"<form.*?</form>", page, re.S)
        if f'action="{action}"' in one and 'method="post"' in one
    )  # fmt: skip
    values: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", found):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is None or ('type="checkbox"' in tag and " checked" not in tag):
            continue
        values.setdefault(name[1], []).append(value[1] if value else "")
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', found, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        values[name] = [chosen[1] if chosen else re.findall(r'value="([^"]*)"', body)[0]]
    for name, body in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', found, re.S
    ):
        values[name] = [body]
    return values


def decided(path: str = "D2.k1") -> ClauseReview:
    return ClauseReview.objects.get(path=path)


def test_the_page_shows_words_suggestion_and_what_other_texts_say(cast: Any) -> None:
    page = text(cast.client().get(CLAUSE))
    assert '<mark class="mark-value">12 ký tự</mark>' in page
    assert "Độ phức tạp mật khẩu" in page
    assert "BIỆN PHÁP BẢO ĐẢM AN NINH MẠNG" in page
    assert re.search(r'id="ts-min_length"[^>]*value="12"', page)
    aside = page[page.index('id="van-ban-khac"') :]
    assert "Đồ Sơn" in aside
    assert "8 ký tự" in aside


def test_one_press_confirms_what_is_suggested_and_leads_to_the_next(cast: Any) -> None:
    client = cast.client()
    sent = form(text(client.get(CLAUSE)), CLAUSE)
    answer = client.post(CLAUSE, sent, follow=True)
    assert answer.redirect_chain[-1][0] == f"{BASE}D2.k2/"
    assert "Đã xác nhận Khoản 1 Điều 2: Độ phức tạp mật khẩu" in text(answer)
    (duty,) = decided().duties
    assert duty["control"] == "PWD-01"
    assert duty["parameters"]["min_length"] == 12
    assert set(duty["parameters"]["classes"]) == {"lower", "upper", "digit", "special"}
    assert duty["text"].startswith("Mật khẩu dài ít nhất 12 ký tự")
    assert decided().decided_by == cast.an.username


def test_a_value_corrected_by_hand_is_the_one_that_counts(cast: Any) -> None:
    client = cast.client()
    sent = form(text(client.get(CLAUSE)), CLAUSE)
    sent |= {
        "ts-min_length": "14",
        "chu-the": "Cán bộ xã",
        "chu-ky": "yearly",
        "han": "trước ngày 10/12",
    }
    client.post(CLAUSE, sent)
    (duty,) = decided().duties
    assert (duty["parameters"]["min_length"], duty["actor"]) == (14, "Cán bộ xã")
    assert duty["schedule"]["rule"] == "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=10"
    assert "Hằng năm, trước ngày 10/12" in text(client.get(CLAUSE))


def test_a_lead_in_above_a_clause_may_be_decided_too(cast: Any) -> None:
    client, imported = cast.client(), long_text(cast, 2)
    source = "Điều 1. Sự cố\n1. Khi có sự cố, đơn vị phải:\na) Báo cáo ngay cho cấp trên.\n"
    ImportedText.objects.filter(pk=imported.pk).update(
        source=source, source_sha256=sha256_hex(source.encode())
    )
    base = f"/van-ban/nhap/{imported.code}/ra-soat/"
    assert f'href="{base}D1.k1/"' in text(client.get(f"{base}D1.k1.a/"))
    sent = form(text(client.get(f"{base}D1.k1/?chon=INC-03")), f"{base}D1.k1/")
    assert client.post(f"{base}D1.k1/", sent).status_code == 302
    assert decided("D1.k1").duties[0]["control"] == "INC-03"


def test_the_schedule_follows_the_words_while_they_are_written(cast: Any) -> None:
    client = cast.client()
    sent = {"bien-phap": "REP-01", "chu-ky": "quarterly", "han": "trước ngày 15 của tháng cuối quý"}
    said = text(client.get(f"{CLAUSE}lich/", sent))
    assert "Mỗi quý, trước ngày 15 của tháng cuối quý" in said
    assert "<html" not in said
    assert "không cho biết ngày" in text(
        client.get(f"{CLAUSE}lich/", sent | {"chu-ky": "event", "han": "sớm"})
    )
    assert text(client.get(f"{CLAUSE}lich/", {"bien-phap": "?"})).strip() == ""


def test_a_wrong_value_is_told_and_nothing_typed_is_lost(cast: Any) -> None:
    client = cast.client()
    sent = form(text(client.get(CLAUSE)), CLAUSE)
    answer = client.post(CLAUSE, sent | {"ts-min_length": "mười", "chu-the": "Tổ CNTT"})
    assert answer.status_code == 422
    page = text(answer)
    assert "phải là số nguyên" in page
    assert 'value="mười"' in page
    assert 'value="Tổ CNTT"' in page
    assert not ClauseReview.objects.exists()


def test_another_control_is_chosen_by_its_number_or_by_name(cast: Any) -> None:
    client = cast.client()
    page = text(client.get(CLAUSE))
    assert re.search(r'href="\?chon=WIF-02"[^>]*data-key="2"', page)
    chosen = text(client.get(CLAUSE, {"chon": "ACC-05 Rà soát tài khoản"}))
    assert 'name="bien-phap" value="ACC-05"' in chosen
    assert "Chu kỳ rà soát tài khoản" in chosen
    assert client.get(CLAUSE, {"chon": "XXX-99"}).status_code == 200


def test_a_clause_gets_a_second_duty_and_loses_it_again(cast: Any) -> None:
    client = cast.client()
    sent = form(text(client.get(CLAUSE)), CLAUSE)
    answer = client.post(CLAUSE, sent | {"viec": "them"})
    assert answer.url == f"{CLAUSE}?them=1"
    more = form(text(client.get(f"{CLAUSE}?them=1&chon=PWD-02")), CLAUSE)
    client.post(CLAUSE, more)
    assert [one["control"] for one in decided().duties] == ["PWD-01", "PWD-02"]
    client.post(CLAUSE, {"viec": "bo", "vi-tri": "0", "ban": str(decided().version)})
    assert [one["control"] for one in decided().duties] == ["PWD-02"]


def test_a_clause_without_a_duty_is_said_so_with_its_reason(cast: Any) -> None:
    client, address = cast.client(), f"{BASE}D1.p1/"
    page = text(client.get(address))
    assert "Có vẻ mục này không đặt ra nghĩa vụ" in page
    sent = form(page, f"{address}khong/")
    assert sent["ly-do"] == ["scope"]
    client.post(f"{address}khong/", sent)
    assert (decided("D1.p1").none, decided("D1.p1").duties) == ("scope", [])
    assert "Phạm vi, đối tượng áp dụng" in text(client.get(address))


def test_where_nothing_fits_a_control_of_the_units_own_is_written(cast: Any) -> None:
    client, address = cast.client(), f"{BASE}D4.k2/"
    page = text(client.get(address))
    assert "Chưa có biện pháp nào của thư viện phù hợp" in page
    drafted = text(client.get(f"{address}bien-phap-rieng/"))
    sent = {
        "ten": "Chăm sóc cây cảnh", "vi-sao": "Trụ sở sạch", "lam-gi": "Làm", "nop-gi": "Khai",
        "chung-minh": "attest", "muc-do": "low",
    }  # fmt: skip
    assert re.search(r'name="ten"[^>]*value="[^"]*[Cc]hăm sóc cây cảnh', drafted)
    refused = client.post(f"{address}bien-phap-rieng/", sent | {"ten": " "})
    assert (refused.status_code, OwnControl.objects.count()) == (422, 0)
    assert "Trụ sở sạch" in text(refused)
    answer = client.post(f"{address}bien-phap-rieng/", sent, follow=True)
    assert answer.redirect_chain[-1][0] == f"{address}?chon=OWN-01"
    client.post(address, form(text(answer), address))
    assert decided("D4.k2").duties[0]["control"] == "OWN-01"
    changing = f"{address}bien-phap-rieng/?ma=OWN-01"
    assert 'value="Chăm sóc cây cảnh"' in text(client.get(changing))
    client.post(changing, sent | {"ten": "Chăm sóc khuôn viên"})
    assert OwnControl.objects.get().title == "Chăm sóc khuôn viên"


def test_a_confirmed_duty_is_changed_from_its_page(cast: Any) -> None:
    client = cast.client()
    client.post(CLAUSE, form(text(client.get(CLAUSE)), CLAUSE))
    assert re.search(r'href="\?sua=0" data-key="e"', text(client.get(CLAUSE)))
    sent = form(text(client.get(f"{CLAUSE}?sua=0")), CLAUSE)
    client.post(CLAUSE, sent | {"ts-min_length": "16"})
    (duty,) = decided().duties
    assert duty["parameters"]["min_length"] == 16


def test_a_decision_is_taken_back(cast: Any) -> None:
    client = cast.client()
    client.post(CLAUSE, form(text(client.get(CLAUSE)), CLAUSE))
    page = text(client.get(f"{BASE}D3.k1/"))
    undo = re.search(rf'<form method="post" action="{CLAUSE}mo-lai/" class="card undo">', page)
    assert undo, "the last decision can be taken back from any clause"
    client.post(f"{CLAUSE}mo-lai/", {"ban": str(decided().version)})
    assert not ClauseReview.objects.exists()
    again = client.post(f"{CLAUSE}mo-lai/", {"ban": "5"})
    assert again.status_code == 409


def test_the_second_of_two_people_is_told_who_was_first(cast: Any) -> None:
    client = cast.client()
    sent = form(text(client.get(CLAUSE)), CLAUSE)
    client.post(CLAUSE, sent)
    answer = client.post(CLAUSE, sent | {"ts-min_length": "9"})
    assert answer.status_code == 409
    assert f"{cast.an.username} vừa quyết định mục này" in text(answer)
    assert decided().duties[0]["parameters"]["min_length"] == 12


def test_a_sweep_shows_its_list_first_and_is_taken_back_whole(cast: Any) -> None:
    client, imported = cast.client(), ImportedText.objects.get()
    chapter = chapter_at(imported, "C.II")
    planned = sweep_of(imported, chapter)
    assert planned.clauses, "the made-up text has clauses that are sure"
    overview = text(client.get(BASE))
    assert f"Xác nhận {len(planned.clauses)} gợi ý chắc chắn" in overview
    page = text(client.get(f"{BASE}chuong/C.II/"))
    assert all(one.node.text[:30] in page for one in planned.clauses)
    assert not ClauseReview.objects.exists(), "looking confirms nothing"
    stale = client.post(f"{BASE}chuong/C.II/", {"da-xem": "0" * 64})
    assert (stale.status_code, ClauseReview.objects.count()) == (409, 0)
    client.post(f"{BASE}chuong/C.II/", {"da-xem": planned.seen})
    assert ClauseReview.objects.count() == len(planned.clauses)
    assert LedgerEntry.objects.filter(kind="adoption.clauses_swept").count() == 1
    version = str(ClauseReview.objects.values_list("version", flat=True)[0])
    assert f'name="luot" value="{version}"' in text(client.get(BASE))
    client.post(f"{BASE}hoan-tac/", {"luot": version})
    assert not ClauseReview.objects.exists()
    assert client.post(f"{BASE}hoan-tac/", {"luot": version}).status_code == 409


def test_a_chapter_is_taken_and_given_back(cast: Any) -> None:
    client, address = cast.client(), f"{BASE}chuong/C.II/nhan/"
    client.post(address, {"viec": "nhan"})
    assert ReviewClaim.objects.get().person == cast.an.username
    ReviewClaim.objects.update(person="khac")
    assert client.post(address, {"viec": "nhan"}).status_code == 409
    assert "Nhận thay" in text(client.get(BASE))
    client.post(address, {"viec": "thay"})
    client.post(address, {"viec": "thoi"})
    assert not ReviewClaim.objects.exists()


def test_all_decisions_stand_in_a_table_with_filters(cast: Any) -> None:
    client = cast.client()
    client.post(CLAUSE, form(text(client.get(CLAUSE)), CLAUSE))
    client.post(f"{BASE}D1.p1/khong/", {"ly-do": "scope", "ban": "0"})
    table = f"{BASE}quyet-dinh/"
    page = text(client.get(table))
    assert "Độ phức tạp mật khẩu" in page
    assert "2 trên 2" in page
    assert "1 trên 2" in text(client.get(table, {"loai": "nothing"}))
    assert "1 trên 2" in text(client.get(table, {"tim": "mat khau"}))
    assert "0 trên 2" in text(client.get(table, {"cach": "sweep"}))
    assert "2 trên 2" in text(client.get(table, {"nguoi": cast.an.username, "trang": "99"}))


def test_what_waits_is_listed_with_what_is_suggested(cast: Any) -> None:
    client, table = cast.client(), f"{BASE}quyet-dinh/"
    page = text(client.get(table, {"loai": "waiting"}))
    assert "Độ phức tạp mật khẩu" in page
    assert "D2.k1" in page
    client.post(CLAUSE, form(text(client.get(CLAUSE)), CLAUSE))
    assert f'href="{CLAUSE}"' not in text(client.get(table, {"loai": "waiting"}))
    only = text(client.get(table, {"loai": "waiting", "tim": "cay canh"}))
    assert "còn 1 mục chưa quyết định" in only


def test_hostile_words_of_a_text_stay_words(cast: Any) -> None:
    client = cast.client()
    raw = client.get(f"{BASE}D2.k4/").content.decode()
    assert "<script>alert" not in raw
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in raw
    assert "<script>alert" not in client.get(f"{BASE}D2.k4/bien-phap-rieng/").content.decode()


def test_who_only_reads_sees_everything_and_is_offered_nothing(cast: Any) -> None:
    now = now_utc()
    today = vietnam_date(now)
    user = make_user("chi-xem", full_name="Chi", email="", unit=cast.ward, by="an", now=now)
    until = today + timedelta(30)
    grant_role(user, INSPECTOR, cast.ward, from_on=today, until_on=until, by="an", now=now)
    client = cast.client(user)
    for address in (BASE, CLAUSE, f"{BASE}chuong/C.II/", f"{BASE}quyet-dinh/"):
        page = text(client.get(address))
        main = page[page.index("<main") : page.index("</main>")]
        assert 'method="post"' not in main, address
    assert client.post(CLAUSE, {"bien-phap": "PWD-01"}).status_code == 403
    assert client.get(f"{CLAUSE}bien-phap-rieng/").status_code == 403


def test_a_settled_text_is_shown_and_not_decided(cast: Any) -> None:
    client = cast.client()
    sent = form(text(client.get(CLAUSE)), CLAUSE)
    ImportedText.objects.update(state="submitted")
    page = text(client.get(CLAUSE))
    assert "đã trình hoặc đã xong" in page
    assert client.post(CLAUSE, sent).status_code == 409
    assert not ClauseReview.objects.exists()


@pytest.mark.parametrize("place", ["D99.k9/", "chuong/C.XX/", "D2.k1'/"])
def test_a_place_that_is_not_there_answers_404(cast: Any, place: str) -> None:
    assert cast.client().get(f"{BASE}{place}").status_code == 404
    assert cast.client(cast.dung).get(CLAUSE).status_code == 404


def test_a_text_reviewed_to_its_end_says_so(cast: Any) -> None:
    client, imported = cast.client(), ImportedText.objects.get()
    while path := next_undecided(imported):
        client.post(f"{BASE}{path}/khong/", {"ly-do": "criteria", "ban": "0"})
    page = text(client.get(BASE))
    assert "100%" in page
    assert "Đã quyết định xong" in page
    assert client.get(f"{BASE}tiep/").url == BASE


def long_text(cast: Any, clauses: int) -> ImportedText:
    lines = ["QUY CHẾ", "Bảo đảm an ninh mạng", "Chương I", "CHUNG"]
    for number in range(1, clauses + 1):
        lines.append(f"Điều {number}. Mật khẩu của hệ thống {number} dài ít nhất 8 ký tự.")
    source, now = "\n".join(lines) + "\n", now_utc()
    return ImportedText.objects.create(
        unit=cast.ward, code=f"dai-{clauses}", file_name="a.txt", file_sha256="0" * 64, source=source,
        source_sha256=sha256_hex(source.encode()), made_at=now, made_by="an", changed_at=now, changed_by="an",
    )  # fmt: skip


def questions(client: Any, address: str) -> int:
    assert client.get(address).status_code == 200
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        counts.append(len(seen))
    return min(counts)


@pytest.mark.parametrize("place", ["", "D3/", "chuong/C.I/", "quyet-dinh/"])
def test_pages_ask_no_more_of_a_longer_text(cast: Any, place: str) -> None:
    client, few = cast.client(), long_text(cast, 5)
    many = long_text(cast, 200)
    for imported in (few, many):
        planned = sweep_of(imported, chapter_at(imported, "C.I"))
        client.post(
            f"/van-ban/nhap/{imported.code}/ra-soat/D1/khong/", {"ly-do": "criteria", "ban": "0"}
        )
        del planned
    counts = [questions(client, f"/van-ban/nhap/{one.code}/ra-soat/{place}") for one in (few, many)]
    assert counts[1] <= counts[0]
    assert counts[1] <= 20


def test_suggestions_are_made_once_for_a_text(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client, made = cast.client(), list[int]()
    client.get(CLAUSE)
    told = suggesting.suggestions_for

    def counted(*args: Any, **more: Any) -> Any:
        made.append(1)
        return told(*args, **more)

    monkeypatch.setattr(suggesting, "suggestions_for", counted)
    client.post(CLAUSE, form(text(client.get(CLAUSE)), CLAUSE))
    for place in ("", "D2.k2/", "chuong/C.II/"):
        client.get(f"{BASE}{place}")
    assert made == []
