"""Many proofs from one tree: its nodes are hashed once, then each proof takes O(log n)."""

from __future__ import annotations

from khien.ledger.tree import EMPTY_ROOT, HASH_BYTES, LeafHashes, node_hash


class Prover:
    """The nodes of the tree of the first `size` leaves, 64 bytes of memory a leaf."""

    def __init__(self, leaves: LeafHashes, size: int) -> None:
        if not 0 <= size <= len(leaves):
            raise IndexError(f"no tree of {size} leaves")
        self.size = size
        self._levels = [b"".join(leaves[:size])]
        while len(self._levels[-1]) > HASH_BYTES:
            self._levels.append(_joined(self._levels[-1]))

    def root(self) -> bytes:
        """Return the root of the tree."""
        return self._root(0, self.size) if self.size else EMPTY_ROOT

    def inclusion(self, index: int) -> list[bytes]:
        """Return the audit path of a leaf, nearest the leaf first (RFC 6962 §2.1.1).

        Raises: IndexError: the leaf is not in the tree
        """
        if not 0 <= index < self.size:
            raise IndexError(f"no leaf {index} in a tree of {self.size}")
        path: list[bytes] = []
        start, end = 0, self.size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._root(middle, end))
                end = middle
            else:
                path.append(self._root(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, old_size: int) -> list[bytes]:
        """Return the proof that the first `old_size` leaves are a prefix of the tree (RFC 6962 §2.1.2).

        Raises: IndexError: the older tree is not smaller or equal
        """
        if not 0 <= old_size <= self.size:
            raise IndexError(f"no tree of {old_size} leaves in one of {self.size}")
        if old_size in (0, self.size):
            return []
        path: list[bytes] = []
        start, end, is_whole = 0, self.size, True
        while old_size != end:
            middle = start + _split(end - start)
            if old_size <= middle:
                path.append(self._root(middle, end))
                end = middle
            else:
                path.append(self._root(start, middle))
                start, is_whole = middle, False
        if not is_whole:
            path.append(self._root(start, end))
        return path[::-1]

    def _root(self, start: int, end: int) -> bytes:
        count = end - start
        if count & (count - 1) == 0 and start % count == 0:
            place = start // count * HASH_BYTES
            return self._levels[count.bit_length() - 1][place : place + HASH_BYTES]
        middle = start + _split(count)
        return node_hash(self._root(start, middle), self._root(middle, end))


def _joined(level: bytes) -> bytes:
    """Return the nodes above a level's whole pairs; a last one without a partner has none."""
    pairs = range(0, len(level) - 2 * HASH_BYTES + 1, 2 * HASH_BYTES)
    return b"".join(
        node_hash(level[at : at + HASH_BYTES], level[at + HASH_BYTES : at + 2 * HASH_BYTES])
        for at in pairs
    )


def _split(size: int) -> int:
    """Return the largest power of two smaller than size."""
    return 1 << ((size - 1).bit_length() - 1)
