"""A declaration with mistakes: all of them at once, each with its file and line, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from khien.cli.library_command import all_problems
from khien.norms.library import LIBRARY, load_library
from khien.registers.declarations import load_registers
from khien.workflows.conditions import passes
from khien.workflows.reading import read_workflows

GOOD = (LIBRARY / "workflows" / "repair.yaml").read_text(encoding="utf-8")


def problems(folder: Path, text: str) -> list[str]:
    (folder / "workflows").mkdir(exist_ok=True)
    (folder / "workflows" / "repair.yaml").write_text(text, encoding="utf-8")
    _, found = read_workflows(folder, load_library(), load_registers())
    return [str(problem) for problem in found]


def test_a_good_declaration_has_no_problems(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("workflow: repair", "workflow: repairs", "phải trùng tên tệp"),
        ("like: repair.fault", "like: repair.falt", "không có trường «repair.falt»"),
        (
            "not_before: $storage.storage_done_on",
            "not_before: $storage.done_on",
            "không chỉ vào đâu",
        ),
        ("  - add: repair", "  - add: repairs", "không có sổ «repairs»"),
        ("  - change: repair\n", "  - change: fixed\n", "chưa có dòng nào tên «fixed»"),
        ("- binh-dinh/D8.k5", "- binh-dinh/D88.k5", "không có điều khoản «binh-dinh/D88.k5»"),
        (
            "storage_measure: $storage.storage_measure",
            "storage_measures: x",
            "không có trường «storage_measures»",
        ),
        ("out_on: $out_on", "back_on: $out_on", "thiếu trường bắt buộc «out_on»"),
        ("document: repair_report", "document: poem", "phải là một trong"),
        ("      from: out.out_on", "      from: out.gone_on", "không chỉ vào đâu"),
        ("start: write", "start: rule", "phải là một trong"),
    ],
)
def test_each_mistake_is_told_with_its_line(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    text = GOOD if before in GOOD else GOOD.replace("place: 6", f"place: 6\n{before}")
    found = problems(tmp_path, text.replace(before, after, 1))
    assert any(said in problem for problem in found), found
    assert all("repair.yaml:" in problem and " / " in problem for problem in found)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("like: repair.fault", "like: repair.falt").replace(
        "place: 6", "colour: red"
    )
    assert len(problems(tmp_path, text)) == 2


def test_library_check_reads_workflows_too() -> None:
    assert [p for p in all_problems(LIBRARY) if "workflows" in p.path.parts] == []


@pytest.mark.parametrize(
    ("value", "test", "expected"),
    [
        (None, {"filled": True}, False), ("x", {"filled": True}, True), (None, {"empty": True}, True),
        (3, {"min": 3}, True), (None, {"min": 3}, False), ("2026-01-02", {"max": "2026-01-01"}, False),
        ("a", ["a", "b"], True), ("c", {"not": ["a", "b"]}, True), (["a", "b"], "a", True), (None, None, True),
    ],
)  # fmt: skip
def test_conditions_say_what_they_mean(value: object, test: object, expected: bool) -> None:
    assert passes(value, test) is expected  # type: ignore[arg-type]
