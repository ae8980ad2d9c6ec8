"""The law above the regulations: what is known for sure binds, what is to be checked is shown and binds nobody."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from khien.norms.library import LIBRARY, load_library, read_library
from khien.norms.model import MARKS, TIERS, Document
from khien.norms.rulebook import build_rulebook, is_binding
from khien.norms.wording import cited

LAW = ("luat-116-2025", "nd-331-2026", "qd-05-2017", "tt-20-2017", "tt-31-2017")
LEVELS = tuple(f"tcvn-14423-c{level}" for level in range(1, 6))
UNSURE = ("qd-05-2017", "tt-20-2017", "tt-31-2017")
TODAY = date(2026, 11, 27)
# Of the parameters by level, what the source says for each of the five levels.
BY_LEVEL = {
    ("GOV-04", "rule_review_months"): (12, 12, 12, 12, 12),
    ("RSK-02", "risk_review_months"): (None, None, 12, 6, 6),
    ("RSK-01", "hardware_review_months"): (12, 12, 12, 12, 6),
    ("NET-06", "device_scan_months"): (12, 12, 6, 3, 1),
    ("END-08", "software_check_months"): (12, 12, 12, 6, 1),
    ("ACC-05", "account_review_months"): (12, 12, 6, 3, 1),
    ("RSK-01", "information_review_months"): (12, 12, 12, 12, 6),
    ("ACC-05", "idle_account_days"): (45, 45, 45, 45, 45),
    ("PWD-01", "pw_history_min"): (None, None, 10, 10, 10),
    ("PWD-01", "min_length"): (8, 8, 8, 8, 8),
    ("PWD-01", "min_length_without_mfa"): (14, 14, 14, 14, 14),
    ("SES-03", "screen_lock_minutes"): (15, 15, 15, 15, 15),
    ("SES-03", "admin_lock_minutes"): (5, 5, 5, 5, 5),
    ("VUL-05", "vuln_scan_months"): (12, 12, 6, 6, 3),
    ("VUL-05", "vuln_scan_important_months"): (None, None, None, 3, 1),
    ("PAT-01", "patch_months"): (1, 1, 1, 1, 1),
    ("LOG-04", "log_retain_months"): (None, 1, 3, 6, 12),
    ("LOG-05", "log_review_months"): (12, 12, 6, 1, 1),
    ("BAK-05", "restore_test_months"): (None, None, None, 6, 3),
    ("NET-11", "diagram_review_months"): (12, 12, 12, 6, 3),
    ("MON-03", "alert_tuning_months"): (None, None, 6, 3, 1),
    ("LAW-05", "supplier_review_months"): (12, 12, 12, 12, 12),
    ("INC-02", "procedure_review_months"): (12, 12, 12, 12, 12),
    ("LAW-03", "drill_months"): (None, None, None, 12, 12),
    ("LAW-04", "pentest_outside_months"): (None, None, None, 12, 6),
    ("LAW-04", "pentest_inside_months"): (None, None, None, 12, 6),
}


def text(name: str) -> Document:
    return load_library().documents[name]


def test_the_five_regulations_stand_apart_from_the_law_above_them() -> None:
    library = load_library()
    own = [name for name, text in library.documents.items() if not text.is_own]
    assert set(library.regulations) == {"bac-ninh", "binh-dinh", "binh-phuoc", "do-son", "hue"}
    assert set(own) - set(library.regulations) == {*LAW, *LEVELS}
    assert {library.documents[name].tier for name in LAW} == {"law"}
    assert {library.documents[name].tier for name in LEVELS} == {"standard"}


@pytest.mark.parametrize(("control", "parameter"), BY_LEVEL)
def test_each_level_asks_what_the_source_says(control: str, parameter: str) -> None:
    found = []
    for name in LEVELS:
        given = {
            duty.parameters.get(parameter)
            for _, duty in text(name).duties()
            if duty.control == control and is_binding(duty)
        } - {None}
        assert len(given) <= 1, name
        found.append(given.pop() if given else None)
    assert tuple(found) == BY_LEVEL[control, parameter]


def test_what_the_standard_only_allows_is_no_duty() -> None:
    for name in LEVELS:
        (duty,) = [d for _, d in text(name).duties() if "admin_pw_change_months" in d.parameters]
        assert duty.modality == "info"


@pytest.mark.parametrize("name", UNSURE)
def test_a_text_to_be_checked_binds_nobody_but_is_shown(name: str) -> None:
    document = text(name)
    assert document.is_unsure
    assert "cần đối chiếu" in document.note.vi if document.note else False
    assert {clause.mark for clause in document.clauses.values()} == {"C"}
    assert [duty.id for _, duty in document.duties() if is_binding(duty)] == []
    rules = build_rulebook(load_library(), [name], on=TODAY).rules
    assert rules
    assert not any(rule.binding for rule in rules.values())
    assert not any(rule.parameters for rule in rules.values())


def test_a_value_to_be_checked_does_not_win_beside_a_sure_one(tmp_path: Path) -> None:
    library = changed(tmp_path, "norms/tcvn-14423-c5/document.yaml", "mark: B", "mark: C")
    rules = build_rulebook(library, ["do-son", "tcvn-14423-c5"], on=TODAY).rules
    kept = rules["LOG-04"].parameters["log_retain_months"]
    assert (kept.value, {w.document for w in kept.winners}) == (6, {"do-son"})
    assert any(clause.document == "tcvn-14423-c5" for clause, _ in rules["LOG-04"].sources)


def test_the_strictest_of_regulation_and_level_is_in_force() -> None:
    kept = build_rulebook(load_library(), ["do-son", "tcvn-14423-c3"], on=TODAY).rules
    assert kept["LOG-04"].parameters["log_retain_months"].value == 6
    assert kept["VUL-05"].parameters["vuln_scan_months"].value == 6
    assert kept["ACC-05"].parameters["account_review_months"].value == 3


@pytest.mark.parametrize(
    ("name", "day"), [("luat-116-2025", date(2026, 7, 1)), ("nd-331-2026", date(2026, 8, 19))]
)
def test_the_law_binds_from_its_own_day(name: str, day: date) -> None:
    library = load_library()
    assert build_rulebook(library, [name], on=day).documents == (name,)
    assert build_rulebook(library, [name], on=date.fromordinal(day.toordinal() - 1)).rules == {}


def test_a_clause_without_a_known_number_says_so() -> None:
    assert cited(text("nd-331-2026"), "KR1").vi == "điều khoản chưa rõ số (1) (NĐ 331/2026)"
    assert cited(text("tcvn-14423-c3"), "M5.8.2.1").vi == "mục 5.8.2.1 (TCVN cấp độ 3)"


def test_transition_days_are_data() -> None:
    due = {
        duty.id: duty.schedule.due
        for name in LAW
        for _, duty in text(name).duties()
        if duty.schedule is not None and duty.schedule.kind == "once"
    }
    assert due == {
        "l116-d45-meet-new-conditions": date(2027, 7, 1),
        "nd331-d39-finish-appraisal": date(2027, 1, 1),
        "nd331-d39-meet-decree": date(2027, 7, 1),
    }


def changed(folder: Path, name: str, old: str, new: str) -> object:
    shutil.copytree(LIBRARY, folder, dirs_exist_ok=True)
    path = folder / name
    said = path.read_text(encoding="utf-8")
    assert old in said
    path.write_text(said.replace(old, new, 1), encoding="utf-8")
    library, problems = read_library(folder)
    assert problems == []
    return library


@pytest.mark.parametrize(("old", "new", "said"), [
    ("tier: law", "tier: rumour", ", ".join(TIERS)),
    ("mark: A", "mark: D", ", ".join(MARKS)),
])  # fmt: skip
def test_a_strange_tier_or_mark_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    shutil.copytree(LIBRARY, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "norms" / "nd-331-2026" / "document.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    _, problems = read_library(tmp_path)
    assert any(problem.en.endswith(f"must be one of: {said}") for problem in problems), problems
