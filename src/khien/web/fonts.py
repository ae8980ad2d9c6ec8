"""The typeface, served from its own installed package: four weights, nothing copied."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import fontpkg_be_vietnam_pro
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

FOLDER = Path(fontpkg_be_vietnam_pro.__file__).resolve().parent / "files"
PREFIX = "khien/fonts/"
FILES = tuple(f"BeVietnamPro-{weight}.ttf" for weight in ("Regular", "Medium", "SemiBold", "Bold"))


class TypefaceFinder(BaseFinder):
    """Finds the four font files under khien/fonts/ for the static files app."""

    def check(self, **kwargs: Any) -> list[Any]:
        """Return no complaints: the package is a dependency."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the file of a font that is served; an empty list for anything else."""
        name = path.removeprefix(PREFIX)
        if not path.startswith(PREFIX) or name not in FILES:
            return []
        place = str(FOLDER / name)
        return [place] if find_all else place

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        """Yield each font with the storage that holds it."""
        storage = FileSystemStorage(location=FOLDER)
        storage.prefix = PREFIX.rstrip("/")  # type: ignore[attr-defined]  # read by the finders' users
        for name in FILES:
            yield name, storage
