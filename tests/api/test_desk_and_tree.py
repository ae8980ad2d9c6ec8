"""Tasks, search, suggestions, the unit tree, lists of cases: what the pages do, a program does as well."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from api_cast import Cast, token_for

from khien.kernel.clock import now_utc, vietnam_date
from khien.ledger.models import LedgerEntry
from khien.norms.models import Binding
from khien.org.models import Unit
from khien.org.roles import KNOW, MANAGE, READ
from khien.registers.models import Dismissal, Row

pytestmark = pytest.mark.django_db


def today() -> date:
    """Return the day it is now, which may change while the tests run."""
    return vietnam_date(now_utc())


def got(cast: Cast, path: str, **more: Any) -> Any:
    answer = cast.call("GET", path, **more)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def sent(cast: Cast, path: str, body: Any, **more: Any) -> tuple[int, Any]:
    answer = cast.call("POST", path, body=body, **more)
    return answer.status_code, json.loads(answer.content)


@pytest.fixture
def managing(cast: Cast) -> str:
    """A token of An that manages."""
    return token_for(cast.an, MANAGE)


def test_tasks_name_their_day_their_clauses_and_what_they_lead_to(cast: Cast) -> None:
    due = (today() + timedelta(days=2)).isoformat()
    Row.objects.create(
        unit=cast.ward, register="request", number=1, values={"due_on": due}, name="Báo cáo",
        name_key="bao cao", search_key="bao cao", created_at=now_utc(), changed_at=now_utc(),
        changed_by="x",
    )  # fmt: skip
    day = got(cast, "units/phuong/tasks")
    tasks = {task["source"]: task for group in day["groups"] for task in group["tasks"]}
    assert tasks["rows"]["due_on"] == due
    assert tasks["rows"]["target"] == {
        "kind": "row", "unit": "phuong", "register": "request", "number": 1,
    }  # fmt: skip
    assert tasks["failing"]["clauses"]
    for task in tasks.values():
        assert {clause.partition("/")[0] for clause in task["clauses"]} <= {"do-son"}
    assert day["assessed_on"] == today().isoformat()


def test_a_search_shows_a_token_only_what_its_scope_and_unit_reach(cast: Cast) -> None:
    def kinds(token: str = "") -> dict[str, Any]:
        found = got(cast, "search?q=pc-01", token=token)
        return {group["kind"]: [hit["target"] for hit in group["hits"]] for group in found}

    row = {"kind": "row", "unit": "phuong", "register": "endpoint", "number": cast.row.number}
    assert row in kinds()["row"]
    assert "row" not in kinds(token_for(cast.an, KNOW))
    assert "row" not in kinds(token_for(cast.an, READ, unit=cast.station))
    assert "row" not in kinds(cast.strange_token)
    assert got(cast, "search?q=mat+khau", token=token_for(cast.an, KNOW))
    assert got(cast, "search") == []


def test_what_machines_show_is_taken_in_once_or_left_out(cast: Cast) -> None:
    base = "units/phuong/registers/account/proposals"
    first = got(cast, base)
    assert first["count"] == len(first["items"]) > 0
    root = next(one for one in first["items"] if one["values"].get("username") == "root")
    body = {"identities": [root["identity"]]}
    status, said = sent(cast, f"{base}/accept", body)
    assert (status, [one["field"] for one in said["problems"]]) == (422, ["place"])
    assert not Row.objects.filter(register="account").exists()
    body["values"] = {"place": "machine", "username": "khac"}
    status, rows = sent(cast, f"{base}/accept", body)
    assert (status, rows[0]["values"]["username"]) == (201, "root")  # what a machine shows, stays
    again = sent(cast, f"{base}/accept", body)
    assert (again[0], again[1]["code"]) == (422, "KHIEN-API-008")
    assert root["identity"] not in {one["identity"] for one in got(cast, base)["items"]}


def test_a_suggestion_left_out_is_not_made_again(cast: Cast) -> None:
    base = "units/phuong/registers/endpoint/proposals"
    (one, *_) = got(cast, base)["items"]
    body = {"identities": [one["identity"]], "reason": "máy mượn"}
    assert sent(cast, f"{base}/dismiss", body) == (200, {"count": 1})
    assert Dismissal.objects.get().reason == "máy mượn"
    assert one["identity"] not in {two["identity"] for two in got(cast, base)["items"]}


def test_a_unit_is_founded_renamed_moved_and_ended(cast: Cast, managing: str) -> None:
    decision = {"number": "12/QĐ-UBND", "signed_on": "2026-01-05", "authority": "UBND"}
    body = {"code": "tram-moi", "name": "Trạm mới", "kind": "ward"}
    status, made = sent(cast, "units/phuong/below", body | {"decision": decision}, token=managing)
    assert (status, made["parent"], made["place"]) == (201, "phuong", cast.ward.place)
    assert sent(cast, "units/phuong/below", body, token=managing)[0] == 409
    named = {"name": "Trạm đổi tên", "decision": decision}
    status, renamed = sent(cast, "units/tram-moi/rename", named, token=managing)
    assert (status, renamed["name"]["vi"]) == (200, "Trạm đổi tên")
    moved = sent(cast, "units/tram-moi/move", {"parent": "tram"}, token=managing)
    assert (moved[0], moved[1]["parent"]) == (200, "tram")
    history = got(cast, "units/tram-moi/history")
    assert {"12/QĐ-UBND, 05/01/2026, UBND"} <= {one["decision"] for one in history}
    ended = sent(cast, "units/tram-moi/end", {"on": today().isoformat()}, token=managing)
    assert (ended[0], ended[1]["ended_on"]) == (200, today().isoformat())
    kinds = [entry.kind for entry in LedgerEntry.objects.filter(subject="tram-moi")]
    assert len(kinds) >= 4


def test_a_unit_merges_into_another(cast: Cast, managing: str) -> None:
    body = {"code": "sap-nhap", "name": "Sẽ sáp nhập", "kind": "ward"}
    assert sent(cast, "units/phuong/below", body, token=managing)[0] == 201
    merged = sent(cast, "units/sap-nhap/merge", {"into": ["tram"]}, token=managing)
    assert (merged[0], merged[1]["ended_on"], merged[1]["parent"]) == (
        200,
        today().isoformat(),
        "tram",
    )


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("units/tram/move", {"parent": "xa-khac"}),
        ("units/tram/merge", {"into": ["xa-khac"]}),
        ("units/tram/merge", {"into": ["phuong"], "also": ["xa-khac"]}),
        ("units/xa-khac/end", {}),
        ("units/xa-khac/documents", {"document": "hue"}),
    ],
)
def test_no_change_reaches_a_unit_of_others(
    cast: Cast, managing: str, path: str, body: dict[str, Any]
) -> None:
    before = list(Unit.objects.order_by("pk").values())
    assert sent(cast, path, body, token=managing)[0] == 404
    assert list(Unit.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("path", ["move", "merge", "end"])
def test_a_token_for_one_unit_does_not_take_it_out_of_the_unit_above(cast: Cast, path: str) -> None:
    narrow = token_for(cast.an, MANAGE, unit=cast.station)
    body = {"move": {"parent": "tram"}, "merge": {"into": ["tram"]}, "end": {}}[path]
    status, said = sent(cast, f"units/tram/{path}", body, token=narrow)
    assert (status, said["code"]) == (403, "KHIEN-ORG-019")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "khong-co"},
        {"code": "CÓ DẤU"},
        {"name": ""},
        {"on": "2999-01-01"},
        {"on": "hôm qua"},
    ],
)
def test_a_unit_that_cannot_be_is_refused(cast: Cast, managing: str, wrong: dict[str, Any]) -> None:
    body = {"code": "khong-lap", "name": "Không lập", "kind": "ward"} | wrong
    status, said = sent(cast, "units/phuong/below", body, token=managing)
    assert 400 <= status < 500, said
    assert not Unit.objects.filter(name_vi="Không lập").exists()


def test_a_document_binds_once_and_who_did_it_is_on_record(cast: Cast, managing: str) -> None:
    body = {"document": "binh-dinh", "from_on": "2026-01-01"}
    wanted = {"unit": "phuong", "document": "binh-dinh", "from_on": "2026-01-01"}
    assert sent(cast, "units/phuong/documents", body, token=managing) == (200, wanted)
    again = {"document": "binh-dinh", "from_on": "2026-05-05"}
    assert sent(cast, "units/phuong/documents", again, token=managing) == (200, wanted)
    assert Binding.objects.get(unit=cast.ward, document="binh-dinh").bound_from == date(2026, 1, 1)
    entry = LedgerEntry.objects.filter(kind="norms.document_bound").latest("index")
    assert entry.body["by"] == cast.an.username
    assert sent(cast, "units/phuong/documents", {"document": "x"}, token=managing)[0] in (404, 422)


def test_a_list_is_decided_at_the_versions_that_were_seen(cast: Cast) -> None:
    status, case = sent(cast, "units/phuong/cases", {"workflow": "account_review", "title": "Q4"})
    assert status == 201
    base = f"units/phuong/cases/{case['number']}/lists/decide"
    page = got(cast, base)
    assert page["counts"][""] == len(page["items"]) > 0
    assert "keep" in {one["code"] for one in page["decisions"]}
    (first, *_) = page["items"]
    body = {"decision": "keep", "items": [{"id": first["id"], "version": first["version"]}]}
    assert sent(cast, f"{base}/decide", body) == (200, {"count": 1})
    kept = got(cast, f"{base}?only=keep")["items"]
    assert [(one["id"], one["decided_by"]) for one in kept] == [(first["id"], cast.an.username)]
    stale = body | {"decision": "disable", "note": "không dùng"}
    status, said = sent(cast, f"{base}/decide", stale)
    assert status == 409, said
    assert sent(cast, f"{base}/refresh", None) == (200, {"count": 0})
    assert cast.call("GET", base.replace("lists/decide", "lists/khong-co")).status_code == 404
    unknown = sent(cast, f"{base}/decide", body | {"decision": "khong-co"})
    assert 400 <= unknown[0] < 500


def test_minutes_that_are_not_made_yet_are_refused(cast: Cast) -> None:
    status, said = sent(cast, "units/phuong/cases/1/minutes", None)
    assert (status, said["code"]) == (404, "KHIEN-WFL-013")
