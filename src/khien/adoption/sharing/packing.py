"""Files in a zip or folder: written with the same bytes each time, read with distrust."""

from __future__ import annotations

import io
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from khien.adoption.sharing.errors import SharedTooLarge, SharedUnreadable
from khien.kernel.language import Text

BYTES_MAX: Final = 20 * 2**20
UNPACKED_MAX: Final = 80 * 2**20
MEMBERS_MAX: Final = 2_000
_CHUNK: Final = 256 * 1024
_DAY: Final = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE: Final = 0o100644 << 16
_UTF8_NAME: Final = 0x800
_ENCRYPTED: Final = 0x1
_ODD: Final = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|]")
_ZIP_ERRORS: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError,
)  # fmt: skip

_DAMAGED = Text("tệp nén hỏng", "the zip is damaged")
_MEMBER_DAMAGED = Text(
    "«{name}» trong tệp nén bị hỏng hoặc bị sửa", "“{name}” in the zip is damaged or altered"
)
_TOO_LARGE = Text(f"tối đa {BYTES_MAX // 2**20} MB", f"at most {BYTES_MAX // 2**20} MB")
_UNPACKS = Text(
    f"giải nén ra quá {UNPACKED_MAX // 2**20} MB",
    f"it unpacks to more than {UNPACKED_MAX // 2**20} MB",
)
_TOO_MANY = Text(f"quá {MEMBERS_MAX} tệp", f"more than {MEMBERS_MAX} files")
_LOCKED = Text("tệp nén đặt mật khẩu", "the zip is protected by a password")
_LEADS_OUT = Text("đường dẫn «{name}» không được phép", "the path “{name}” is not allowed")
_LINK = Text("«{name}» không phải tệp thường", "“{name}” is not a plain file")
_TWICE = Text("«{name}» có hai lần", "“{name}” stands twice")
_NOT_UTF8 = Text("tên «{name}» không phải UTF-8", "the name “{name}” is not UTF-8")
_NOT_TEXT = Text("«{name}» không phải UTF-8", "“{name}” is not UTF-8")


def packed(files: Mapping[str, bytes], *, smaller: bool = False) -> bytes:
    """Return files as a zip, in the order given, with nothing in it of the clock or the machine.

    Args: smaller: compressed; the same files then give the same bytes only with the same compressor
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED if smaller else zipfile.ZIP_STORED
            entry.create_system, entry.external_attr = 3, _PLAIN_FILE
            package.writestr(entry, content)
    return target.getvalue()


def unpacked(content: bytes, file: str) -> dict[str, bytes]:
    """Return the files of a zip from a stranger, in the order of the zip.

    Raises: SharedUnreadable: damaged, encrypted, a path that leads out, a link, a name that stands twice;
            SharedTooLarge
    """
    if len(content) > BYTES_MAX:
        raise SharedTooLarge(file, _TOO_LARGE)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _members(package, file)
    except _ZIP_ERRORS as error:
        raise SharedUnreadable(file, _DAMAGED) from error


def _members(package: zipfile.ZipFile, file: str) -> dict[str, bytes]:
    listed = package.infolist()
    if len(listed) > MEMBERS_MAX:
        raise SharedTooLarge(file, _TOO_MANY)
    seen: set[str] = set()
    files: dict[str, bytes] = {}
    left = UNPACKED_MAX
    for entry in listed:
        _must_be_plain(entry, seen, file)
        if entry.is_dir():
            continue
        if entry.file_size > left:
            raise SharedTooLarge(file, _UNPACKS)
        try:
            files[entry.filename] = _content(package, entry, left, file)
        except _ZIP_ERRORS as error:
            why = _MEMBER_DAMAGED.fill({"name": _shown(entry.filename)})
            raise SharedUnreadable(file, why) from error
        left -= len(files[entry.filename])
    return files


def _must_be_plain(entry: zipfile.ZipInfo, seen: set[str], file: str) -> None:
    name = entry.filename
    if entry.flag_bits & _ENCRYPTED:
        raise SharedUnreadable(file, _LOCKED)
    if not name.isascii() and not entry.flag_bits & _UTF8_NAME:
        raise SharedUnreadable(file, _NOT_UTF8.fill({"name": _shown(name)}))
    # zipfile cuts a name at a zero byte and turns the separators of the machine; what was written counts.
    if entry.orig_filename != name or not _is_safe(name):
        raise SharedUnreadable(file, _LEADS_OUT.fill({"name": _shown(entry.orig_filename)}))
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFDIR if entry.is_dir() else stat.S_IFREG):
        raise SharedUnreadable(file, _LINK.fill({"name": _shown(name)}))
    # Two names that one file system takes for the same are the same.
    key = unicodedata.normalize("NFC", name).casefold().rstrip("/")
    if key in seen:
        raise SharedUnreadable(file, _TWICE.fill({"name": _shown(name)}))
    seen.add(key)


def _is_safe(name: str) -> bool:
    parts = name.removesuffix("/").split("/")
    return not _ODD.search(name) and all(part.strip(" .") for part in parts)


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name[:100])


def _content(package: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, file: str) -> bytes:
    pieces = []
    with package.open(entry) as source:
        while piece := source.read(_CHUNK):
            left -= len(piece)
            if left < 0:
                raise SharedTooLarge(file, _UNPACKS)
            pieces.append(piece)
    return b"".join(pieces)


def from_folder(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by their path in it, in the order of paths.

    Raises: SharedUnreadable: a link, or a file that cannot be read; SharedTooLarge
    """
    files: dict[str, bytes] = {}
    left = BYTES_MAX
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise SharedUnreadable(str(folder), _LINK.fill({"name": _shown(name)}))
        if path.is_dir():
            continue
        if len(files) == MEMBERS_MAX:
            raise SharedTooLarge(str(folder), _TOO_MANY)
        content = read_limited(path, str(folder))
        left -= len(content)
        if left < 0:
            raise SharedTooLarge(str(folder), _TOO_LARGE)
        files[name] = content
    return files


def read_limited(path: Path, file: str) -> bytes:
    """Return the bytes of a file that is not too large.

    Raises: SharedUnreadable, SharedTooLarge
    """
    try:
        with path.open("rb") as source:
            content = source.read(BYTES_MAX + 1)
    except OSError as error:
        why = error.strerror or str(error)
        raise SharedUnreadable(file, Text(why, why)) from error
    if len(content) > BYTES_MAX:
        raise SharedTooLarge(file, _TOO_LARGE)
    return content


def as_text(files: Mapping[str, bytes], file: str) -> dict[str, str]:
    """Return files as text.

    Raises: SharedUnreadable: one is not UTF-8
    """
    texts: dict[str, str] = {}
    for name, content in files.items():
        try:
            texts[name] = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise SharedUnreadable(file, _NOT_TEXT.fill({"name": _shown(name)})) from error
    return texts


def without_outer_folder(files: Mapping[str, bytes], inner: frozenset[str]) -> dict[str, bytes]:
    """Return files without the one folder that all lie in, unless it is one of those looked for."""
    firsts = {PurePosixPath(name).parts[0] for name in files}
    first = next(iter(firsts), "")
    is_outer = len(firsts) == 1 and first not in inner and all("/" in name for name in files)
    return {name.removeprefix(f"{first}/") if is_outer else name: c for name, c in files.items()}
