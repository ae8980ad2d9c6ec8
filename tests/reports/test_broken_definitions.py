"""Definitions with mistakes: all are told at once, each with its file and line, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from written_world import FOLDER

from khien.norms.library import load_library
from khien.norms.library_format import canonical_yaml
from khien.norms.located_yaml import Problem
from khien.registers.declarations import load_registers
from khien.reports.definition_reading import read_definitions
from khien.workflows.reading import load_workflows


def problems_of(folder: Path) -> list[Problem]:
    return read_definitions(folder, load_library(), load_registers(), load_workflows())[1]


def changed(tmp_path: Path, name: str, **values: object) -> list[Problem]:
    data = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    for path, value in values.items():
        *way, last = path.split("__")
        place = data
        for step in way:
            place = place[int(step)] if step.isdecimal() else place[step]
        if value is None:
            del place[last]
        else:
            place[int(last) if last.isdecimal() else last] = value
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    for other in ("quarter",):
        if name != other:
            (tmp_path / f"{other}.yaml").write_bytes((FOLDER / f"{other}.yaml").read_bytes())
    return problems_of(tmp_path)


def test_the_definitions_of_the_tests_are_sound() -> None:
    assert problems_of(FOLDER) == []
    for path in FOLDER.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert canonical_yaml(text) == text


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("quarter", {"report": "khac"}, "must equal the file's name"),
        ("quarter", {"kind": "novel"}, "must be one of"),
        ("quarter", {"clauses": ["bac-ninh/X"]}, "there is no clause"),
        ("quarter", {"clauses": None}, "needs clauses"),
        ("quarter", {"duties": ["khong-co"]}, "there is no duty"),
        ("quarter", {"period": "fortnight"}, "must be one of"),
        ("quarter", {"period": "row"}, "«row» and «about» go together"),
        ("quarter", {"period": {"every": "year", "day": 31, "month": 2}}, "day 1-28"),
        ("quarter", {"unit_kinds": ["castle"]}, "known are"),
        ("quarter", {"maker": "king"}, "must be one of"),
        ("quarter", {"files_as": "novel"}, "must be one of"),
        ("quarter", {"to__0__authority": "vua"}, "no such body"),
        ("quarter", {"to__0__parent": True}, "exactly one of"),
        ("quarter", {"to__0__clause": "bac-ninh/X"}, "there is no clause"),
        ("quarter", {"opening": "Kính {ai}"}, "means nothing"),
        ("quarter", {"opening": "Kính {unit"}, "not in its place"),
        ("quarter", {"opening": "{row.title}"}, "leads nowhere"),
        ("quarter", {"figures__tasks__count": "khong_co"}, "no register"),
        ("quarter", {"figures__tasks__sum": "budget.it_amount"}, "exactly one of"),
        ("quarter", {"figures__tasks_done__within": "task"}, "is not a date"),
        ("quarter", {"figures__tasks_done__within": "khong"}, "has no field"),
        ("quarter", {"figures__serious__where": {"severity": "huge"}}, "no choice"),
        ("quarter", {"figures__serious__where": {"severity": {"over": 1}}}, "no test"),
        ("quarter", {"figures__serious__where": {"severity": "$king"}}, "known are"),
        ("quarter", {"figures__met__findings": "fine"}, "must be one of"),
        ("quarter", {"figures__met__themes": ["khong"]}, "there is no"),
        ("quarter", {"figures__late": {"vi": "a", "en": "a", "sum": "incident.title"}}, "is not a number"),
        ("quarter", {"figures__late": {"vi": "a", "en": "a", "share": ["tasks"]}}, "needs two figures"),
        ("quarter", {"sections__0__parts__1__columns": ["khong"]}, "has no field"),
        ("quarter", {"sections__0__parts__1__order": "khong"}, "has no field"),
        ("quarter", {"sections__0__parts__1__only_if": {"tasks": "many"}}, "must be one of"),
        ("quarter", {"sections__1__parts__0__figure": ["khong"]}, "there is no figure"),
        ("quarter", {"sections__0__parts__0": {"fields": ["title"]}}, "only for reports with"),
        ("quarter", {"sections__0__parts__0": {"sentence": "a", "text": "b"}}, "exactly one of"),
        ("quarter", {"sections__3__parts__0__text": "results"}, "stands twice"),
        ("quarter", {"sets": {"signed": {}}}, "only for reports with"),
        ("summary", {"figures__tasks__reports": "quarter.khong"}, "there is no figure"),
        ("summary", {"sections__0__parts__1__figures": ["khong"]}, "there is no"),
        ("notice", {"sets__signed": {"khong": "$document"}}, "has no field"),
        ("notice", {"about__register": "khong"}, "no register"),
        ("closing", {"parties": [{"vi": "a", "en": "a"}]}, "exactly two"),
        ("closing", {"parties": None}, "minutes need"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(
    tmp_path: Path, name: str, values: dict[str, object], said: str
) -> None:
    found = changed(tmp_path, name, **values)
    assert any(said in problem.en for problem in found), [p.en for p in found]
    assert all(problem.line >= 1 and problem.path.stem == name and problem.vi for problem in found)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    found = changed(tmp_path, "quarter", kind="novel", maker="king", files_as="novel")
    assert len({problem.line for problem in found}) == 3


def test_a_file_that_is_no_yaml_is_told(tmp_path: Path) -> None:
    (tmp_path / "hong.yaml").write_text("report: [", encoding="utf-8")
    assert len(problems_of(tmp_path)) == 1
