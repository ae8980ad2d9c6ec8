"""The file of a submission: a zip in the one form that its manifest dictates.

Members are stored, not packed; every byte between the contents follows from the manifest. A reader makes those
bytes itself and compares: no directory is parsed, no path is trusted, nothing unpacks to more than it is.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO, Final, Protocol

from khien.exchange.submission_errors import (
    SubmissionAltered,
    SubmissionMalformed,
    SubmissionTooLarge,
    SubmissionTruncated,
)
from khien.exchange.submission_format import BUNDLE_BYTES_MAX, NOTE_BYTES_MAX, Item

MANIFEST_NAME: Final = "00000-manifest.txt"
CHUNK_BYTES: Final = 256 * 1024
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_DAY = 0x21  # 1 January 1980: the file says nothing of the clock that made it
_MADE_BY_UNIX = 0x0314
_READ_ONLY_FILE = 0o100444 << 16


class Sink(Protocol):
    """Something that bytes are written to."""

    def write(self, chunk: bytes, /) -> int:
        """Write bytes; return how many."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member as it stands in the file."""

    name: str
    size: int
    crc: int
    offset: int

    @property
    def content_at(self) -> int:
        """Return where the content begins."""
        return self.offset + _LOCAL.size + len(self.name)

    @property
    def end(self) -> int:
        """Return the offset behind the content."""
        return self.content_at + self.size


def local_header(name: str, size: int, crc: int) -> bytes:
    """Return the bytes before a member's content."""
    fixed = _LOCAL.pack(b"PK\x03\x04", 10, 0, 0, 0, _DAY, crc, size, size, len(name), 0)
    return fixed + name.encode("ascii")


def ending(members: Iterable[Member]) -> bytes:
    """Return the directory behind the last content, and the end of the file."""
    listed, lines = list(members), []
    for one in listed:
        fixed = _CENTRAL.pack(
            b"PK\x01\x02", _MADE_BY_UNIX, 10, 0, 0, 0, _DAY, one.crc, one.size, one.size,
            len(one.name), 0, 0, 0, 0, _READ_ONLY_FILE, one.offset,
        )  # fmt: skip
        lines.append(fixed + one.name.encode("ascii"))
    directory = b"".join(lines)
    begin = listed[-1].end if listed else 0
    count = len(listed)
    return directory + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), begin, 0)


def write_file(
    out: Sink, note: bytes, contents: Iterable[tuple[str, int, int, Iterable[bytes]]]
) -> int:
    """Write a bundle: its note, then contents as (name, size, crc, chunks); return how many bytes it has.

    Raises: SubmissionTooLarge; ValueError: a content that is not as long as was said
    """
    members: list[Member] = []
    at = 0
    first = (MANIFEST_NAME, len(note), zlib.crc32(note), (note,))
    for name, size, crc, chunks in (first, *contents):
        members.append(Member(name, size, crc, at))
        out.write(local_header(name, size, crc))
        written = sum(out.write(chunk) for chunk in chunks)
        if written != size:
            raise ValueError(f"{name} has {written} bytes, not {size}")
        at = members[-1].end
        if at > BUNDLE_BYTES_MAX:
            raise SubmissionTooLarge(limit=f"{BUNDLE_BYTES_MAX // 2**20} MiB")
    tail = ending(members)
    out.write(tail)
    return at + len(tail)


class FileReader:
    """Reads a bundle from its beginning to its end, once, and believes nothing it has not compared."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._at = 0
        self._members: list[Member] = []

    def note(self) -> bytes:
        """Return the signed note at the beginning.

        Raises: SubmissionMalformed, SubmissionTruncated, SubmissionTooLarge
        """
        head = self._exactly(_LOCAL.size)
        fields = _LOCAL.unpack(head)
        if fields[0] != b"PK\x03\x04":
            raise SubmissionMalformed(where=MANIFEST_NAME)
        crc, size = fields[6], fields[7]
        wanted = local_header(MANIFEST_NAME, size, crc)
        if head + self._exactly(len(MANIFEST_NAME)) != wanted:
            raise SubmissionMalformed(where=MANIFEST_NAME)
        if size > NOTE_BYTES_MAX:
            raise SubmissionTooLarge(limit=f"{NOTE_BYTES_MAX // 2**20} MiB")
        note = self._exactly(size)
        if zlib.crc32(note) != crc:
            raise SubmissionAltered(where=MANIFEST_NAME)
        self._members.append(Member(MANIFEST_NAME, size, crc, 0))
        return note

    def item(self, item: Item, take: Callable[[bytes], object] | None = None) -> Member:
        """Read the next item, hand its bytes on piece by piece, and make sure of them at its end.

        Raises: SubmissionAltered, SubmissionTruncated
        """
        begin, head = self._at, self._exactly(_LOCAL.size + len(item.member))
        crc_said = _LOCAL.unpack(head[: _LOCAL.size])[6]
        if head != local_header(item.member, item.size, crc_said):
            raise SubmissionAltered(where=item.member)
        crc, digest = 0, sha256()
        for chunk in self._chunks(item.size):
            crc = zlib.crc32(chunk, crc)
            digest.update(chunk)
            if take is not None:
                take(chunk)
        if digest.hexdigest() != item.sha256 or crc != crc_said:
            raise SubmissionAltered(where=item.member)
        self._members.append(Member(item.member, item.size, crc, begin))
        return self._members[-1]

    def finish(self) -> int:
        """Compare what stands behind the last item, and that nothing follows; return the size of the file.

        Raises: SubmissionAltered, SubmissionTruncated
        """
        wanted = ending(self._members)
        if self._exactly(len(wanted)) != wanted or self._source.read(1):
            raise SubmissionAltered(where="zip")
        return self._at

    def _exactly(self, size: int) -> bytes:
        return b"".join(self._chunks(size))

    def _chunks(self, size: int) -> Iterator[bytes]:
        left = size
        while left:
            chunk = self._source.read(min(left, CHUNK_BYTES))
            if not chunk:
                raise SubmissionTruncated(at=self._at)
            left -= len(chunk)
            self._at += len(chunk)
            yield chunk
