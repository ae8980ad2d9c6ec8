"""One small sealed ledger, and every way a test tampers with it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from khien.kernel.canonical import canonical_bytes
from khien.ledger.checkpoint import sign_checkpoint
from khien.ledger.keys import load_key
from khien.ledger.layout import split_history
from khien.ledger.log import Ledger
from khien.ledger.note import SigningKey
from khien.ledger.storage import RealStorage
from khien.ledger.tree import leaf_hash, root_of

AT = datetime(2026, 6, 30, 2, 0, tzinfo=UTC)
SEALS = [4, 8, 12]


@dataclass(frozen=True)
class Row:
    index: int
    line: bytes
    leaf_hash: bytes
    published: bool = True


class Copy:
    """A copy of the ledger under test that can be changed like an attacker would."""

    def __init__(self, directory: Path, key: SigningKey) -> None:
        self.directory, self.key = directory, key

    @property
    def lines(self) -> list[bytes]:
        return (self.directory / "entries.jsonl").read_bytes().splitlines()

    @property
    def leaves(self) -> list[bytes]:
        raw = (self.directory / "leaves").read_bytes()
        return [raw[at : at + 32] for at in range(0, len(raw), 32)]

    @property
    def records(self) -> list[bytes]:
        return list(split_history((self.directory / "checkpoints").read_bytes()).records)

    def write(
        self,
        *,
        lines: Sequence[bytes] | None = None,
        leaves: Sequence[bytes] | None = None,
        records: Sequence[bytes] | None = None,
        latest: bytes | None = None,
    ) -> None:
        if lines is not None:
            joined = b"".join(line + b"\n" for line in lines)
            (self.directory / "entries.jsonl").write_bytes(joined)
        if leaves is not None:
            (self.directory / "leaves").write_bytes(b"".join(leaves))
        if records is not None:
            joined = b"".join(record + b"\n" for record in records)
            (self.directory / "checkpoints").write_bytes(joined)
        if latest is not None:
            (self.directory / "checkpoint").write_bytes(latest)

    def both(self, change: Callable[[list[bytes]], list[bytes]]) -> None:
        """Change entries and keep leaves consistent with them."""
        lines = change(self.lines)
        self.write(lines=lines, leaves=[leaf_hash(line) for line in lines])

    def sign_again(self, key: SigningKey | None = None, sizes: Sequence[int] = (0, *SEALS)) -> None:
        """Make a whole new history over the present entries, as the holder of a key can."""
        leaves = self.leaves
        notes = [
            sign_checkpoint(size, root_of(leaves, 0, size), key or self.key).note.encode()
            for size in sizes
        ]
        self.write(records=notes, latest=notes[-1])


def make_ledger(root: Path) -> Path:
    """Make a ledger of twelve entries under four checkpoints (0, 4, 8, 12)."""
    with Ledger.open(root / "ledger", root / "keys" / "ledger.key", "khien/test") as ledger:
        for number in range(12):
            ledger.append(
                "facts.collected", f"máy-{number}", {"rows": number * 7, "tại": "Huế"}, AT
            )
            if number + 1 in SEALS:
                ledger.seal()
    return root


def copy_of(root: Path, target: Path) -> Copy:
    """Return a copy to tamper with."""
    shutil.copytree(root / "ledger", target / "ledger")
    return Copy(target / "ledger", load_key(root / "keys" / "ledger.key", RealStorage()))


def edited(line: bytes, **changes: object) -> bytes:
    """Return the canonical line of an entry with other values."""
    return canonical_bytes(json.loads(line) | changes)


def renumbered(lines: list[bytes]) -> list[bytes]:
    """Give every line the index of its place."""
    return [edited(line, index=place) for place, line in enumerate(lines)]


def rows_of(copy: Copy, published: int | None = None) -> list[Row]:
    """Return the rows the database would hold for these entries."""
    return [
        Row(place, line, leaf_hash(line), published is None or place < published)
        for place, line in enumerate(copy.lines)
    ]


def flip(lines: list[bytes], place: int = 5) -> list[bytes]:
    changed = edited(lines[place], body={"rows": 0})
    return [*lines[:place], changed, *lines[place + 1 :]]


def drop(items: list[bytes], place: int = 5) -> list[bytes]:
    return items[:place] + items[place + 1 :]


def swap(items: list[bytes]) -> list[bytes]:
    return [*items[:5], items[6], items[5], *items[7:]]


def insert(items: list[bytes]) -> list[bytes]:
    foreign = edited(items[5], subject="máy lạ") if len(items[5]) != 32 else bytes(32)
    return [*items[:5], foreign, *items[5:]]


def repeat(items: list[bytes]) -> list[bytes]:
    return [*items[:6], *items[5:]]


def cut(items: list[bytes]) -> list[bytes]:
    return items[:10]


def flip_leaf(leaves: list[bytes]) -> list[bytes]:
    return [*leaves[:5], bytes(32), *leaves[6:]]
