"""A copy of a PostgreSQL database in one file, and back into an empty one, by the server's own tools."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from django.db.backends.postgresql.client import DatabaseClient

_SECONDS = 3600
_TABLES = """SELECT count(*) FROM information_schema.tables
WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"""
_LEAVES = 'SELECT "index", leaf_hash FROM ledger_ledgerentry ORDER BY "index"'


class ServerCopyFailed(Exception):
    """pg_dump or pg_restore is not there, or said why it did not do its work."""


def dump(settings: Mapping[str, Any], into: Path) -> None:
    """Write a consistent copy of a database that is in use.

    Args:   settings: Django's settings of the database
    Raises: ServerCopyFailed
    """
    words, environment = DatabaseClient.settings_to_cmd_args_env(dict(settings), [])
    _run("pg_dump", ["--format=custom", "--no-owner", "--file", str(into), *words[1:]], environment)


def put_back(address: str, dumped: Path) -> list[tuple[int, bytes]]:
    """Put a copy into an empty database, whole or not at all, and return its ledger's leaves.

    Args:    address: postgresql://user:password@host:port/name?option=value
    Returns: the ledger's entries, in order, as index and leaf hash
    Raises:  ServerCopyFailed: the database is not empty or not there, or the copy does not hold
    """
    try:
        with psycopg.connect(address, connect_timeout=20) as opened:
            (tables,) = opened.execute(_TABLES).fetchone() or (0,)
        if tables:
            raise ServerCopyFailed(f"{tables} tables are there already")
        words = ["--exit-on-error", "--single-transaction", "--no-owner", "--dbname", address]
        _run("pg_restore", [*words, str(dumped)], None)
        with psycopg.connect(address, connect_timeout=20) as opened:
            rows = opened.execute(_LEAVES).fetchall()
    except psycopg.Error as error:
        raise ServerCopyFailed(str(error).strip()) from error
    return [(int(index), bytes(leaf)) for index, leaf in rows]


def _run(tool: str, words: list[str], environment: Mapping[str, str] | None) -> None:
    place = shutil.which(tool)
    if place is None:
        raise ServerCopyFailed(f"{tool} (postgresql-client)")
    try:
        done = subprocess.run(  # noqa: S603  # the server's own tools, no shell
            [place, *words],
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ServerCopyFailed(str(error)) from error
    if done.returncode:
        raise ServerCopyFailed(done.stderr.decode("utf-8", "replace").strip()[-400:])
