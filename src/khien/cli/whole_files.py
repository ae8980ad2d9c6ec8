"""Files that commands write: refused before anything is done, and there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from khien.kernel.errors import KhienError


def require_writable(
    target: Path, *, force: bool, cannot: type[KhienError], exists: type[KhienError]
) -> None:
    """Refuse a place for a file before anything is recorded.

    Args:   cannot: raised with path and why where there is no such folder, or no right
            exists: raised with path where a file is there and `force` does not say to overwrite it
    """
    folder = target.parent
    if target.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise cannot(path=target, why=folder)
    if target.exists() and not force:
        raise exists(path=target)


def write_whole(target: Path, content: bytes, *, cannot: type[KhienError]) -> None:
    """Write a file beside its place, then move it there.

    Args: cannot: raised with path and why where it cannot be written; what stood there stays
    """
    beside = target.with_name(f".{target.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise cannot(path=target, why=error.strerror or error) from error
