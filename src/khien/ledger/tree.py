"""RFC 6962 Merkle tree: hashes, an appender in O(log n), proofs and their verifiers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of an entry as a leaf (RFC 6962 §2.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees joined (RFC 6962 §2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class CompactRange:
    """The roots of the perfect subtrees of a growing tree: all an appender needs, O(log n) hashes."""

    def __init__(self, size: int = 0, nodes: Iterable[bytes] = ()) -> None:
        self.size = size
        self.nodes = list(nodes)
        if size < 0 or len(self.nodes) != size.bit_count():
            raise ValueError(f"a range of {size} leaves has {size.bit_count()} subtrees")

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        node, size = leaf, self.size
        while size & 1:
            node = node_hash(self.nodes.pop(), node)
            size >>= 1
        self.nodes.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of the leaves so far."""
        if not self.nodes:
            return EMPTY_ROOT
        node = self.nodes[-1]
        for left in reversed(self.nodes[:-1]):
            node = node_hash(left, node)
        return node


class LeafHashes(Sequence[bytes]):
    """The concatenated hashes of the file `leaves`, read as a sequence of 32-byte hashes."""

    def __init__(self, data: bytes | bytearray) -> None:
        self._data = data

    def __len__(self) -> int:
        return len(self._data) // HASH_BYTES

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # int or slice, typed by Sequence
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        return bytes(self._data[index * HASH_BYTES : (index + 1) * HASH_BYTES])


def root_of(leaves: Sequence[bytes], start: int = 0, end: int | None = None) -> bytes:
    """Return the root of the leaf hashes from start up to, not including, end."""
    compact = CompactRange()
    for index in range(start, len(leaves) if end is None else end):
        compact.append(leaves[index])
    return compact.root()


def inclusion_proof(index: int, leaves: Sequence[bytes], size: int) -> list[bytes]:
    """Return the audit path of one leaf in the tree of the first `size` leaves (RFC 6962 §2.1.1).

    Returns: sibling hashes, nearest the leaf first
    Raises:  IndexError: the leaf is not in that tree
    """
    if not 0 <= index < size <= len(leaves):
        raise IndexError(f"no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(root_of(leaves, middle, end))
            end = middle
        else:
            path.append(root_of(leaves, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(old_size: int, leaves: Sequence[bytes], size: int) -> list[bytes]:
    """Return the proof that the first `old_size` leaves are a prefix of the first `size` (§2.1.2).

    Raises: IndexError: the sizes are not those of two trees of these leaves
    """
    if not 0 <= old_size <= size <= len(leaves):
        raise IndexError(f"no trees of {old_size} and {size} leaves")
    if old_size in (0, size):
        return []
    path: list[bytes] = []
    start, end, whole = 0, size, True
    while old_size != end:
        middle = start + _split(end - start)
        if old_size <= middle:
            path.append(root_of(leaves, middle, end))
            end = middle
        else:
            path.append(root_of(leaves, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(root_of(leaves, start, end))
    return path[::-1]


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes | None:
    """Return the root an audit path leads to, or None when it has the wrong length (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return None
    place, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        place, last = place >> 1, last >> 1
    return node if last == 0 else None


def verify_inclusion(
    index: int, size: int, *, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> bool:
    """Say whether an audit path proves that the leaf stands at this index of the tree."""
    return root_from_inclusion(index, size, leaf, proof) == root


def verify_consistency(
    old_size: int, size: int, *, old_root: bytes, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Say whether the proof shows that the old tree is a prefix of the new (RFC 9162 §2.1.4.2)."""
    if not 0 <= old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    return _walk_consistency(old_size - 1, size - 1, path) == (old_root, root)


def _walk_consistency(place: int, last: int, path: list[bytes]) -> tuple[bytes, bytes] | None:
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for node in path[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            old, new = node_hash(node, old), node_hash(node, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, node)
        place, last = place >> 1, last >> 1
    return (old, new) if last == 0 else None


def _split(size: int) -> int:
    """Return the largest power of two smaller than size."""
    return 1 << ((size - 1).bit_length() - 1)
