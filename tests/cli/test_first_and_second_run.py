"""The whole path in processes of their own: nothing is written outside the data folder, and it is verified."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Place:
    """A home, a working folder and a data folder of their own."""

    root: Path

    def khien(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return self.python("-m", "khien", *words, **more)

    def python(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        # The environment is made anew, so that nothing of the person who runs the tests leaks in.
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(ROOT / "src"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUTF8": "1",
            "HOME": str(self.root / "home"),
            "KHIEN_DATA": str(self.data),
        }
        return subprocess.run(
            [sys.executable, *words],
            cwd=self.root / "here",
            env=environment | more,
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )

    @property
    def data(self) -> Path:
        return self.root / "data"

    def outside(self) -> set[Path]:
        return {path for name in ("home", "here") for path in (self.root / name).rglob("*")}

    def ask(self, query: str) -> Any:
        database = sqlite3.connect(self.data / "khien.sqlite3")
        try:
            return database.execute(query).fetchall()
        finally:
            database.close()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    for name in ("home", "here"):
        (tmp_path / name).mkdir()
    return Place(tmp_path)


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the collector of this version reads Linux"
)
def test_up_twice_then_verify_then_a_flipped_byte(place: Place) -> None:
    first = place.khien("up", "--no-serve")
    assert first.returncode == 0, first.stderr
    assert "/vao/" in first.stdout
    assert "[5/5]" in first.stderr
    (counts,) = place.ask(
        "SELECT (SELECT count(*) FROM facts_intake), (SELECT count(*) FROM org_unit)"
    )
    assert counts == (1, 1)
    second = place.khien("up", "--no-serve", KHIEN_LANG="en")
    assert second.returncode == 0, second.stderr
    assert "Open the pages" in second.stdout
    assert place.ask(
        "SELECT (SELECT count(*) FROM facts_intake), (SELECT count(*) FROM org_unit)"
    ) == [(2, 1)]
    assert place.outside() == set()
    # No password anywhere: the officer has none, the link is in no file of the data folder.
    assert all(row[0].startswith("!") for row in place.ask("SELECT password FROM org_user"))
    secret = first.stdout.partition("/vao/")[2].partition("/")[0].encode()
    assert [p for p in place.data.rglob("*") if p.is_file() and secret in p.read_bytes()] == []

    good = place.khien("verify", "--json")
    assert good.returncode == 0, good.stdout + good.stderr
    assert json.loads(good.stdout)["ok"] is True
    copy = place.root / "here" / "copy"
    shutil.copytree(place.data / "ledger", copy)
    assert place.khien("verify", "--ledger", "copy").returncode == 0
    entries = copy / "entries.jsonl"
    content = bytearray(entries.read_bytes())
    content[content.index(b"norms.library_loaded")] ^= 1
    entries.write_bytes(content)
    bad = place.khien("verify", "--ledger", "copy", "--json")
    assert bad.returncode == 1
    found = json.loads(bad.stdout)
    assert found["ok"] is False
    lines = bytes(content).splitlines()
    flipped = next(
        n
        for n, line in enumerate(lines)
        if b"orms.library_loaded" in line and b"norms.library" not in line
    )
    assert flipped in {problem["index"] for problem in found["problems"]}


def test_laws_are_read_without_any_database(place: Place) -> None:
    done = place.khien("rulebook", "--documents", "do-son,binh-dinh", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["documents"] == ["binh-dinh", "do-son"]
    assert not place.data.exists()
    assert place.outside() == set()


PROBE = """
import sys
from khien.cli.main import main
status = main(sys.argv[1:])
heavy = {"django", "duckdb", "yaml"} & {name.partition(".")[0] for name in sys.modules}
print(sorted(heavy), file=sys.stderr)
sys.exit(status)
"""


def test_parsing_a_text_loads_no_database_and_no_framework(place: Place) -> None:
    file = place.root / "text.txt"
    file.write_text("Điều 1. Một\n1. Hai.\n", encoding="utf-8")
    done = place.python("-c", PROBE, "norms", "parse", str(file), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["counts"]["dieu"] == 1
    assert "django" not in done.stderr
    assert "duckdb" not in done.stderr
    assert not place.data.exists()


def test_a_data_folder_that_cannot_be_one_is_refused(place: Place) -> None:
    place.data.write_text("a file", encoding="utf-8")
    done = place.khien("unit", "list", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert str(place.data) in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_none_is_refused_and_left_as_it_is(place: Place) -> None:
    place.data.mkdir()
    database = place.data / "khien.sqlite3"
    database.write_bytes(b"not a database, but long enough to look at" * 100)
    before = database.read_bytes()
    done = place.khien("unit", "list", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert database.read_bytes() == before
