"""Reading of a bundle: signature first, then every byte, then the ledger's proofs; nothing is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

from khien.exchange.submission_errors import KeyUnknown, SubmissionAltered, SubmissionMalformed
from khien.exchange.submission_format import ENTRIES, Manifest, parse_manifest
from khien.exchange.submission_proofs import ProofReader
from khien.exchange.submission_zip import FileReader, Member
from khien.ledger.checkpoint import Checkpoint, open_checkpoint
from khien.ledger.errors import NoteMalformed, NoteNotSigned
from khien.ledger.note import Note, VerifierKey, parse_note

# Finds a registered key by the name and id that stand before a signature.
KeyFinder: TypeAlias = Callable[[str, bytes], VerifierKey | None]


@dataclass(frozen=True, slots=True)
class OpenedBundle:
    """A bundle whose signature was checked, and whose contents were not read yet."""

    reader: FileReader
    note: str
    manifest: Manifest
    key: VerifierKey


@dataclass(frozen=True, slots=True)
class CheckedBundle:
    """A bundle of which every byte was compared with what its sender signed."""

    manifest: Manifest
    note: str
    members: tuple[Member, ...]
    size: int
    checkpoint: Checkpoint
    proven: frozenset[int]
    proofs_are_sound: bool


def open_bundle(source: BinaryIO, keys: KeyFinder) -> OpenedBundle:
    """Read the manifest of a bundle and check its signature.

    Raises: KeyUnknown: signed by none of them; SubmissionAltered: the signature does not hold;
            SubmissionMalformed, SubmissionTruncated, SubmissionTooLarge, VersionUnknown
    """
    reader = FileReader(source)
    note = note_of(reader.note())
    key = signer_of(note, keys)
    return OpenedBundle(reader, str(note), parse_manifest(note.text), key)


def note_of(content: bytes) -> Note:
    """Read a signed note.

    Raises: SubmissionMalformed
    """
    try:
        return parse_note(content.decode("utf-8"))
    except (UnicodeDecodeError, NoteMalformed) as error:
        raise SubmissionMalformed(where="note") from error


def signer_of(note: Note, keys: KeyFinder) -> VerifierKey:
    """Return the one registered key that signed a note.

    Raises: KeyUnknown, SubmissionAltered
    """
    for line in note.signatures:
        key = keys(line.name, line.key_id)
        if key is None:
            continue
        if not key.verifies(note.text, line):
            raise SubmissionAltered(where="manifest")
        return key
    raise KeyUnknown(key=f"{note.signatures[0].name}+{note.signatures[0].key_id.hex()}")


def check_bundle(opened: OpenedBundle, ledger_key: VerifierKey) -> CheckedBundle:
    """Read everything behind the manifest and compare it.

    Args:   ledger_key: the key registered for the sender's ledger
    Raises: SubmissionAltered, SubmissionTruncated, SubmissionMalformed
    """
    manifest, reader = opened.manifest, opened.reader
    checkpoint = checkpoint_of(manifest.checkpoint, ledger_key)
    proofs = ProofReader.of(checkpoint, manifest.items)
    members = tuple(
        reader.item(item, proofs.take if item.kind == ENTRIES else None) for item in manifest.items
    )
    size = reader.finish()
    return CheckedBundle(
        manifest=manifest,
        note=opened.note,
        members=members,
        size=size,
        checkpoint=checkpoint,
        proven=frozenset(proofs.proven),
        proofs_are_sound=proofs.is_sound,
    )


def checkpoint_of(text: str, key: VerifierKey) -> Checkpoint:
    """Read the sender's checkpoint.

    Raises: SubmissionAltered: not signed by the ledger's registered key, or no checkpoint
    """
    try:
        return open_checkpoint(text, key)
    except (NoteMalformed, NoteNotSigned) as error:
        raise SubmissionAltered(where="checkpoint") from error
