"""C2SP signed notes: a text, and lines of Ed25519 signatures or cosignatures under it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from khien.ledger.errors import LedgerKeyUnreadable, NoteMalformed, NoteNotSigned

ED25519 = 1
COSIGNATURE_V1 = 4
SIGNATURES_MAX = 100
_SIGNATURE_START = "— "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NAME = re.compile(r"[^\s+]+")
_PRIVATE = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One line under a note: who signed, by which key, and the signature's bytes."""

    name: str
    key_id: bytes
    payload: bytes

    def __str__(self) -> str:
        return f"{_SIGNATURE_START}{self.name} {encode_base64(self.key_id + self.payload)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a line feed, with its signature lines."""

    text: str
    signatures: tuple[SignatureLine, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under its name: signatures (type 1) or witness cosignatures (type 4)."""

    name: str
    public: bytes
    kind: int = ED25519

    @property
    def key_id(self) -> bytes:
        """Return the four bytes by which signature lines name this key."""
        material = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(material).digest()[:4]

    def __str__(self) -> str:
        encoded = encode_base64(bytes([self.kind]) + self.public)
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    def verifies(self, text: str, line: SignatureLine) -> bool:
        """Say whether a signature line is this key's valid signature of the text."""
        if (line.name, line.key_id) != (self.name, self.key_id):
            return False
        message, signature = text.encode(), line.payload
        if self.kind == COSIGNATURE_V1:
            seconds = int.from_bytes(line.payload[:8], "big")
            message, signature = _cosigned_message(text, seconds), line.payload[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


class SigningKey:
    """A private Ed25519 key under its name."""

    def __init__(self, name: str, seed: bytes) -> None:
        if not _NAME.fullmatch(name):
            raise ValueError(f"a key name has no space and no plus: {name!r}")
        self.name = name
        self._seed = seed
        self._private = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def verifier(self) -> VerifierKey:
        """Return the public half, for signatures."""
        return VerifierKey(self.name, self._private.public_key().public_bytes_raw())

    @property
    def witness(self) -> VerifierKey:
        """Return the public half, for cosignatures."""
        return VerifierKey(self.name, self.verifier.public, COSIGNATURE_V1)

    def sign(self, text: str) -> SignatureLine:
        """Return the signature line of this key for a note's text."""
        return SignatureLine(self.name, self.verifier.key_id, self._private.sign(text.encode()))

    def cosign(self, text: str, seconds: int) -> SignatureLine:
        """Return this key's timestamped cosignature/v1 line for a checkpoint's text."""
        signature = self._private.sign(_cosigned_message(text, seconds))
        return SignatureLine(self.name, self.witness.key_id, seconds.to_bytes(8, "big") + signature)

    def secret_text(self) -> str:
        """Return the private key as one line of text, the form it is kept in."""
        encoded = encode_base64(bytes([ED25519]) + self._seed)
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{encoded}"


def signed_note(text: str, keys: Sequence[SigningKey]) -> Note:
    """Return the note of a text, signed by each key in turn."""
    return Note(text, tuple(key.sign(text) for key in keys))


def parse_note(content: str) -> Note:
    """Read a signed note.

    Raises: NoteMalformed: not a signed note
    """
    text, blank, below = content.rpartition("\n\n")
    if not blank or not below.endswith("\n"):
        raise NoteMalformed(reason="no blank line before the signatures")
    if _CONTROL.search(content):
        raise NoteMalformed(reason="control characters")
    lines = below[:-1].split("\n")
    if len(lines) > SIGNATURES_MAX:
        raise NoteMalformed(reason=f"more than {SIGNATURES_MAX} signatures")
    return Note(text + "\n", tuple(_parse_signature(line) for line in lines))


def open_note(content: str, keys: Sequence[VerifierKey]) -> tuple[Note, tuple[VerifierKey, ...]]:
    """Read a note and check the signatures of known keys; lines of unknown keys are let be.

    Returns: the note, and the keys that signed it (at least one)
    Raises:  NoteMalformed: not a signed note;
             NoteNotSigned: a known key's line is false, or no known key signed
    """
    note = parse_note(content)
    signers: list[VerifierKey] = []
    for line in note.signatures:
        for key in keys:
            if (line.name, line.key_id) != (key.name, key.key_id):
                continue
            if not key.verifies(note.text, line):
                raise NoteNotSigned(name=key.name)
            signers.append(key)
    if not signers:
        raise NoteNotSigned(name=", ".join(key.name for key in keys))
    return note, tuple(signers)


def parse_verifier_key(content: str) -> VerifierKey:
    """Read a public key from its text `name+id+base64`.

    Raises: LedgerKeyUnreadable: wrong form, or an id that is not this key's
    """
    name, key_id, raw = _parse_key(content.strip())
    key = VerifierKey(name, raw[1:], raw[0])
    if key.kind not in (ED25519, COSIGNATURE_V1) or len(raw) != 33 or key.key_id.hex() != key_id:
        raise LedgerKeyUnreadable(where=content.strip()[:80])
    return key


def parse_signing_key(content: str, where: str) -> SigningKey:
    """Read a private key from its text; `where` names it in the error, the content never does.

    Raises: LedgerKeyUnreadable: wrong form, or an id that is not this key's
    """
    stripped = content.strip()
    if not stripped.startswith(_PRIVATE):
        raise LedgerKeyUnreadable(where=where)
    name, key_id, raw = _parse_key(stripped.removeprefix(_PRIVATE), where)
    if raw[0] != ED25519 or len(raw) != 33:
        raise LedgerKeyUnreadable(where=where)
    key = SigningKey(name, raw[1:])
    if key.verifier.key_id.hex() != key_id:
        raise LedgerKeyUnreadable(where=where)
    return key


def encode_base64(raw: bytes) -> str:
    """Return standard base64 with padding."""
    return base64.b64encode(raw).decode("ascii")


def decode_base64(content: str) -> bytes | None:
    """Return the bytes of standard base64, or None when it is not the one canonical spelling."""
    try:
        raw = base64.b64decode(content.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if encode_base64(raw) == content else None


def _parse_key(content: str, where: str | None = None) -> tuple[str, str, bytes]:
    name, _, rest = content.partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = decode_base64(encoded)
    if not raw or not _NAME.fullmatch(name):
        raise LedgerKeyUnreadable(where=where or content[:80])
    return name, key_id, raw


def _parse_signature(line: str) -> SignatureLine:
    start, name, encoded = [*line.split(" ", 2), "", ""][:3]
    raw = decode_base64(encoded)
    if start != "—" or not _NAME.fullmatch(name) or raw is None or len(raw) < 5:
        raise NoteMalformed(reason="a signature line is not «— name base64»")
    return SignatureLine(name, raw[:4], raw[4:])


def _cosigned_message(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
