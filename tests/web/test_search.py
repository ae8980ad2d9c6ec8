"""One box finds everything the person may see, with or without tone marks, and nothing else."""

from __future__ import annotations

import html
from datetime import date
from typing import Any

import pytest

from khien.kernel.clock import now_utc
from khien.org.models import User
from khien.org.services import grant_role
from khien.registers.declarations import register_by_code
from khien.registers.models import Row
from khien.web.pages.found import marked

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def rows(cast: Any) -> None:
    """A supplier of the ward and one of a stranger, with the same name."""
    for unit in (cast.ward, cast.strange):
        Row.objects.create(
            unit=unit, register="supplier", number=1, values={"name": "Công ty Đồng Tâm"},
            name="Công ty Đồng Tâm", name_key="cong ty dong tam",
            search_key="cong ty dong tam | 0312345678", created_at=now_utc(),
            changed_at=now_utc(), changed_by="x",
        )  # fmt: skip
    assert register_by_code("supplier").code == "supplier"


def asked(cast: Any, words: str, user: Any = None, **headers: str) -> str:
    client = cast.client(user)
    return html.unescape(client.get("/tim/", {"q": words}, headers=headers).content.decode())


@pytest.mark.parametrize("words", ["Đồng Tâm", "dong tam", "TAM dong", "cong ty"])
def test_a_row_is_found_with_or_without_tone_marks(cast: Any, words: str) -> None:
    page = asked(cast, words)
    assert "/don-vi/phuong/so/supplier/" in page
    assert "xa-khac" not in page


def test_a_number_is_found_inside_a_row(cast: Any) -> None:
    assert "/don-vi/phuong/so/supplier/" in asked(cast, "0312345678")


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("don vi tram", "/don-vi/tram/"),
        ("mat khau", "/don-vi/phuong/bien-phap/PWD-01/"),
        ("do son", "/van-ban/do-son/"),
        ("quy tac", "/don-vi/phuong/quy-tac/"),
        ("may", "/don-vi/phuong/may/"),
    ],
)
def test_units_controls_documents_and_pages_are_found(cast: Any, words: str, address: str) -> None:
    assert f'href="{address}' in asked(cast, words)


def test_a_machine_is_found_and_its_hostile_name_is_text(cast: Any) -> None:
    response = cast.client().get("/tim/", {"q": "may"})
    assert cast.host.host_uid in response.content.decode()
    assert '<b>"' not in response.content.decode()


def test_a_stranger_finds_nothing_of_the_ward(cast: Any) -> None:
    page = asked(cast, "dong tam", cast.dung)
    assert "/don-vi/phuong/" not in page
    assert cast.host.host_uid not in asked(cast, "may", cast.dung)


def test_staff_find_texts_and_no_rows(cast: Any) -> None:
    staff = User.objects.create_user("nhan-vien", unit=cast.ward)
    grant_role(staff, "staff", cast.ward, from_on=date(2020, 1, 1), by="an", now=now_utc())
    assert "/so/supplier/" not in asked(cast, "dong tam", staff)
    assert "/van-ban/" in asked(cast, "mat khau", staff)


def test_typing_gets_the_hits_alone_and_says_how_many(cast: Any) -> None:
    page = asked(cast, "dong tam", None, **{"HX-Request": "true", "HX-Target": "tim-thay"})
    assert "<html" not in page
    assert "data-said=" in page
    assert "<mark>Đồng</mark> <mark>Tâm</mark>" in page


@pytest.mark.parametrize(
    "words", ["", "   ", "%", "_", "\0", "'", "a" * 5000, "<script>alert(1)</script>"]
)
def test_odd_words_get_a_page(cast: Any, words: str) -> None:
    response = cast.client().get("/tim/", {"q": words})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_nothing_found_says_what_to_try(cast: Any) -> None:
    assert "Thử ít từ hơn" in asked(cast, "zzzz khong co")


def test_words_are_marked_where_they_stand_and_the_rest_is_escaped() -> None:
    assert marked("Đồng <Tâm>", ("dong", "tam")) == "<mark>Đồng</mark> &lt;<mark>Tâm</mark>&gt;"
    assert marked("ﬁle", ("x",)) == "ﬁle"
