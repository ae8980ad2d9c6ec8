"""The doors of sharing: a text of the library in a form others read, and any such form read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from khien.adoption.sharing.checking import PLACES, CheckedText, checked
from khien.adoption.sharing.ciso import MEDIA_TYPE as CISO_TYPE
from khien.adoption.sharing.ciso import ciso_library, ciso_mapping
from khien.adoption.sharing.ciso_reading import Skeleton, read_ciso
from khien.adoption.sharing.contents import TextFiles, data_of, document_of, files_of
from khien.adoption.sharing.errors import (
    NotExportable,
    PackageAltered,
    SharedUnreadable,
    UnknownForm,
)
from khien.adoption.sharing.oscal import oscal_files
from khien.adoption.sharing.oscal_foreign import is_foreign, read_foreign
from khien.adoption.sharing.oscal_reading import catalogs_in, read_oscal
from khien.adoption.sharing.package import (
    ENDING,
    MANIFEST,
    Seal,
    Trust,
    Verified,
    is_package,
    sealed,
    trusted,
    verified,
)
from khien.adoption.sharing.package import MEDIA_TYPE as PACKAGE_TYPE
from khien.adoption.sharing.packing import (
    as_text,
    from_folder,
    packed,
    read_limited,
    unpacked,
    without_outer_folder,
)
from khien.adoption.sharing.workbook import MEDIA_TYPE as WORKBOOK_TYPE
from khien.adoption.sharing.workbook import workbook_of
from khien.adoption.sharing.workbook_reading import is_workbook, read_workbook
from khien.kernel.language import Text
from khien.norms.model import Control, Document, Library

FOLDER: Final = "folder"
PACKAGE: Final = "package"
OSCAL: Final = "oscal"
CISO: Final = "ciso"
WORKBOOK: Final = "xlsx"
# The forms that are several files: a zip of them, or a folder.
IN_FOLDERS: Final = (FOLDER, OSCAL)
_ZIP: Final = "application/zip"
_SPACE: Final = b" \t\r\n\xef\xbb\xbf"
_NOTHING_KNOWN = Text(
    "không phải thư mục thư viện, gói ký, OSCAL, thư viện CISO Assistant hay sổ tính của một văn bản",
    "it is no library folder, signed package, OSCAL, CISO Assistant library or workbook of a text",
)
_NO_SEAL = Text("gói ký cần khóa của hệ thống", "a signed package needs the key of an installation")
_OTHER_TEXT = Text(
    "bảng kê nói về «{said}», tệp lại là «{found}»", "the manifest speaks of “{said}”, the files are “{found}”"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exported:
    """A text in one form: a file name, what kind of file it is, and its bytes."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class SharedText:
    """A text that was read from a form and checked in full; nothing of it is stored yet.

    form: which form it had; files: what to store, in the one form of the library; seal: what was verified of a
    signed package, None for other forms.
    """

    form: str
    files: TextFiles
    document: Document
    own_controls: Mapping[str, Control] = field(default_factory=dict)
    seal: Verified | None = None


def exported(
    library: Library, document_id: str, form: str, *, seal: Seal | None = None
) -> Exported:
    """Return a text of the library in a form: one of `FORMS`.

    Args:   seal: who signs, for a signed package
    Raises: UnknownDocument, UnknownForm, NotExportable
    """
    if form == PACKAGE:
        return _package(library, document_id, seal)
    make = _MAKERS.get(form)
    if make is None:
        raise UnknownForm(form=form, known=", ".join(FORMS))
    return make(library, document_id)


def _package(library: Library, document_id: str, seal: Seal | None) -> Exported:
    if seal is None:
        raise NotExportable(document=document_id, form=PACKAGE, why=_NO_SEAL)
    data = sealed(files_of(library, document_id), document_of(library, document_id), seal)
    return Exported(f"{document_id}{ENDING}", PACKAGE_TYPE, data)


def _folder(library: Library, document_id: str) -> Exported:
    files = files_of(library, document_id).files
    data = packed({name: text.encode() for name, text in files.items()})
    return Exported(f"{document_id}.zip", _ZIP, data)


def _oscal(library: Library, document_id: str) -> Exported:
    document = document_of(library, document_id)
    data = packed(oscal_files(data_of(library, document_id), document, library), smaller=True)
    return Exported(f"{document_id}-oscal.zip", _ZIP, data)


def _ciso(library: Library, document_id: str) -> Exported:
    document = document_of(library, document_id)
    data = ciso_library(data_of(library, document_id), document, library)
    return Exported(f"{document_id}-ciso.yaml", CISO_TYPE, data.encode())


def mapped(library: Library, source_id: str, target_id: str) -> Exported:
    """Return a CISO Assistant library that maps two texts to each other by the controls they share.

    Raises: UnknownDocument
    """
    source, target = document_of(library, source_id), document_of(library, target_id)
    data = ciso_mapping(source, target)
    return Exported(f"{source_id}-and-{target_id}-ciso.yaml", CISO_TYPE, data.encode())


def _workbook(library: Library, document_id: str) -> Exported:
    data = workbook_of(data_of(library, document_id), library)
    return Exported(f"{document_id}.xlsx", WORKBOOK_TYPE, data)


_MAKERS: Final[Mapping[str, Callable[[Library, str], Exported]]] = {
    FOLDER: _folder,
    OSCAL: _oscal,
    CISO: _ciso,
    WORKBOOK: _workbook,
}
# What people choose from, each with what it is good for.
FORM_WORDS: Final[Mapping[str, Text]] = {
    PACKAGE: Text("Gói ký, cho đơn vị khác dùng Khiên", "Signed package, for units that use Khiên"),
    FOLDER: Text("Thư mục thư viện (YAML)", "Library folder (YAML)"),
    WORKBOOK: Text("Sổ tính (.xlsx), để xem và sửa", "Workbook (.xlsx), to read and edit"),
    OSCAL: Text("Danh mục và hồ sơ OSCAL", "OSCAL catalog and profile"),
    CISO: Text("Thư viện CISO Assistant", "CISO Assistant library"),
}
FORMS: Final = (FOLDER, PACKAGE, OSCAL, CISO, WORKBOOK)


def read_shared(
    source: Path | bytes, library: Library, *, trust: Trust, name: str = ""
) -> SharedText | Skeleton:
    """Read a text from whatever form it has; the form is found by its content, not by its name.

    A library of CISO Assistant and an OSCAL catalog of others hold too little of a text: they come back as a
    skeleton to be reviewed.

    Args:   source: a file, a folder, or the bytes of a file; library: what its clauses may name
            trust: whose packages are taken; name: what to call bytes in messages
    Raises: SharedUnreadable, SharedTooLarge, SharedBroken, PackageAltered, PackageKeyNotTrusted
    """
    if isinstance(source, Path):
        file = source.name or str(source)
        if source.is_dir():
            return _from_files(from_folder(source), library, trust, file)
        content = read_limited(source, file)
    else:
        file, content = name or "–", source
    if content.lstrip(_SPACE)[:1] == b"{":
        return _from_oscal({"catalog.json": content}, library, file)
    if not content.startswith(b"PK"):
        return read_ciso(content, file, library)
    files = unpacked(content, file)
    if is_workbook(files):
        return _shared(WORKBOOK, read_workbook(content, file, library))
    return _from_files(files, library, trust, file)


def verify_package(source: Path | bytes, trust: Trust, *, name: str = "") -> Verified:
    """Say what holds of a signed package, trusted or not.

    Raises: SharedUnreadable: no package; SharedTooLarge; PackageAltered
    """
    file = source.name if isinstance(source, Path) else name or "–"
    if isinstance(source, Path) and source.is_dir():
        files = from_folder(source)
    else:
        files = unpacked(read_limited(source, file) if isinstance(source, Path) else source, file)
    files = without_outer_folder(files, PLACES)
    if not is_package(files):
        raise SharedUnreadable(file, Text("không phải gói ký", "it is no signed package"))
    return verified(files, trust)


def _from_files(
    files: Mapping[str, bytes], library: Library, trust: Trust, file: str
) -> SharedText | Skeleton:
    files = without_outer_folder(files, PLACES)
    if is_package(files):
        seal = trusted(verified(files, trust))
        rest = {name: content for name, content in files.items() if name != MANIFEST}
        found = checked(as_text(rest, file), library)
        if found.document.id != seal.document:
            why = _OTHER_TEXT.fill({"said": seal.document, "found": found.document.id})
            raise PackageAltered(why)
        return _shared(PACKAGE, found, seal)
    if any(name.split("/")[0] in PLACES for name in files):
        return _shared(FOLDER, checked(as_text(files, file), library))
    if any(name.endswith(".json") for name in files):
        return _from_oscal(files, library, file)
    raise SharedUnreadable(file, _NOTHING_KNOWN)


def _from_oscal(files: Mapping[str, bytes], library: Library, file: str) -> SharedText | Skeleton:
    catalogs = catalogs_in(files, file)
    if is_foreign(catalogs):
        return read_foreign(catalogs, file)
    return _shared(OSCAL, read_oscal(catalogs, file, library))


def _shared(form: str, found: CheckedText, seal: Verified | None = None) -> SharedText:
    return SharedText(form, found.files, found.document, found.own_controls, seal)
