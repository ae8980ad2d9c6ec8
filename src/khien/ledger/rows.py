"""The instance's own rows against the ledger files: they name the exact entry that differs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from khien.ledger.compare import differences
from khien.ledger.findings import Findings
from khien.ledger.tree import LeafHashes, leaf_hash


class DatabaseRow(Protocol):
    """One row of the outbox, as the verifier reads it."""

    @property
    def index(self) -> int:
        """Return the place of the entry."""

    @property
    def line(self) -> bytes | memoryview:
        """Return the bytes of the entry's line."""

    @property
    def leaf_hash(self) -> bytes | memoryview:
        """Return the leaf hash kept in the row."""

    @property
    def published(self) -> bool:
        """Say whether the row was marked as written to the files."""


def compare_rows(
    rows: Iterable[DatabaseRow], entries: LeafHashes, sealed: int, found: Findings
) -> None:
    """Note where the database, read by index, and the entries in the files disagree."""
    recorded: list[bytes] = []
    waiting: int | None = None
    for row in rows:
        if row.index >= max(sealed, len(entries)) and not row.published:
            waiting = row.index if waiting is None else waiting
            continue
        _fill_gap(recorded, row.index, entries, found)
        leaf = leaf_hash(bytes(row.line))
        if leaf != bytes(row.leaf_hash):
            found.add("row.leaf", row.index)
        recorded.append(leaf)
    changes = list(differences(recorded, entries))
    if all(change == ("inserted", len(recorded)) for change in changes):
        lacking = range(len(recorded), len(entries))
        found.add_places([("row.missing", place) for place in lacking])
    else:
        found.add_places([(f"row.{change}", place) for change, place in changes])
    if waiting is not None:
        found.add("row.waiting", waiting)


def _fill_gap(recorded: list[bytes], index: int, entries: LeafHashes, found: Findings) -> None:
    """Name rows that are not there, and go on as if they agreed with the files."""
    gap = range(len(recorded), index)
    found.add_places([("row.missing", place) for place in gap])
    recorded += [entries[place] if place < len(entries) else b"" for place in gap]
