"""khien norms compare, strictest, ended-law: words for people, JSON for machines."""

from __future__ import annotations

import json

import pytest

from khien.cli.main import main


def out(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["norms", *words]) == 0
    return capsys.readouterr().out


def test_two_texts_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    said = out(capsys, "compare", "do-son", "tcvn-14423-c3")
    assert "A = 6 tháng, B = 3 tháng (A chặt hơn)" in " ".join(said.split())
    told = json.loads(out(capsys, "compare", "do-son", "tcvn-14423-c3", "--json"))
    assert (told["first"], told["second"]) == ("do-son", "tcvn-14423-c3")
    (logs,) = [one for one in told["controls"] if one["control"] == "LOG-04"]
    assert logs["parameters"][0]["second"]["clauses"] == [
        {"clause": "tcvn-14423-c3/M5.8.2.1", "mark": "B"}
    ]


def test_an_unknown_text_is_refused_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["norms", "compare", "do-son", "nowhere"]) != 0
    err = capsys.readouterr().err
    assert "nowhere" in err
    assert len([line for line in err.splitlines() if line.strip()]) >= 2


def test_the_strictest_of_all_and_of_one_tier(capsys: pytest.CaptureFixture[str]) -> None:
    said = out(capsys, "strictest")
    assert "tt-31-2017/D5.k3.h (cần đối chiếu)" in " ".join(said.split())
    rows = json.loads(out(capsys, "strictest", "--tier", "regulation", "--json"))
    (logs,) = [one for one in rows if one["parameter"] == "log_retain_months"]
    assert logs["strictest"]["value"] == 6
    rows = json.loads(out(capsys, "strictest", "--on", "2026-06-30", "--json"))
    (share,) = [one for one in rows if one["parameter"] == "budget_share_min_pct"]
    assert share["strictest"]["value"] == 10


def test_ended_law_of_one_text_and_of_all(capsys: pytest.CaptureFixture[str]) -> None:
    said = out(capsys, "ended-law", "do-son")
    assert "TT 12/2022/TT-BTTTT" in said
    one = json.loads(out(capsys, "ended-law", "do-son", "--json"))
    every = json.loads(out(capsys, "ended-law", "--json"))
    assert {row["document"] for row in one} == {"do-son"}
    assert len(every) > len(one)
    assert {row["mark"] for row in every} <= {"A", "B", "C"}


def test_the_rulebook_says_which_clause_is_to_be_checked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["rulebook", "--documents", "do-son,tt-31-2017"]) == 0
    assert "tt-31-2017/D5 (cần đối chiếu)" in " ".join(capsys.readouterr().out.split())
