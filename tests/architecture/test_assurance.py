"""docs/ASSURANCE.md ties every promise to tests that exist, or lists it as open."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "ASSURANCE.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (P\d+) \| (.+?) \| (.+) \|$", re.M)
OPEN = re.compile(r"^\| (O\d+) \| (.+) \|$", re.M)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
PROMISES = {found[0]: found for found in ROW.findall(PAGE)}
OPEN_IDS = [found[0] for found in OPEN.findall(PAGE)]


@cache
def live_tests(file: str) -> frozenset[str]:
    """Return the tests of a file that can fail: functions that assert or expect a failure."""
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(n.name for n in tree.body if isinstance(n, ast.FunctionDef) and is_live(n))


def is_live(function: ast.FunctionDef) -> bool:
    """Say whether a function is a test that runs."""
    marks = [ast.unparse(mark) for mark in function.decorator_list]
    skipped = any(re.match(r"pytest\.mark\.(skip\b|xfail)", mark) for mark in marks)
    return function.name.startswith("test_") and not skipped


def test_the_page_has_promises_and_open_ones_each_numbered_once() -> None:
    numbers = [found[0] for found in ROW.findall(PAGE)]
    assert len(numbers) > 30
    assert numbers == [f"P{n}" for n in range(1, len(numbers) + 1)]
    assert [f"O{n}" for n in range(1, len(OPEN_IDS) + 1)] == OPEN_IDS
    # A row that the pattern above does not read would be a promise nobody checks.
    assert len(re.findall(r"^\| [PO]\d+ ", PAGE, re.M)) == len(numbers) + len(OPEN_IDS)


@pytest.mark.parametrize("number", PROMISES)
def test_a_promise_names_tests_that_exist_or_is_listed_as_open(number: str) -> None:
    _, promise, cell = PROMISES[number]
    named = TEST.findall(cell)
    assert [f"{file}::{test}" for file, test in named if test not in live_tests(file)] == [], (
        promise
    )
    open_ones = re.findall(r"\bO\d+\b", cell)
    assert set(open_ones) <= set(OPEN_IDS), promise
    assert named or open_ones, promise


def test_every_test_that_the_page_names_is_in_a_row() -> None:
    assert len(TEST.findall(PAGE)) == sum(len(TEST.findall(row[2])) for row in PROMISES.values())
    assert PAGE.count("::test_") == len(TEST.findall(PAGE))


def test_every_open_promise_is_referred_to() -> None:
    referred = set(re.findall(r"\bO\d+\b", " ".join(row[2] for row in PROMISES.values())))
    assert set(OPEN_IDS) <= referred


def test_the_threat_model_names_only_what_is_there() -> None:
    page = (ROOT / "docs" / "THREAT_MODEL.md").read_text(encoding="utf-8")
    wrong = [f"{f}::{t}" for f, t in TEST.findall(page) if t not in live_tests(f)]
    assert wrong == []
    assert set(re.findall(r"\bO\d+\b", page)) <= set(OPEN_IDS)
    assert set(re.findall(r"\bP\d+\b", page)) <= set(PROMISES)
