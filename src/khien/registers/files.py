"""Bytes of filed documents: looked at before they are kept, stored once under their digest, never overwritten."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from khien.kernel.language import Text
from khien.registers.cleaning import one_line
from khien.registers.errors import AttachmentAltered, AttachmentRefused

SIZE_MAX: Final = 50 * 2**20
NAME_LENGTH: Final = 255
TEXT_MEDIA_TYPE: Final = "text/plain"
PDF: Final = "application/pdf"
OPAQUE: Final = "application/octet-stream"
_OOXML: Final = "application/vnd.openxmlformats-officedocument."
DOCX: Final = f"{_OOXML}wordprocessingml.document"
XLSX: Final = f"{_OOXML}spreadsheetml.sheet"
ODT: Final = "application/vnd.oasis.opendocument.text"
# What people call each type, and the ending its file gets when it is sent out again.
MEDIA_TYPES: Final = {
    PDF: ("PDF", ".pdf"),
    DOCX: ("Word", ".docx"),
    XLSX: ("Excel", ".xlsx"),
    ODT: ("OpenDocument", ".odt"),
    "image/png": ("PNG", ".png"),
    "image/jpeg": ("JPEG", ".jpg"),
    TEXT_MEDIA_TYPE: ("TXT", ".txt"),
}
_MEMBERS_MAX: Final = 5_000
_TOO_LARGE: Final = Text(
    f"tệp lớn hơn {SIZE_MAX // 2**20} MB; nén ảnh quét hoặc chia thành nhiều tệp",
    f"it is larger than {SIZE_MAX // 2**20} MB; compress the scan or split it",
)
_EMPTY: Final = Text("tệp trống", "it is empty")
_MACROS: Final = Text(
    "tệp có macro; lưu lại thành tệp thường rồi tải lên",
    "it holds macros; save it as a plain file and upload that",
)
_STRANGE: Final = Text(
    "không phải PDF, Word (.docx), Excel (.xlsx), OpenDocument (.odt), ảnh PNG/JPEG hoặc văn bản thuần; "
    "lưu văn bản thành PDF rồi tải lên",
    "it is no PDF, Word (.docx), Excel (.xlsx), OpenDocument (.odt), PNG or JPEG picture, or plain text; "
    "save the document as PDF and upload that",
)


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A file that may be kept: its clean name, its digest, and its type as its bytes tell it."""

    name: str
    sha256: str
    media_type: str
    content: bytes


def looked_at(content: bytes, name: str) -> LookedAt:
    """Return a file with the type its own bytes tell; its name is not believed.

    Raises: AttachmentRefused: too large, empty, with macros, or no kind of document that is filed
    """
    name = clean_name(name)
    if len(content) > SIZE_MAX:
        raise AttachmentRefused(name, _TOO_LARGE)
    if not content:
        raise AttachmentRefused(name, _EMPTY)
    return LookedAt(name, hashlib.sha256(content).hexdigest(), _sniffed(content, name), content)


def as_it_came(content: bytes, name: str) -> LookedAt:
    """Return a file whose form was read elsewhere, to be kept as bytes that nothing opens."""
    return LookedAt(clean_name(name), hashlib.sha256(content).hexdigest(), OPAQUE, content)


def must_not_be_larger(size_bytes: int, name: str) -> None:
    """Refuse a file by its size alone, before it is read into memory.

    Raises: AttachmentRefused
    """
    if size_bytes > SIZE_MAX:
        raise AttachmentRefused(clean_name(name), _TOO_LARGE)


def clean_name(name: str) -> str:
    """Return a file's name as it may be shown and sent: one line, no folders, no unseen letters."""
    bare = one_line(name.replace("\\", "/").rpartition("/")[2]).strip(". ")
    if len(bare) > NAME_LENGTH:
        stem, dot, ending = bare.rpartition(".")
        bare = f"{stem[: NAME_LENGTH - len(ending) - 1]}{dot}{ending}"[-NAME_LENGTH:]
    return bare or "tep"


def _sniffed(content: bytes, name: str) -> str:
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"PK"):
        return _packaged(content, name)
    if _is_text(content):
        return TEXT_MEDIA_TYPE
    raise AttachmentRefused(name, _STRANGE)


def _packaged(content: bytes, name: str) -> str:
    """Return the type of a document that is a ZIP inside; any other ZIP is refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = {member.filename for member in package.infolist()[:_MEMBERS_MAX]}
            head = package.open("mimetype").read(100) if "mimetype" in members else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise AttachmentRefused(name, _STRANGE) from error
    lowered = {member.lower() for member in members}
    if any("vbaproject" in member or member.startswith("basic/") for member in lowered):
        raise AttachmentRefused(name, _MACROS)
    if "word/document.xml" in members:
        return DOCX
    if "xl/workbook.xml" in members:
        return XLSX
    if head == ODT.encode():
        return ODT
    raise AttachmentRefused(name, _STRANGE)


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return all(letter.isprintable() or letter in "\r\n\t\f" for letter in text)


def files_folder() -> Path:
    """Return the folder of filed documents."""
    return Path(settings.KHIEN_DATA) / "files"


def place_of(sha256: str) -> Path:
    """Return where the bytes of a digest stand."""
    return files_folder() / sha256[:2] / sha256


def keep(file: LookedAt) -> None:
    """Write a file's bytes under their digest; what stands there already is never written again."""
    place = place_of(file.sha256)
    if place.is_file() and place.stat().st_size == len(file.content):
        return
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(prefix=".part-", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(file.content)
            target.flush()
            os.fsync(target.fileno())
        Path(partial).chmod(0o400)
        Path(partial).replace(place)
    finally:
        Path(partial).unlink(missing_ok=True)


def content_of(sha256: str, name: str) -> bytes:
    """Return the bytes of a filed document, if they still are what was filed.

    Raises: AttachmentAltered: they are gone or were changed
    """
    try:
        content = place_of(sha256).read_bytes()
    except OSError as error:
        raise AttachmentAltered(file=name) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise AttachmentAltered(file=name)
    return content


def is_as_filed(sha256: str) -> bool | None:
    """Say whether a stored file still has its digest; None where it is gone. Read in pieces."""
    place = place_of(sha256)
    if not place.is_file():
        return None
    with place.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest() == sha256
