"""Khiên's own backup: one archive with database, ledger, facts, files and keys, each with its digest."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from django.conf import settings
from django.db import connection, transaction

from khien import __version__
from khien.access import events
from khien.access.restoring import DATABASE, LIST, SERVER_COPY, Backup, refused
from khien.access.server_copy import ServerCopyFailed, dump
from khien.facts.lock import files_held_still
from khien.kernel.canonical import Json, canonical_bytes, sha256_hex
from khien.kernel.clock import iso_utc
from khien.ledger import services as ledger
from khien.ledger.layout import Layout
from khien.ledger.lock import FileLock

# What is not part of a backup: the database's own side files, logs of the machine, what is being written.
_LEFT_OUT = ("khien.sqlite3", "khien.sqlite3-wal", "khien.sqlite3-shm", "khien.log")
_LOCK_SECONDS = 30
_MERGE_SECONDS = 300
_CHUNK = 1 << 20


def make_backup(target: Path, *, now: datetime) -> Backup:
    """Write a backup of the whole data folder; the database is copied while it is used.

    A server's database is copied by pg_dump, from one moment, and stands in the same archive.
    Raises: BackupRefused: the file is there already or cannot be written, or pg_dump refuses
    """
    if target.exists() or not target.parent.is_dir():
        raise refused(
            target, "tệp đã có hoặc không có thư mục", "it exists, or its folder does not"
        )
    ledger.publish(now)
    part = target.with_name(f"{target.name}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            made = _written(out, now=now)
            out.flush()
            os.fsync(out.fileno())
        part.rename(target)
    except (OSError, ServerCopyFailed) as error:
        part.unlink(missing_ok=True)
        raise refused(target, str(error), str(error)) from error
    _record(made, now=now)
    ledger.publish(now)
    return made


@transaction.atomic
def _record(made: Backup, *, now: datetime) -> None:
    body: dict[str, Json] = {"files": len(made.files), "sha256": made.sha256}
    ledger.record(events.BACKED_UP, subject="khien", body=body, at=now)


def _written(out: IO[bytes], *, now: datetime) -> Backup:
    folder = Path(settings.KHIEN_DATA)
    digests: dict[str, str] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, _still(folder) as database:
        digests[database.name] = _packed(archive, database, database.name)
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and not path.is_symlink() and _belongs(name):
                digests[name] = _packed(archive, path, name)
        about: dict[str, Json] = {"khien": __version__, "made_at": iso_utc(now), "files": digests}
        listed = canonical_bytes(about)
        archive.writestr(LIST, listed)
    return Backup(digests, iso_utc(now), sha256_hex(listed))


@contextmanager
def _still(folder: Path) -> Iterator[Path]:
    """Hold the ledger still and give a copy of the database of that moment: rows are never older than files.

    Fact files that the copy names are neither merged nor removed meanwhile.
    """
    with files_held_still(seconds=_MERGE_SECONDS):
        lock = FileLock(Layout(ledger.ledger_directory()).lock, _LOCK_SECONDS)
        try:
            with TemporaryDirectory(dir=folder, prefix=".backup-") as place:
                yield _copied(Path(place))
        finally:
            lock.release()


def _copied(place: Path) -> Path:
    if connection.vendor == "postgresql":
        dump(connection.settings_dict, place / SERVER_COPY)
        return place / SERVER_COPY
    with closing(sqlite3.connect(place / DATABASE)) as into, closing(_source()) as source:
        source.backup(into)
    return place / DATABASE


def _source() -> sqlite3.Connection:
    return sqlite3.connect(str(connection.settings_dict["NAME"]), uri=True, timeout=_LOCK_SECONDS)


def _belongs(name: str) -> bool:
    parts = PurePosixPath(name).parts
    is_log = parts[0].startswith("khien.log")
    return not (
        parts[0] in _LEFT_OUT or is_log or parts[0].startswith(".") or name == "ledger/lock"
    )


def _packed(archive: zipfile.ZipFile, path: Path, name: str) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()
