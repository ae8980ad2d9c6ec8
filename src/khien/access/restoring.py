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
from khien.access.server_copy import ServerCopyFailed, put_back
from khien.kernel.canonical import sha256_hex
from khien.kernel.language import Text
from khien.ledger.layout import Layout
from khien.ledger.verify import verify_directory

LIST, DATABASE, SERVER_COPY = "MANIFEST.json", "khien.sqlite3", "khien.pgdump"
LIST_BYTES_MAX = 64 * 2**20
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """What an archive holds: digests by name, and the digest of the list."""

    files: dict[str, str]
    made_at: str
    sha256: str
    entries: int = 0


def restore(source: Path, folder: Path, *, server: str = "") -> Backup:
    """Put a backup into an empty folder and prove it: every digest, the database, the whole ledger.

    Args:   server: the address of an empty database, for a backup of a PostgreSQL server
    Raises: BackupRefused: not a backup, altered, or folder or database are not empty; nothing of it is left
        behind in the folder
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
        proven = _proven(source, folder, listed, server)
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


def _proven(source: Path, folder: Path, listed: Backup, server: str) -> Backup:
    result = verify_directory(folder / "ledger")
    if not result.ok:
        raise _apart(source)
    if (folder / SERVER_COPY).is_file():
        rows = _put_on_server(source, folder / SERVER_COPY, server)
    else:
        rows = _opened(source, folder / DATABASE)
    leaves = Layout(folder / "ledger").leaves.read_bytes()
    if not b"".join(leaf for _, leaf in rows).startswith(leaves):
        raise _apart(source)
    return Backup(listed.files, listed.made_at, listed.sha256, result.size)


def _put_on_server(source: Path, dumped: Path, server: str) -> list[tuple[int, bytes]]:
    if not server:
        raise refused(
            source,
            "đây là bản sao của máy chủ PostgreSQL: nêu cơ sở dữ liệu trống bằng --database",
            "it is of a PostgreSQL server: name an empty database with --database",
        )
    try:
        rows = put_back(server, dumped)
    except ServerCopyFailed as error:
        raise refused(source, f"PostgreSQL: {error}", f"PostgreSQL: {error}") from error
    dumped.unlink()  # its content is in the database now
    return rows


def _opened(source: Path, database: Path) -> list[tuple[int, bytes]]:
    if not database.is_file():
        raise refused(source, "thiếu cơ sở dữ liệu", "the database is missing")
    with closing(sqlite3.connect(database)) as opened:
        try:
            state = opened.execute("PRAGMA integrity_check").fetchone()
            rows = opened.execute(
                'SELECT "index", leaf_hash FROM ledger_ledgerentry ORDER BY "index"'
            ).fetchall()
        except sqlite3.DatabaseError as error:
            raise refused(source, "cơ sở dữ liệu hỏng", "the database is damaged") from error
    if state != ("ok",):
        raise refused(source, "cơ sở dữ liệu hỏng", "the database is damaged")
    return [(int(index), bytes(leaf)) for index, leaf in rows]


def _apart(source: Path) -> BackupRefused:
    return refused(source, "sổ cái không khớp", "the ledger does not hold")


def refused(file: Path, vi: str, en: str) -> BackupRefused:
    """Return the error that says why a backup is not believed."""
    return BackupRefused(file=file, why=Text(vi, en))
