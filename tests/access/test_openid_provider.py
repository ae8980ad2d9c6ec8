"""Signing in through a real OpenID provider on loopback, and every way in which its answer may lie."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from access_cast import People
from django.conf import settings
from django.test import Client
from oidc_provider import Provider

from khien.access.models import SignedIn
from khien.org.models import User

pytestmark = pytest.mark.django_db
BEGIN, BACK = "/dang-nhap/openid/", "/dang-nhap/openid/ve/"


@pytest.fixture
def provider(people: People) -> Iterator[Provider]:
    started = Provider()
    (settings.KHIEN_DATA / "access.toml").write_text(
        f'[openid]\nname = "VNeID thử"\nissuer = "{started.issuer}"\nclient_id = "khien"\n'
        f'client_secret = "{started.secret}"\n',
        encoding="utf-8",
    )
    yield started
    started.stop()


def journey(client: Client, provider: Provider, onward: str = "") -> Any:
    begun = client.get(BEGIN, {"next": onward})
    assert begun.status_code == 302
    return client.get(BACK, provider.authorise(begun.headers["Location"]))


def test_the_person_whom_the_provider_names_comes_in(people: People, provider: Provider) -> None:
    client = Client()
    assert "VNeID thử" in client.get("/dang-nhap/").content.decode()
    assert journey(client, provider, "/tai-khoan/phien/").headers["Location"] == "/tai-khoan/phien/"
    assert client.get("/tai-khoan/").status_code == 200
    assert SignedIn.objects.get().way == "openid"


@pytest.mark.parametrize(
    "lie",
    [
        "nonce", "no nonce", "aud", "two audiences", "azp", "iss", "exp", "alg none", "shared secret",
        "other key", "kid",
    ],
)  # fmt: skip
def test_a_token_that_lies_lets_nobody_in(people: People, provider: Provider, lie: str) -> None:
    provider.lie, client = lie, Client()
    answer = journey(client, provider)
    assert answer.status_code == 403
    assert "KHIEN-ACC-009" in answer.content.decode()
    assert client.get("/tai-khoan/").status_code == 302


def test_a_provider_that_calls_itself_something_else_is_refused(
    people: People, provider: Provider
) -> None:
    provider.lie = "discovery"
    assert Client().get(BEGIN).status_code == 403


def test_nobody_is_created(people: People, provider: Provider) -> None:
    provider.person, before = "nguoi-la", User.objects.count()
    assert journey(Client(), provider).status_code == 403
    assert User.objects.count() == before


def test_a_disabled_account_stays_out(people: People, provider: Provider) -> None:
    people.lan.is_active = False
    people.lan.save(update_fields=["is_active"])
    assert journey(Client(), provider).status_code == 403


def test_an_administrator_still_needs_a_second_factor(people: People, provider: Provider) -> None:
    provider.person, client = "hien", Client()
    journey(client, provider)
    assert client.get("/tai-khoan/").headers["Location"] == "/tai-khoan/yeu-to/ung-dung/"


def test_an_answer_serves_once_and_only_the_browser_that_asked(
    people: People, provider: Provider
) -> None:
    client = Client()
    answer = provider.authorise(client.get(BEGIN).headers["Location"])
    assert Client().get(BACK, answer).headers["Location"] == "/can-dang-nhap/"
    assert client.get(BACK, answer | {"state": "khac"}).status_code == 403
    assert client.get(BACK, answer).headers["Location"] == "/can-dang-nhap/"


def test_the_way_onward_stays_in_the_house(people: People, provider: Provider) -> None:
    assert journey(Client(), provider, "https://evil.example/").headers["Location"] == "/"


def test_a_provider_that_is_down_is_said(people: People, provider: Provider) -> None:
    provider.stop()
    page = Client().get(BEGIN)
    assert page.status_code == 403
    assert "không liên lạc được" in page.content.decode()
