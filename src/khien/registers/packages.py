"""Workbooks from strangers: unpacked within limits, looked through, and rebuilt with their cells only."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from khien.kernel.language import Text
from khien.registers.errors import FileRefused, FileTooLarge

MEMBERS_MAX: Final = 2_000
UNPACKED_MAX: Final = 400 * 2**20
ROWS_MAX: Final = 200_000
COLUMNS_MAX: Final = 300
CELLS_MAX: Final = 12_000_000
# Rows above the data (title, header) do not count against the limit of rows.
ROWS_AROUND: Final = 100
_CHUNK: Final = 2**20
_DIRECTORY_MAX: Final = 2**20
_ZIP_ERRORS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)
_KEPT: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/sharedStrings\.xml|xl/styles\.xml|xl/worksheets/[^/]+\.xml"
    r"|mimetype|content\.xml|META-INF/manifest\.xml"
)
_DECLARATION: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

MACROS: Final = Text(
    "tệp có macro; lưu lại thành sổ Excel thường (.xlsx) rồi tải lên",
    "it holds macros; save it as a plain workbook (.xlsx) and upload that",
)
BROKEN: Final = Text(
    "tệp hỏng hoặc không phải bảng tính; mở bằng Excel, lưu lại thành .xlsx",
    "it is damaged or no spreadsheet; open it in Excel and save it again as .xlsx",
)
NOT_A_TABLE: Final = Text(
    "đây không phải bảng tính; dùng tệp .xlsx, .xls, .ods hoặc .csv",
    "this is not a spreadsheet; use a file .xlsx, .xls, .ods or .csv",
)
UNPACKS_TOO_LARGE: Final = Text(
    "tệp giải nén ra quá lớn; xóa ảnh và trang thừa rồi lưu lại",
    "it unpacks to too much; delete pictures and needless sheets and save it again",
)
TOO_MANY_CELLS: Final = Text(
    f"bảng quá {ROWS_MAX:,} dòng hoặc {COLUMNS_MAX} cột; chia thành nhiều tệp, xóa vùng thừa".replace(
        ",", ".", 1
    ),
    f"the table has more than {ROWS_MAX:,} rows or {COLUMNS_MAX} columns; split it, delete stray cells",
)


@dataclass(slots=True)
class CheckedPackage:
    """A workbook rebuilt from the parts that were looked through, with its formulas and errors by sheet name."""

    content: bytes
    formulas: dict[str, set[tuple[int, int]]] = field(default_factory=dict)
    errors: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)


def check_package(content: bytes, file: str) -> CheckedPackage:
    """Unpack a workbook (.xlsx, .ods) within limits and rebuild it without anything but tables.

    Links to other files, pictures, connections and macros are left behind; a workbook with macros is refused.
    Raises: FileRefused, FileTooLarge
    """
    end = content.rfind(b"PK\x05\x06", max(0, len(content) - 65_557))
    if end < 0 or int.from_bytes(content[end + 12 : end + 16], "little") > _DIRECTORY_MAX:
        raise FileRefused(file, BROKEN)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = _unpacked(package, file)
    except _ZIP_ERRORS as error:
        raise FileRefused(file, BROKEN) from error
    scan = _Scan(file)
    try:
        if "content.xml" in parts:
            scan.opendocument(parts["content.xml"])
        else:
            scan.workbook(parts)
    except (etree.XMLSyntaxError, KeyError, ValueError) as error:
        raise FileRefused(file, BROKEN) from error
    return CheckedPackage(_rebuilt(parts), scan.formulas, scan.errors)


def _unpacked(package: zipfile.ZipFile, file: str) -> dict[str, bytes]:
    members = package.infolist()
    names = {member.filename.lower() for member in members}
    if any("vbaproject" in name or name.startswith("basic/") for name in names):
        raise FileRefused(file, MACROS)
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise FileRefused(file, NOT_A_TABLE)
    if len(members) > MEMBERS_MAX:
        raise FileTooLarge(file, UNPACKS_TOO_LARGE)
    parts: dict[str, bytes] = {}
    left = UNPACKED_MAX
    for member in members:
        if _KEPT.fullmatch(member.filename) and member.filename not in parts:
            parts[member.filename] = _part(package, member, left, file)
            left -= len(parts[member.filename])
    if b"macroEnabled" in parts.get("[Content_Types].xml", b""):
        raise FileRefused(file, MACROS)
    return parts


def _part(package: zipfile.ZipFile, member: zipfile.ZipInfo, left: int, file: str) -> bytes:
    if member.file_size > left:
        raise FileTooLarge(file, UNPACKS_TOO_LARGE)
    pieces = []
    with package.open(member) as source:
        while piece := source.read(_CHUNK):
            left -= len(piece)
            if left < 0:
                raise FileTooLarge(file, UNPACKS_TOO_LARGE)
            pieces.append(piece)
    data = b"".join(pieces)
    # Dropping zero bytes finds the declaration in UTF-16 as well.
    head = data[:4096].replace(b"\0", b"")
    if _DECLARATION.search(head) or _DECLARATION.search(data):
        raise FileRefused(file, BROKEN)
    return data


def _rebuilt(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        for name, data in parts.items():
            package.writestr(zipfile.ZipInfo(name), data)
    return target.getvalue()


class _Scan:
    """Walks the cells of a package: notes formulas, and refuses a table no reader should spread out."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.formulas: dict[str, set[tuple[int, int]]] = {}
        self.errors: dict[str, dict[tuple[int, int], str]] = {}

    def workbook(self, parts: dict[str, bytes]) -> None:
        """Look through all sheets of an Excel workbook."""
        targets = {
            relation.get("Id"): relation.get("Target", "")
            for relation in _root(parts["xl/_rels/workbook.xml.rels"])
        }
        sheets = _root(parts["xl/workbook.xml"]).iter("{*}sheet")
        names = {targets.get(sheet.get(_RELATION)): sheet.get("name", "") for sheet in sheets}
        for part, data in parts.items():
            if part.startswith("xl/worksheets/"):
                name = names.get(part.removeprefix("xl/")) or names.get(f"/{part}") or part
                self.errors[name] = {}
                self.formulas[name] = self._sheet(data, self.errors[name])

    def _sheet(self, data: bytes, errors: dict[tuple[int, int], str]) -> set[tuple[int, int]]:
        formulas: set[tuple[int, int]] = set()
        row, column, last_column = 0, 0, 0
        for element in _elements(data, ("{*}c", "{*}row")):
            if element.tag.endswith("}row"):
                row = max(row, int(element.get("r", row + 1)))
                column = 0
                continue
            at = _REFERENCE.fullmatch(element.get("r", ""))
            column = _column(at[1]) if at else column + 1
            if len(element) == 0:
                continue
            here = int(at[2]) if at else row + 1
            row, last_column = max(row, here - 1), max(last_column, column)
            self._must_be_small(here, last_column)
            if any(child.tag.endswith("}f") for child in element):
                formulas.add((here, column))
            if element.get("t") == "e":
                # The reader of cells gives an error as nothing at all.
                errors[here, column] = "".join(element.itertext("{*}v")) or "#N/A"
        return formulas

    def opendocument(self, data: bytes) -> None:
        """Look through all sheets of an OpenDocument spreadsheet; repeated cells count as often as they stand."""
        formulas: set[tuple[int, int]] = set()
        row = 0
        for element in _elements(data, (f"{_TABLE}table-row", f"{_TABLE}table")):
            if element.tag == f"{_TABLE}table":
                self.formulas[element.get(f"{_TABLE}name", "")] = formulas
                formulas, row = set(), 0
                continue
            repeat = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
            column, last = 0, 0
            for cell in element:
                count = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
                if cell.get(f"{_OFFICE}value-type") or len(cell) or cell.get(f"{_TABLE}formula"):
                    last = column + count
                if cell.get(f"{_TABLE}formula"):
                    formulas.add((row + 1, column + 1))
                column += count
            row += repeat
            if last:
                self._must_be_small(row, last)

    def _must_be_small(self, row: int, column: int) -> None:
        if row > ROWS_MAX + ROWS_AROUND or column > COLUMNS_MAX or row * column > CELLS_MAX:
            raise FileTooLarge(self.file, TOO_MANY_CELLS)


def _root(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(data, parser)


def _elements(data: bytes, tags: tuple[str, ...]) -> Iterator[etree._Element]:
    """Yield elements as they end, and let go of those that were looked at."""
    walk = etree.iterparse(
        io.BytesIO(data), tag=tags, resolve_entities=False, no_network=True, load_dtd=False
    )
    for _, element in walk:
        yield element
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column by its 1-based number: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
