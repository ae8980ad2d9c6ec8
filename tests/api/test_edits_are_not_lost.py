"""Versions: whatever two programs do to one row, no edit is lost without its author being told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from api_cast import REGISTER, Cast
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khien.ledger.models import LedgerEntry
from khien.registers.models import Row, RowVersion

pytestmark = pytest.mark.django_db


def new_row(cast: Cast, **values: Any) -> dict[str, Any]:
    body = {"values": {"endpoint_name": "M", "kind": "laptop", "is_personal": False} | values}
    response = cast.call("POST", cast.rows(), body=body)
    assert response.status_code == 201, response.content
    made: dict[str, Any] = json.loads(response.content)
    assert response.headers["ETag"] == f'"{made["version"]}"'
    return made


def patch(cast: Cast, number: int, seen: str | None, **values: Any) -> Any:
    headers = {} if seen is None else {"If-Match": seen}
    return cast.call("PATCH", cast.rows(number), body={"values": values}, headers=headers)


def test_a_change_without_the_version_that_was_seen_is_refused(cast: Cast) -> None:
    row = new_row(cast)
    for seen in (None, "", "*", '"x"', 'W/"-1"', '"99999999999999999999"'):
        response = patch(cast, row["number"], seen, serial="S")
        assert response.status_code == 428, seen
        assert json.loads(response.content)["code"] == "KHIEN-API-009"


def test_the_second_of_two_sees_the_difference_and_loses_nothing(cast: Cast) -> None:
    row = new_row(cast, serial="CŨ")
    first = patch(cast, row["number"], '"1"', serial="CỦA AN")
    assert (first.status_code, first.headers["ETag"]) == (200, '"2"')
    second = patch(cast, row["number"], '"1"', serial="CỦA BÌNH")
    problem = json.loads(second.content)
    assert (second.status_code, problem["code"]) == (412, "KHIEN-REG-004")
    assert problem["current_version"] == 2
    [difference] = [one for one in problem["differences"] if one["field"] == "serial"]
    assert (difference["base"], difference["theirs"], difference["mine"]) == (
        "CŨ",
        "CỦA AN",
        "CỦA BÌNH",
    )
    assert difference["contested"] is True
    assert patch(cast, row["number"], '"2"', serial="CỦA BÌNH").status_code == 200


FIELDS = ("serial", "holder", "division")
EDIT = st.tuples(
    st.integers(0, 2), st.sampled_from(FIELDS), st.sampled_from(["A", "B", "C"]), st.booleans()
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(EDIT, min_size=1, max_size=8))
def test_no_order_of_reads_and_writes_loses_an_edit(
    cast: Cast, edits: list[tuple[int, str, str, bool]]
) -> None:
    """Three programs read and write as they like; each accepted write stands in the history, in order."""
    number = new_row(cast)["number"]
    seen = dict.fromkeys(range(3), 1)
    accepted: list[tuple[str, str]] = []
    for who, field, value, reads_first in edits:
        if reads_first:
            seen[who] = json.loads(cast.call("GET", cast.rows(number)).content)["version"]
        before = json.loads(cast.call("GET", cast.rows(number)).content)
        response = patch(cast, number, f'"{seen[who]}"', **{field: value})
        after = json.loads(cast.call("GET", cast.rows(number)).content)
        if response.status_code == 200:
            seen[who] = json.loads(response.content)["version"]
            assert after["values"] == before["values"] | {field: value}
            if after["version"] != before["version"]:
                assert seen[who] == after["version"]
                accepted.append((field, value))
        else:
            assert response.status_code == 412
            assert seen[who] != before["version"]
            assert after == before
            mine = {d["field"]: d["mine"] for d in json.loads(response.content)["differences"]}
            assert mine.get(field, value) == value
    row = Row.objects.get(unit=cast.ward, register=REGISTER, number=number)
    history = list(RowVersion.objects.filter(row=row).order_by("version"))
    assert [version.version for version in history] == list(range(1, len(accepted) + 2))
    for version, (field, value) in zip(history[1:], accepted, strict=True):
        assert version.values[field] == value


def test_an_addition_sent_twice_is_one_row(cast: Cast) -> None:
    body = {"values": {"endpoint_name": "một", "kind": "laptop", "is_personal": False}}
    headers = {"Idempotency-Key": "7f4a"}
    numbers = {
        json.loads(cast.call("POST", cast.rows(), body=body, headers=headers).content)["number"]
        for _ in range(3)
    }
    assert len(numbers) == 1
    other = cast.call("POST", cast.rows(), body=body, headers={"Idempotency-Key": "7f4b"})
    assert json.loads(other.content)["number"] not in numbers


def test_the_same_key_of_another_person_is_another_row(cast: Cast) -> None:
    body = {"values": {"endpoint_name": "hai", "kind": "laptop", "is_personal": False}}
    headers = {"Idempotency-Key": "chung"}
    first = cast.call("POST", cast.rows(), body=body, headers=headers)
    path = f"units/{cast.strange.code}/registers/{REGISTER}/rows"
    second = cast.call("POST", path, body=body, headers=headers, token=cast.strange_token)
    assert (first.status_code, second.status_code) == (201, 201)
    assert json.loads(second.content)["unit"] == cast.strange.code


def test_a_bulk_change_is_all_or_nothing(cast: Cast) -> None:
    one, two = new_row(cast), new_row(cast)
    patch(cast, two["number"], '"1"', serial="mới")
    rows = [{"number": row["number"], "version": 1} for row in (one, two)]
    path = f"units/{cast.ward.code}/registers/{REGISTER}/bulk"
    response = cast.call("POST", path, body={"rows": rows, "values": {"division": "Phòng 1"}})
    assert response.status_code == 412
    assert (
        "division" not in json.loads(cast.call("GET", cast.rows(one["number"])).content)["values"]
    )
    rows[1]["version"] = 2
    response = cast.call("POST", path, body={"rows": rows, "values": {"division": "Phòng 1"}})
    assert json.loads(response.content) == {"count": 2}


def test_every_problem_of_a_row_is_told_with_its_field(cast: Cast) -> None:
    response = cast.call(
        "POST", cast.rows(), body={"values": {"kind": "lạ", "mac": "xx", "khong_co": 1}}
    )
    problem = json.loads(response.content)
    assert (response.status_code, problem["code"]) == (422, "KHIEN-REG-003")
    fields = {one["field"] for one in problem["problems"]}
    assert {"endpoint_name", "kind", "mac", None} <= fields
    assert all(one["vi"] != one["en"] for one in problem["problems"])


def test_null_empties_a_field_and_what_is_not_sent_stays(cast: Cast) -> None:
    row = new_row(cast, serial="S1", division="P1")
    changed = json.loads(patch(cast, row["number"], '"1"', serial=None).content)
    assert "serial" not in changed["values"]
    assert changed["values"]["division"] == "P1"


def test_pages_of_rows_show_each_row_once_in_every_order(cast: Cast) -> None:
    for n in range(7):
        new_row(cast, endpoint_name=f"máy {n % 3}")
    whole = Row.objects.filter(unit=cast.ward, register=REGISTER, is_retired=False).count()
    for order in ("number", "-number", "name", "-name", "changed", "-changed"):
        found, cursor = [], ""
        while True:
            path = f"{cast.rows()}?limit=3&order={order}" + (f"&cursor={cursor}" if cursor else "")
            page = json.loads(cast.call("GET", path).content)
            found += [row["number"] for row in page["items"]]
            cursor = page["next"]
            if not cursor:
                break
        assert len(found) == len(set(found)) == whole, order
    assert (
        cast.call("GET", f"{cast.rows()}?order=name&cursor=WyJudW1iZXIiLDEsMV0").status_code == 400
    )


def test_a_file_is_imported_only_after_its_preview(cast: Cast) -> None:
    from api_cast import csv_file

    base = f"units/{cast.ward.code}/registers/{REGISTER}/imports"
    preview = json.loads(cast.call("POST", f"{base}/preview", body={"file": csv_file()}).content)
    assert (preview["new_count"], preview["bad_count"]) == (1, 0)
    wrong = cast.call("POST", base, body={"file": csv_file(), "digest": "0" * 64})
    assert wrong.status_code == 409
    done = cast.call("POST", base, body={"file": csv_file(), "digest": preview["digest"]})
    assert json.loads(done.content) == {"added": 1, "changed": 0}
    rows, before = Row.objects.count(), LedgerEntry.objects.count()
    again = cast.call("POST", base, body={"file": csv_file(), "digest": preview["digest"]})
    assert (again.status_code, json.loads(again.content)) == (200, {"added": 1, "changed": 0})
    assert (Row.objects.count(), LedgerEntry.objects.count()) == (rows, before)
    exported = cast.call("GET", f"units/{cast.ward.code}/registers/{REGISTER}/export?format=csv")
    assert "PC-09" in exported.content.decode("utf-8-sig")


def test_filters_find_what_they_say(cast: Cast) -> None:
    new_row(cast, endpoint_name="Máy chủ lọc", kind="server", serial="LOC-1")
    for query in ("where=kind:is:server", "q=may%20chu%20loc", "where=serial:contains:LOC"):
        page = json.loads(cast.call("GET", f"{cast.rows()}?{query}").content)
        assert [row["name"] for row in page["items"]] == ["Máy chủ lọc"], query
    for query in ("where=khong_co:is:1", "where=kind", "where=kind:hon:1"):
        assert cast.call("GET", f"{cast.rows()}?{query}").status_code == 422, query
