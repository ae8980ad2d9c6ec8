"""A stranger sees nothing: of other units 404, without a name the page that says how to get a link."""

from __future__ import annotations

from typing import Any

import own_text
import pytest
from django.test import Client
from every_address import every_address

from khien.adoption.models import ImportedText
from khien.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db

OPEN = {"api-nothing", "sign-in-needed", "enter", "leave", "language", "theme", "sign-in"}
# A secret in the address or a signature in the request is the door; without it there is nothing.
SECRETS = {"calendar-feed", "submission-begin", "submission-part"}
# Where an empty form is a wrong password, code or key.
PROOFS = {"sign-in", "sign-in-factor", "prove-again", "add-code-app", "add-key"}
# A provider is asked only where access.toml names one; without it these addresses do not exist.
NOT_SET_UP = {"openid-begin", "openid-return"}
# An empty form sent to these is a wrong password or code.
PROOFS = {"sign-in", "sign-in-factor", "prove-again", "my-password", "add-code-app", "add-key"}
LIBRARY = {"library", "library-document"}


def test_nobody_without_a_name_gets_past_the_door(cast: Any) -> None:
    for name, address in every_address(cast).items():
        for method in ("get", "post"):
            response = getattr(Client(), method)(address)
            if name in OPEN or response.status_code == 405:
                continue
            if name in SECRETS:
                assert response.status_code in (400, 403, 404, 422), name
                continue
            if name in NOT_SET_UP:
                assert response.status_code == 404, name
                continue
            assert response.status_code == 302, name
            assert response.headers["Location"].startswith("/can-dang-nhap/"), name


def test_a_stranger_finds_nothing_of_the_ward(cast: Any) -> None:
    secrets = [cast.ward.name_vi, cast.an.username, cast.host.intakes.get().sha256]
    for name, address in every_address(cast).items():
        if name in {"leave", "enter"}:
            continue
        for method in ("get", "post"):
            response = getattr(cast.client(cast.dung), method)(address, follow=True)
            page = b"".join(response).decode(errors="replace")
            assert [secret for secret in secrets if secret in page] == [], (name, method)
            refused = {403} if name in PROOFS else set()
            assert response.status_code in {200, 404, 405, 422} | refused, (name, method)


def test_of_another_unit_the_answer_is_404(cast: Any) -> None:
    client = cast.client(cast.dung)
    for name, address in every_address(cast).items():
        if "/don-vi/phuong/" in address:
            assert {client.get(address).status_code, client.post(address).status_code} <= {
                404,
                405,
            }, name


def test_the_ledger_shows_of_other_units_only_place_and_hash(cast: Any) -> None:
    index = LedgerEntry.objects.get(kind="facts.collected").index
    page = cast.client(cast.dung).get(f"/so-cai/{index}/").content.decode()
    assert "Bản ghi của đơn vị khác" in page
    assert "facts.collected" not in page
    assert bytes(LedgerEntry.objects.get(pk=index).leaf_hash).hex() in page


def test_the_ledger_tells_of_a_text_only_to_its_unit_whatever_the_text_is_called(
    cast: Any,
) -> None:
    index = LedgerEntry.objects.get(kind="adoption.text_imported").index
    assert own_text.CODE in cast.client(cast.an).get(f"/so-cai/{index}/").content.decode()
    assert (
        "Bản ghi của đơn vị khác"
        in cast.client(cast.dung).get(f"/so-cai/{index}/").content.decode()
    )
    ImportedText.objects.filter(code=own_text.CODE).update(code="xa-khac")
    told = LedgerEntry.objects.filter(subject="xa-khac").exclude(kind__startswith="adoption.")
    for entry in told:
        page = cast.client(cast.an).get(f"/so-cai/{entry.index}/").content.decode()
        assert "Bản ghi của đơn vị khác" in page, (
            "a text called like a unit opens nothing of that unit"
        )
    assert told


def test_the_unit_above_sees_the_unit_below_but_not_the_reverse(cast: Any) -> None:
    assert cast.client(cast.an).get("/don-vi/tram/").status_code == 200
    assert cast.client(cast.binh).get("/don-vi/phuong/").status_code == 404


@pytest.mark.parametrize("address", ["/van-ban/", "/so-cai/"])
def test_a_person_without_a_unit_gets_a_page_that_says_so(cast: Any, address: str) -> None:
    client = cast.client(type(cast.an).objects.create_user("khach"))
    assert client.get(address).status_code == 200
    assert "Tài khoản chưa thuộc đơn vị nào" in client.get("/").content.decode()
