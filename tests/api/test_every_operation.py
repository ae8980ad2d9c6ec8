"""What holds for every operation, those not written yet too: scope, words, 401, 403, 404."""

from __future__ import annotations

import json
from typing import Any

import pytest
from api_cast import BODIES, Cast, body_of, operations, places
from django.test import Client

from khien.api.api import api
from khien.api.door import Door
from khien.org.roles import CAPABILITIES, KNOW, READ

pytestmark = pytest.mark.django_db

OPERATIONS = operations()
IDS = [said["operationId"] for _, _, said in OPERATIONS]
# Operations that need no more than the right to read although they are no GET, each with its reason.
READING_POSTS = {
    "make_minutes": "as on the page: who may read may have the minutes; the first time is on record",
    "make_report": "as on the page: who may read may have a report; that it was made is on record",
}


def address(path: str, cast: Cast) -> str:
    return path.format(**places(cast))


def sent(cast: Cast, method: str, path: str, said: dict[str, Any], token: str | None) -> Any:
    body = None if method == "GET" else body_of(said["operationId"])
    headers = {"If-Match": '"1"'}
    return cast.call(method, address(path, cast), token=token, body=body, headers=headers)


def test_there_are_operations_and_each_has_its_own_name() -> None:
    assert len(IDS) > 40
    assert len(set(IDS)) == len(IDS)
    assert sorted(BODIES) == sorted(said["operationId"] for m, _, said in OPERATIONS if m != "GET")


@pytest.mark.parametrize(("method", "path", "said"), OPERATIONS, ids=IDS)
def test_an_operation_declares_scope_and_words_in_both_languages(
    method: str, path: str, said: dict[str, Any]
) -> None:
    assert said["x-khien-scope"] in CAPABILITIES
    words = said["x-khien-words"]
    assert len(words["vi"]) > 5
    assert len(words["en"]) > 5
    assert words["vi"] != words["en"]
    assert said["security"] == [{"Door": []}]
    assert {"401", "403", "404"} <= {str(code) for code in said["responses"]}
    if method != "GET" and said["operationId"] not in READING_POSTS:
        assert said["x-khien-scope"] not in (KNOW, READ)


def test_what_is_declared_is_what_the_door_asks_for() -> None:
    declared = {said["operationId"]: said["x-khien-scope"] for _, _, said in OPERATIONS}
    enforced = {}
    for bound in api._get_bound_routers():
        for view in bound.path_operations.values():
            for operation in view.operations:
                [door] = operation.auth_callbacks
                assert isinstance(door, Door)
                enforced[operation.operation_id] = door.may
    assert enforced == declared


@pytest.mark.parametrize(("method", "path", "said"), OPERATIONS, ids=IDS)
def test_without_a_token_it_answers_401(
    cast: Cast, method: str, path: str, said: dict[str, Any]
) -> None:
    response = sent(cast, method, path, said, None)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    problem = json.loads(response.content)
    assert problem["code"] == "KHIEN-TOK-003"
    assert problem["detail_vi"] != problem["detail_en"]


@pytest.mark.parametrize(("method", "path", "said"), OPERATIONS, ids=IDS)
def test_a_strangers_token_finds_nothing_of_the_ward(
    cast: Cast, method: str, path: str, said: dict[str, Any]
) -> None:
    response = sent(cast, method, path, said, cast.strange_token)
    text = response.content.decode("utf-8", errors="replace")
    for secret in (cast.ward.name_vi, cast.an.username, cast.host.name, "PC-01"):
        assert secret not in text
    if "{code}" in path:
        assert response.status_code == 404
        assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [one for one in OPERATIONS if one[2]["x-khien-scope"] not in (KNOW, READ)],
    ids=[s["operationId"] for _, _, s in OPERATIONS if s["x-khien-scope"] not in (KNOW, READ)],
)
def test_a_token_that_only_reads_may_not_write(
    cast: Cast, method: str, path: str, said: dict[str, Any]
) -> None:
    response = sent(cast, method, path, said, cast.read_token)
    assert response.status_code == 403
    assert json.loads(response.content)["code"] == "KHIEN-API-001"


READS = [one for one in OPERATIONS if one[0] == "GET"]


@pytest.mark.parametrize(
    ("method", "path", "said"), READS, ids=[said["operationId"] for *_, said in READS]
)
def test_every_read_answers_the_officer(
    cast: Cast, method: str, path: str, said: dict[str, Any]
) -> None:
    response = sent(cast, method, path, said, cast.all_token)
    assert response.status_code == 200, response.content


def test_the_description_is_a_sound_openapi_document(cast: Cast) -> None:
    found = json.loads(cast.call("GET", "openapi.json", token=None).content)
    assert found["openapi"].startswith("3.1")
    assert found["info"]["title"] == "Khiên"
    assert found["components"]["securitySchemes"]["Door"] == {"type": "http", "scheme": "bearer"}
    text = json.dumps(found)
    schemas = found["components"]["schemas"]
    wanted = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert wanted <= set(schemas)
    for path, methods in found["paths"].items():
        assert path.startswith("/api/v1/")
        for said in methods.values():
            named = {one["name"] for one in said["parameters"] if one["in"] == "path"}
            assert named == {part.partition("}")[0] for part in path.split("{")[1:]}
            assert all(one["schema"] for one in said["parameters"])


def test_lists_have_a_bounded_page(cast: Cast) -> None:
    for method, path, said in READS:
        limits = [p["schema"] for p in said["parameters"] if p["name"] == "limit"]
        for limit in limits:
            assert (limit["minimum"], limit["maximum"]) == (1, 200)
            response = cast.call(method, address(path, cast) + "?limit=201")
            assert response.status_code == 422


def test_the_page_of_the_api_shows_every_operation_and_nothing_from_outside(cast: Cast) -> None:
    assert cast.call("GET", "/api/", token=None).status_code == 302
    reader = Client()
    reader.force_login(cast.an)
    page = reader.get("/api/").content.decode()
    assert [name for name in IDS if f'id="{name}"' not in page] == []
    assert '<script src="http' not in page
    assert "style=" not in page


def test_an_unknown_address_is_a_problem_too(cast: Cast) -> None:
    for path in ("/api/v1/khong-co", "/api/khong-co/", "/api/v1/units/phuong/khong-co"):
        response = cast.call("GET", path)
        assert response.status_code == 404
        assert response.headers["Content-Type"] == "application/problem+json"
