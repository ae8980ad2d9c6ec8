"""The shape of the code itself: sizes, imports, words. Limits may only be lowered."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "khien"
FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 500

# Files that may be longer or import inside a function, each with its reason.
LONG_FILES: dict[str, str] = {
    "facts/collectors/khien_collect_linux.py": "one file by design: it is carried to machines alone",
    "ledger/inspector.py": "one file by design: an inspector carries it alone",
}
LATE_IMPORTS: dict[str, str] = {}
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "misc.py", "manager.py", "common.py"}


def modules() -> Iterator[Path]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


@pytest.mark.parametrize("path", list(modules()), ids=name)
def test_module_is_of_a_size_one_can_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if name(path) not in LONG_FILES:
        assert text.count("\n") <= FILE_LINES_MAX
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES_MAX
    ]
    assert long == []


@pytest.mark.parametrize("path", list(modules()), ids=name)
def test_imports_stand_at_the_top(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    late = [
        node.lineno
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    assert late == [] or name(path) in LATE_IMPORTS


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [name(path) for path in modules() if path.name in FORBIDDEN_NAMES] == []


def test_every_module_says_in_one_line_what_it_is() -> None:
    silent = [
        name(p)
        for p in modules()
        if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))
    ]
    assert silent == []


def tracked_text() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    for file in listed.split("\0"):
        path = ROOT / file
        if file and path.is_file() and path.suffix not in (".mo", ".lock", ".png"):
            yield file, path.read_text(encoding="utf-8", errors="replace")


FOREIGN = re.compile(
    "|".join(
        [
            "(?<![A-Za-z0-9_.])/(?:wo" + "rk|fa" + "rm)/",
            "py" + r"pi\.org",
            "python" + "hosted",
            r"registry\.npm" + "js",
            r"deb\.deb" + "ian",
        ]
    )
)


def test_nothing_names_a_machine_or_a_registry() -> None:
    assert [file for file, text in tracked_text() if FOREIGN.search(text)] == []
