"""Making of a bundle from what is on disk or in memory; the same content and key give the same bytes."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, TypeAlias

from khien.exchange.submission_errors import SubmissionTooLarge
from khien.exchange.submission_format import (
    ENTRIES,
    ITEM_BYTES_MAX,
    ITEMS_MAX,
    NOTE_BYTES_MAX,
    Item,
    Manifest,
    member_name,
)
from khien.exchange.submission_zip import CHUNK_BYTES, Sink, write_file
from khien.ledger.note import SigningKey, signed_note

Opener: TypeAlias = Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class Piece:
    """An item with the way to its bytes and their CRC."""

    item: Item
    crc: int
    open: Opener

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes."""
        with self.open() as source:
            while chunk := source.read(CHUNK_BYTES):
                yield chunk


def piece_of(item: Item, source: bytes | Path) -> Piece:
    """Return an item measured: its size, SHA-256 and CRC; bytes on disk are read through once.

    Args: item: its size and digest are filled in here
    Raises: SubmissionTooLarge
    """

    def opened() -> BinaryIO:
        return BytesIO(source) if isinstance(source, bytes) else source.open("rb")

    crc, digest, size = 0, sha256(), 0
    with opened() as stream:
        while chunk := stream.read(CHUNK_BYTES):
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
            digest.update(chunk)
    if size > ITEM_BYTES_MAX:
        raise SubmissionTooLarge(limit=f"{ITEM_BYTES_MAX // 2**20} MiB")
    return Piece(replace(item, size=size, sha256=digest.hexdigest()), crc, opened)


def entries_piece(lines: bytes) -> Piece:
    """Return the piece of the ledger's entries, which stands before all others."""
    name, kind = "ledger-entries.jsonl", "application/jsonl"
    return piece_of(Item(ENTRIES, name, kind, 0, ""), lines)


def write_bundle(
    out: Sink, manifest: Manifest, pieces: Sequence[Piece], key: SigningKey
) -> tuple[Manifest, int]:
    """Write a bundle; the manifest's items are those of the pieces, in their order.

    Returns: the manifest as it was signed, and the size of the file
    Raises:  SubmissionTooLarge
    """
    if len(pieces) > ITEMS_MAX:
        raise SubmissionTooLarge(limit=f"{ITEMS_MAX}")
    items = tuple(
        replace(piece.item, member=member_name(place, piece.item.name))
        for place, piece in enumerate(pieces, 1)
    )
    signed = replace(manifest, items=items)
    note = str(signed_note(signed.text(), [key])).encode()
    if len(note) > NOTE_BYTES_MAX:
        raise SubmissionTooLarge(limit=f"{NOTE_BYTES_MAX // 2**20} MiB")
    contents = (
        (item.member, item.size, piece.crc, piece.chunks())
        for item, piece in zip(items, pieces, strict=True)
    )
    return signed, write_file(out, note, contents)
