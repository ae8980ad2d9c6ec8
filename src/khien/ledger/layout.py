"""Which files a ledger folder holds, and how the history of checkpoints is split."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SIGNATURES = "— ".encode()


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of one ledger folder (docs/formats/ledger.md)."""

    directory: Path

    @property
    def entries(self) -> Path:
        """One entry a line."""
        return self.directory / "entries.jsonl"

    @property
    def leaves(self) -> Path:
        """The leaf hashes, 32 bytes each."""
        return self.directory / "leaves"

    @property
    def history(self) -> Path:
        """Every checkpoint ever signed, oldest first."""
        return self.directory / "checkpoints"

    @property
    def latest(self) -> Path:
        """The checkpoint signed last."""
        return self.directory / "checkpoint"

    @property
    def public_key(self) -> Path:
        """The verifier key, as text."""
        return self.directory / "ledger.pub"

    @property
    def tip(self) -> Path:
        """A cache that lets the writer start without reading everything; never trusted."""
        return self.directory / "tip"

    @property
    def lock(self) -> Path:
        """What the one writer locks."""
        return self.directory / "lock"


@dataclass(frozen=True, slots=True)
class History:
    """The records of the file `checkpoints`, and the bytes of a torn record after them."""

    records: tuple[bytes, ...]
    torn: bytes


def split_history(data: bytes) -> History:
    """Split the bytes of `checkpoints` into whole records; each is a signed note and one line feed.

    A note is text, blank line, signature lines; so every second piece between blank lines is signatures.
    """
    pieces = data.split(b"\n\n")
    whole = (len(pieces) - 1) // 2
    records: list[bytes] = []
    for number in range(whole):
        text, signatures = pieces[2 * number], pieces[2 * number + 1]
        records.append(text + b"\n\n" + signatures + b"\n")
    used = sum(len(record) + 1 for record in records)
    return History(tuple(records), data[used:])
