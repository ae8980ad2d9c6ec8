"""A backup holds everything and is proven when it is restored; an altered one is refused and leaves nothing."""

from __future__ import annotations

import json
import sqlite3
import stat
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from access_cast import made
from django.db import connection
from django.test import override_settings

from khien.access import backup
from khien.access.backup import make_backup
from khien.access.errors import BackupRefused
from khien.access.restoring import LIST, restore
from khien.kernel.clock import now_utc
from khien.ledger.services import publish
from khien.ledger.verify import verify_directory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder with a key, facts, a register's file and a ledger; the database is the test's."""
    data = tmp_path / "data"
    for name, text in (
        ("keys/django.key", "k"),
        ("facts/account/1.parquet", "PAR1"),
        ("files/a b.pdf", "%PDF"),
    ):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(text)
    (data / "khien.log").write_text("dòng\n", encoding="utf-8")
    monkeypatch.setattr(backup, "_source", lambda: _copied(tmp_path))
    with override_settings(KHIEN_DATA=data):
        made("phuong")
        publish(now_utc())
        yield data


def _copied(tmp_path: Path) -> sqlite3.Connection:
    """The embedded test database lives in memory: hand it over as a file."""
    path = tmp_path / "live.sqlite3"
    path.unlink(missing_ok=True)
    into = sqlite3.connect(path)
    connection.ensure_connection()
    connection.connection.backup(into)
    return into


@pytest.fixture
def server() -> Iterator[str]:
    """The address of an empty database beside the test's, where the tests run on a server."""
    if connection.vendor == "sqlite":
        yield ""
        return
    settings = connection.settings_dict
    name = f"{settings['NAME']}_back"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    host, port = quote(str(settings["HOST"]), safe=""), settings["PORT"] or 5432
    yield f"postgresql://{settings['USER']}:{settings['PASSWORD']}@/{name}?host={host}&port={port}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name}")


def units_in(folder: Path, server: str) -> list[tuple[str]]:
    """Return the units that stand in a restored database."""
    question = "SELECT code FROM org_unit"
    if server:
        with psycopg.connect(server) as opened:
            return list(opened.execute(question).fetchall())
    with closing(sqlite3.connect(folder / "khien.sqlite3")) as opened:
        return list(opened.execute(question).fetchall())


@pytest.fixture
def archive(folder: Path, tmp_path: Path) -> Path:
    make_backup(tmp_path / "khien.zip", now=now_utc())
    return tmp_path / "khien.zip"


def test_what_was_backed_up_comes_back_byte_for_byte_and_verifies(
    folder: Path, archive: Path, tmp_path: Path, server: str
) -> None:
    found = restore(archive, tmp_path / "back", server=server)
    for name in (
        "keys/django.key",
        "facts/account/1.parquet",
        "files/a b.pdf",
        "ledger/entries.jsonl",
    ):
        assert (tmp_path / "back" / name).read_bytes()[:4]
    assert (tmp_path / "back/keys/django.key").read_text() == "k"
    assert (tmp_path / "back/keys/ledger.key").read_bytes() == (
        folder / "keys/ledger.key"
    ).read_bytes()
    assert not (tmp_path / "back/khien.log").exists()
    assert verify_directory(tmp_path / "back/ledger").ok
    assert found.entries >= 1
    assert units_in(tmp_path / "back", server) == [("phuong",)]


def test_a_backup_of_a_server_needs_an_empty_database(
    archive: Path, tmp_path: Path, server: str
) -> None:
    if not server:
        restore(archive, tmp_path / "back")  # the embedded database needs none
        return
    with pytest.raises(BackupRefused, match="--database"):
        restore(archive, tmp_path / "back")
    restore(archive, tmp_path / "back", server=server)
    with pytest.raises(BackupRefused, match="already"):
        restore(archive, tmp_path / "again", server=server)
    assert not any((tmp_path / "again").iterdir())


def test_only_the_owner_can_read_archive_and_copy(
    archive: Path, tmp_path: Path, server: str
) -> None:
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    restore(archive, tmp_path / "back", server=server)
    assert stat.S_IMODE((tmp_path / "back").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "back/keys/ledger.key").stat().st_mode) == 0o600


def rewritten(archive: Path, target: Path, change: dict[str, bytes | None], **extra: bytes) -> Path:
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = change.get(name, old.read(name)) if name in change else old.read(name)
            if data is not None:
                new.writestr(name, data)
        for name, data in extra.items():
            new.writestr(name, data)
    return target


def listed(archive: Path, **more: str) -> bytes:
    with zipfile.ZipFile(archive) as old:
        about = json.loads(old.read(LIST))
    about["files"] |= more
    return json.dumps(about).encode()


@pytest.mark.parametrize(
    "trick",
    [
        "altered",
        "missing",
        "extra",
        "outside",
        "drive",
        "no list",
        "broken list",
        "cut",
        "no zip",
        "ledger",
    ],
)
def test_a_backup_that_was_tampered_with_is_refused(
    archive: Path, tmp_path: Path, trick: str, server: str
) -> None:
    bad, key = tmp_path / "bad.zip", "keys/django.key"
    match trick:
        case "altered":
            rewritten(archive, bad, {key: b"x"})
        case "missing":
            rewritten(archive, bad, {key: None})
        case "extra":
            rewritten(archive, bad, {}, evil=b"x")
        case "outside" | "drive":
            name = "../evil" if trick == "outside" else "C:evil"
            rewritten(archive, bad, {LIST: listed(archive, **{name: "0" * 64})}, **{name: b"x"})
        case "no list":
            rewritten(archive, bad, {LIST: None})
        case "broken list":
            rewritten(archive, bad, {LIST: b'{"files": 7}'})
        case "cut":
            bad.write_bytes(archive.read_bytes()[:-200])
        case "no zip":
            bad.write_bytes(b"PK nothing")
        case "ledger":
            with zipfile.ZipFile(archive) as old:
                entries = bytearray(old.read("ledger/entries.jsonl"))
            entries[40] ^= 1
            digest = backup.hashlib.sha256(entries).hexdigest()
            changed = {
                "ledger/entries.jsonl": bytes(entries),
                LIST: listed(archive, **{"ledger/entries.jsonl": digest}),
            }
            rewritten(archive, bad, changed)
    with pytest.raises(BackupRefused):
        restore(bad, tmp_path / "back", server=server)
    assert not (tmp_path / "evil").exists()
    assert not (tmp_path / "back").exists() or not any((tmp_path / "back").iterdir())


def test_nothing_is_overwritten(archive: Path, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused):
        make_backup(archive, now=now_utc())
    with pytest.raises(BackupRefused):
        restore(archive, folder)
    with pytest.raises(BackupRefused):
        make_backup(tmp_path / "khong-co" / "x.zip", now=now_utc())
