"""The writer: files, keys, lock, refusals, and what it will not repair."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import ledger_cases as cases
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khien.kernel.canonical import canonical_bytes
from khien.ledger.entry import LINE_BYTES_MAX, NewEntry, entry_at, parse_entry
from khien.ledger.errors import (
    EntryNotSealed,
    EntryTooLarge,
    LedgerBusy,
    LedgerKeyMismatch,
    LedgerKeyMissing,
    LedgerKeyUnreadable,
    LedgerMustReopen,
    LedgerWriteFailed,
    SignedContentDamaged,
)
from khien.ledger.log import Ledger
from khien.ledger.note import decode_base64
from khien.ledger.reader import inclusion_proof_text, latest_checkpoint, public_key
from khien.ledger.tree import leaf_hash, verify_inclusion
from khien.ledger.verify import verify_directory

AT = datetime(2026, 6, 30, 2, 0, tzinfo=UTC)


def opened(root: Path, **more) -> Ledger:
    return Ledger.open(root / "ledger", root / "keys" / "ledger.key", "khien/test", **more)


def add(ledger: Ledger, count: int = 1) -> None:
    for _ in range(count):
        ledger.append("facts.collected", "máy-1", {"rows": 1}, AT)


def test_first_opening_makes_key_and_signs_the_empty_log(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "a" / "ledger", tmp_path / "b" / "ledger.key") as ledger:
        assert ledger.checkpoint is not None
        assert (ledger.checkpoint.size, ledger.checkpoint.origin[:6]) == (0, "khien/")
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "b" / "ledger.key").stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o700
    assert verify_directory(tmp_path / "a" / "ledger", public_key=str(ledger.verifier_key)).ok


def test_line_of_an_entry_is_what_the_format_says(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        local = datetime(2026, 6, 30, 9, 0, tzinfo=timezone(timedelta(hours=7)))
        entry = ledger.append("facts.collected", "máy-1", {"rows": 2, "b": None}, local)
        ledger.seal()
    line = (tmp_path / "ledger" / "entries.jsonl").read_bytes()
    assert line == entry.line + b"\n"
    assert line.decode() == (
        '{"at":"2026-06-30T02:00:00Z","body":{"b":null,"rows":2},'
        '"index":0,"kind":"facts.collected","subject":"máy-1"}\n'
    )
    assert (tmp_path / "ledger" / "leaves").read_bytes() == entry.leaf == leaf_hash(entry.line)
    assert parse_entry(entry.line) == entry


def test_seal_without_news_is_the_same_checkpoint(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        add(ledger, 2)
        assert ledger.seal() is ledger.seal()
    with opened(tmp_path) as ledger:
        assert ledger.seal().size == 2
    assert len(cases.Copy(tmp_path / "ledger", None).records) == 2


def test_unsigned_entries_survive_an_orderly_close(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        add(ledger, 3)
    with opened(tmp_path) as ledger:
        assert (ledger.size, ledger.sealed_size) == (3, 0)
        add(ledger)
        assert ledger.seal().size == 4


def test_opening_does_not_need_the_cache(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        add(ledger, 5)
        ledger.seal()
    tip = tmp_path / "ledger" / "tip"
    for content in (b"", b"[]", b'{"size":5}', b'{"size":-1,"nodes":[],"entries_bytes":1}',
                    canonical_bytes({"size": 5, "nodes": ["00", "00"], "entries_bytes": 1})):  # fmt: skip
        tip.write_bytes(content)
        with opened(tmp_path) as ledger:
            assert ledger.size == 5
    cached = json.loads(tip.read_bytes())
    tip.write_bytes(canonical_bytes(cached | {"entries_bytes": cached["entries_bytes"] - 5}))
    with opened(tmp_path) as ledger:
        add(ledger)
        ledger.seal()
    assert verify_directory(tmp_path / "ledger").ok


def test_large_batches_go_to_the_file_before_the_seal(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        text = "đ" * 100_000
        ledger.append_many(NewEntry("a.b", "s", {"t": text}, AT) for _ in range(12))
        assert (tmp_path / "ledger" / "entries.jsonl").stat().st_size > 2**20
        ledger.seal()
    assert verify_directory(tmp_path / "ledger").size == 12


def test_prepared_lines_must_be_canonical_and_next(tmp_path: Path) -> None:
    line = entry_at(0, NewEntry("a.b", "s", {}, AT)).line
    with opened(tmp_path) as ledger:
        with pytest.raises(ValueError, match="canonical entry 0"):
            ledger.append_lines([b" " + line])
        ledger.append_lines([line])
        with pytest.raises(ValueError, match="canonical entry 1"):
            ledger.append_lines([line])
        assert ledger.size == 1


@pytest.mark.parametrize(
    ("kind", "at", "body"),
    [("nodot", AT, {}), ("A.b", AT, {}), ("a.b", AT.replace(tzinfo=None), {}), ("a.b", AT, {"x": 0.5})],
)  # fmt: skip
def test_what_has_no_canonical_form_is_refused(tmp_path: Path, kind: str, at, body) -> None:
    with opened(tmp_path) as ledger:
        with pytest.raises(ValueError, match=r"."):
            ledger.append_many([NewEntry("a.b", "s", {}, AT), NewEntry(kind, "s", body, at)])
        assert ledger.size == 0


def test_entry_longer_than_a_line_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger, pytest.raises(EntryTooLarge, match="giới hạn"):
        ledger.append("a.b", "s", {"t": "x" * LINE_BYTES_MAX}, AT)


@given(st.integers(0, 2**53 - 1), st.text(max_size=20), st.dictionaries(st.text(), st.text()))
def test_every_entry_reads_back_as_itself(index: int, subject: str, body: dict[str, str]) -> None:
    try:
        entry = entry_at(index, NewEntry("a.b", subject, body, AT))
    except ValueError:  # two keys equal after NFC, or a lone surrogate
        return
    assert parse_entry(entry.line) == entry
    assert b"\n" not in entry.line


def test_second_writer_waits_and_is_told(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(LedgerBusy, match=r"0\.05"):
        opened(tmp_path, lock_seconds=0.05)
    opened(tmp_path).close()


def test_writers_of_several_threads_take_turns(tmp_path: Path) -> None:
    def work() -> None:
        with opened(tmp_path) as ledger:
            add(ledger, 2)
            ledger.seal()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verify_directory(tmp_path / "ledger").size == 8


def test_writers_of_several_processes_take_turns(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom datetime import datetime, UTC\nfrom pathlib import Path\n"
        "from khien.ledger.log import Ledger\nroot = Path(sys.argv[1])\n"
        "for _ in range(5):\n"
        "    with Ledger.open(root / 'ledger', root / 'keys' / 'ledger.key') as ledger:\n"
        "        ledger.append('a.b', 's', {}, datetime.now(UTC))\n        ledger.seal()\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert verify_directory(tmp_path / "ledger").size == 15


def test_closed_ledger_is_not_written(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    ledger.close()
    with pytest.raises(LedgerMustReopen):
        add(ledger)


def test_lost_private_key_is_not_replaced_silently(tmp_path: Path) -> None:
    opened(tmp_path).close()
    (tmp_path / "keys" / "ledger.key").unlink()
    with pytest.raises(LedgerKeyMissing, match=r"ledger\.key"):
        opened(tmp_path)


def test_key_of_another_ledger_is_refused(tmp_path: Path) -> None:
    opened(tmp_path).close()
    opened(tmp_path / "other").close()
    key = (tmp_path / "other" / "keys" / "ledger.key").read_bytes()
    (tmp_path / "keys" / "ledger.key").write_bytes(key)
    with pytest.raises(LedgerKeyMismatch):
        opened(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\xff", b"nonsense"])
def test_unreadable_private_key_is_told(tmp_path: Path, content: bytes) -> None:
    opened(tmp_path).close()
    (tmp_path / "keys" / "ledger.key").write_bytes(content)
    with pytest.raises(LedgerKeyUnreadable):
        opened(tmp_path)
    (tmp_path / "ledger" / "lock").unlink()  # and the lock was let go


def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("a file")
    with pytest.raises(LedgerWriteFailed, match="ledger"):
        opened(tmp_path)


def damaged(root: Path, name: str, change) -> Path:
    path = cases.make_ledger(root) / "ledger" / name
    path.write_bytes(change(path.read_bytes()))
    return path


@pytest.mark.parametrize("with_cache", [True, False])
@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("entries.jsonl", lambda data: data[:-1]),
        ("entries.jsonl", lambda data: b""),
        ("leaves", lambda data: data[:-1]),
        ("checkpoints", lambda data: b""),
        ("checkpoints", lambda data: data[: len(data) * 2 // 3]),
        ("checkpoints", lambda data: data[:-9] + b"AAAA" + data[-5:]),
        ("checkpoint", lambda data: data[:-9]),
        ("checkpoint", lambda data: b""),
    ],
)
def test_signed_content_is_never_repaired(tmp_path: Path, name: str, change, with_cache) -> None:
    path = damaged(tmp_path, name, change)
    if not with_cache:
        (tmp_path / "ledger" / "tip").unlink()
    before = path.read_bytes()
    with pytest.raises(SignedContentDamaged, match=name):
        opened(tmp_path)
    assert path.read_bytes() == before
    assert not verify_directory(tmp_path / "ledger").ok


def test_changed_signed_entry_is_named_by_a_full_opening(tmp_path: Path) -> None:
    damaged(tmp_path, "entries.jsonl", lambda data: data.replace(b"m\xc3\xa1y-5", b"m\xc3\xa1y-6"))
    (tmp_path / "ledger" / "tip").unlink()
    with pytest.raises(SignedContentDamaged, match="bản ghi 5"):
        opened(tmp_path)


def test_latest_checkpoint_is_put_back_from_the_history(tmp_path: Path) -> None:
    path = cases.make_ledger(tmp_path) / "ledger" / "checkpoint"
    path.unlink()
    opened(tmp_path).close()
    assert path.read_bytes() == cases.Copy(tmp_path / "ledger", None).records[-1]


def test_long_history_is_read_from_its_end(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        for _ in range(1300):  # more than the writer reads back
            add(ledger)
            ledger._checkpoint = None
        ledger.seal()
    copy = cases.Copy(tmp_path / "ledger", ledger._key)
    copy.sign_again(sizes=range(1301))
    assert (tmp_path / "ledger" / "checkpoints").stat().st_size > 200_000
    with opened(tmp_path) as ledger:
        assert ledger.sealed_size == 1300


@pytest.mark.parametrize("index", range(12))
def test_proof_text_can_be_checked_by_itself(tmp_path: Path, index: int) -> None:
    directory = cases.make_ledger(tmp_path) / "ledger"
    text = inclusion_proof_text(directory, index)
    head, _, note = text.partition("\n\n")
    magic, place, *nodes = head.split("\n")
    assert (magic, place) == ("c2sp.org/tlog-proof@v1", f"index {index}")
    checkpoint = latest_checkpoint(directory)
    assert checkpoint is not None
    assert note == checkpoint.note
    leaf = leaf_hash((directory / "entries.jsonl").read_bytes().splitlines()[index])
    proof = [decode_base64(node) or b"" for node in nodes]
    assert verify_inclusion(index, 12, leaf=leaf, proof=proof, root=checkpoint.root)


def test_no_proof_without_signature_or_from_wrong_leaves(tmp_path: Path) -> None:
    with pytest.raises(EntryNotSealed):
        inclusion_proof_text(tmp_path, 0)
    directory = cases.make_ledger(tmp_path) / "ledger"
    assert str(public_key(directory)).startswith("khien/test+")
    with pytest.raises(EntryNotSealed, match="12"):
        inclusion_proof_text(directory, 12)
    leaves = (directory / "leaves").read_bytes()
    (directory / "leaves").write_bytes(bytes(32) + leaves[32:])
    with pytest.raises(SignedContentDamaged):
        inclusion_proof_text(directory, 3)
