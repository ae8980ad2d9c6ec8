"""Co-signing of another instance's checkpoint: only where it provably continues what was co-signed before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from khien.ledger.checkpoint import Checkpoint
from khien.ledger.note import SigningKey, decode_base64
from khien.ledger.tree import EMPTY_ROOT, verify_consistency


class Continuity(StrEnum):
    """How a checkpoint stands to the one that was co-signed last."""

    FIRST = "first"
    SAME = "same"
    CONTINUES = "continues"
    OLDER = "older"
    UNPROVEN = "unproven"
    FORKED = "forked"
    ROLLED_BACK = "rolled_back"


COSIGNED = (Continuity.FIRST, Continuity.SAME, Continuity.CONTINUES)
ALARMS = (Continuity.FORKED, Continuity.ROLLED_BACK)


@dataclass(frozen=True, slots=True)
class Witnessed:
    """The checkpoint that was co-signed last, and which bundle brought it."""

    size: int
    root: bytes
    sequence: int


def continuity(
    new: Checkpoint,
    last: Witnessed | None,
    proofs: Mapping[int, tuple[str, ...]],
    *,
    sequence: int,
) -> Continuity:
    """Say how a checkpoint stands to the last one co-signed.

    Args: proofs: consistency proofs by the older size; sequence: of the bundle that brings the new checkpoint
    """
    if last is None:
        return Continuity.FIRST
    if new.size == last.size:
        return Continuity.SAME if new.root == last.root else Continuity.FORKED
    if new.size < last.size:
        return Continuity.OLDER if sequence < last.sequence else Continuity.ROLLED_BACK
    given = proofs.get(last.size)
    if given is None and last.size:
        return Continuity.UNPROVEN
    path = [decode_base64(one) or b"" for one in given or ()]
    old_root = last.root if last.size else EMPTY_ROOT
    fits = verify_consistency(last.size, new.size, old_root=old_root, root=new.root, proof=path)
    return Continuity.CONTINUES if fits else Continuity.FORKED


def cosigned_note(checkpoint: Checkpoint, key: SigningKey, seconds: int) -> str:
    """Return a checkpoint with this key's timestamped line under the owner's."""
    return f"{checkpoint.note}{key.cosign(checkpoint.text, seconds)}"
