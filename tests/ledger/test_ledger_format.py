"""The example of docs/formats/ledger.md is a real ledger, byte for byte."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from khien.ledger.findings import DATABASE_CATALOG
from khien.ledger.inspector import CATALOG, Inspection
from khien.ledger.log import Ledger
from khien.ledger.note import SigningKey
from khien.ledger.reader import inclusion_proof_text
from khien.ledger.verify import verify_directory

PAGE = (Path(__file__).parents[2] / "docs" / "formats" / "ledger.md").read_text("utf-8")


def block(name: str) -> str:
    found = re.search(rf"^```{name}\n(.*?\n)```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found, name
    return found[1]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The folder as the page describes it, made from the page alone."""
    history = block("checkpoints") + "\n"
    (tmp_path / "entries.jsonl").write_bytes(block("jsonl").encode())
    (tmp_path / "leaves").write_bytes(bytes.fromhex(block("hex")))
    (tmp_path / "checkpoints").write_bytes(history.encode())
    last = history.split("\n\n")[-3:-1]
    (tmp_path / "checkpoint").write_bytes(("\n\n".join(last) + "\n").encode())
    (tmp_path / "ledger.pub").write_bytes(block("key").encode())
    return tmp_path


def test_example_verifies(written: Path) -> None:
    key = block("key").strip()
    result = verify_directory(written, public_key=key)
    assert (result.ok, result.problems, result.size, result.checkpoints) == (True, (), 3, 3)
    assert Inspection(written, key, []).problems == []


def test_example_proof_is_what_we_make(written: Path) -> None:
    assert inclusion_proof_text(written, 1) == block("proof")


def test_example_is_what_the_writer_writes(written: Path, tmp_path: Path) -> None:
    key_path = tmp_path / "keys" / "ledger.key"
    key_path.parent.mkdir()
    key_path.write_text(SigningKey("khien/0123456789abcdef", bytes(range(32))).secret_text())
    with Ledger.open(tmp_path / "again", key_path) as ledger:
        for number, line in enumerate(block("jsonl").splitlines()):
            entry = json.loads(line)
            at = datetime.fromisoformat(entry["at"])
            ledger.append(entry["kind"], entry["subject"], entry["body"], at)
            if number > 0:
                ledger.seal()
    for name in ("entries.jsonl", "leaves", "checkpoints", "checkpoint", "ledger.pub"):
        assert (tmp_path / "again" / name).read_bytes() == (written / name).read_bytes(), name


@pytest.mark.parametrize("code", sorted(CATALOG | DATABASE_CATALOG))
def test_every_code_is_two_sentences(code: str) -> None:
    told = CATALOG.get(code)
    vi, en = told[1:] if told else (DATABASE_CATALOG[code].vi, DATABASE_CATALOG[code].en)
    assert vi != en
    assert (vi[-1], en[-1]) == (".", ".")
    assert set(re.findall(r"{(\w+)}", vi)) == set(re.findall(r"{(\w+)}", en))
