"""Pages where texts are compared: what they say, to whom, as a workbook too, in a fixed number of queries."""

from __future__ import annotations

import html
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from khien.kernel.clock import now_utc
from khien.org.models import Unit
from khien.registers.models import Row
from khien.web.pages.comparison import highest_level
from khien.web.sheets import Sheet, workbook_of

pytestmark = pytest.mark.django_db
COMPARED = "?a=do-son&b=tcvn-14423-c3"


def text(response: Any) -> str:
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def table(response: Any) -> list[tuple[Any, ...]]:
    assert response.status_code == 200
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return list(book.active.iter_rows(values_only=True))


def system(unit: Unit, level: int | None, number: int, **more: Any) -> Row:
    values = {
        "code": f"s{number}",
        "name": f"S{number}",
        "stage": "operating",
        "level": level,
        **more,
    }
    now = now_utc()
    return Row.objects.create(
        unit=unit, register="system", number=number, values=values, is_retired=False,
        created_at=now, changed_at=now, changed_by="an",
    )  # fmt: skip


def test_two_texts_stand_side_by_side_with_their_clauses(cast: Any) -> None:
    page = text(cast.client().get(f"/van-ban/so-sanh/{COMPARED}"))
    for part in (
        "Thời gian lưu nhật ký",
        "6 tháng",
        "3 tháng",
        "mục 5.8.2.1",
        "/van-ban/do-son/#",
        "Chỉ Đồ Sơn",
    ):
        assert part in page


def test_without_two_texts_the_page_asks_for_them(cast: Any) -> None:
    client = cast.client()
    assert "Chọn hai văn bản." in text(client.get("/van-ban/so-sanh/"))
    assert "Chọn hai văn bản." in text(client.get("/van-ban/so-sanh/?a=do-son"))
    assert client.get("/van-ban/so-sanh/?a=do-son&b=khong-co").status_code == 404
    assert client.get("/van-ban/so-sanh/bang.xlsx").status_code == 404


def test_a_text_to_be_checked_says_so_where_it_is_compared(cast: Any) -> None:
    page = text(cast.client().get("/van-ban/so-sanh/?a=do-son&b=tt-31-2017"))
    assert "Có văn bản cần đối chiếu" in page
    assert "cần đối chiếu)" in page


def test_the_strictest_is_shown_with_its_clause_and_what_does_not_count(cast: Any) -> None:
    client = cast.client()
    page = text(client.get("/van-ban/nghiem-nhat/"))
    assert "Lưu thông tin giám sát" in page
    assert "mục 7.8.2.1 · TCVN cấp độ 5" in page
    alone = text(client.get("/van-ban/nghiem-nhat/?bac=regulation"))
    assert "TCVN cấp độ 5" not in alone
    assert text(client.get("/van-ban/nghiem-nhat/?bac=khong-co")).count("<tr>") == page.count(
        "<tr>"
    )


def test_ended_law_names_the_clause_the_successor_and_the_mark(cast: Any) -> None:
    client = cast.client()
    page = text(client.get("/van-ban/luat-het-hieu-luc/?van-ban=do-son"))
    assert "TT 12/2022/TT-BTTTT" in page
    assert "cần đối chiếu" in page
    assert "Thừa Thiên Huế</a>" not in page
    assert "Không điều khoản nào" in text(
        client.get("/van-ban/luat-het-hieu-luc/?van-ban=bac-ninh")
    )
    assert client.get("/van-ban/luat-het-hieu-luc/?van-ban=khong-co").status_code == 404


@pytest.mark.parametrize(("address", "head", "least"), [
    (f"/van-ban/so-sanh/bang.xlsx{COMPARED}", "Biện pháp", 100),
    ("/van-ban/nghiem-nhat/bang.xlsx", "Biện pháp", 120),
    ("/van-ban/luat-het-hieu-luc/bang.xlsx", "Văn bản", 15),
])  # fmt: skip
def test_each_table_can_be_kept_as_a_workbook(
    cast: Any, address: str, head: str, least: int
) -> None:
    rows = table(cast.client().get(address))
    assert rows[0][0] == head
    assert len(rows) > least
    assert len({len(row) for row in rows}) == 1


def test_what_begins_as_a_formula_is_text_in_the_workbook() -> None:
    sent = workbook_of(Sheet("x", ["=1+1"], [["=HYPERLINK(1)"], [7]]), "x.xlsx")
    rows = table(sent)
    assert not str(rows[0][0]).startswith("=")
    assert not str(rows[1][0]).startswith("=")
    assert rows[2][0] == 7


def test_the_highest_level_of_the_unit_s_running_systems_counts(cast: Any) -> None:
    for at, (level, more) in enumerate([(2, {}), (3, {}), (5, {"stage": "stopped"}), (None, {})]):
        system(cast.station, level, 900 + at, **more)
    assert highest_level(cast.station) == 3


def test_the_page_of_the_level_shows_what_is_added_and_tightened(cast: Any) -> None:
    Row.objects.filter(unit=cast.ward, register="system").delete()
    client = cast.client()
    assert "Chưa hệ thống nào của đơn vị có cấp độ." in text(
        client.get("/don-vi/phuong/quy-tac/cap-do/")
    )
    assert client.get("/don-vi/phuong/quy-tac/cap-do/bang.xlsx").status_code == 404
    system(cast.ward, 3, 901)
    page = text(client.get("/don-vi/phuong/quy-tac/cap-do/"))
    for part in ("Nếu áp dụng cấp độ 3", "B: theo nguồn thứ cấp", "cần đối chiếu", "mục 5.6.2.3"):
        assert part in page
    rows = table(client.get("/don-vi/phuong/quy-tac/cap-do/bang.xlsx"))
    assert any("mục 5.6.2.3" in str(row) for row in rows)


def test_the_library_tells_regulations_and_the_law_above_apart(cast: Any) -> None:
    page = text(cast.client().get("/van-ban/"))
    assert page.index("Quy chế") < page.index("Luật và tiêu chuẩn cấp trên")
    assert page.index('href="/van-ban/do-son/"') < page.index("Luật và tiêu chuẩn cấp trên")
    assert page.index('href="/van-ban/nd-331-2026/"') > page.index("Luật và tiêu chuẩn cấp trên")


def test_a_text_to_be_checked_says_so_on_its_page(cast: Any) -> None:
    page = text(cast.client().get("/van-ban/qd-05-2017/"))
    assert page.count("cần đối chiếu") > 5
    assert "Điểm a khoản 1 Điều 11." in page


def test_the_decree_that_binds_by_kind_leads_from_the_unit_to_the_library(cast: Any) -> None:
    response = cast.client().get("/don-vi/phuong/tuan-thu/nd-331-2026/")
    assert (response.status_code, response.headers["Location"]) == (302, "/van-ban/nd-331-2026/")
    assert cast.client().get("/don-vi/phuong/tuan-thu/luat-116-2025/").status_code == 404


def statements(client: Client, address: str) -> int:
    client.get(address)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        counts.append(len(seen))
    return min(counts)


@pytest.mark.parametrize("address", [
    f"/van-ban/so-sanh/{COMPARED}", "/van-ban/nghiem-nhat/", "/van-ban/luat-het-hieu-luc/",
    "/don-vi/phuong/quy-tac/cap-do/",
])  # fmt: skip
def test_more_systems_and_units_ask_no_more_of_the_database(cast: Any, address: str) -> None:
    system(cast.ward, 3, 901)
    client = cast.client()
    before = statements(client, address)
    for number in range(910, 940):
        system(cast.ward, 2, number)
    assert statements(client, address) == before
    assert before <= 20
