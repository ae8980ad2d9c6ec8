"""Where bundles lie: made here, on their way in, received; a file is named by what it is and never changed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, BinaryIO, Final

from django.conf import settings

from khien.exchange.models import ReceivedBundle, ReceivedItem, SentBundle, Upload
from khien.exchange.submission_errors import SealBroken, SubmissionTooLarge
from khien.exchange.submission_format import BUNDLE_BYTES_MAX
from khien.exchange.submission_zip import CHUNK_BYTES

_PART: Final = ".part"


def sent_path(bundle: SentBundle) -> Path:
    """Return where the file of a bundle made here lies."""
    return _folder("sent") / f"{bundle.bundle}.zip"


def received_path(bundle: ReceivedBundle) -> Path:
    """Return where the file of a received bundle lies."""
    return received_at(bundle.partner_id, bundle.sha256)


def received_at(partner: int, digest: str) -> Path:
    """Return where a received file with a digest lies."""
    return _folder("received") / str(partner) / f"{digest}.zip"


def upload_path(upload: Upload) -> Path:
    """Return where the bytes of an upload under way lie."""
    return _folder("incoming") / f"{upload.pk}{_PART}"


@contextmanager
def new_file(folder: str) -> Iterator[BinaryIO]:
    """Open a new file that only we may read; what is left of it afterwards is removed."""
    place = _folder(folder)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=place, suffix=_PART)
    os.close(descriptor)
    try:
        with Path(name).open("w+b") as out:
            yield out
    finally:
        Path(name).unlink(missing_ok=True)


def copy_in(source: IO[bytes], out: BinaryIO) -> str:
    """Copy a stranger's file to ours, not beyond the limit; return its SHA-256.

    Raises: SubmissionTooLarge
    """
    digest, size = sha256(), 0
    while chunk := source.read(CHUNK_BYTES):
        size += len(chunk)
        if size > BUNDLE_BYTES_MAX:
            raise SubmissionTooLarge(limit=f"{BUNDLE_BYTES_MAX // 2**20} MiB")
        digest.update(chunk)
        out.write(chunk)
    out.flush()
    return digest.hexdigest()


def settle(file: BinaryIO, target: Path) -> None:
    """Put a whole file to its place, durably; one that is there already has the same bytes."""
    file.flush()
    os.fchmod(file.fileno(), 0o400)
    os.fsync(file.fileno())
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    Path(file.name).replace(target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file; empty where there is none."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        digest = sha256()
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def item_chunks(item: ReceivedItem) -> Iterator[bytes]:
    """Return the bytes of a received item, which were compared with its digest first.

    Raises: SealBroken: the file on our disk is not what was received
    """
    path = received_path(item.bundle)
    if not path.is_file():
        raise SealBroken()
    digest = sha256()
    for chunk in _slice(path, item.offset, item.size_bytes):
        digest.update(chunk)
    if digest.hexdigest() != item.sha256:
        raise SealBroken()
    return _slice(path, item.offset, item.size_bytes)


def item_bytes(item: ReceivedItem) -> bytes:
    """Return a received item whole.

    Raises: SealBroken
    """
    return b"".join(item_chunks(item))


def _slice(path: Path, offset: int, size: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(offset)
        left = size
        while left and (chunk := file.read(min(left, CHUNK_BYTES))):
            left -= len(chunk)
            yield chunk


def _folder(name: str) -> Path:
    return Path(settings.KHIEN_DATA) / "exchange" / name
