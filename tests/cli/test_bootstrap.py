"""The starter: plain Python of any age, an environment tied to its lock, nothing written but under var/."""

from __future__ import annotations

import ast
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "khien"
Starter = dict[str, Any]


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KHIEN_VAR", str(tmp_path / "var"))
    return tmp_path / "var"


@pytest.fixture
def starter(var: Path) -> Starter:
    return runpy.run_path(str(SCRIPT), run_name="starter")


@pytest.mark.parametrize("version", [(2, 7), (3, 6), (3, 8), (3, 10)], ids=str)
def test_an_old_python_is_told_what_is_needed(
    version: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit) as stop:
        runpy.run_path(str(SCRIPT), run_name="__main__")
    said = str(stop.value.code)
    assert "Python 3.11" in said
    assert "%d.%d" % version in said  # noqa: UP031  # as the script itself must, for old Pythons
    assert "máy này" in said
    assert "needs" in said


def test_an_old_python_can_read_the_script_far_enough_to_say_so() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 7))
    guard = next(n for n, node in enumerate(tree.body) if isinstance(node, ast.If))
    imported = [
        node for node in tree.body[:guard] if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    assert [alias.name for node in imported for alias in node.names] == ["sys"]


def test_the_starter_needs_nothing_but_python() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    names = {
        name
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [str(node.module)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert {name.partition(".")[0] for name in names} <= set(sys.stdlib_module_names)


def test_the_digest_changes_with_the_lock_and_is_the_same_for_the_same(
    starter: Starter, tmp_path: Path
) -> None:
    lock, other = tmp_path / "a.lock", tmp_path / "b.lock"
    lock.write_text("a==1\n", encoding="utf-8")
    other.write_text("a==2\n", encoding="utf-8")
    digest = starter["lock_digest"]
    assert digest(lock) == digest(lock) != digest(other)
    assert len(digest(lock)) == 64


def test_tools_write_only_under_var(starter: Starter, var: Path) -> None:
    environment = starter["environment"]()
    folders = [environment[n] for n in ("UV_CACHE_DIR", "PIP_CACHE_DIR", "PYTHONPYCACHEPREFIX")]
    assert all(Path(folder).is_relative_to(var) for folder in folders)
    assert environment["UV_PYTHON_DOWNLOADS"] == "never"
    assert starter["VENV"].is_relative_to(var)


def test_an_environment_that_stands_is_not_built_again(
    starter: Starter, var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "a.lock"
    lock.write_text("a==1\n", encoding="utf-8")
    ran: list[object] = []

    def refuse(*command: object, **_: object) -> None:
        ran.append(command)
        raise OSError

    monkeypatch.setattr(subprocess, "run", refuse)
    stamp = starter["VENV"] / "khien.stamp"
    stamp.parent.mkdir(parents=True)
    stamp.write_text(starter["lock_digest"](lock), encoding="ascii")
    starter["prepare"](lock)
    assert ran == []
    stamp.write_text("of another lock", encoding="ascii")
    with pytest.raises(OSError):  # noqa: PT011  # it would install now
        starter["prepare"](lock)
    assert stamp.read_text(encoding="ascii") == "of another lock"


def test_a_tool_that_fails_stops_the_start_with_its_own_words(
    starter: Starter, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        starter["run"]([sys.executable, "-c", "import sys; sys.exit('no network here')"], what="uv")
    assert stop.value.code == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert "no network here" in err


def test_every_lock_pins_every_package_by_its_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-boot.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        packages = [
            line for line in text.splitlines() if line and not line.startswith((" ", "#", "-"))
        ]
        assert packages
        assert [line for line in packages if "==" not in line] == []
        assert text.count("--hash=sha256:") >= len(packages)
