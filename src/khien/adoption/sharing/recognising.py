"""Is a dropped file a text that was shared or a regulation as issued, and is it small enough for a page."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Final

from khien.adoption.sharing.checking import PLACES
from khien.adoption.sharing.errors import TooLongForPage, TooMuchForPage
from khien.adoption.sharing.package import ENDING, MANIFEST
from khien.norms.model import Document

# Two thousand clauses are written or read in about seven seconds on two busy cores; what is longer would hold a
# worker of the pages for minutes. See bench/bench_sharing.py.
CLAUSES_MAX: Final = 2_000
_MB: Final = 2**20
_JSON, _WORKBOOK, _YAML = "json", "workbook", "yaml"
# What two thousand clauses take unpacked, and some more.
_PAGE_BYTES: Final[Mapping[str, int]] = {_JSON: 14 * _MB, _WORKBOOK: 6 * _MB, _YAML: 4 * _MB}
_HEAD: Final = 64 * 1024
_ENDINGS: Final = (ENDING, ".zip", ".json", ".yaml", ".yml", ".xlsx")
_OBJECT: Final = re.compile(rb"\s*\{\s*\"")
_LIBRARY: Final = re.compile(rb"(?m)^(?:urn:\s*[\"']?urn:|objects:\s*$)")
_ZIP_ERRORS: Final = (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError)


def is_shared(content: bytes, name: str) -> bool:
    """Say whether a file is meant as a shared text: by its content; by its name where that cannot be read."""
    if content.startswith(b"PK"):
        names = [entry.filename for entry in _entries(content)]
        if not names:
            return name.lower().endswith(_ENDINGS)
        return "word/document.xml" not in names and any(_tells(one) for one in names)
    start = content[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    return bool(_OBJECT.match(start)) or bool(_LIBRARY.search(start))


def must_suit_page(content: bytes, name: str, unit_code: str) -> None:
    """Refuse a shared file whose reading would hold a worker of the pages for long.

    Raises: TooMuchForPage: names what to run instead
    """
    entries = _entries(content) if content.startswith(b"PK") else []
    names = [entry.filename for entry in entries] or [name]
    size = sum(entry.file_size for entry in entries) or len(content)
    limit = _PAGE_BYTES[_kind(names, content)]
    if size > limit:
        said = {"size": f"{size / _MB:.1f}", "limit": limit // _MB}
        raise TooMuchForPage(file=name, unit=unit_code, **said)


def must_suit_download(document: Document, form: str, file: str) -> None:
    """Refuse an export that would hold a worker of the pages for long.

    Raises: TooLongForPage: names what to run instead
    """
    count = len(document.clauses)
    if count > CLAUSES_MAX:
        raise TooLongForPage(
            document=document.id, count=count, limit=CLAUSES_MAX, form=form, file=file
        )


def _tells(member: str) -> bool:
    parts = member.split("/")
    return (
        parts[-1] == MANIFEST
        or bool(PLACES.intersection(parts[:2]))
        or member == "xl/workbook.xml"
        or parts[-1].endswith((".json", ".yaml", ".yml"))
    )


def _kind(names: list[str], content: bytes) -> str:
    if "xl/workbook.xml" in names:
        return _WORKBOOK
    if any(one.endswith(".json") for one in names) or _OBJECT.match(content[:_HEAD]):
        return _JSON
    return _YAML


def _entries(content: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return package.infolist()
    except _ZIP_ERRORS:
        return []
