"""Which database holds the records: the embedded one, or the PostgreSQL server that an address names."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from khien.kernel.errors import KhienError
from khien.kernel.language import Text

# The embedded database lets one writer in at a time: a transaction that will write says so at its start.
_SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
    "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;",
}
_SCHEMES = ("postgresql", "postgres")


class DatabaseAddressWrong(KhienError):
    """KHIEN_DATABASE is not the address of a PostgreSQL database."""

    code = "KHIEN-PRJ-001"
    sentence = Text(
        vi="KHIEN_DATABASE không phải địa chỉ cơ sở dữ liệu ({why}). Viết theo mẫu "
        "postgresql://khien@/khien?host=/run/postgresql, hoặc bỏ biến này để dùng cơ sở dữ liệu có sẵn.",
        en="KHIEN_DATABASE is not the address of a database ({why}). Write it like "
        "postgresql://khien@/khien?host=/run/postgresql, or unset it to use the embedded database.",
    )


class DatabaseDriverMissing(KhienError):
    """KHIEN_DATABASE names a PostgreSQL server, and Python has no driver for one."""

    code = "KHIEN-PRJ-002"
    sentence = Text(
        vi="Chưa có gói psycopg để nói chuyện với PostgreSQL. Cài lại từ tệp khóa requirements.lock, hoặc bỏ "
        "KHIEN_DATABASE để dùng cơ sở dữ liệu có sẵn.",
        en="The package psycopg, which talks to PostgreSQL, is missing. Install from "
        "requirements.lock, or unset KHIEN_DATABASE to use the embedded database.",
    )


def database(address: str, *, folder: Path) -> dict[str, Any]:
    """Return Django's settings of the database at an address; the embedded one where there is none.

    Args:    address: postgresql://user:password@host:port/name?option=value, or ""
    Raises:  DatabaseAddressWrong; DatabaseDriverMissing
    """
    if not address.strip():
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "khien.sqlite3",
            "CONN_MAX_AGE": 60,
            "OPTIONS": dict(_SQLITE),
        }
    if importlib.util.find_spec("psycopg") is None:
        raise DatabaseDriverMissing()
    return _postgresql(address.strip())


def _postgresql(address: str) -> dict[str, Any]:
    try:
        parts = urlsplit(address)
        port = parts.port
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise DatabaseAddressWrong(why=error) from error
    if parts.scheme not in _SCHEMES:
        raise DatabaseAddressWrong(why=f"«{parts.scheme or '–'}:»")
    name = unquote(parts.path.lstrip("/"))
    if not name and "service" not in options:
        raise DatabaseAddressWrong(why="?/…")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": options.pop("port", "") or (str(port) if port else ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
