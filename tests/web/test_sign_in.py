"""Signing in by a one-time link, choices in cookies, ways back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from khien.kernel.clock import now_utc
from khien.org.services import make_sign_in_link

pytestmark = pytest.mark.django_db


def test_looking_at_a_link_does_not_use_it_up(cast: Any) -> None:
    address = f"/vao/{make_sign_in_link(cast.an, now=now_utc())}/"
    assert Client().get(address).status_code == 200
    assert Client().head(address).status_code == 200
    client = Client()
    assert client.post(address).headers["Location"] == "/"
    assert client.get("/", follow=True).status_code == 200


def test_a_link_works_once(cast: Any) -> None:
    address = f"/vao/{make_sign_in_link(cast.an, now=now_utc())}/"
    Client().post(address)
    again = Client().post(address)
    assert again.status_code >= 400
    assert "./khien link" in again.content.decode()


def test_the_form_of_the_link_is_protected(cast: Any) -> None:
    address = f"/vao/{make_sign_in_link(cast.an, now=now_utc())}/"
    refused = Client(enforce_csrf_checks=True).post(address)
    assert refused.status_code == 403
    assert "Biểu mẫu đã quá hạn" in refused.content.decode()


def test_signing_out_is_a_form_and_ends_the_session(cast: Any) -> None:
    client = cast.client()
    assert client.get("/ra/").status_code == 405
    client.post("/ra/")
    assert client.get("/don-vi/phuong/").status_code == 302


def test_english_is_kept_in_a_cookie_and_shown(cast: Any) -> None:
    client = cast.client()
    client.post("/ngon-ngu/", {"ngon_ngu": "en", "tro_lai": "/van-ban/"})
    page = client.get("/don-vi/phuong/")
    assert page.headers["Content-Language"] == "en"
    assert 'lang="en"' in page.content.decode()
    assert "What to do first" in page.content.decode()


@pytest.mark.parametrize(
    ("chosen", "shown"), [("dark", True), ("light", True), ("auto", False), ("x", False)]
)
def test_a_theme_is_kept_in_a_cookie(cast: Any, chosen: str, shown: bool) -> None:
    client = cast.client()
    client.post("/giao-dien/", {"giao_dien": chosen})
    page = client.get("/van-ban/").content.decode()
    assert (f'data-theme="{chosen}"' in page) is shown


@pytest.mark.parametrize(
    ("asked", "way"),
    [
        ("/van-ban/?a=1", "/van-ban/?a=1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_the_way_back_stays_in_the_house(cast: Any, asked: str, way: str) -> None:
    response = cast.client().post("/ngon-ngu/", {"ngon_ngu": "vi", "tro_lai": asked})
    assert response.headers["Location"] == way
