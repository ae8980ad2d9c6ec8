"""Opens the package of a Word file within limits, and parses its XML without entities or network."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Final

from lxml import etree

from khien.norms.text import errors
from khien.norms.text.source import SourceFile

# A long law with its forms unpacks to some 15 MiB; pictures and fonts make up the rest.
MEMBERS_MAX: Final = 2_000
MEMBER_SIZE_MAX: Final = 48 * 2**20
TOTAL_SIZE_MAX: Final = 200 * 2**20
RATIO_MAX: Final = 200
_RATIO_FROM_SIZE: Final = 2**20
_DIRECTORY_SIZE_MAX: Final = 2**20
_CHUNK: Final = 2**16

_END_OF_DIRECTORY: Final = b"PK\x05\x06"
_ZIP_ERRORS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)
_DECLARATION: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OTHER_PACKAGES: Final = (
    ("xl/", "bảng tính Excel", "an Excel workbook"),
    ("ppt/", "bản trình chiếu PowerPoint", "a PowerPoint presentation"),
    ("content.xml", "tệp OpenDocument", "an OpenDocument file"),
    ("META-INF/container.xml", "sách điện tử EPUB", "an EPUB book"),
)
_MEASURES: Final = {
    "directory": ("số byte của mục lục", "its directory size in bytes"),
    "members": ("số tệp con", "its number of members"),
    "size": ("số byte sau khi giải nén", "its unpacked size in bytes"),
    "ratio": ("tỷ lệ nén", "its compression ratio"),
}
# The "strict" variant of the format differs, for reading text, only in the name of its namespace.
_STRICT: Final = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL: Final = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FOLDER: Final = "word/"


class DocxPackage:
    """The parts of one Word file, unpacked one at a time and counted while unpacking.

    Packages inside it (embedded workbooks, inserted documents) are never opened, so that nesting
    gains an attacker nothing; relations to the outside are never followed.
    """

    def __init__(self, source: SourceFile) -> None:
        self._file = source.name
        self._unpacked = 0
        self._check_directory(source.content)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(source.content))
        except _ZIP_ERRORS as error:
            raise self._broken("zip", error) from error
        self._check_members()
        self.names = frozenset(self._zip.namelist())
        self.document_name = self._find_document()

    def xml(self, name: str) -> etree._Element | None:
        """Return the root of one part, or nothing where the package lacks it.

        Raises: KhienError: the part is damaged, too large, or declares entities
        """
        if name not in self.names:
            return None
        content = self._unpack(name)
        # Word writes UTF-8; dropping zero bytes finds the declaration in UTF-16 as well.
        if _DECLARATION.search(content.replace(b"\0", b"")):
            raise errors.DocxHasDtd(file=self._file, place=name)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            return etree.fromstring(content.replace(_STRICT, _TRANSITIONAL), parser)
        except etree.XMLSyntaxError as error:
            raise self._broken(name, error) from error

    def _find_document(self) -> str:
        """Return the name of the main part: nearly always word/document.xml, else as related."""
        usual = f"{_FOLDER}document.xml"
        if usual in self.names:
            return usual
        relations = self.xml("_rels/.rels")
        for relation in () if relations is None else relations:
            target = relation.get("Target", "").lstrip("/")
            is_main = relation.get("Type", "").endswith("/officeDocument")
            if is_main and target.startswith(_FOLDER) and target in self.names:
                return str(target)
        raise self._other_kind()

    def _check_directory(self, content: bytes) -> None:
        """Refuse a huge member list before a list object is built for it."""
        end = content.rfind(_END_OF_DIRECTORY, max(0, len(content) - 65_557))
        size = int.from_bytes(content[end + 12 : end + 16], "little") if end >= 0 else 0
        if size > _DIRECTORY_SIZE_MAX:
            raise self._bomb("zip", "directory", size, _DIRECTORY_SIZE_MAX)

    def _check_members(self) -> None:
        members = self._zip.infolist()
        if len(members) > MEMBERS_MAX:
            raise self._bomb("zip", "members", len(members), MEMBERS_MAX)
        total = sum(member.file_size for member in members)
        if total > TOTAL_SIZE_MAX:
            raise self._bomb("zip", "size", total, TOTAL_SIZE_MAX)
        for member in members:
            self._check_ratio(member.filename, member.file_size, member.compress_size)
            if member.flag_bits & 0x1:
                raise errors.DocxEncrypted(file=self._file)

    def _check_ratio(self, name: str, size: int, packed: int) -> None:
        if size > _RATIO_FROM_SIZE and size > packed * RATIO_MAX:
            ratio = size // max(packed, 1)
            raise self._bomb(name, "ratio", ratio, RATIO_MAX)

    def _unpack(self, name: str) -> bytes:
        """Unpack one part, counting what really comes out: the directory may lie."""
        member = self._zip.getinfo(name)
        pieces, size = [], 0
        try:
            with self._zip.open(member) as stream:
                while piece := stream.read(_CHUNK):
                    size += len(piece)
                    self._count(name, size, len(piece))
                    pieces.append(piece)
        except _ZIP_ERRORS as error:
            raise self._broken(name, error) from error
        return b"".join(pieces)

    def _count(self, name: str, size: int, more: int) -> None:
        self._unpacked += more
        if size > MEMBER_SIZE_MAX:
            raise self._bomb(name, "size", size, MEMBER_SIZE_MAX)
        if self._unpacked > TOTAL_SIZE_MAX:
            raise self._bomb(name, "size", self._unpacked, TOTAL_SIZE_MAX)

    def _other_kind(self) -> errors.DocumentKindUnknown:
        for mark, vi, en in _OTHER_PACKAGES:
            if any(name.startswith(mark) for name in self.names):
                return errors.DocumentKindUnknown(file=self._file, kind_vi=vi, kind_en=en)
        return errors.DocumentKindUnknown(
            file=self._file, kind_vi="tệp nén ZIP", kind_en="a ZIP archive"
        )

    def _bomb(self, place: str, measure: str, value: int, limit: int) -> errors.DocxBomb:
        vi, en = _MEASURES[measure]
        return errors.DocxBomb(
            file=self._file, place=place, measure_vi=vi, measure_en=en, value=value, limit=limit
        )

    def _broken(self, place: str, error: Exception) -> errors.DocxBroken:
        return errors.DocxBroken(
            file=self._file, place=place, reason=str(error) or type(error).__name__
        )
