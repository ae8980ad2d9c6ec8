"""Controls of a unit's own: in the library's form, decided by a statement or a signed paper, no danger to the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from khien.checks.casework import run_case
from khien.checks.catalogue import load_checks, own_check_problems, read_checks
from khien.facts.register_tables import check_tables
from khien.norms import own_library
from khien.norms.library import LIBRARY, load_library
from khien.norms.library_format import canonical_data, canonical_yaml
from khien.norms.own_controls import (
    EVIDENCE,
    OwnControlWords,
    checked_words,
    next_code,
    own_control,
    own_control_files,
)
from khien.norms.own_library import write_own_library

WORDS = OwnControlWords(
    "OWN-01",
    "Chăm sóc cây cảnh: {trụ sở}",
    "Trụ sở sạch\\nđẹp: '#1'",
    "Phân công <người> làm.",
    "Nộp lời khai.",
    "attest",
    "low",
)
HEAD = {
    "id": "xa-mau", "kind": "quy chế", "title": {"vi": "Q", "en": "Q"}, "short": {"vi": "Mẫu", "en": "Mau"},
    "issuer": {"vi": "U", "en": "U"}, "place": "M", "in_force_from": "2026-01-01",
    "binds": {"vi": "X", "en": "X"}, "unit_kinds": ["ward"],
}  # fmt: skip


def feeding(*codes: str) -> dict[str, str]:
    """A text whose one clause feeds controls."""
    duties = [
        {
            "id": f"xm-d1-{code.lower()}", "modality": "must", "actor": {"vi": "Cán bộ", "en": "Staff"}, "control": code,
            "frequency": "continuous", "evidence": "attest",
        }
        for code in codes
    ]  # fmt: skip
    clause = {"path": "D1", "kind": "dieu", "vi": "Chăm cây.", "en": "Chăm cây.", "duties": duties}
    return {
        "norms/xa-mau/document.yaml": canonical_data(HEAD),
        "norms/xa-mau/clauses.yaml": canonical_data({"clauses": [clause]}),
    }


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(own_library, "_places", [lambda: tmp_path])
    yield tmp_path
    own_library._seen.pop(tmp_path, None)


@pytest.mark.parametrize("evidence", EVIDENCE)
def test_an_own_control_passes_the_librarys_checks_and_its_cases_are_kept(
    own: Path, evidence: str
) -> None:
    words = replace(WORDS, evidence=evidence)
    write_own_library(own, own_control_files(words) | feeding("OWN-01"))
    library = load_library()
    assert library.own_problems == ()
    assert library.controls["OWN-01"].title.vi == "Chăm sóc cây cảnh: {trụ sở}"
    alone = replace(library, controls={"OWN-01": library.controls["OWN-01"]})
    deep, problems = read_checks(alone, LIBRARY, is_deep=True)
    assert problems == []
    check = deep["OWN-01"]
    assert {case.expect["reason"] for case in check.cases} == set(check.spec.reasons)
    broken = [
        (case.name, result.got)
        for case in check.cases
        if not (result := run_case(check, case, tables=check_tables(), library=library)).is_kept
    ]
    assert broken == []


@pytest.mark.parametrize("evidence", EVIDENCE)
def test_its_files_stand_in_the_librarys_written_form(evidence: str) -> None:
    files = own_control_files(replace(WORDS, evidence=evidence))
    assert sorted(files) == [f"controls/own/OWN-01/{n}" for n in ("cases.yaml", "check.sql", "control.yaml")]  # fmt: skip
    for name, content in files.items():
        if name.endswith(".yaml"):
            assert canonical_yaml(content) == content
    assert files["controls/own/OWN-01/check.sql"].count("\n") <= 40


def test_the_control_read_back_is_the_one_that_was_shown(own: Path) -> None:
    write_own_library(own, own_control_files(WORDS) | feeding("OWN-01"))
    read, shown = load_library().controls["OWN-01"], own_control(WORDS)
    for name in ("id", "theme", "title", "why", "fix", "supply", "severity", "evidence"):
        assert getattr(read, name) == getattr(shown, name)
    assert read.decided == "stated"


@pytest.mark.parametrize(
    "wrong",
    ["SELECT nothing FROM nowhere", "SELECT 1; DROP TABLE x", "", "SELECT s.subject_id FROM subject AS s"],
)  # fmt: skip
def test_a_broken_own_check_is_told_and_the_rest_runs(own: Path, wrong: str) -> None:
    before = set(load_checks())
    files = own_control_files(WORDS) | own_control_files(replace(WORDS, code="OWN-02"))
    files |= feeding("OWN-01", "OWN-02")
    write_own_library(own, files | {"controls/own/OWN-01/check.sql": wrong})
    assert set(load_checks()) == before | {"OWN-02"}
    assert {one.path.parent.name for one in own_check_problems()} == {"OWN-01"}


def test_an_own_check_without_its_statement_is_told(own: Path) -> None:
    files = own_control_files(WORDS) | feeding("OWN-01")
    del files["controls/own/OWN-01/check.sql"]
    write_own_library(own, files)
    assert "OWN-01" not in load_checks()
    assert [one.path.name for one in own_check_problems()] == ["check.sql"]


def test_without_own_controls_nothing_is_told(own: Path) -> None:
    write_own_library(own, {})
    assert list(own_check_problems()) == []


def test_codes_go_on_from_the_highest_taken() -> None:
    assert next_code([]) == "OWN-01"
    assert next_code(["OWN-01", "PWD-09", "OWN-07"]) == "OWN-08"
    assert next_code(["OWN-99"]) == "OWN-100"
    with pytest.raises(ValueError, match="no code"):
        next_code(["OWN-999"])


@pytest.mark.parametrize(
    "change",
    [{"title": ""}, {"why": "x" * 1001}, {"evidence": "host"}, {"severity": "urgent"}, {"fix": "  "}],
)  # fmt: skip
def test_words_that_cannot_stand_are_named(change: dict[str, str]) -> None:
    words = replace(WORDS, **change)
    assert checked_words(words) is not None
    with pytest.raises(ValueError, match="OWN-01"):
        own_control_files(words)


@pytest.mark.parametrize("code", ["PWD-01", "OWN-1", "../OWN-01", "OWN-01'; --"])
def test_no_other_code_is_written(code: str) -> None:
    with pytest.raises(ValueError, match="not the code"):
        own_control_files(replace(WORDS, code=code))
