"""Which statements leave the SQL that DuckDB and ClickHouse share is written down, and stays true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FORMAT = ROOT / "docs/formats/control.md"
# What is looked for; that a subquery in a column is correlated cannot be told from words, so all are listed.
OUTSIDE = {
    "to_months": r"\bto_months\(",
    "to_days": r"\bto_days\(",
    "unnest": r"\bunnest\(",
    "list functions": r"\blist_\w+\(",
    "FILTER": r"\bFILTER\s*\(",
    "subquery as a value": r"\(SELECT\s+(?:max|min|count|sum|string_agg)\(",
}


def users_of(pattern: str) -> list[str]:
    found = []
    for path in sorted(ROOT.glob("src/khien/library/controls/*/*/check.sql")):
        statement = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))
        if re.search(pattern, statement):
            found.append(path.parent.name)
    return sorted(found)


@pytest.mark.parametrize("name", OUTSIDE)
def test_statements_outside_the_shared_sql_are_listed(name: str) -> None:
    line = f"| {name} | {' '.join(users_of(OUTSIDE[name]))} |"
    assert line in FORMAT.read_text(encoding="utf-8"), f"docs/formats/control.md lacks: {line}"
