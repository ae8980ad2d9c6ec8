"""Moments are kept in UTC, days are those of Viet Nam: no statement makes a day of a moment by itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CONTROLS = Path(__file__).parents[2] / "src/khien/library/controls"
STATEMENTS = sorted(CONTROLS.glob("*/*/check.sql"))
_MOMENT = r"(?:\w+\.)?(?:as_of|\w+_at)"
_UTC_DAYS = (
    rf"CAST\(\s*{_MOMENT}\s+AS\s+DATE\s*\)",
    rf"{_MOMENT}::DATE",
    rf"date_diff\('(?:day|month|year)',\s*{_MOMENT}\b",
    rf"date_diff\('(?:day|month|year)',[^,]*,\s*{_MOMENT}\s*\)",
    r"(?:year|month|day)\(\s*(?:\w+\.)?as_of\s*\)",
    r"EXTRACT\(\s*\w+\s+FROM\s+(?:\w+\.)?as_of\s*\)",
    r"date_trunc\('\w+',\s*(?:\w+\.)?as_of",
)


def utc_days(statement: str) -> list[str]:
    bare = re.sub(r"--[^\n]*", "", statement)
    return [m[0] for pattern in _UTC_DAYS for m in re.finditer(pattern, bare, re.IGNORECASE)]


@pytest.mark.parametrize("path", STATEMENTS, ids=[path.parent.name for path in STATEMENTS])
def test_a_statement_reads_the_day_of_viet_nam(path: Path) -> None:
    assert utc_days(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", STATEMENTS, ids=[path.parent.name for path in STATEMENTS])
def test_so_does_the_condition_of_its_control(path: Path) -> None:
    assert utc_days(path.with_name("control.yaml").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT CAST(s.as_of AS DATE)",
        "SELECT as_of::DATE",
        "SELECT CAST(r.ran_at AS DATE)",
        "SELECT date_diff('day', r.ran_at, s.today)",
        "SELECT date_diff('day', s.today, s.as_of)",
        "SELECT year(s.as_of)",
        "SELECT EXTRACT(YEAR FROM as_of)",
    ],
)
def test_a_day_of_utc_is_seen(statement: str) -> None:
    assert utc_days(statement)
