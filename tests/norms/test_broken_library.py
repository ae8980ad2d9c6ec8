"""A broken library is refused whole: every mistake at once, each with its file and line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from khien.checks.catalogue import load_checks
from khien.cli.library_command import all_problems
from khien.cli.main import main
from khien.facts.tables import fact_tables
from khien.norms.errors import BrokenLibrary
from khien.norms.library import LIBRARY, load_library, read_library
from khien.norms.located_yaml import Problem

DO_SON, BINH_DINH = "norms/do-son/clauses.yaml", "norms/binh-dinh/clauses.yaml"
PWD_01, PWD_02, PWD_03 = (f"controls/password/PWD-0{n}" for n in (1, 2, 3))
Edit = Callable[[str], str | bytes]


@dataclass(frozen=True)
class Break:
    """One way to break one file, and what must be said about it at which line (found by its text)."""

    file: str
    edit: Edit
    line: str | int
    words: str
    told: str | None = None  # the file that is named, if it is another


def swap(old: str, new: str) -> Edit:
    def edit(text: str) -> str:
        assert old in text, f"the library no longer holds {old!r}"
        return text.replace(old, new, 1)

    return edit


def after(anchor: str, old: str, new: str) -> Edit:
    """Swap the first text after another."""

    def edit(text: str) -> str:
        head, found, tail = text.partition(anchor)
        assert found
        assert old in tail
        return head + found + tail.replace(old, new, 1)

    return edit


def add(text: str) -> Edit:
    return lambda old: old + text


BREAKS = {
    "unknown control": Break(DO_SON, swap("control: GOV-10", "control: XYZ-99"), "control: XYZ-99", "no such control"),
    "missing language": Break(DO_SON, swap("  en: General matters\n", ""), 2, "«en» is missing"),
    "not NFC": Break(DO_SON, swap("Những vấn đề chung", "Nhu\u031b\u0303ng vấn đề chung"), "Nhu\u031b", "NFC"),
    "duplicate path": Break(DO_SON, swap("- path: D2\n", "- path:   D1\n"), "- path:   D1", "D1 stands twice"),
    "duty in two places": Break(
        DO_SON, swap("ds-d2-k2-scope-suppliers", "ds-d2-k1-scope-units"), "- path: D2.k2", "stands twice"
    ),
    "unknown parameter": Break(
        DO_SON, swap("      wifi_rotate_months: 3", "      wifi_rotate_weeks: 3"), "wifi_rotate_weeks", "no such parameter"
    ),
    "neither duties nor none": Break(
        DO_SON, after("path: D1.p1", "  none: scope\n", ""), "- path: D1.p1", "«none» that says why"
    ),
    "unknown modality": Break(
        DO_SON, after("lockout_max: 5", "modality: must", "modality: shall"), "modality: shall", "one of: must"
    ),
    "repeats nothing": Break(DO_SON, swap("repeat_of: D10.k6.c", "repeat_of: D10.k66"), "D10.k66", "does not exist"),
    "wrong type": Break(
        BINH_DINH, swap("wifi_rotate_months: 6", "wifi_rotate_months: six"), "wifi_rotate_months: six", "integer"
    ),
    "case bound by a text that is silent": Break(
        "controls/network/NET-01/cases.yaml",
        add("- name: elsewhere\n  bound: [hue]\n  given: {}\n  expect: no_firewall\n"),
        "- name: elsewhere",
        "only texts that speak",
    ),
    "least beyond greatest": Break(
        BINH_DINH, swap("lockout_max: 5", "lockout_max: 5\n      lockout_min: 9"), "lockout_min: 9", "contradictory"
    ),
    "control that is silent": Break(
        "controls/monitoring/MON-03/control.yaml", swap("waits_for:\n- logs\n", ""), 1, "what it waits for"
    ),
    "strange wait": Break(
        "controls/incident/INC-10/control.yaml", swap("- incidents\n", "- spring\n"), "waits_for:", "only: logs"
    ),
    "bad YAML": Break("norms/hue/clauses.yaml", add("\n\tx: [\n"), "\tx: [", "bad YAML"),
    "wrong day": Break("norms/bac-ninh/document.yaml", swap("'2026-05-07'", "07/05/2026"), "07/05/2026", "yyyy-mm-dd"),
    "unknown key": Break("norms/binh-phuoc/document.yaml", add("color: red\n"), "color: red", "unknown key"),
    "unknown fate": Break("norms/law.yaml", swap("  mark: A\n", "  mark: Z\n"), "mark: Z", "one of: A"),
    "duplicate key": Break("labels.yaml", add("pass:\n  vi: a\n  en: b\n"), -3, "'pass' twice"),
    "wrong encoding": Break(
        "controls/patch/PAT-01/control.yaml", lambda text: text.encode("utf-16"), 1, "not UTF-8"
    ),
    "wrong encoding of SQL": Break(
        "controls/patch/PAT-02/check.sql", lambda text: b"-- \xd0\xff\n" + text.encode(), 1, "not UTF-8"
    ),
    "wrong folder": Break("controls/patch/PAT-03/control.yaml", swap("id: PAT-03", "id: PAT-30"), 1, "folder"),
    "case that reaches no reason": Break(
        f"{PWD_01}/cases.yaml", swap("expect:\n    reason: ok", "expect:\n    reason: fine"), "reason: fine", "not in control"
    ),
    "reason without a case": Break(
        f"{PWD_02}/control.yaml",
        swap("    too_long:\n", "    never_seen:\n      verdict: fail\n      vi: Một\n      en: One\n    too_long:\n"),
        1,
        "no case reaches «never_seen»",
        told=f"{PWD_02}/cases.yaml",
    ),
    "case that is no mapping": Break(f"{PWD_03}/cases.yaml", add("- only words\n"), "only words", "mapping"),
    "unknown place": Break(
        "controls/session/SES-01/control.yaml",
        lambda text: text.replace("{lockout_max} lần", "{most} lần").replace("at most {lockout_max}", "at most {most}"),
        "    too_many:",
        "no {most}",
    ),
    "places that differ": Break(
        "controls/session/SES-03/control.yaml", after("lock_off:", "en: 'The", "en: '{extra} The"), "    lock_off:", "same {places}"
    ),
    "bad SQL": Break("controls/log/LOG-01/check.sql", add("\nWHERE WHERE\n"), "WHERE WHERE", "bad SQL"),
    "unknown column": Break(
        "controls/log/LOG-02/check.sql", swap("SELECT host_id,", "SELECT nothing_here, host_id,"), "nothing_here", "bad SQL"
    ),
    "unknown table": Break(
        "controls/malware/MAL-01/control.yaml", swap("  evidence:\n", "  evidence:\n    telepathy: null\n"), "telepathy", "no fact table"
    ),
    "unknown column of a case": Break(
        "controls/malware/MAL-03/cases.yaml", add("- name: odd\n  given:\n    antivirus:\n    - colour: red\n  expect: scanning\n"), "- name: odd", "colour"
    ),
    "scope that is no SQL": Break(
        "controls/endpoint/END-02/control.yaml", swap("  applies: ", "  applies: s.shoe_size > 1 AND "), "applies:", "bad SQL"
    ),
    "unknown type of a column": Break("facts/autoplay.yaml", swap("type: boolean", "type: logical"), "type: logical", "one of"),
}  # fmt: skip


def line_of(break_: Break, text: str) -> int:
    if isinstance(break_.line, int):
        return break_.line if break_.line > 0 else text.count("\n") + break_.line + 1
    return text[: text.index(break_.line)].count("\n") + 1


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the library, broken in every way at once."""
    folder = tmp_path_factory.mktemp("broken") / "library"
    shutil.copytree(LIBRARY, folder)
    for break_ in BREAKS.values():
        path = folder / break_.file
        text = break_.edit(path.read_text(encoding="utf-8"))
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


@pytest.fixture(scope="module")
def problems(broken: Path) -> list[Problem]:
    return all_problems(broken)


@pytest.mark.parametrize("name", BREAKS)
def test_every_mistake_is_told_with_its_file_and_line(
    name: str, broken: Path, problems: list[Problem]
) -> None:
    break_ = BREAKS[name]
    path = broken / (break_.told or break_.file)
    found = [(p.line, p.en) for p in problems if p.path == path]
    text = path.read_bytes().decode("utf-8", "replace")
    wanted = line_of(break_, text)
    assert any(line == wanted and break_.words in said for line, said in found), (wanted, found)


def test_nothing_is_told_of_files_that_are_in_order(broken: Path, problems: list[Problem]) -> None:
    touched = {broken / (b.told or b.file) for b in BREAKS.values()}
    # What stands on an unreadable control is in its clauses, what cites an unreadable text in its reports;
    # they are told with it.
    told_with = (
        "norms/binh-phuoc/clauses.yaml",
        "reports/contact_notice.yaml",
        "reports/directive_report.yaml",
        *(f"norms/tcvn-14423-c{level}/clauses.yaml" for level in range(1, 6)),
    )
    followers = {p.path for p in problems} - touched - {broken / name for name in told_with}
    assert followers == set()
    assert all(p.vi and p.en and p.line >= 1 for p in problems)


def test_of_a_broken_library_nothing_is_loaded(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(BrokenLibrary) as caught:
        load_library(broken)
    assert caught.value.exit_status == 3
    assert main(["library", "check", "--folder", str(broken)]) == 3
    out, err = capsys.readouterr()
    assert len(out.splitlines()) >= len(BREAKS)
    assert "chỗ sai" in err
    assert main(["library", "coverage", "--folder", str(broken)]) == 3
    assert capsys.readouterr().out == ""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    shutil.copytree(LIBRARY, folder)
    return folder


def said(problems: list[Problem]) -> str:
    return "\n".join(str(problem) for problem in problems)


def test_an_untouched_copy_is_in_order(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["library", "check", "--folder", str(copy)]) == 0
    assert capsys.readouterr().out == ""


def test_a_document_without_its_file_does_not_vanish_in_silence(copy: Path) -> None:
    (copy / "norms" / "hue" / "document.yaml").unlink()
    (copy / "controls" / "log" / "LOG-01" / "control.yaml").unlink()
    found = said(read_library(copy)[1])
    assert f"{copy}/norms/hue/document.yaml:1" in found
    assert f"{copy}/controls/log/LOG-01/control.yaml:1" in found
    assert "no clause feeds it" not in found


def test_a_control_that_no_clause_feeds_is_told(copy: Path) -> None:
    path = copy / "norms" / "do-son" / "clauses.yaml"
    text = path.read_text(encoding="utf-8").replace("control: WIF-03", "control: WIF-02")
    path.write_text(text, encoding="utf-8")
    other = copy / "norms" / "binh-dinh" / "clauses.yaml"
    text = other.read_text(encoding="utf-8").replace("control: WIF-03", "control: WIF-02")
    other.write_text(text, encoding="utf-8")
    assert "WIF-03/control.yaml:1: không điều khoản nào" in said(read_library(copy)[1])


def test_an_empty_folder_is_no_library(tmp_path: Path) -> None:
    with pytest.raises(BrokenLibrary):
        load_library(tmp_path)


def test_broken_checks_and_fact_tables_are_expected_failures_too(copy: Path) -> None:
    (copy / "controls" / "log" / "LOG-01" / "check.sql").unlink()
    (copy / "facts" / "autoplay.yaml").write_text("table: x\n", encoding="utf-8")
    with pytest.raises(BrokenLibrary, match=r"LOG-01/check\.sql:1"):
        load_checks(copy)
    with pytest.raises(BrokenLibrary, match=r"autoplay\.yaml:1"):
        fact_tables(copy)


@pytest.mark.parametrize(
    ("statement", "own", "what"),
    [("REP-99", False, "has no check.sql"), ("REP-01", True, "check.sql of its own")],
)
def test_a_statement_of_another_control_is_there_and_stands_alone(
    copy: Path, statement: str, own: bool, what: str
) -> None:
    folder = copy / "controls" / "report" / "REP-02"
    path = folder / "control.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("statement: REP-01", f"statement: {statement}"), encoding="utf-8")
    if own:
        (folder / "check.sql").write_text("SELECT 1\n", encoding="utf-8")
    with pytest.raises(BrokenLibrary, match=what) as broken:
        load_checks(copy)
    assert "REP-02/control.yaml:" in str(broken.value)


def test_formatting_refuses_what_it_cannot_read_and_changes_nothing(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("controls", "norms/do-son", "norms/binh-dinh", "norms/binh-phuoc"):
        shutil.rmtree(copy / name)  # what is left is enough, and read in no time
    labels, law = copy / "labels.yaml", copy / "norms" / "law.yaml"
    labels.write_text("a: [\n", encoding="utf-8")
    law.write_text(
        law.read_text(encoding="utf-8").replace("mark: A", "mark:   A"), encoding="utf-8"
    )
    before = law.read_bytes()
    assert main(["library", "fmt", "--folder", str(copy)]) == 3
    assert "labels.yaml:2" in capsys.readouterr().out
    assert law.read_bytes() == before
    labels.write_bytes((LIBRARY / "labels.yaml").read_bytes())
    assert main(["library", "fmt", "--check", "--folder", str(copy)]) == 1
    assert law.read_bytes() == before
    assert main(["library", "fmt", "--folder", str(copy)]) == 0
    assert main(["library", "fmt", "--check", "--folder", str(copy)]) == 0
