"""The only writer of uploads: a bundle that comes over the network in parts, and goes on where it stopped."""

from __future__ import annotations

import hashlib
import secrets
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction

from khien.exchange.models import PartnerKey, ReceivedBundle, Upload
from khien.exchange.own_keys import own_instance
from khien.exchange.receiving import (
    BY_HTTPS,
    CLOCK_TOLERANCE,
    Arrival,
    receive,
    registered_key,
    registration_of,
)
from khien.exchange.submission_errors import (
    FromTheFuture,
    KeyRevoked,
    NotForUs,
    SequenceReused,
    SubmissionAltered,
    SubmissionRefused,
    SubmissionTooLarge,
    UploadRefused,
)
from khien.exchange.submission_format import BUNDLE_BYTES_MAX
from khien.exchange.submission_notes import Announcement, read_announcement
from khien.exchange.submission_reading import note_of, signer_of
from khien.exchange.submission_store import digest_of, upload_path
from khien.kernel.clock import parse_iso, said_moment
from khien.kernel.language import Text

CHUNK_MAX: Final = 4 * 2**20
UPLOADS_MAX: Final = 5
KEPT_FOR: Final = timedelta(days=7)
_DISK_LEFT: Final = 512 * 2**20

_STALE = Text(
    "lời báo gửi đã quá {minutes} phút; báo lại rồi gửi tiếp",
    "the announcement is older than {minutes} minutes; announce again, then go on",
)
_UNKNOWN = Text(
    "gói chưa được báo trước, hoặc mã gửi đã hết; báo lại rồi gửi tiếp",
    "the bundle was not announced, or the upload's secret has gone by; announce again, then go on",
)
_ELSEWHERE = Text(
    "đã có đến byte {offset}; gửi tiếp từ đó", "there is up to byte {offset}; go on from there"
)
_TOO_LONG = Text("phần gửi dài hơn cả gói", "the part is longer than the bundle")
_TOO_MANY = Text(
    "đang có {limit} gói gửi dở từ khóa này; gửi xong rồi gửi gói khác",
    "there are {limit} bundles under way of this key; finish those first",
)
_NO_ROOM = Text(
    "nơi nhận không đủ chỗ trên đĩa; báo quản trị nơi nhận",
    "the receiver lacks room on disk; tell its administrator",
)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an upload stands: the next byte, the secret for the parts, or the bundle that is received."""

    offset: int
    secret: str = ""
    received: ReceivedBundle | None = None


def announce(content: bytes, *, now: datetime) -> Progress:
    """Let the holder of a registered key send a bundle, or say what came of it already.

    Raises: SubmissionRefused: in one of its kinds; UploadRefused
    """
    note = note_of(content)
    signer = signer_of(note, registered_key)
    said = read_announcement(note.text)
    key = registration_of(signer, said.unit)
    if said.receiver != own_instance(now):
        raise NotForUs(for_whom=said.receiver)
    received = ReceivedBundle.objects.filter(partner=key.partner, bundle=said.bundle)
    same = received.filter(sha256=said.sha256).first()
    if same is not None:
        return Progress(same.size_bytes, received=same)
    _must_be_welcome(key, said, now)
    return _begun(key, said, now)


def _must_be_welcome(key: PartnerKey, said: Announcement, now: datetime) -> None:
    minutes = int(CLOCK_TOLERANCE.total_seconds()) // 60
    if key.revoked_from is not None:
        raise KeyRevoked(key=key.name, day=said_moment(key.revoked_from))
    if parse_iso(said.at) > now + CLOCK_TOLERANCE:
        raise FromTheFuture(made_at=said_moment(parse_iso(said.at)), minutes=minutes)
    if parse_iso(said.at) < now - CLOCK_TOLERANCE:
        raise UploadRefused(_STALE.fill({"minutes": minutes}))
    taken = ReceivedBundle.objects.filter(partner=key.partner, sequence=said.sequence)
    if taken.exists():
        raise SequenceReused(sequence=said.sequence, last=key.partner.last_sequence)
    if said.size > BUNDLE_BYTES_MAX:
        raise SubmissionTooLarge(limit=f"{BUNDLE_BYTES_MAX // 2**20} MiB")
    others = Upload.objects.filter(key=key).exclude(bundle=said.bundle)
    if others.count() >= UPLOADS_MAX:
        raise UploadRefused(_TOO_MANY.fill({"limit": UPLOADS_MAX}))
    if shutil.disk_usage(settings.KHIEN_DATA).free < said.size + _DISK_LEFT:
        raise UploadRefused(_NO_ROOM)


@transaction.atomic
def _begun(key: PartnerKey, said: Announcement, now: datetime) -> Progress:
    secret = secrets.token_urlsafe(32)
    upload = Upload.objects.select_for_update().filter(key=key, bundle=said.bundle).first()
    is_same = upload is not None and (upload.sha256, upload.size_bytes) == (said.sha256, said.size)
    if upload is not None and not is_same:
        drop(upload)
    if upload is None or not is_same:
        upload = Upload(key=key, bundle=said.bundle, sha256=said.sha256, size_bytes=said.size)
        upload.begun_at = now
    upload.secret_sha256, upload.touched_at = _hash(secret), now
    upload.save()
    if not upload_path(upload).is_file():
        upload.offset = 0
        upload.save(update_fields=["offset"])
    return Progress(upload.offset, secret)


def add_part(bundle: str, secret: str, offset: int, part: bytes, *, now: datetime) -> Progress:
    """Take the next bytes of an upload; with the last of them the bundle is verified and taken in.

    Raises: UploadRefused: not announced, or not the next bytes (it says which are); SubmissionRefused
    """
    upload = _written(bundle, secret, offset, part, now=now)
    if upload.offset < upload.size_bytes:
        return Progress(upload.offset)
    return Progress(upload.offset, received=_finished(upload, now))


@transaction.atomic
def _written(bundle: str, secret: str, offset: int, part: bytes, *, now: datetime) -> Upload:
    found = Upload.objects.select_for_update().select_related("key")
    upload = found.filter(bundle=bundle, secret_sha256=_hash(secret)).first()
    if upload is None:
        raise UploadRefused(_UNKNOWN)
    if offset != upload.offset:
        raise UploadRefused(_ELSEWHERE.fill({"offset": upload.offset}), offset=upload.offset)
    if offset + len(part) > upload.size_bytes:
        raise UploadRefused(_TOO_LONG, offset=upload.offset)
    path = upload_path(upload)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    with path.open("r+b") as file:
        # What a crash left behind the last offset that was noted is written anew.
        file.truncate(offset)
        file.seek(offset)
        file.write(part)
    upload.offset, upload.touched_at = offset + len(part), now
    upload.save(update_fields=["offset", "touched_at"])
    return upload


def _finished(upload: Upload, now: datetime) -> ReceivedBundle:
    path = upload_path(upload)
    arrival = Arrival(now, upload.key.name, BY_HTTPS)
    try:
        if digest_of(path) != upload.sha256:
            raise SubmissionAltered(where="zip")
        with path.open("r+b") as file:
            received = receive(file, upload.sha256, arrival)
    except SubmissionRefused:
        drop(upload)
        raise
    drop(upload)
    return received


def drop(upload: Upload) -> None:
    """Forget an upload with its bytes."""
    path = upload_path(upload)
    Upload.objects.filter(pk=upload.pk).delete()
    path.unlink(missing_ok=True)


def drop_stale(*, now: datetime) -> int:
    """Forget uploads that nobody went on with for a week, and files that no upload knows; return how many."""
    stale = list(Upload.objects.filter(touched_at__lt=now - KEPT_FOR))
    for upload in stale:
        drop(upload)
    return len(stale) + _drop_orphans(now)


def _drop_orphans(now: datetime) -> int:
    folder = Path(settings.KHIEN_DATA) / "exchange" / "incoming"
    known = {upload_path(upload) for upload in Upload.objects.all()}
    before = (now - KEPT_FOR).timestamp()
    orphans = [
        path
        for path in (folder.iterdir() if folder.is_dir() else ())
        if path not in known and path.stat().st_mtime < before
    ]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
