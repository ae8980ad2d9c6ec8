"""The folder of own texts kept as the database says: the database is the truth, the folder its form."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from khien.adoption.models import Publication
from khien.ledger.lock import FileLock
from khien.norms.own_library import POINTER, digest_of, own_folder, own_root, write_own_library

logger = logging.getLogger(__name__)
_LOCK = ".lock"
_LOCK_SECONDS = 30.0


def published_files() -> dict[str, str]:
    """Return the library files of all publications not withdrawn, by path."""
    files: dict[str, str] = {}
    standing = Publication.objects.filter(withdrawn_at=None).order_by("code")
    for one in standing.values_list("files", flat=True):
        files.update(one)
    return files


def write_published() -> None:
    """Write the folder anew from the database, so that every process sees it; not inside a transaction."""
    root = own_root()
    if root is None:
        return
    with _alone(root):
        # Read only now: of two approvals at once the later one writes what both published.
        files = published_files()
        if files or (root / POINTER).exists():
            write_own_library(root, files)


def own_library_in_step() -> bool:
    """Write the folder anew where it differs from the database; at start-up and after a restore.

    Returns: whether it had to be written
    """
    files = published_files()
    folder = own_folder()
    if not files and folder is None:
        return False
    if folder is not None and folder.name == digest_of(files) == digest_of(_on_disk(folder)):
        return False
    logger.info("adoption.library_rewritten files=%d", len(files))
    _remove_altered(folder)
    write_published()
    return True


def own_library_there() -> None:
    """Write the folder where there is none though texts were published, as after a restore; else one look."""
    if own_folder() is None:
        own_library_in_step()


def _on_disk(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        return {}
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            found[name] = path.read_text(encoding="utf-8", errors="replace")
    return found


def _remove_altered(folder: Path | None) -> None:
    """Take an altered folder out of the way of the one that will be written under its name."""
    if folder is not None and folder.is_dir() and folder.name != digest_of(_on_disk(folder)):
        folder.rename(folder.with_name(f"{folder.name}.altered"))


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(root / _LOCK, _LOCK_SECONDS)
    try:
        yield
    finally:
        lock.release()
