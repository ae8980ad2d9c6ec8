"""The yearly report of the decree of 2026: five weeks away, from data with its confidence shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from duties_cast import Cast, at, bound_unit

from khien.duties.law import read_law_texts
from khien.duties.models import Occurrence
from khien.duties.proofs import load_proofs
from khien.duties.refreshing import refresh
from khien.duties.selectors import occurrences
from khien.duties.shown import shown_of
from khien.norms.library import LIBRARY
from khien.norms.located_yaml import Problem
from khien.org.models import Unit
from khien.registers.declarations import load_registers

REPORT = "nd331-d35-annual-report"


def test_the_nineteenth_of_december_is_its_last_day_and_friday_the_day_to_act(cast: Cast) -> None:
    (found,) = [one for one in cast.on("2026-11-27", REPORT) if one.period == "2026"]
    assert (found.due_on, found.act_on) == (date(2026, 12, 19), date(2026, 12, 18))
    said = [note.vi for note in shown_of(found, rules=load_proofs()).notes]
    assert "Số liệu từ 15/12/2025 đến 14/12/2026." in said
    assert any("cần đối chiếu" in note for note in said)


def test_it_cites_its_article_and_closes_by_the_report_sent_to_the_owner(cast: Cast) -> None:
    cast.send("annual_level_report", "2026-12-16", to="superior")
    (found,) = [one for one in cast.on("2026-12-17", REPORT) if one.period == "2026"]
    assert found.state == "done"
    assert shown_of(found, rules=load_proofs()).cited.vi == "Điều 35 (NĐ 331/2026)"


def test_it_binds_units_of_its_kinds_also_without_a_text_of_their_own(db: None) -> None:
    hospital = Unit.objects.create(code="bv2", name_vi="B", name_en="B", kind="hospital", place="M")
    office = Unit.objects.create(code="vp", name_vi="V", name_en="V", kind="office", place="M")
    refresh([hospital, office], now=at("2026-11-27"))
    assert {one.unit.code for one in occurrences([hospital, office], now=at("2026-11-27"))} == {
        "bv2"
    }


def test_nothing_is_owed_for_the_years_before_the_decree(cast: Cast) -> None:
    cast.on("2026-11-27")
    assert not Occurrence.objects.filter(duty=REPORT, due_on__lt=date(2026, 8, 19)).exists()


def test_the_owner_s_own_report_is_not_laid_on_units(db: None) -> None:
    cast = Cast(bound_unit("x", "bac-ninh", since=date(2026, 5, 7)))
    assert cast.on("2026-11-27", "nd331-d35-owner-report") == []


@pytest.mark.parametrize(("old", "new", "said"), [
    ("mark: A", "mark: D", "one of: A, B, C"),
    ("annual_level_report", "annual_report_x", "there is no annual_report_x"),
    ("sense: before", "sense: near", "one of: before, until"),
    ("role: officer", "role: nobody", "must be one of"),
])  # fmt: skip
def test_a_mistake_in_it_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    source = LIBRARY / "duties" / "law.yaml"
    (tmp_path / "duties").mkdir()
    text = source.read_text(encoding="utf-8")
    (tmp_path / "duties" / "law.yaml").write_text(text.replace(old, new), encoding="utf-8")
    problems: list[Problem] = []
    read_law_texts(tmp_path, load_registers(), problems)
    assert any(said in problem.en for problem in problems), problems
