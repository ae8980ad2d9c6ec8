"""Every page shows to the officer what it is for, in few queries."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from khien.checks.models import Finding
from khien.checks.selectors import control_states, worst_first
from khien.kernel.clock import now_utc, vietnam_date
from khien.norms.library import load_library
from khien.norms.selectors import rulebook_of
from khien.web.views.failures import broken

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


def test_home_leads_to_what_must_be_done_at_the_own_unit(cast: Any) -> None:
    assert cast.client().get("/").headers["Location"] == "/don-vi/phuong/hom-nay/"


def test_overview_says_what_fails_why_and_what_to_do(cast: Any) -> None:
    page = text(cast.client().get("/don-vi/phuong/"))
    rulebook = rulebook_of(cast.ward, library=load_library(), on=vietnam_date(now_utc()))
    states = control_states(cast.ward, rulebook, library=load_library())
    control = worst_first(s for s in states.values() if s.verdict == "fail")[0].control
    for part in (
        "Việc cần làm trước",
        control.title.vi,
        control.fix.vi,
        "Đơn vị mẫu",
        "Đơn vị tram",
    ):
        assert part in page


def test_overview_counts_what_the_findings_say(cast: Any) -> None:
    page = text(cast.client().get("/don-vi/phuong/"))
    rows = Finding.objects.filter(unit=cast.ward, to_at=None, verdict="fail")
    failing = rows.values("control").distinct().count()
    assert failing > 0
    assert f"Không đạt: {failing}," in page


def test_a_unit_without_documents_learns_how_to_bind_one(cast: Any) -> None:
    page = text(cast.client().get("/don-vi/tram/"))
    assert "./khien unit bind tram" in page


def test_compliance_tree_shows_verdicts_and_ended_citations(cast: Any) -> None:
    page = text(cast.client().get("/don-vi/phuong/tuan-thu/do-son/"))
    assert 'id="D19.k1.đ"' in page
    assert "Văn bản viện dẫn đã bị thay thế" in page
    assert "cần đối chiếu" in page


def test_compliance_filter_keeps_only_what_stands_so(cast: Any) -> None:
    client = cast.client()
    whole = text(client.get("/don-vi/phuong/tuan-thu/do-son/"))
    failing = text(client.get("/don-vi/phuong/tuan-thu/do-son/?ket-qua=khong-dat"))
    assert 'id="D19.k1.đ"' in failing
    assert 'id="D1"' in whole
    assert 'id="D1"' not in failing


def test_a_document_that_does_not_bind_is_not_shown_for_the_unit(cast: Any) -> None:
    assert cast.client().get("/don-vi/phuong/tuan-thu/hue/").status_code == 404


def test_evidence_page_leads_from_verdict_to_reading_to_proof(cast: Any) -> None:
    page = text(cast.client().get("/don-vi/phuong/bien-phap/PWD-01/"))
    intake = cast.host.intakes.get()
    for part in (intake.sha256, intake.collector, "Đo được trên máy", "điểm đ khoản 1 Điều 19"):
        assert part in page
    assert f'href="/so-cai/{intake.ledger_index}/"' in page
    assert "Chứng minh có trong sổ" in page


def test_evidence_page_shows_losing_values_beside_the_winner(cast: Any) -> None:
    page = text(cast.client().get("/don-vi/phuong/bien-phap/SES-03/"))
    assert "Mức đang áp dụng" in page


def test_a_past_day_is_asked_by_the_address(cast: Any) -> None:
    client, today = cast.client(), vietnam_date(now_utc())
    address = "/don-vi/phuong/bien-phap/PWD-01/"
    before = text(client.get(f"{address}?ngay={today - timedelta(days=1)}"))
    assert "Đến lúc đó chưa có lần đánh giá nào" in before
    assert "Không đạt" in text(client.get(f"{address}?ngay={today}"))


@pytest.mark.parametrize("day", ["2999-01-01", "hom-qua", "2026-02-31"])
def test_a_day_that_is_none_answers_404(cast: Any, day: str) -> None:
    assert cast.client().get(f"/don-vi/phuong/bien-phap/PWD-01/?ngay={day}").status_code == 404


@pytest.mark.parametrize("words", ["mật khẩu", "MAT KHAU", "PWD-01", "khau mat"])
def test_search_ignores_tones_case_and_order(cast: Any, words: str) -> None:
    response = cast.client().get("/don-vi/phuong/quy-tac/", {"tim": words})
    assert load_library().controls["PWD-01"].title.vi in text(response)


def test_search_without_result_says_what_to_try(cast: Any) -> None:
    page = text(cast.client().get("/don-vi/phuong/quy-tac/?tim=zzzz"))
    assert "Không tìm thấy biện pháp nào" in page


def test_machine_page_tells_how_each_table_was_read(cast: Any) -> None:
    page = text(cast.client().get(f"/don-vi/phuong/may/{cast.host.host_uid}/"))
    assert "Kết quả thu thập" in page
    assert "Tài khoản trên máy" in page


def test_ledger_shows_the_signed_size_and_proves_an_entry(cast: Any) -> None:
    client = cast.client()
    assert "Mốc ký" in text(client.get("/so-cai/"))
    entry = text(client.get("/so-cai/1/"))
    assert "c2sp.org/tlog-proof@v1" in entry


def test_library_shows_documents_without_a_unit(cast: Any) -> None:
    page = text(cast.client().get("/van-ban/do-son/"))
    assert 'id="D19.k1.đ"' in page


# Ten are the session, the person and the unit. The evidence page and the machine's page open the
# columnar engine, which asks for the files of each fact table.
QUERIES = {
    "": 17,
    "tuan-thu/": 14,
    "tuan-thu/do-son/": 12,
    "bien-phap/PWD-01/": 84,
    "quy-tac/": 12,
    "may/": 13,
}


@pytest.mark.parametrize(("address", "most"), QUERIES.items())
def test_pages_ask_the_database_few_questions(
    cast: Any, django_assert_max_num_queries: Any, address: str, most: int
) -> None:
    client = cast.client()
    with django_assert_max_num_queries(most):
        assert client.get(f"/don-vi/phuong/{address}").status_code == 200


@pytest.mark.parametrize("address", ["/so-cai/99999999999999999999999/", "/so-cai/4096/"])
def test_an_entry_that_does_not_exist_answers_404(cast: Any, address: str) -> None:
    assert cast.client().get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/so-cai/?truoc=99999999999999999999999",
        "/so-cai/?truoc=-1",
        "/don-vi/phuong/quy-tac/?tim=%00%25_'&chu-de=<b>&ket-qua=x",
        "/don-vi/phuong/bien-phap/PWD-01/?ngay=0001-01-01&may=x",
    ],
)
def test_odd_questions_get_a_page(cast: Any, address: str) -> None:
    assert cast.client().get(address).status_code == 200


def test_the_page_of_a_bug_needs_no_database() -> None:
    response = broken(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "KHIEN-000" in text(response)


def test_pages_answer_head(cast: Any) -> None:
    assert cast.client().head("/don-vi/phuong/").status_code == 200


def test_a_long_table_of_a_machine_shows_its_first_rows_and_all_when_asked(
    cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("khien.web.pages.machine.EXCERPT_MAX", 1)
    place = f"/don-vi/phuong/may/{cast.host.host_uid}/"
    short, long = (
        html.unescape(cast.client().get(place + asked).content.decode())
        for asked in ("", "?bang=account")
    )
    assert "?bang=account#account" in short
    assert "?bang=account#account" not in long
    shown = [
        page.partition('id="account"')[2].partition("</details>")[0].count("<tr>")
        for page in (short, long)
    ]
    assert shown == [2, 3]  # the head, and one row of the two
