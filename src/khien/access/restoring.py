"""A backup put into an empty folder and proven there; needs no database of its own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
import zlib
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from khien.access.errors import BackupRefused
from khien.kernel.canonical import sha256_hex
from khien.kernel.language import Text
from khien.ledger.layout import Layout
from khien.ledger.verify import verify_directory

LIST, DATABASE = "MANIFEST.json", "khien.sqlite3"
LIST_BYTES_MAX = 64 * 2**20
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """What an archive holds: digests by name, and the digest of the list."""

    files: dict[str, str]
    made_at: str
    sha256: str
    entries: int = 0


def restore(source: Path, folder: Path) -> Backup:
    """Put a backup into an empty folder and prove it: every digest, the database, the whole ledger.

    Raises: BackupRefused: not a backup, altered, or the folder is not empty; nothing of it is left behind
    """
    if folder.exists() and any(folder.iterdir()):
        raise refused(source, f"thư mục {folder} không trống", f"the folder {folder} is not empty")
    with ExitStack() as undo:
        undo.callback(_emptied, folder)
        try:
            with zipfile.ZipFile(source) as archive:
                listed = _listed(source, archive)
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                folder.chmod(0o700)
                for name, digest in listed.files.items():
                    _unpacked(source, archive, name, digest, folder)
        except (OSError, zipfile.BadZipFile, EOFError, RuntimeError, zlib.error) as error:
            raise refused(
                source, f"không đọc được ({error})", f"it cannot be read ({error})"
            ) from error
        proven = _proven(source, folder, listed)
        undo.pop_all()
    return proven


def _emptied(folder: Path) -> None:
    """Take away what was written into a folder that was empty before."""
    for place in folder.iterdir() if folder.is_dir() else ():
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink()


def _listed(source: Path, archive: zipfile.ZipFile) -> Backup:
    names = archive.namelist()
    if LIST not in names or archive.getinfo(LIST).file_size > LIST_BYTES_MAX:
        raise refused(source, "không phải bản sao lưu của Khiên", "it is no backup of Khiên")
    raw = archive.read(LIST)
    try:
        about = json.loads(raw)
        files = {str(name): str(digest) for name, digest in about["files"].items()}
        made_at = str(about["made_at"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise refused(source, "danh mục hỏng", "its list is broken") from error
    unsafe = [name for name in files if not _is_safe(name)]
    if unsafe or len(set(names)) != len(names) or set(names) != {LIST, *files}:
        raise refused(source, "tệp và danh mục không khớp", "files and list do not agree")
    return Backup(files, made_at, sha256_hex(raw))


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    is_plain = path.as_posix() == name and "\\" not in name and ":" not in name
    return is_plain and not path.is_absolute() and not {"..", "."} & set(path.parts)


def _unpacked(source: Path, archive: zipfile.ZipFile, name: str, digest: str, folder: Path) -> None:
    place = folder / name
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = hashlib.sha256()
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with archive.open(name) as packed, os.fdopen(descriptor, "wb") as target:
        while chunk := packed.read(_CHUNK):
            found.update(chunk)
            target.write(chunk)
    if found.hexdigest() != digest:
        raise refused(source, f"{name} đã bị thay đổi", f"{name} was altered")


def _proven(source: Path, folder: Path, listed: Backup) -> Backup:
    database = folder / DATABASE
    if not database.is_file():
        raise refused(source, "thiếu cơ sở dữ liệu", "the database is missing")
    with closing(sqlite3.connect(database)) as opened:
        try:
            state = opened.execute("PRAGMA integrity_check").fetchone()
            rows = opened.execute(
                'SELECT "index", line, leaf_hash FROM ledger_ledgerentry ORDER BY "index"'
            ).fetchall()
        except sqlite3.DatabaseError as error:
            raise refused(source, "cơ sở dữ liệu hỏng", "the database is damaged") from error
    result = verify_directory(folder / "ledger")
    leaves = Layout(folder / "ledger").leaves.read_bytes()
    held = b"".join(bytes(leaf) for _, _, leaf in rows)
    if state != ("ok",) or not result.ok or not held.startswith(leaves):
        raise refused(source, "sổ cái không khớp", "the ledger does not hold")
    return Backup(listed.files, listed.made_at, listed.sha256, result.size)


def refused(file: Path, vi: str, en: str) -> BackupRefused:
    """Return the error that says why a backup is not believed."""
    return BackupRefused(file=file, why=Text(vi, en))
