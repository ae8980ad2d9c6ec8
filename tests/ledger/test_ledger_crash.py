"""A crash, or a refusal, at any write, fsync or rename leaves a log that verifies and goes on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from ledger_faults import POLICIES, Crash, FaultyStorage

from khien.ledger.checkpoint import Checkpoint
from khien.ledger.errors import LedgerMustReopen, LedgerWriteFailed
from khien.ledger.log import Ledger
from khien.ledger.verify import verify_directory

ROOT = Path("/virtual")
AT = datetime(2026, 6, 30, 2, 0, tzinfo=UTC)


def opened(storage: FaultyStorage) -> Ledger:
    return Ledger.open(ROOT / "ledger", ROOT / "keys" / "ledger.key", "khien/test", storage=storage)


def add(ledger: Ledger, count: int) -> None:
    for _ in range(count):
        ledger.append("facts.collected", f"máy-{ledger.size}", {"rows": ledger.size}, AT)


def life(storage: FaultyStorage, promised: list[Checkpoint]) -> None:
    """A ledger's first days: several seals, an unsigned tail, two restarts."""
    with opened(storage) as ledger:
        add(ledger, 3)
        promised.append(ledger.seal())
        add(ledger, 2)
    with opened(storage) as ledger:
        add(ledger, 1)
        promised.append(ledger.seal())
        add(ledger, 5)
        promised.append(ledger.seal())
    with opened(storage) as ledger:
        add(ledger, 1)
        promised.append(ledger.seal())


def operations() -> int:
    storage = FaultyStorage()
    life(storage, [])
    return storage.count


def check_before_reopening(storage: FaultyStorage, promised: list[Checkpoint], at: Path) -> None:
    directory = storage.put_on_disk(ROOT, at) / "ledger"
    result = verify_directory(directory, trusted_checkpoints=[item.note for item in promised])
    assert result.ok or [item.code for item in result.problems] == ["ledger.missing"]
    assert result.size >= (promised[-1].size if promised else 0)


def check_goes_on(storage: FaultyStorage, promised: list[Checkpoint], at: Path) -> None:
    with opened(storage) as ledger:
        assert ledger.size >= (promised[-1].size if promised else 0)
        add(ledger, 2)
        last = ledger.seal()
    survivor = storage.remains("nothing")
    directory = survivor.put_on_disk(ROOT, at) / "ledger"
    result = verify_directory(
        directory, trusted_checkpoints=[item.note for item in [*promised, last]]
    )
    assert [item.code for item in result.problems] == ["key.own"]
    assert (result.size, result.entries) == (last.size, last.size)


@pytest.mark.parametrize(
    ("policy", "seed"), [*((policy, 0) for policy in POLICIES), ("random", 1), ("random", 2)]
)
@pytest.mark.parametrize("number", range(1, operations() + 1))
def test_crash_at_every_operation(number: int, policy: str, seed: int, tmp_path: Path) -> None:
    storage, promised = FaultyStorage(number, seed=seed), []
    with pytest.raises(Crash):
        life(storage, promised)
    after = storage.remains(policy)
    check_before_reopening(after, promised, tmp_path / "found")
    check_goes_on(after, promised, tmp_path / "later")


@pytest.mark.parametrize("seed", range(40))
def test_crash_of_the_first_opening_keeps_names_in_order(seed: int) -> None:
    """Names reach the disk in any order; the first checkpoint must not outlive what it is about."""
    whole = FaultyStorage()
    opened(whole).close()
    for number in range(1, whole.count + 1):
        storage = FaultyStorage(number, seed=seed)
        with pytest.raises(Crash):
            opened(storage).close()
        opened(storage.remains("random")).close()


@pytest.mark.parametrize("seed", range(60))
def test_crash_again_while_recovering(seed: int, tmp_path: Path) -> None:
    """Every operation of the recovery crashes too, one after the other, on the same disk."""
    number = 1 + seed * operations() // 60
    storage, promised = FaultyStorage(number, seed=seed), []
    with pytest.raises(Crash):
        life(storage, promised)
    for step in range(1, 40):
        storage = storage.remains(POLICIES[(seed + step) % len(POLICIES)])
        storage.fault_at = step
        try:
            opened(storage)
        except Crash:
            continue
        break
    final = storage.remains("random")
    check_before_reopening(final, promised, tmp_path / "found")
    check_goes_on(final, promised, tmp_path / "later")


@pytest.mark.parametrize("number", range(1, operations() + 1))
def test_refused_operation_is_told_and_the_next_opening_goes_on(
    number: int, tmp_path: Path
) -> None:
    """The system answers EIO once; a failed fsync also loses the pages. The process lives on."""
    storage, promised = FaultyStorage(number, kind="error", seed=number), []
    with pytest.raises(LedgerWriteFailed, match="Input/output"):
        life(storage, promised)
    check_goes_on(storage, promised, tmp_path / "later")


def test_after_a_failed_write_the_ledger_must_be_opened_anew() -> None:
    storage = FaultyStorage(kind="error")
    ledger = opened(storage)
    add(ledger, 1)
    storage.fault_at = storage.count + 1
    with pytest.raises(LedgerWriteFailed):
        ledger.seal()
    with pytest.raises(LedgerMustReopen):
        ledger.seal()
    with pytest.raises(LedgerMustReopen):
        add(ledger, 1)
    ledger.close()
    assert not storage.locked


def test_unsigned_entries_that_reached_the_disk_are_kept() -> None:
    storage = FaultyStorage()
    with opened(storage) as ledger:
        add(ledger, 4)
    with opened(storage.remains("everything")) as ledger:
        assert (ledger.size, ledger.sealed_size) == (4, 0)
