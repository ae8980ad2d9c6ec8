"""The few file operations the ledger stands on, and what each promises after a crash."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO, Protocol

from khien.ledger.lock import FileLock


class Lock(Protocol):
    """A lock that is held until it is released."""

    def release(self) -> None:
        """Let the next process in."""


class Storage(Protocol):
    """File operations; nothing is durable before `sync` (content) or `sync_directory` (names)."""

    def size(self, path: Path) -> int | None:
        """Return the bytes in a file, or None when there is none."""

    def read(self, path: Path, offset: int = 0, length: int = -1) -> bytes:
        """Return the bytes of a file from an offset; all that follow unless a length is given."""

    def make_directory(self, path: Path, *, private: bool = False) -> None:
        """Make a directory and those above it, durably; a private one is for its owner only."""

    def append(self, path: Path, data: bytes) -> None:
        """Add bytes at the end of a file; the file is made when there is none."""

    def truncate(self, path: Path, size: int) -> None:
        """Cut a file to its first bytes."""

    def sync(self, path: Path) -> None:
        """Make the content of a file durable."""

    def write_new(self, path: Path, data: bytes, *, private: bool = False) -> None:
        """Write a whole file, over any of that name; a private one is for its owner only."""

    def rename(self, source: Path, target: Path) -> None:
        """Give a file another name at once, over any file of that name."""

    def sync_directory(self, path: Path) -> None:
        """Make the names in a directory durable."""

    def lock(self, path: Path, seconds: float) -> Lock:
        """Wait for the lock of a file.

        Raises: LedgerBusy: not free within that time
        """

    def close(self) -> None:
        """Let go of open files."""


class RealStorage:
    """The operating system's files; POSIX and Windows."""

    def __init__(self) -> None:
        self._open: dict[Path, BinaryIO] = {}

    def size(self, path: Path) -> int | None:
        """Return the bytes in a file, or None when there is none."""
        return path.stat().st_size if path.exists() else None

    def read(self, path: Path, offset: int = 0, length: int = -1) -> bytes:
        """Return the bytes of a file from an offset; all that follow unless a length is given."""
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(length)

    def make_directory(self, path: Path, *, private: bool = False) -> None:
        """Make a directory and those above it, durably; a private one is for its owner only."""
        if path.is_dir():
            return
        if not path.parent.is_dir():
            self.make_directory(path.parent)
        path.mkdir(mode=0o700 if private else 0o777, exist_ok=True)
        self.sync_directory(path.parent)

    def append(self, path: Path, data: bytes) -> None:
        """Add bytes at the end of a file; the file is made when there is none."""
        file = self._appender(path)
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]

    def truncate(self, path: Path, size: int) -> None:
        """Cut a file to its first bytes."""
        self._appender(path).truncate(size)

    def sync(self, path: Path) -> None:
        """Make the content of a file durable."""
        os.fsync(self._appender(path).fileno())

    def write_new(self, path: Path, data: bytes, *, private: bool = False) -> None:
        """Write a whole file, over any of that name; a private one is for its owner only."""
        self._forget(path)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags, 0o600 if private else 0o644), "wb") as file:
            file.write(data)
        if private:
            path.chmod(0o600)

    def rename(self, source: Path, target: Path) -> None:
        """Give a file another name at once, over any file of that name."""
        self._forget(source)
        self._forget(target)
        source.replace(target)

    def sync_directory(self, path: Path) -> None:
        """Make the names in a directory durable; Windows has no such call and needs none."""
        if sys.platform == "win32":
            return
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def lock(self, path: Path, seconds: float) -> Lock:
        """Wait for the lock of a file.

        Raises: LedgerBusy: not free within that time
        """
        return FileLock(path, seconds)

    def close(self) -> None:
        """Let go of open files."""
        for path in list(self._open):
            self._forget(path)

    def _appender(self, path: Path) -> BinaryIO:
        if path not in self._open:
            self._open[path] = path.open("ab", buffering=0)
        return self._open[path]

    def _forget(self, path: Path) -> None:
        if path in self._open:
            self._open.pop(path).close()


def replace_file(storage: Storage, path: Path, data: bytes, *, private: bool = False) -> None:
    """Put a whole file in place so that after a crash there is the old one or the new one."""
    temporary = path.with_name(path.name + ".new")
    storage.write_new(temporary, data, private=private)
    storage.sync(temporary)
    storage.rename(temporary, path)
    storage.sync_directory(path.parent)
