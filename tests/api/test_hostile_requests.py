"""Bodies and addresses that no honest program sends: each gets a problem, none an error 500."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from api_cast import REGISTER, Cast, bundle, second_officer, token_for
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khien.api.door import JSON_MAX
from khien.api.paging import cursor_of, place_of
from khien.api.parsing import DEPTH_MAX, read_json
from khien.facts.models import Intake
from khien.kernel.clock import now_utc
from khien.registers.models import Row

pytestmark = pytest.mark.django_db


def code(response: Any) -> tuple[int, str]:
    assert response.headers["Content-Type"] == "application/problem+json"
    return response.status_code, json.loads(response.content)["code"]


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[1", b"null", b"\xff\xfe", b'{"values": {"a": NaN}}', b'{"values": {"a": 1, "a": 2}}',
        b'{"values": ' + b"[" * 50 + b"]" * 50 + b"}", b"[" * 100_000, b'{"values":{"a":' + b"9" * 5000 + b"}}",
        b'{"values": {"endpoint_name": "\\ud800"}}', b'{"values": {"endpoint_name": "\\u0000"}}',
    ],
)  # fmt: skip
def test_a_body_that_is_no_honest_json_is_refused(cast: Cast, body: bytes) -> None:
    count = Row.objects.count()
    response = cast.call("POST", cast.rows(), body=body)
    assert code(response)[0] in (400, 422)
    assert Row.objects.count() == count


def test_json_is_read_to_a_depth_and_no_deeper() -> None:
    assert read_json(b"[" * DEPTH_MAX + b"]" * DEPTH_MAX)
    with pytest.raises(ValueError, match="deep"):
        read_json(b"[" * (DEPTH_MAX + 1) + b"]" * (DEPTH_MAX + 1))


def test_a_body_over_the_limit_is_refused_by_its_length_alone(cast: Cast) -> None:
    response = cast.call("POST", cast.rows(), body=b" " * (JSON_MAX + 1))
    assert code(response) == (413, "KHIEN-API-006")
    claimed = cast.call("POST", cast.rows(), body=b"{}", CONTENT_LENGTH=str(10**12))
    assert code(claimed) == (413, "KHIEN-API-006")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""]
)  # fmt: skip
def test_a_body_of_another_type_is_refused(cast: Cast, kind: str) -> None:
    response = cast.call("POST", cast.rows(), body=b'{"values": {}}', content_type=kind)
    assert code(response) == (415, "KHIEN-API-005")


def test_an_upload_must_be_a_form(cast: Cast) -> None:
    base = f"units/{cast.ward.code}/registers/{REGISTER}/imports/preview"
    assert code(cast.call("POST", base, body=b"PK")) == (415, "KHIEN-API-005")
    broken = cast.call(
        "POST", base, body=b"--x\r\nContent-Disposition: form", content_type="multipart/form-data; boundary=x"
    )  # fmt: skip
    assert code(broken)[0] in (400, 422)


@pytest.mark.parametrize(
    "path",
    [
        "units?limit=0", "units?limit=x", "units?limit=-1", "units?cursor=%F0%9F", "units?cursor=e30", "units?cursor=!!!",
        "units?cursor=" + "a" * 5000, "units/phuong/findings?on=2026-13-01", "units/phuong/findings?on=9999-01-01",
        "units/phuong/findings?verdict=fine", "units/phuong/findings?control=" + "x" * 99, "units/%00/machines",
        "ledger/entries/99999999999999999999999999", "ledger/entries/-1", "units/phuong/machines/%2e%2e",
        "units/phuong/registers/endpoint/rows/99999999999999", "units/phuong/registers/endpoint/rows/0",
        "units/phuong/registers/khong_co/rows", "units/phuong/registers/endpoint/rows?q=%00",
        "units/phuong/registers/endpoint/rows?where=kind:is:%00", "ledger/entries?cursor=" + "W10",
        "units/phuong/registers/endpoint/rows/1/attachments/99999999999999999999/content",
    ],
)  # fmt: skip
def test_an_address_that_makes_no_sense_is_a_problem(cast: Cast, path: str) -> None:
    response = cast.call("GET", path)
    assert 400 <= response.status_code < 500
    assert code(response)[1].startswith("KHIEN-")


JSON_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELD = st.sampled_from(
    ["endpoint_name", "kind", "mac", "ip", "connected_on", "is_personal", "holder", "x"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(FIELD, JSON_VALUE, max_size=4) | JSON_VALUE)
def test_no_value_of_any_kind_breaks_the_adding_of_a_row(cast: Cast, values: Any) -> None:
    body = json.dumps({"values": values}).encode()
    response = cast.call("POST", cast.rows(), body=body)
    assert response.status_code in (201, 400, 409, 422), response.content


@given(st.lists(st.integers(-(2**62), 2**62) | st.text(max_size=30), max_size=4))
def test_a_cursor_gives_back_the_place_it_was_made_of(place: list[Any]) -> None:
    kinds = [type(part) for part in place]
    assert place_of(cursor_of(*place), *kinds) == tuple(place)


def test_a_wrong_method_is_refused(cast: Cast) -> None:
    assert cast.call("DELETE", cast.rows(1)).status_code == 405
    assert cast.call("PUT", "me").status_code == 405


def test_a_bundle_is_taken_in_once_and_not_into_another_unit(cast: Cast) -> None:
    path = f"units/{cast.ward.code}/intakes"
    sent = bundle("may-02", "0123456789abcdef0123456789abcdef")
    first = cast.call("POST", path, body=sent)
    again = cast.call("POST", path, body=sent)
    assert (first.status_code, again.status_code) == (201, 201)
    assert json.loads(first.content)["ledger_index"] == json.loads(again.content)["ledger_index"]
    theirs = cast.call(
        "POST", f"units/{cast.strange.code}/intakes", body=sent, token=cast.strange_token
    )
    assert code(theirs) == (409, "KHIEN-API-013")
    assert Intake.objects.filter(host__name="may-02").count() == 1


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"format": "x"}', b'{"host": {"host_uid": 7}}', b"1.5", b"\x00"]
)
def test_what_is_no_bundle_is_not_taken_in(cast: Cast, body: bytes) -> None:
    response = cast.call("POST", f"units/{cast.ward.code}/intakes", body=body)
    assert code(response)[0] in (400, 422)


def test_a_past_day_is_the_state_of_that_day(cast: Cast) -> None:
    day = (now_utc() - timedelta(days=30)).date().isoformat()
    now = json.loads(cast.call("GET", f"units/{cast.ward.code}/findings?verdict=fail").content)
    then = json.loads(cast.call("GET", f"units/{cast.ward.code}/findings?on={day}").content)
    assert now["items"]
    assert then["items"] == []
    [one] = [f for f in now["items"] if f["control"] == "PWD-01"][:1]
    assert one["sentence"]["vi"] != one["sentence"]["en"]


def test_findings_of_all_units_come_page_by_page(cast: Cast) -> None:
    seen, cursor = [], ""
    while True:
        page = json.loads(
            cast.call("GET", "findings?limit=50" + (f"&cursor={cursor}" if cursor else "")).content
        )
        seen += [(f["unit"], f["control"], f["subject"]) for f in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) > 100
    assert {unit for unit, *_ in seen} == {cast.ward.code}


def test_the_ledger_tells_of_others_only_place_and_hash(cast: Cast) -> None:
    mine = json.loads(cast.call("GET", "ledger/entries?limit=200").content)["items"]
    theirs = cast.call("GET", "ledger/entries?limit=200", token=cast.strange_token)
    shown = {one["index"]: one for one in json.loads(theirs.content)["items"]}
    row_added = next(one for one in mine if one["kind"] == "registers.row_added")
    assert row_added["is_yours"]
    hidden = shown[row_added["index"]]
    assert (hidden["is_yours"], hidden["kind"], hidden["body"]) == (False, None, None)
    assert hidden["leaf_hash"] == row_added["leaf_hash"]
    asked = cast.call("GET", "ledger/entries?kind=registers.row_added", token=cast.strange_token)
    assert json.loads(asked.content)["items"] == []


def test_what_a_program_does_stands_under_its_users_name(cast: Cast) -> None:
    user = second_officer(cast.ward, "chuong-trinh")
    token = token_for(user, "write", "read")
    body = {"values": {"endpoint_name": "ký tên", "kind": "laptop", "is_personal": False}}
    made = json.loads(cast.call("POST", cast.rows(), body=body, token=token).content)
    assert made["changed_by"] == "chuong-trinh"
