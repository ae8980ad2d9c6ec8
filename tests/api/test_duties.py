"""Duties through the API: lists by how they stand, one in full, and what is decided about them."""

from __future__ import annotations

import json

import pytest
from api_cast import Cast

from khien.duties.models import Occurrence

pytestmark = pytest.mark.django_db


def test_duties_come_in_pages_and_each_once(cast: Cast) -> None:
    seen, cursor = [], ""
    while True:
        page = json.loads(cast.call("GET", f"units/phuong/duties?limit=7{cursor}").content)
        seen += [one["number"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == list(
        Occurrence.objects.filter(unit=cast.ward).order_by("pk").values_list("pk", flat=True)
    )


def test_a_list_shows_only_what_stands_as_asked(cast: Cast) -> None:
    page = json.loads(cast.call("GET", "units/phuong/duties?stands=overdue&limit=200").content)
    counted = json.loads(cast.call("GET", "units/phuong/duty-counts").content)
    assert {one["stands"] for one in page["items"]} == {"overdue"}
    assert len(page["items"]) == counted["overdue"]


def test_one_duty_says_clause_notes_and_what_closes_it(cast: Cast) -> None:
    one = Occurrence.objects.filter(unit=cast.ward, duty="ds-d25-k3-g1-annual-november").first()
    told = json.loads(cast.call("GET", f"units/phuong/duties/{one.pk}").content)
    assert told["clause"] == "do-son/D25.k3.g1"
    assert "báo cáo năm" in told["closes"][0]["vi"]
    assert len(told["parts"]) == 6


def test_a_reason_is_needed_and_a_leader_decides(cast: Cast) -> None:
    one = Occurrence.objects.filter(unit=cast.ward, duty="ds-d26-g10-awards").first()
    place = f"units/phuong/duties/{one.pk}/set-aside"
    assert cast.call("POST", place, body={"reason": " "}).status_code == 422
    assert cast.call("POST", place, body={"reason": "Không có người được khen"}).status_code == 200
    told = json.loads(cast.call("POST", f"{place}-decision", body={"is_approved": True}).content)
    assert (told["stands"], told["reason"]["vi"]) == ("not_applicable", "Không có người được khen")


def test_an_interval_is_missing_until_it_is_set(cast: Cast) -> None:
    place = "units/phuong/duty-intervals"
    before = {one["duty"]: one["every"] for one in json.loads(cast.call("GET", place).content)}
    assert before["ds-d16-k4-officer-watch-vuln"] is None
    cast.call("PUT", f"{place}/ds-d16-k4-officer-watch-vuln", body={"every": 2, "decision": "QĐ 7"})
    after = {one["duty"]: one["every"] for one in json.loads(cast.call("GET", place).content)}
    assert after["ds-d16-k4-officer-watch-vuln"] == 2


def test_a_duty_is_handed_to_a_person_of_the_unit_only(cast: Cast) -> None:
    place = "units/phuong/duty-charges"
    assert cast.call("POST", place, body={"person": cast.an.username}).status_code == 201
    assert cast.call("POST", place, body={"person": cast.dung.username}).status_code == 404
