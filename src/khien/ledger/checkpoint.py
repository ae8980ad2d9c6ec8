"""C2SP checkpoints: the log's name, its size and its root, under signatures."""

from __future__ import annotations

import re
from dataclasses import dataclass

from khien.ledger.errors import NoteMalformed
from khien.ledger.note import (
    SigningKey,
    VerifierKey,
    decode_base64,
    encode_base64,
    open_note,
    parse_note,
    signed_note,
)
from khien.ledger.tree import HASH_BYTES

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log promises about its first `size` entries; `note` is the signed text as it stands."""

    origin: str
    size: int
    root: bytes
    note: str

    @property
    def text(self) -> str:
        """Return the part the signatures cover."""
        return self.note.rpartition("\n\n")[0] + "\n"


def sign_checkpoint(size: int, root: bytes, key: SigningKey) -> Checkpoint:
    """Return the checkpoint of a tree, signed; the origin is the key's name."""
    text = f"{key.name}\n{size}\n{encode_base64(root)}\n"
    return Checkpoint(key.name, size, root, str(signed_note(text, [key])))


def parse_checkpoint_text(text: str) -> tuple[str, int, bytes]:
    """Read origin, size and root of a checkpoint's text; extension lines are let be.

    Raises: NoteMalformed: not a checkpoint
    """
    lines = text.split("\n")
    if len(lines) < 4 or "" in lines[:-1] or lines[-1]:
        raise NoteMalformed(reason="a checkpoint has an origin, a size and a root, one a line")
    root = decode_base64(lines[2])
    if not _SIZE.fullmatch(lines[1]) or root is None or len(root) != HASH_BYTES:
        raise NoteMalformed(reason="size or root of the checkpoint")
    return lines[0], int(lines[1]), root


def open_checkpoint(content: str, key: VerifierKey) -> Checkpoint:
    """Read a checkpoint that must be signed by the key and carry its name as origin.

    Raises: NoteMalformed: wrong form or another origin; NoteNotSigned: no valid signature of the key
    """
    origin, size, root = parse_checkpoint_text(parse_note(content).text)
    open_note(content, [key])
    if origin != key.name:
        raise NoteMalformed(reason=f"origin {origin} is not {key.name}")
    return Checkpoint(origin, size, root, content)
