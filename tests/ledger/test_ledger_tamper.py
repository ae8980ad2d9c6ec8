"""Whatever is done to a ledger is found, at the exact entry, and by both verifiers alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import ledger_cases as cases
import pytest
from ledger_cases import Copy

from khien.ledger.checkpoint import sign_checkpoint
from khien.ledger.findings import VerifyResult
from khien.ledger.inspector import Inspection
from khien.ledger.note import SigningKey
from khien.ledger.tree import leaf_hash, root_of
from khien.ledger.verify import verify_directory

THIEF = SigningKey("khien/test", bytes([9]) * 32)
STRANGER = SigningKey("khien/other", bytes([9]) * 32)
Found = set[tuple[str, int | None]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cases.make_ledger(tmp_path_factory.mktemp("made"))


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Copy:
    return cases.copy_of(made, tmp_path)


def judged(copy: Copy, trusted: list[bytes] | None = None, **more) -> tuple[VerifyResult, Found]:
    """Verify with Khiên and with the inspector's file; they must say the same."""
    kept, key = trusted or [], str(copy.key.verifier)
    alone = verify_directory(
        copy.directory, public_key=key, trusted_checkpoints=[note.decode() for note in kept]
    )
    inspection = Inspection(copy.directory, key, kept)
    ours = [(item.code, item.index, item.message.vi, item.message.en) for item in alone.problems]
    assert ours == [(item.code, item.index, item.vi, item.en) for item in inspection.problems]
    assert alone.ok != any(item.is_failure for item in inspection.problems)
    assert alone.trusted_size == inspection.trusted_size
    result = alone
    if more:
        result = verify_directory(copy.directory, public_key=key, **more)
    return result, {(item.code, item.index) for item in result.problems}


def flip_bit(copy: Copy, name: str, at: int) -> None:
    data = bytearray((copy.directory / name).read_bytes())
    data[at] ^= 1
    (copy.directory / name).write_bytes(data)


def test_untouched_ledger_stands(copy: Copy) -> None:
    result, found = judged(copy, database_rows=cases.rows_of(copy))
    assert (result.ok, found, result.size, result.entries, result.checkpoints) == (
        True, set(), 12, 12, 4,
    )  # fmt: skip
    assert result.root == root_of(copy.leaves).hex()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (cases.flip, {("entry.changed", 5)}),
        (cases.drop, {("entry.dropped", 5)}),
        (cases.swap, {("entry.moved", 5), ("entry.moved", 6)}),
        (cases.insert, {("entry.inserted", 5)}),
        (cases.repeat, {("entry.inserted", 6)}),
        (cases.cut, {("entries.truncated", 10)}),
        (lambda lines: cases.drop(cases.flip(lines, 2), 9), {("entry.changed", 2), ("entry.dropped", 9)}),
        (lambda lines: [], {("entries.truncated", 0)}),
        (lambda lines: [*lines[:3], b"{}", *lines[4:]], {("entry.changed", 3)}),
        (lambda lines: [*lines[:3], b"x" * (1024 * 1024 + 9), *lines[4:]], {("entry.changed", 3)}),
    ],
)  # fmt: skip
def test_entries_alone(copy: Copy, change: Callable, expected: Found) -> None:
    copy.write(lines=change(copy.lines))
    result, found = judged(copy)
    assert (result.ok, found) == (False, expected)


@pytest.mark.parametrize("entry", range(12))
def test_any_flipped_bit_of_entries_names_its_entry(copy: Copy, entry: int) -> None:
    start = sum(len(line) + 1 for line in copy.lines[:entry])
    flip_bit(copy, "entries.jsonl", start + 11 * entry % len(copy.lines[entry]))
    assert judged(copy)[1] == {("entry.changed", entry)}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (cases.flip_leaf, {("leaf.wrong", 5)}),
        (cases.drop, {("leaf.wrong", 5)}),
        (cases.swap, {("leaf.wrong", 5), ("leaf.wrong", 6)}),
        (cases.insert, {("leaf.wrong", 5)}),
        (cases.cut, {("leaf.wrong", 10), ("leaf.wrong", 11)}),
    ],
)
def test_leaves_alone(copy: Copy, change: Callable, expected: Found) -> None:
    copy.write(leaves=change(copy.leaves))
    result, found = judged(copy)
    assert not result.ok
    assert expected <= found <= expected | {("tail.torn", 12)}


@pytest.mark.parametrize(
    ("change", "alone", "with_rows"),
    [
        (cases.flip, set(), {("row.changed", 5)}),
        (cases.drop, {("entry.index", 5), ("entries.truncated", 11)}, {("row.dropped", 5)}),
        (cases.swap, {("entry.index", 5)}, {("row.moved", 5), ("row.moved", 6)}),
        (cases.insert, {("entry.index", 6)}, {("row.inserted", 5)}),
        (
            lambda lines: cases.renumbered(cases.drop(lines)),
            {("entries.truncated", 11)},
            {("row.changed", number) for number in range(5, 11)} | {("row.dropped", 11)},
        ),
        (
            lambda lines: cases.renumbered(cases.insert(lines)),
            set(),
            {("row.changed", number) for number in range(5, 12)} | {("row.inserted", 12)},
        ),
    ],
)
def test_entries_and_leaves_together(
    copy: Copy, change: Callable, alone: Found, with_rows: Found
) -> None:
    """Between which checkpoints is known without the database; with it, the exact entry."""
    rows = cases.rows_of(copy)
    copy.both(change)
    result, found = judged(copy)
    assert (result.ok, found) == (False, alone | {("checkpoint.root", None)})
    sentence = next(item for item in result.problems if item.code == "checkpoint.root").message.en
    assert "entries 4 to 7" in sentence
    assert judged(copy, database_rows=rows)[1] == found | with_rows


def test_a_sealed_single_entry_is_named_even_without_the_database(copy: Copy) -> None:
    copy.sign_again(sizes=(0, 5, 6, 12))
    copy.both(cases.flip)
    assert judged(copy)[1] == {("checkpoint.root", 5)}


def test_entries_and_leaves_cut_together(copy: Copy) -> None:
    rows = cases.rows_of(copy)
    copy.both(cases.cut)
    assert judged(copy)[1] == {("entries.truncated", 10)}
    assert ("row.dropped", 10) in judged(copy, database_rows=rows)[1]


@pytest.mark.parametrize("key", [THIEF, STRANGER])
def test_checkpoint_forged_with_another_key(copy: Copy, key: SigningKey) -> None:
    forged = sign_checkpoint(12, root_of(copy.leaves), key).note.encode()
    copy.write(records=[*copy.records[:-1], forged], latest=forged)
    assert judged(copy)[1] == {("checkpoint.invalid", None), ("tail.unsigned", 8)}
    copy.both(cases.flip)
    copy.sign_again(key)
    result, found = judged(copy)
    assert (result.ok, found) == (
        False,
        {("checkpoint.invalid", None), ("checkpoint.none", None)},
    )


def test_fork_with_the_same_key_is_found_only_with_something_kept_elsewhere(copy: Copy) -> None:
    """The honest limit: who holds the key can rewrite a log that stands for itself."""
    kept, rows = copy.records[2], cases.rows_of(copy)
    copy.both(cases.flip)
    copy.sign_again()
    result, found = judged(copy)
    assert (result.ok, found) == (True, set())
    assert "rewritten" in result.limits[0].en
    assert judged(copy, [kept])[1] == {("trusted.fork", None)}
    assert judged(copy, [kept])[0].trusted_size == 0
    assert judged(copy, database_rows=rows)[1] == {("row.changed", 5)}


def test_fork_after_the_trusted_checkpoint_is_beyond_it(copy: Copy) -> None:
    kept = copy.records[1]
    copy.both(cases.flip)
    copy.sign_again()
    result, found = judged(copy, [kept])
    assert (result.ok, found, result.trusted_size) == (True, set(), 4)
    assert "first 4 entries" in result.limits[0].en


def test_whole_log_cut_back_is_found_with_a_trusted_checkpoint_or_rows(copy: Copy) -> None:
    kept, rows = copy.records[3], cases.rows_of(copy)
    copy.both(lambda lines: lines[:8])
    copy.write(records=copy.records[:3], latest=copy.records[2])
    assert judged(copy) == (judged(copy)[0], set())
    assert judged(copy, [kept])[1] == {("trusted.rollback", 8)}
    assert judged(copy, database_rows=rows)[1] == {("row.dropped", place) for place in range(8, 12)}


def test_history_of_another_branch_is_named(copy: Copy) -> None:
    leaves = [leaf_hash(line) for line in cases.flip(copy.lines, 1)]
    other = sign_checkpoint(4, root_of(leaves, 0, 4), copy.key).note.encode()
    copy.write(records=[copy.records[0], other, *copy.records[2:]])
    result, found = judged(copy)
    assert found == {("checkpoint.fork", None)}
    assert "number 2" in result.problems[0].message.en


def test_history_rewritten_but_not_the_entries(copy: Copy) -> None:
    kept = copy.records[-1]
    copy.sign_again(sizes=(0, 6))
    assert judged(copy)[1] == {("tail.unsigned", 6)}
    assert judged(copy, [kept])[1] == {("tail.unsigned", 6), ("trusted.rollback", 6)}


def test_smaller_checkpoint_after_a_larger(copy: Copy) -> None:
    copy.write(records=[*copy.records, copy.records[1]], latest=copy.records[1])
    assert judged(copy)[1] == {("checkpoint.order", None), ("tail.unsigned", 4)}


@pytest.mark.parametrize(
    ("number", "code"), [(0, "latest.wrong"), (1, "latest.wrong"), (2, "latest.behind")]
)
def test_stale_latest_checkpoint(copy: Copy, number: int, code: str) -> None:
    """One behind is what an interrupted publication leaves: stated; older ones are a failure."""
    copy.write(latest=copy.records[number])
    result, found = judged(copy)
    assert (found, result.ok) == ({(code, None)}, code == "latest.behind")


def test_missing_or_foreign_latest_checkpoint(copy: Copy) -> None:
    copy.write(latest=sign_checkpoint(12, bytes(32), copy.key).note.encode())
    assert judged(copy)[1] == {("latest.wrong", None)}
    (copy.directory / "checkpoint").unlink()
    assert judged(copy)[1] == {("latest.wrong", None)}


def test_malformed_record_of_the_history_is_named(copy: Copy) -> None:
    copy.write(records=[*copy.records[:2], b"not a\n\ncheckpoint\n", *copy.records[2:]])
    assert judged(copy)[1] == {("checkpoint.invalid", None)}


@pytest.mark.parametrize("at", range(0, 700, 37))
def test_any_flipped_bit_of_the_history_is_found(copy: Copy, at: int) -> None:
    flip_bit(copy, "checkpoints", at)
    result, found = judged(copy)
    assert not result.ok
    assert {code.split(".")[0] for code, _ in found} <= {"checkpoint", "latest", "tail"}


def test_history_deleted(copy: Copy) -> None:
    copy.write(records=[])
    assert judged(copy)[1] == {("checkpoint.none", None)}
    (copy.directory / "checkpoint").unlink()
    assert judged(copy)[1] == {("checkpoint.none", None)}


def test_unsigned_tail_is_stated_and_torn_ends_too(copy: Copy) -> None:
    copy.write(records=copy.records[:3], latest=copy.records[2])
    result, found = judged(copy)
    assert (result.ok, found, result.size, result.entries) == (
        True, {("tail.unsigned", 8)}, 8, 12,
    )  # fmt: skip
    with (copy.directory / "entries.jsonl").open("ab") as file:
        file.write(b'{"at":')
    with (copy.directory / "leaves").open("ab") as file:
        file.write(b"123")
    with (copy.directory / "checkpoints").open("ab") as file:
        file.write(b"khien/test\n12")
    result, found = judged(copy)
    assert result.ok
    assert found == {("tail.unsigned", 8), ("tail.torn", 12), ("checkpoint.torn", None)}


@pytest.mark.parametrize("change", [cases.flip, cases.swap, cases.drop])
def test_torn_unsigned_entries_are_located(copy: Copy, change: Callable) -> None:
    copy.write(records=copy.records[:2], latest=copy.records[1], lines=change(copy.lines))
    result, found = judged(copy)
    assert (result.ok, found) == (True, {("tail.unsigned", 4), ("tail.torn", 5)})


def test_many_differences_are_listed_up_to_a_limit(made: Path, tmp_path: Path) -> None:
    copy = cases.copy_of(made, tmp_path)
    lines = [cases.edited(copy.lines[0], index=number) for number in range(80)]
    copy.both(lambda _: lines)
    copy.sign_again(sizes=(0, 80))
    copy.write(lines=[cases.edited(line, subject="khác") for line in lines])
    result, found = judged(copy)
    assert len(result.problems) == 51
    assert ("problems.more", None) in found


def test_key_beside_the_log_is_not_proof_of_who_signed(copy: Copy) -> None:
    result = verify_directory(copy.directory)
    assert [item.code for item in result.problems] == ["key.own"]
    assert [item.code for item in Inspection(copy.directory, None, []).problems] == ["key.own"]
    (copy.directory / "ledger.pub").write_text(str(THIEF.verifier), "utf-8")
    assert judged(copy)[1] == {("key.other", None)}
    copy.sign_again(THIEF)
    assert verify_directory(copy.directory).ok


@pytest.mark.parametrize("given", [None, "nonsense"])
def test_unreadable_key_fails(copy: Copy, given: str | None) -> None:
    (copy.directory / "ledger.pub").write_text("nonsense", "utf-8")
    result = verify_directory(copy.directory, public_key=given)
    inspection = Inspection(copy.directory, given, [])
    assert [item.code for item in result.problems] == ["key.missing"]
    assert [item.code for item in inspection.problems] == ["key.missing"]


def test_trusted_checkpoint_must_be_ours(copy: Copy) -> None:
    foreign = sign_checkpoint(4, bytes(32), THIEF).note.encode()
    assert judged(copy, [foreign])[1] == {("trusted.invalid", None)}
    assert judged(copy, [b"nonsense"])[1] == {("trusted.invalid", None)}


def test_trusted_checkpoint_with_a_cosignature_counts(copy: Copy) -> None:
    parent = SigningKey("khien/parent", bytes([3]) * 32)
    note = copy.records[2].decode()
    text = note.rpartition("\n\n")[0] + "\n"
    result, found = judged(copy, [(note + str(parent.cosign(text, 1_780_000_000))).encode()])
    assert (found, result.trusted_size) == (set(), 8)


def test_no_folder_and_empty_folder(tmp_path: Path) -> None:
    assert [item.code for item in verify_directory(tmp_path / "no").problems] == ["ledger.missing"]
    assert [item.code for item in Inspection(tmp_path / "no", None, []).problems] == [
        "ledger.missing"
    ]
    assert [item.code for item in verify_directory(tmp_path).problems] == ["ledger.empty"]
    assert [item.code for item in Inspection(tmp_path, None, []).problems] == ["ledger.empty"]


def test_rows_missing_changed_or_waiting_in_the_database(copy: Copy) -> None:
    rows = cases.rows_of(copy)
    wrong_leaf = cases.Row(3, rows[3].line, bytes(32))
    without = [*rows[:2], wrong_leaf, *rows[4:]]
    assert judged(copy, database_rows=without)[1] == {("row.missing", 2), ("row.leaf", 3)}
    waiting = cases.Row(12, b"{}", leaf_hash(b"{}"), published=False)
    result, found = judged(copy, database_rows=[*rows, waiting])
    assert (result.ok, found) == (True, {("row.waiting", 12)})
    assert judged(copy, database_rows=rows[:10])[1] == {("row.missing", 10), ("row.missing", 11)}


def test_every_sentence_is_there_in_both_languages(copy: Copy) -> None:
    copy.both(cases.drop)
    for problem in judged(copy)[0].problems:
        assert problem.message.vi != problem.message.en
        assert "{" not in problem.message.vi + problem.message.en
