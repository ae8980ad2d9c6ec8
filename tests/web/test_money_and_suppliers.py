"""Money and suppliers as pages: the share beside its clause, clocks that run, few questions, odd rows."""

from __future__ import annotations

import html
from datetime import date, timedelta
from typing import Any

import pytest

from khien.kernel.clock import VIETNAM, now_utc, vietnam_date
from khien.norms.library import load_library
from khien.norms.services import bind_document
from khien.registers.declarations import register_by_code
from khien.registers.references import VisibleReferences
from khien.registers.services import Act, add_row
from khien.registers.values import read_row

pytestmark = pytest.mark.django_db
MONEY, SUPPLIERS = "/don-vi/phuong/kinh-phi/", "/don-vi/phuong/nha-cung-cap/"


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


def add(cast: Any, register: str, **raw: Any) -> Any:
    draft = read_row(
        register_by_code(register), raw, VisibleReferences([cast.ward], home=cast.ward)
    )
    assert not draft.problems, draft.problems
    return add_row(draft, unit=cast.ward, act=Act("an", now_utc()))


def bind(cast: Any, document: str) -> None:
    bind_document(cast.ward, document, library=load_library(), bound_from=date(2021, 1, 1), now=now_utc())  # fmt: skip


def told(**ago: int) -> str:
    return (now_utc() - timedelta(**ago)).astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")


def budget(cast: Any, year: int, security: int, title: str = "Kế hoạch") -> None:
    add(cast, "budget", year=str(year), scope="yearly_it_plan", title=title, it_amount="1000000", security_amount=str(security))  # fmt: skip


def test_an_empty_register_teaches_what_to_enter(cast: Any) -> None:
    client = cast.client()
    assert "/so/budget/them/" in text(client.get(MONEY))
    assert "/so/supplier_incident/them/" in text(client.get(SUPPLIERS))


def test_the_share_stands_beside_its_clause_and_the_higher_level_beside_it(cast: Any) -> None:
    bind(cast, "hue")
    year = vietnam_date(now_utc()).year
    budget(cast, year, 90_000)
    budget(cast, year - 1, 120_000)
    page = text(cast.client().get(MONEY))
    assert 'href="/don-vi/phuong/tuan-thu/hue/#g4"' in page
    assert "Còn thiếu 10.000 đ." in page
    assert "60.000 đ" in page  # to the fifteen percent of the law
    assert "Luật 116/2025/QH15" in page
    assert "đã đọc tại văn bản" in page
    assert 'class="fail"' in page
    assert 'class="not_applicable"' in page  # a year that is over is not judged
    english = text(cast.client(django_language="en", khien_language="en").get(MONEY))
    assert "9%" in english


def test_without_a_text_that_asks_nothing_is_judged(cast: Any) -> None:
    budget(cast, vietnam_date(now_utc()).year, 1)
    page = text(cast.client().get(MONEY))
    assert "Không văn bản nào áp dụng cho đơn vị đòi tỷ lệ" in page
    assert "Không đạt" not in page


def test_a_clock_says_what_is_left_and_which_clause(cast: Any) -> None:
    bind(cast, "binh-phuoc")
    vnpt = add(cast, "supplier", supplier_name="<b>VNPT", services="network", is_bound="có", started_on="01/01/2020")  # fmt: skip
    for n, ago in enumerate(({"hours": 1}, {"hours": 6})):
        add(cast, "supplier_incident", supplier=f"#{vnpt.number}", service=f"Mạng {n}", description="Đứt", notified_at=told(**ago))  # fmt: skip
    answer = cast.client().get(SUPPLIERS)
    page = text(answer)
    assert 'href="/don-vi/phuong/tuan-thu/binh-phuoc/#D21.k3.b"' in page
    assert "3 giờ" in page or "2 giờ 59 phút" in page
    assert "quá hạn" in page
    assert "<b>VNPT" not in answer.content.decode()
    part = text(cast.client().get(SUPPLIERS, headers={"HX-Request": "true", "HX-Target": "dong-ho"}))  # fmt: skip
    assert "<html" not in part
    assert "quá hạn" in part


@pytest.mark.parametrize("address", [MONEY, SUPPLIERS])
def test_the_pages_ask_few_questions_however_many_rows(
    cast: Any, django_assert_max_num_queries: Any, address: str
) -> None:
    bind(cast, "hue")
    vnpt = add(cast, "supplier", supplier_name="VNPT", services="network", is_bound="có", started_on="01/01/2020")  # fmt: skip
    for n in range(8):
        budget(cast, 2015 + n, 100, title=f"K{n}")
        add(cast, "supplier_incident", supplier=f"#{vnpt.number}", service="Mạng", description="Đứt", notified_at=told(hours=n + 1))  # fmt: skip
    client = cast.client()
    with django_assert_max_num_queries(18):
        assert client.get(address).status_code == 200
