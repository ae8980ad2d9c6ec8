"""Reading a ledger folder for pages: the checkpoint that stands, and proofs to take away."""

from __future__ import annotations

from pathlib import Path

from khien.ledger.checkpoint import Checkpoint, open_checkpoint
from khien.ledger.errors import EntryNotSealed, SignedContentDamaged
from khien.ledger.layout import Layout
from khien.ledger.note import VerifierKey, encode_base64, parse_verifier_key
from khien.ledger.tree import HASH_BYTES, LeafHashes, inclusion_proof, verify_inclusion


def public_key(directory: Path) -> VerifierKey | None:
    """Return the verifier key the ledger names; None before its first use."""
    path = Layout(directory).public_key
    return parse_verifier_key(path.read_text("utf-8")) if path.is_file() else None


def latest_checkpoint(directory: Path) -> Checkpoint | None:
    """Return the checkpoint that stands; None before the first."""
    path, key = Layout(directory).latest, public_key(directory)
    if key is None or not path.is_file():
        return None
    return open_checkpoint(path.read_bytes().decode("utf-8"), key)


def inclusion_proof_text(directory: Path, index: int) -> str:
    """Return the proof that an entry is in the signed log, to be checked anywhere, offline.

    Source:  C2SP tlog-proof: index, audit path, and the signed checkpoint
    Raises:  EntryNotSealed: no checkpoint covers the entry; SignedContentDamaged: the leaves do not
             lead to the signed root
    """
    checkpoint = latest_checkpoint(directory)
    size = checkpoint.size if checkpoint else 0
    if checkpoint is None or not 0 <= index < size:
        raise EntryNotSealed(index=index, size=size)
    path = Layout(directory).leaves
    with path.open("rb") as file:
        leaves = LeafHashes(file.read(size * HASH_BYTES))
    if len(leaves) == size:
        proof = inclusion_proof(index, leaves, size)
        leaf, root = leaves[index], checkpoint.root
        if verify_inclusion(index, size, leaf=leaf, proof=proof, root=root):
            nodes = "".join(f"{encode_base64(node)}\n" for node in proof)
            return f"c2sp.org/tlog-proof@v1\nindex {index}\n{nodes}\n{checkpoint.note}"
    raise SignedContentDamaged(
        file=path, what_vi="không khớp gốc đã ký", what_en="does not lead to the signed root"
    )
