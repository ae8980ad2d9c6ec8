"""One writer at a time, also between processes, on POSIX and Windows."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from khien.ledger.errors import LedgerBusy

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_PAUSE_SECONDS = 0.02


class FileLock:
    """An exclusive lock on a file, free again when its process ends in whatever way."""

    def __init__(self, path: Path, seconds: float) -> None:
        """Wait for the lock.

        Raises: LedgerBusy: not free within that time
        """
        self._file = path.open("ab")
        end = time.monotonic() + seconds
        while not _taken(self._file.fileno()):
            if time.monotonic() >= end:
                self._file.close()
                raise LedgerBusy(directory=path.parent, seconds=f"{seconds:g}")
            time.sleep(_PAUSE_SECONDS)

    def release(self) -> None:
        """Let the next process in; closing the file frees the lock."""
        self._file.close()


def _taken(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
