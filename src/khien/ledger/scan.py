"""One pass over `entries.jsonl`: leaf hashes, odd lines, and the root at every wanted size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from pathlib import Path

from khien.ledger.entry import LINE_BYTES_MAX, parse_entry
from khien.ledger.tree import CompactRange, LeafHashes, leaf_hash


@dataclass(slots=True)
class Scan:
    """What the lines of a ledger say when nothing else is asked."""

    hashes: bytearray = field(default_factory=bytearray)
    roots: dict[int, bytes] = field(default_factory=dict)
    malformed: list[int] = field(default_factory=list)
    misplaced: tuple[int, int] | None = None
    torn: bool = False

    @property
    def leaves(self) -> LeafHashes:
        """Return the leaf hashes computed from the lines."""
        return LeafHashes(self.hashes)


def scan_entries(path: Path, sizes: Set[int]) -> Scan:
    """Read every line; a last line without its line feed is torn and not counted."""
    scan, tree = Scan(), CompactRange()
    scan.roots[0] = tree.root()
    for line, complete in _lines(path):
        if not complete:
            scan.torn = True
            break
        entry, leaf = parse_entry(line), leaf_hash(line)
        if entry is None:
            scan.malformed.append(tree.size)
        elif entry.index != tree.size and scan.misplaced is None:
            scan.misplaced = tree.size, entry.index
        scan.hashes += leaf
        tree.append(leaf)
        if tree.size in sizes:
            scan.roots[tree.size] = tree.root()
    return scan


def roots_of(leaves: Iterable[bytes], sizes: Set[int]) -> dict[int, bytes]:
    """Return the root at each wanted size of a sequence of leaf hashes."""
    tree = CompactRange()
    roots = {0: tree.root()}
    for leaf in leaves:
        tree.append(leaf)
        if tree.size in sizes:
            roots[tree.size] = tree.root()
    return roots


def _lines(path: Path) -> Iterator[tuple[bytes, bool]]:
    """Yield each line without its line feed, and whether it has one; over-long lines come cut."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        while line := file.readline(LINE_BYTES_MAX + 2):
            end = line
            while end and not end.endswith(b"\n"):
                end = file.readline(LINE_BYTES_MAX)
            yield line.removesuffix(b"\n"), bool(end)
