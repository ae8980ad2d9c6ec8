"""The texts an installation put into force itself: library folders beside its data, one in use at a time.

`<data>/library/current` names the folder in use; every process sees a change by looking at that file.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from khien.kernel.canonical import canonical_bytes, sha256_hex

POINTER = "current"
_KEPT_FOLDERS = 3

_places: list[Callable[[], Path]] = []
_seen: dict[Path, tuple[tuple[int, int, int], str]] = {}


def kept_in(place: Callable[[], Path]) -> None:
    """Say where the installation keeps its own texts; asked anew each time, since tests move it."""
    _places[:] = [place]


def own_root() -> Path | None:
    """Return where own texts are kept; None where no installation is open."""
    return _places[0]() if _places else None


def own_folder() -> Path | None:
    """Return the library folder of own texts in use; None where there is none."""
    root = own_root()
    if root is None:
        return None
    pointer = root / POINTER
    try:
        stat = pointer.stat()
    except OSError:
        return None
    mark = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
    seen = _seen.get(root)
    if seen is None or seen[0] != mark:
        seen = _seen[root] = (mark, pointer.read_text(encoding="ascii").strip())
    return root / seen[1] if seen[1] else None


def digest_of(files: Mapping[str, str]) -> str:
    """Return the SHA-256 over names and contents of own files, whatever their order."""
    return sha256_hex(canonical_bytes(dict(files)))


def write_own_library(root: Path, files: Mapping[str, str]) -> Path:
    """Write all own texts as one new folder and make it the one in use; a crash leaves the old one in use.

    Args: files: contents by path inside the library, such as norms/xa-mau/document.yaml
    """
    root.mkdir(parents=True, exist_ok=True)
    digest = digest_of(files)
    folder = root / digest
    if not folder.is_dir():
        part = root / f"{digest}.part"
        shutil.rmtree(part, ignore_errors=True)
        for name, content in files.items():
            path = part / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        part.mkdir(exist_ok=True)
        part.rename(folder)
    fresh = root / f"{POINTER}.new"
    with fresh.open("w", encoding="ascii") as out:
        out.write(digest)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(root / POINTER)
    _seen.pop(root, None)
    _forget_old(root, folder)
    return folder


def _forget_old(root: Path, in_use: Path) -> None:
    """Remove folders that no process reads any more: all but the newest few."""
    folders = sorted(
        (path for path in root.iterdir() if path.is_dir() and path != in_use),
        key=lambda path: path.stat().st_mtime_ns,
        reverse=True,
    )
    for path in folders[_KEPT_FOLDERS:]:
        shutil.rmtree(path, ignore_errors=True)
