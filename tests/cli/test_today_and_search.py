"""khien today and khien search: in both languages, for people and for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from khien.kernel.clock import now_utc, said_day, vietnam_date
from khien.norms.library import load_library
from khien.norms.services import bind_document
from khien.org.models import Unit
from khien.org.services import register_unit
from khien.registers.models import Row

pytestmark = pytest.mark.django_db
SOON = vietnam_date(now_utc()) + timedelta(days=3)


def made(code: str, document: str) -> Unit:
    unit = register_unit(
        code,
        name_vi=f"Đơn vị {code}",
        name_en=f"Unit {code}",
        kind="ward",
        place="X",
        now=now_utc(),
    )
    bind_document(
        unit, document, library=load_library(), bound_from=date(2021, 1, 1), now=now_utc()
    )
    Row.objects.create(
        unit=unit, register="request", number=4, values={"due_on": SOON.isoformat()},
        name="Đồng Tâm", name_key="dong tam", search_key="dong tam | 0312345678",
        created_at=now_utc(), changed_at=now_utc(), changed_by="x",
    )  # fmt: skip
    return unit


@pytest.fixture(autouse=True)
def units(db: None) -> None:
    made("a", "do-son")
    made("b", "hue")


def test_today_says_what_by_when_and_which_clause(khien: Callable) -> None:
    said = khien("today", "--unit", "a")
    assert (said.status, said.err) == (0, "")
    for part in ("Trong 7 ngày (1)", said_day(SOON), "Hạn trả lời: Đồng Tâm", "Đồ Sơn"):
        assert part in said.out
    english = khien("--lang", "en", "today", "--unit", "a").out
    for part in ("Within 7 days (1)", "Due on: Đồng Tâm", "Do Son"):
        assert part in english


def test_today_never_cites_a_text_that_does_not_bind(khien: Callable) -> None:
    said = khien("today", "--unit", "b", "--json")
    (group,) = [g for g in said.json["groups"] if g["group"] == "week"]
    (task,) = group["tasks"]
    assert task["target"] == {"kind": "row", "unit": "b", "register": "request", "number": 4}
    assert (task["due_on"], task["title"]["en"]) == (SOON.isoformat(), "Due on: Đồng Tâm")
    assert {clause.partition("/")[0] for clause in task["clauses"]} <= {"hue"}
    assert task["is_own_rule"] == (not task["clauses"])
    if task["is_own_rule"]:
        assert "theo sổ của đơn vị" in khien("today", "--unit", "b").out


def test_today_of_all_units_names_each(khien: Callable) -> None:
    said = khien("today").out
    assert "Đồng Tâm · Đơn vị a" in said
    assert "Đồng Tâm · Đơn vị b" in said


def test_nothing_to_do_is_said_beside_the_result(khien: Callable) -> None:
    Row.objects.update(is_retired=True)
    said = khien("today", "--unit", "a")
    assert (said.status, said.out) == (0, "")
    assert "Không có việc nào đang chờ" in said.err


@pytest.mark.parametrize("words", [("đồng", "tâm"), ("TAM dong",), ("0312345678",)])
def test_a_row_is_found_by_its_words_or_a_number_in_it(
    khien: Callable, words: tuple[str, ...]
) -> None:
    said = khien("search", *words)
    assert (said.status, said.err) == (0, "")
    assert "Dòng sổ" in said.out
    assert "[a/request/4]" in said.out
    assert "[b/request/4]" in said.out
    only = khien("search", *words, "--unit", "b").out
    assert "[a/request/4]" not in only
    assert "Rows of registers" in khien("--lang", "en", "search", *words).out


def test_a_search_as_json_names_kind_and_keys(khien: Callable) -> None:
    found = {g["kind"]: g for g in khien("search", "mat khau", "--unit", "a", "--json").json}
    assert set(found) >= {"control", "clause"}
    targets = [hit["target"] for hit in found["control"]["hits"]]
    assert {"kind": "control", "unit": "a", "control": "PWD-01"} in targets


def test_nothing_found_says_what_to_try(khien: Callable) -> None:
    said = khien("search", "zzzz")
    assert (said.status, said.out) == (0, "")
    assert "Thử ít chữ hơn" in said.err
    assert khien("search", "zzzz", "--json").json == []


@pytest.mark.parametrize("words", [("today",), ("search", "x")])
def test_an_unknown_unit_is_refused(khien: Callable, words: tuple[str, ...]) -> None:
    said = khien(*words, "--unit", "khong-co")
    assert (said.status, said.out) == (2, "")
