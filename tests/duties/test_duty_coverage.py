"""Every duty of the library is kept in view, and what the library says about days is checked before it is used."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from khien.duties.coverage import duty_coverage
from khien.duties.errors import DutiesUncovered
from khien.duties.plan import DATED, WAYS, dated_duties, ways
from khien.duties.proofs import load_proofs, read_proofs
from khien.duties.reminding import read_reminding
from khien.duties.shown import closing_words
from khien.duties.validation import duty_problems
from khien.norms.library import LIBRARY, load_library, read_library
from khien.norms.located_yaml import Problem
from khien.norms.rulebook import is_binding
from khien.registers.declarations import load_registers

FIVE = ("bac-ninh", "binh-dinh", "binh-phuoc", "do-son", "hue")


def test_every_one_of_the_665_duties_is_kept_in_view() -> None:
    coverage = duty_coverage(load_library(), load_proofs())
    coverage.require_whole()
    counts = Counter[str]()
    for name in FIVE:
        counts.update(coverage.by_document[name])
    assert sum(counts.values()) == 665
    assert set(counts) <= set(WAYS)


def test_every_duty_with_a_number_in_its_deadline_has_a_date_or_a_clock() -> None:
    """A text that says by when is not left to a finding alone, where the register or the machine knows no better."""
    rules = load_proofs()
    undated = {
        duty.id
        for _, duty, way in ways(load_library(), rules)
        if duty.deadline
        and any(c.isdigit() for c in duty.deadline.en)
        and way not in (*DATED, "part")
        if is_binding(duty)
    }
    # The machine itself says when it was scanned, or its password changed; each is watched one by one.
    # What a "serious" incident is, no text in force says: no clock of hours runs from a row of the register.
    assert undated == {
        "bd-d9-k1-av-weekly",
        "ds-d19-k1-dd-pw-3-months",
        "nd331-d31-k2-d-first-notice",
        "nd331-d31-k2-d-cause-report",
    }


def test_a_duty_that_is_a_part_is_part_of_one_with_a_date_in_the_same_text() -> None:
    library, rules = load_library(), load_proofs()
    dated = {
        plan.duty.id: name for name, plans in dated_duties(library, rules).items() for plan in plans
    }
    for clause, duty, way in ways(library, rules):
        if way == "part" and duty.schedule is not None:
            assert dated[duty.schedule.part_of] == clause.document, duty.id


def test_the_library_is_right() -> None:
    assert duty_problems(LIBRARY, load_library(), load_registers()) == []


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    shutil.copytree(LIBRARY, folder)
    return folder


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(("old", "new", "said"), [
    ("rule: FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=20", "rule: FREQ=SOMETIMES", "recurrence rule"),
    ("rule: FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=20", "rule: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "recurrence rule"),
    ("sense: before", "sense: around", "one of: before, until"),
    ("due: '2026-04-30'", "due: '2026-04-31'", "yyyy-mm-dd"),
    ("within: 24", "within: 24\n      due_field: due_on", "one of them"),
    ("kind: once", "kind: twice", "one of: calendar"),
    ("opens: month", "opens: soon", "number of days"),
])  # fmt: skip
def test_a_wrong_schedule_is_told_with_its_line(copy: Path, old: str, new: str, said: str) -> None:
    changed(copy / "norms" / "bac-ninh" / "clauses.yaml", old, new)
    problems = read_library(copy)[1]
    (problem,) = [problem for problem in problems if "clauses.yaml" in str(problem.path)]
    assert said in problem.en
    assert problem.line > 1


@pytest.mark.parametrize(("old", "new", "said"), [
    ("of: bn-ii-1-p1-brief-by-may", "of: bn-no-such", "no dated duty"),
    ("register: incident", "register: accident", "no such register"),
    ("- occurred_at", "- happened_at", "no field"),
])  # fmt: skip
def test_what_a_schedule_names_must_be_there(copy: Path, old: str, new: str, said: str) -> None:
    changed(copy / "norms" / "bac-ninh" / "clauses.yaml", old, new)
    library = read_library(copy)[0]
    assert any(said in problem.en for problem in duty_problems(copy, library, load_registers()))


@pytest.mark.parametrize(("old", "new", "said"), [
    ("REP-01:", "REP-99:", "no such duty or control"),
    ("- quarterly_report", "- daily_report", "there is no daily_report"),
    ("- so_yt", "- so_nn", "there is no so_nn"),
    ("- reviewed_on", "- looked_on", "has no field"),
    ("register: dispatch", "register: dispatches", "no such register"),
    ("finding: BAK-03", "finding: BAK-99", "no such control"),
    ("GOV-05: leader", "GOV-05: chief", "must be one of"),
])  # fmt: skip
def test_a_wrong_proof_is_told(copy: Path, old: str, new: str, said: str) -> None:
    changed(copy / "duties" / "proofs.yaml", old, new)
    problems: list[Problem] = []
    read_proofs(copy, load_library(), load_registers(), problems)
    assert any(said in problem.en for problem in problems), problems


@pytest.mark.parametrize(("old", "new", "said"), [
    ("code: ahead_10", "code: ahead_30", "uses a code twice"),
    ("to: superior", "to: everybody", "must be one of"),
    ("days: -30", "days: -30\n  hours: 2", "one of them"),
    ("due_soon_days: 14", "due_soon_days: -1", "number of days"),
])  # fmt: skip
def test_a_wrong_level_of_reminding_is_told(copy: Path, old: str, new: str, said: str) -> None:
    changed(copy / "duties" / "reminders.yaml", old, new)
    problems: list[Problem] = []
    read_reminding(copy, problems)
    assert any(said in problem.en for problem in problems)


def test_a_duty_with_a_period_and_no_schedule_is_not_passed_over(copy: Path) -> None:
    path = copy / "norms" / "do-son" / "clauses.yaml"
    changed(path, "    schedule:\n      kind: watch\n", "")
    library = read_library(copy)[0]
    coverage = duty_coverage(library, load_proofs())
    assert coverage.uncovered == ("ds-d19-k1-dd-pw-3-months",)
    with pytest.raises(DutiesUncovered, match="ds-d19-k1-dd-pw-3-months"):
        coverage.require_whole()


def test_a_dated_duty_without_a_proof_is_not_passed_over(copy: Path) -> None:
    changed(copy / "norms" / "hue" / "clauses.yaml", "control: LEV-04", "control: LEV-04")
    changed(copy / "duties" / "proofs.yaml", "  LEV-04:", "  LEV-03:")
    problems: list[Problem] = []
    rules = read_proofs(copy, load_library(), load_registers(), problems)
    assert rules is not None
    assert "hue-g3-assess" in duty_coverage(load_library(), rules).uncovered


def test_what_closes_a_duty_is_said_in_both_languages_for_every_rule() -> None:
    """A sentence names the register, the kind of row and the field to fill, so that it can be done."""
    for rules in load_proofs().rules.values():
        for said in map(closing_words, rules):
            assert said.vi != said.en
            assert said.vi.endswith(".")
    (channel,) = load_proofs().rules["INC-12"]
    assert "«" in closing_words(channel).vi
