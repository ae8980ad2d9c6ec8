"""Processes through the API: started once, steps only by who may, never further than the token goes."""

from __future__ import annotations

import json

import pytest
from api_cast import Cast, token_for

pytestmark = pytest.mark.django_db


def test_a_case_is_started_once_and_shows_its_steps(cast: Cast) -> None:
    body = {"workflow": "disposal", "title": "Máy in cũ"}
    headers = {"Idempotency-Key": "ho-so-1"}
    made = [cast.call("POST", "units/phuong/cases", body=body, headers=headers) for _ in range(2)]
    assert [response.status_code for response in made] == [201, 201]
    first, second = (json.loads(response.content) for response in made)
    assert first["number"] == second["number"]
    assert "now" in {step["standing"] for step in first["steps"]}
    waiting = json.loads(cast.call("GET", "units/phuong/open-steps").content)
    assert first["number"] in {step["case_number"] for step in waiting}


def test_a_step_without_what_it_asks_is_refused_and_stores_nothing(cast: Cast) -> None:
    case = json.loads(cast.call("GET", "units/phuong/cases/1").content)
    step = next(one for one in case["steps"] if one["standing"] == "now" and one["fields"])
    way = "decisions" if step["who"] == "approve" else "steps"
    path = f"units/phuong/cases/1/{way}/{step['code']}"
    refused = cast.call("POST", path, body={"values": {}})
    assert 400 <= refused.status_code < 500, refused.content
    assert json.loads(cast.call("GET", "units/phuong/cases/1").content) == case


def test_a_token_that_writes_does_not_decide_for_a_leader(cast: Cast) -> None:
    writing = token_for(cast.an, "write", "read")
    case = json.loads(cast.call("GET", "units/phuong/cases/1").content)
    leaders = [step["code"] for step in case["steps"] if step["who"] == "approve"]
    assert leaders
    for step in leaders:
        decided = cast.call(
            "POST", f"units/phuong/cases/1/decisions/{step}", body={}, token=writing
        )
        assert decided.status_code == 403
        done = cast.call("POST", f"units/phuong/cases/1/steps/{step}", body={}, token=writing)
        assert 400 <= done.status_code < 500


def test_a_case_is_cancelled_with_a_reason(cast: Cast) -> None:
    body = {"workflow": "disposal", "title": "Hủy thử"}
    number = json.loads(cast.call("POST", "units/phuong/cases", body=body).content)["number"]
    path = f"units/phuong/cases/{number}/cancel"
    assert 400 <= cast.call("POST", path, body={"reason": " "}).status_code < 500
    done = json.loads(cast.call("POST", path, body={"reason": "nhầm"}).content)
    assert (done["state"], done["reason"]) == ("cancelled", "nhầm")
