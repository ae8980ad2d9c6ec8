"""Users, roles, requests and webhooks through the API: the services' own refusals hold here too."""

from __future__ import annotations

import json
from typing import Any

import pytest
from api_cast import Cast, second_officer, token_for

from khien.exchange.models import Webhook

pytestmark = pytest.mark.django_db


def said(response: Any) -> tuple[int, str]:
    found = json.loads(response.content)
    return response.status_code, found.get("code", "") if isinstance(found, dict) else ""


def test_an_administrator_gives_and_takes_a_role_by_program(cast: Cast) -> None:
    second_officer(cast.ward, "nhan-vien")
    base = "units/phuong/users/nhan-vien"
    given = cast.call("POST", f"{base}/roles", body={"role": "staff", "reason": "mới"})
    assert said(given)[0] == 201
    shown = json.loads(cast.call("GET", base).content)
    assert {role["role"] for role in shown["roles"]} == {"officer", "staff"}
    taken = json.loads(cast.call("POST", f"{base}/roles/staff/revoke").content)
    assert {role["role"] for role in taken["roles"]} == {"officer"}
    assert said(cast.call("POST", f"{base}/roles/staff/revoke")) == (404, "KHIEN-API-003")


def test_nobody_changes_the_own_rights_by_program(cast: Cast) -> None:
    base = f"units/phuong/users/{cast.an.username}"
    assert cast.call("POST", f"{base}/roles", body={"role": "overseer"}).status_code in (403, 409)
    assert cast.call("POST", f"{base}/disable", body={}).status_code in (403, 409)


def test_a_user_of_elsewhere_is_not_disabled_by_a_token_of_one_unit(cast: Cast) -> None:
    narrow = token_for(cast.an, "manage", unit=cast.station)
    second_officer(cast.ward, "o-phuong")
    path = "units/tram/users/o-phuong/disable"
    assert said(cast.call("POST", path, body={}, token=narrow)) == (404, "KHIEN-API-003")
    path = "units/phuong/users/o-phuong/disable"
    assert said(cast.call("POST", path, body={}, token=narrow)) == (404, "KHIEN-API-003")
    assert said(cast.call("POST", path, body={"reason": "nghỉ"}))[0] == 200


def test_a_program_may_not_approve_what_its_user_asked_for_himself(cast: Cast) -> None:
    body = {
        "username": "moi-vao", "full_name": "Người Mới", "roles": [{"role": "staff"}], "reason": "vào làm",
    }  # fmt: skip
    made = cast.call("POST", "units/phuong/account-requests", body=body)
    assert said(made)[0] == 201
    number = json.loads(made.content)["id"]
    path = f"units/phuong/account-requests/{number}/approve"
    assert cast.call("POST", path, body={}).status_code in (403, 409)
    listed = json.loads(cast.call("GET", "units/phuong/account-requests").content)["items"]
    assert [(one["username"], one["state"]) for one in listed] == [("moi-vao", "open")]


def test_a_role_that_does_not_exist_is_refused(cast: Cast) -> None:
    second_officer(cast.ward, "vai-la")
    refused = cast.call("POST", "units/phuong/users/vai-la/roles", body={"role": "vua"})
    assert said(refused) == (400, "KHIEN-ORG-004")


def test_the_history_of_a_unit_is_there(cast: Cast) -> None:
    [state] = json.loads(cast.call("GET", "units/phuong/history").content)
    assert (state["what"], state["until_on"]) == ("registered", None)


def test_a_webhook_opened_by_program_goes_outside_only(cast: Cast) -> None:
    path = "units/phuong/webhooks"
    for url in ("http://vd.gov.vn/", "http://127.0.0.1/", "https://a:b@vd.gov.vn/"):
        refused = cast.call("POST", path, body={"url": url, "kinds": ["registers.*"]})
        assert said(refused) == (422, "KHIEN-EXC-001"), url
    made = json.loads(
        cast.call(
            "POST", path, body={"url": "https://vd.gov.vn/x", "kinds": ["registers.*"]}
        ).content
    )
    assert made["secret"].startswith("whsec_")
    assert not made["allows_private"]
    shown = cast.call("GET", path).content.decode()
    assert "whsec_" not in shown
    closed = json.loads(cast.call("POST", f"{path}/{made['id']}/remove").content)
    assert closed["ended_at"]
    assert Webhook.objects.get(pk=made["id"]).ended_by == cast.an.username
    # Nothing is sent through a closed one: the message waits nowhere and no receiver is asked.
    tried = json.loads(cast.call("POST", f"{path}/{made['id']}/test").content)
    assert tried["attempts"] == 0


def test_a_webhook_of_others_does_not_exist(cast: Cast) -> None:
    path = f"units/xa-khac/webhooks/{cast.webhook.pk}/deliveries"
    assert said(cast.call("GET", path, token=cast.strange_token)) == (404, "KHIEN-EXC-002")
