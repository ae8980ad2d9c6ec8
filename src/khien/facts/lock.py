"""One process at a time replaces fact files; reading and taking in need no lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from khien.facts.errors import FactsBusy
from khien.ledger.errors import LedgerBusy
from khien.ledger.lock import FileLock

# Beside the facts folder, and with a dot: not evidence, and no part of a backup.
_NAME = ".facts-lock"


@contextmanager
def files_held_still(*, seconds: float = 0) -> Iterator[None]:
    """See that meanwhile no other process merges or removes fact files; files of new intakes may be added.

    Raises: FactsBusy: another process does, for longer than so many seconds
    """
    folder = Path(settings.KHIEN_DATA)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        lock = FileLock(folder / _NAME, seconds)
    except LedgerBusy as error:
        raise FactsBusy(seconds=f"{seconds:g}") from error
    try:
        yield
    finally:
        lock.release()
