"""Library YAML knows the line of every value, and every mistake is told at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from khien.norms.field_reader import FieldReader
from khien.norms.located_yaml import Located, Problem, read_located

TEXT = """\
id: a
title:
  vi: Một
  en: One
list:
- x: 1
- x: 2
  y: true
"""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "a.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def located(folder: Path, text: str) -> Located:
    found = read_located(written(folder, text))
    assert isinstance(found, Located)
    return found


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ((), 1),
        (("id",), 1),
        (("title",), 2),
        (("title", "en"), 4),
        (("list", 1), 7),
        (("list", 1, "y"), 8),
        (("list", 1, "nothing", "deeper"), 7),
        (("nothing",), 1),
    ],
)
def test_a_value_knows_its_line_and_a_missing_one_that_of_its_parent(
    tmp_path: Path, place: tuple[str | int, ...], line: int
) -> None:
    assert located(tmp_path, TEXT).line(*place) == line


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: [1\n", 3, "YAML"),
        ("a: 1\nb: 2\na: 3\n", 3, "'a' twice"),
        ("a: 1\n\tb: 2\n", 2, "YAML"),
        ("a: &x [1]\nb: *x\n", 1, "alias"),
        ("a: &x\n- *x\n", 1, "alias"),
        ("? [a, b]\n: c\n", 1, "one word"),
        ("a: 1\n---\nb: 2\n", 2, "YAML"),
        ("a: " + "[" * 40 + "]" * 40, 1, "deep"),
        ("a: \x00\n", 1, "YAML"),
        (b"a: \xff\xfe\n", 1, "UTF-8"),
        ("a: Cơ\n".encode("utf-16"), 1, "UTF-8"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_what_is_no_plain_yaml_is_a_problem_at_its_line(
    tmp_path: Path, text: str | bytes, line: int, words: str
) -> None:
    path = written(tmp_path, text)
    problem = read_located(path)
    assert isinstance(problem, Problem)
    assert (problem.path, problem.line) == (path, line)
    assert words in problem.en
    assert str(problem).startswith(f"{path}:{line}: ")


def test_a_file_that_is_not_there_or_a_folder_is_a_problem(tmp_path: Path) -> None:
    assert isinstance(read_located(tmp_path / "none.yaml"), Problem)
    assert isinstance(read_located(tmp_path), Problem)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("-7", -7),
        ("true", True),
        ("null", None),
        ("~", None),
        ("'7'", "7"),
        ("yes", "yes"),
        ("no", "no"),
        ("2026-06-30", "2026-06-30"),
        ("1.5", "1.5"),
        ("0x1F", "0x1F"),
        ("017", "017"),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("9" * 5000, "9" * 5000),
    ],
    ids=lambda value: str(value)[:12],
)
def test_only_plain_numbers_and_truths_are_more_than_text(
    tmp_path: Path, text: str, value: object
) -> None:
    assert located(tmp_path, f"a: {text}\n").data == {"a": value}


def problems_of(folder: Path, text: str, read: str) -> list[tuple[int, str]]:
    problems: list[Problem] = []
    reader = FieldReader(located(folder, text), (), problems)
    calls = {
        "text": lambda: reader.text("a"),
        "choice": lambda: reader.choice("a", ("x", "y")),
        "integer": lambda: reader.integer("a"),
        "day": lambda: reader.day("a", required=True),
        "words": lambda: reader.words("a"),
        "bilingual": lambda: reader.bilingual("a"),
        "children": lambda: [child.text("x") for child in reader.children("a")],
        "allow_only": lambda: reader.allow_only(("b",)),
    }
    calls[read]()
    assert all(problem.path == folder / "a.yaml" and problem.vi for problem in problems)
    return [(problem.line, problem.en) for problem in problems]


@pytest.mark.parametrize(
    ("read", "text", "line", "words"),
    [
        ("text", "b: 1\n", 1, "«a» is missing"),
        ("text", "b: 1\na: ''\n", 2, "not empty"),
        ("text", "b: 1\na: 5\n", 2, "must be text"),
        ("text", "b: 1\na: e\u0302\n", 2, "NFC"),
        ("choice", "b: 1\na: z\n", 2, "one of: x, y"),
        ("integer", "b: 1\na: ten\n", 2, "integer"),
        ("integer", "b: 1\na: true\n", 2, "integer"),
        ("integer", "b: 1\na: 1.5\n", 2, "integer"),
        ("day", "b: 1\na: 30/06/2026\n", 2, "yyyy-mm-dd"),
        ("day", "b: 1\na: 20260630\n", 2, "yyyy-mm-dd"),
        ("day", "b: 1\na: 2026-W27-2\n", 2, "yyyy-mm-dd"),
        ("day", "b: 1\na: 2026-02-29\n", 2, "yyyy-mm-dd"),
        ("day", "b: 1\n", 1, "yyyy-mm-dd"),
        ("words", "b: 1\na: one\n", 2, "list"),
        ("words", "b: 1\na:\n- [x]\n", 2, "list"),
        ("bilingual", "b: 1\n", 1, "vi and en"),
        ("bilingual", "b: 1\na:\n  vi: Một\n", 2, "«en» is missing"),
        ("children", "b: 1\na: x\n", 2, "list"),
        ("children", "b: 1\na:\n- x: y\n- z\n", 4, "mapping"),
        ("allow_only", "b: 1\nc: 2\n", 2, "«c» unknown key"),
    ],
)
def test_a_wrong_field_is_told_at_its_line(
    tmp_path: Path, read: str, text: str, line: int, words: str
) -> None:
    found = problems_of(tmp_path, text, read)
    assert any(words in said and at == line for at, said in found), found
