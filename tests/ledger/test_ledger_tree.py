"""The Merkle tree: known vectors, a naive second definition, and every small proof."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khien.ledger.compare import differences
from khien.ledger.tree import (
    EMPTY_ROOT,
    CompactRange,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# The leaves and roots that implementations of RFC 6962 test each other with.
DATA = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(bytes.fromhex(data)) for data in DATA]
MANY = [leaf_hash(bytes([number])) for number in range(70)]


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    left, right = naive_root(leaves[:half]), naive_root(leaves[half:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_known_ones(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]


def test_inclusion_proof_is_the_known_one() -> None:
    assert [node.hex()[:8] for node in inclusion_proof(0, LEAVES, 8)] == [
        "96a296d2", "5f083f0a", "6b47aaf2",
    ]  # fmt: skip


def test_consistency_proof_is_the_known_one() -> None:
    assert [node.hex() for node in consistency_proof(6, LEAVES, 8)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(st.lists(st.binary(max_size=40), max_size=300))
def test_appender_gives_the_root_of_the_recursive_definition(data: list[bytes]) -> None:
    leaves = [leaf_hash(item) for item in data]
    tree = CompactRange()
    for leaf in leaves:
        tree.append(leaf)
    assert tree.root() == naive_root(leaves)
    assert len(tree.nodes) == len(leaves).bit_count()


@pytest.mark.parametrize("size", range(1, 34))
def test_every_inclusion_proof_holds_for_its_own_leaf_only(size: int) -> None:
    root = root_of(MANY[:size])
    for index in range(size):
        proof = inclusion_proof(index, MANY, size)
        assert verify_inclusion(index, size, leaf=MANY[index], proof=proof, root=root)
        assert not verify_inclusion(index, size, leaf=MANY[-1], proof=proof, root=root)
        assert not verify_inclusion(index, size, leaf=MANY[index], proof=[*proof, root], root=root)
        for other in set(range(size)) - {index}:
            assert not verify_inclusion(other, size, leaf=MANY[index], proof=proof, root=root)


@pytest.mark.parametrize("size", range(34))
def test_every_consistency_proof_holds_for_its_own_trees_only(size: int) -> None:
    root = root_of(MANY[:size])
    for old in range(size + 1):
        proof, old_root = consistency_proof(old, MANY, size), root_of(MANY[:old])
        assert verify_consistency(old, size, old_root=old_root, root=root, proof=proof)
        forged = leaf_hash(b"forged")
        assert not verify_consistency(old, size, old_root=forged, root=root, proof=proof)
        assert not verify_consistency(old, size, old_root=old_root, root=root, proof=[*proof, root])
        if proof:
            assert not verify_consistency(old, size, old_root=old_root, root=root, proof=proof[:-1])


@given(st.data())
def test_proofs_hold_in_larger_trees(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 70))
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    root = root_of(MANY[:size])
    path = inclusion_proof(index, MANY, size)
    assert verify_inclusion(index, size, leaf=MANY[index], proof=path, root=root)
    proof = consistency_proof(old, MANY, size)
    assert verify_consistency(old, size, old_root=root_of(MANY[:old]), root=root, proof=proof)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 71)])
def test_there_is_no_proof_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(IndexError):
        inclusion_proof(index, MANY, size)
    assert not verify_inclusion(index, min(size, 3), leaf=MANY[0], proof=[], root=MANY[0])


def test_empty_tree_is_the_hash_of_nothing() -> None:
    assert CompactRange().root() == EMPTY_ROOT


def test_compact_range_refuses_the_wrong_number_of_subtrees() -> None:
    with pytest.raises(ValueError, match="subtrees"):
        CompactRange(3, [LEAVES[0]])


A, B, C, D, X = (bytes([letter]) for letter in b"ABCDX")


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        ([A, B, C, D], []),
        ([A, X, C, D], [("changed", 1)]),
        ([A, C, D], [("dropped", 1)]),
        ([A, X, B, C, D], [("inserted", 1)]),
        ([A, B, B, C, D], [("inserted", 2)]),
        ([A, C, B, D], [("moved", 1), ("moved", 2)]),
        ([A, B], [("dropped", 2), ("dropped", 3)]),
        ([A, B, C, D, X], [("inserted", 4)]),
        ([], [("dropped", 0), ("dropped", 1), ("dropped", 2), ("dropped", 3)]),
        ([X, C, D], [("changed", 0), ("dropped", 1)]),
    ],
)
def test_differences_are_named(actual: list[bytes], expected: list[tuple[str, int]]) -> None:
    assert list(differences([A, B, C, D], actual)) == expected
