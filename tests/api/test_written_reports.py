"""Written reports through the API: begun, written with If-Match, and no further than a token goes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from api_cast import REPORT, Cast, token_for

pytestmark = pytest.mark.django_db
PLACE = "units/phuong/written-reports"


def asked(cast: Cast, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
    response = cast.call(method, path, body=body, **more)
    return response.status_code, json.loads(response.content)


def seen(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


def test_a_report_is_begun_written_and_given_up(cast: Cast) -> None:
    status, made = asked(cast, "POST", PLACE, {"report": REPORT, "period": "2024"})
    assert (status, made["state"], made["version"]) == (201, "draft", 1)
    place = f"{PLACE}/{made['number']}"
    code = next(gap["code"] for gap in made["gaps"] if gap["kind"] == "text")
    status, written = asked(
        cast, "POST", f"{place}/texts", {"texts": {code: "Đã làm."}}, headers=seen(1)
    )
    assert (status, written["version"], written["texts"][code]) == (200, 2, "Đã làm.")
    assert asked(cast, "POST", f"{place}/cancel", {"reason": "nhầm"}, headers=seen(1))[0] == 409
    status, gone = asked(cast, "POST", f"{place}/cancel", {"reason": "nhầm"}, headers=seen(2))
    assert (status, gone["state"]) == (200, "cancelled")


def test_the_second_who_writes_is_told_and_loses_nothing(cast: Cast) -> None:
    _, report = asked(cast, "GET", f"{PLACE}/1")
    code = next(gap["code"] for gap in report["gaps"] if gap["kind"] == "text")
    before = report["version"]
    assert (
        asked(cast, "POST", f"{PLACE}/1/texts", {"texts": {code: "Một."}}, headers=seen(before))[0]
        == 200
    )
    status, refused = asked(
        cast, "POST", f"{PLACE}/1/texts", {"texts": {code: "Hai."}}, headers=seen(before)
    )
    assert (status, refused["code"]) == (409, "KHIEN-REP-018")


def test_without_if_match_nothing_is_written(cast: Cast) -> None:
    assert asked(cast, "POST", f"{PLACE}/1/texts", {"texts": {}})[0] == 428


def test_the_file_of_a_version_is_the_same_each_time(cast: Cast) -> None:
    files = [cast.call("GET", f"{PLACE}/1/file?format=docx").content for _ in range(2)]
    assert files[0] == files[1]
    assert files[0].startswith(b"PK")


def test_a_token_that_writes_does_not_review(cast: Cast) -> None:
    writing = token_for(cast.an, "write", "read")
    status, _ = asked(cast, "POST", f"{PLACE}/1/review", {}, token=writing, headers=seen(1))
    assert status == 403


def test_a_figure_leads_to_its_rows(cast: Cast) -> None:
    _, report = asked(cast, "GET", f"{PLACE}/1")
    for figure in report["figures"]:
        status, found = asked(cast, "GET", f"{PLACE}/1/figures/{figure['code']}")
        assert (status, found["said"]) == (200, figure["said"])
    assert asked(cast, "GET", f"{PLACE}/1/figures/khong-co")[0] == 404
