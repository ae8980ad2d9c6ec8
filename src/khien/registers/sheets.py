"""Reading of tables from files: Excel, OpenDocument and CSV become rows of cells with their line numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from khien.kernel.language import Text
from khien.kernel.vietnamese import nfc
from khien.registers.errors import FileRefused, FileTooLarge
from khien.registers.packages import (
    BROKEN,
    COLUMNS_MAX,
    MACROS,
    NOT_A_TABLE,
    ROWS_AROUND,
    ROWS_MAX,
    TOO_MANY_CELLS,
    CheckedPackage,
    check_package,
)

FILE_SIZE_MAX: Final = 50 * 2**20
SHEETS_MAX: Final = 50
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SNIFFED: Final = 65_536
_TOO_LARGE = Text(
    f"tệp lớn hơn {FILE_SIZE_MAX // 2**20} MB; chia thành nhiều tệp",
    f"it is larger than {FILE_SIZE_MAX // 2**20} MB; split it",
)
_EMPTY = Text("tệp trống", "it is empty")
_LOCKED = Text(
    "tệp đặt mật khẩu; bỏ mật khẩu rồi tải lên lại",
    "it is protected by a password; remove that and upload it again",
)
_BAD_CSV = Text(
    "dòng {line} không đọc được như CSV; kiểm tra dấu nháy kép",
    "line {line} cannot be read as CSV; look at its quotes",
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file: its rows can be walked once or more, each with its 1-based line."""

    name: str
    formulas: frozenset[tuple[int, int]]
    _source: CalamineWorkbook | str
    _errors: Mapping[tuple[int, int], str]
    _delimiter: str = ","
    _file: str = ""

    def rows(self) -> Iterator[tuple[int, Sequence[object]]]:
        """Yield the rows that are not empty, in order.

        Raises: FileTooLarge: more rows than allowed; FileRefused: the rest cannot be read
        """
        walk = self._csv_rows() if isinstance(self._source, str) else self._cells(self._source)
        count = 0
        for line, cells in walk:
            if any(cell not in (None, "") for cell in cells):
                count += 1
                if count > ROWS_MAX + ROWS_AROUND or len(cells) > COLUMNS_MAX:
                    raise FileTooLarge(self._file, TOO_MANY_CELLS)
                yield line, cells

    def _cells(self, workbook: CalamineWorkbook) -> Iterator[tuple[int, Sequence[object]]]:
        sheet = workbook.get_sheet_by_name(self.name)
        # Rows are given from the first of the sheet on, columns from the first used one on.
        ahead: list[object] = [None] * (sheet.start[1] if sheet.start else 0)
        lines = {line for line, _ in self._errors}
        for line, given in enumerate(sheet.iter_rows(), 1):
            cells = [*ahead, *map(_plain, given)]
            if line in lines:
                cells = [self._errors.get((line, at), cell) for at, cell in enumerate(cells, 1)]
            yield line, cells

    def _csv_rows(self) -> Iterator[tuple[int, Sequence[object]]]:
        reader = csv.reader(io.StringIO(str(self._source), newline=""), delimiter=self._delimiter)
        try:
            yield from enumerate(reader, 1)
        except csv.Error as error:
            why = _BAD_CSV.fill({"line": reader.line_num})
            raise FileRefused(self._file, why) from error


def must_not_be_larger(size_bytes: int, file: str) -> None:
    """Refuse a file by its size alone, before it is read into memory.

    Raises: FileTooLarge
    """
    if size_bytes > FILE_SIZE_MAX:
        raise FileTooLarge(file, _TOO_LARGE)


def read_sheets(content: bytes, file: str) -> list[Sheet]:
    """Open a file as tables, whatever its name says it is.

    Raises: FileRefused: no table, macros, a password, damaged; FileTooLarge
    """
    must_not_be_larger(len(content), file)
    if not content.strip():
        raise FileRefused(file, _EMPTY)
    if file.lower().endswith((".xlsm", ".xltm", ".xlam")):
        raise FileRefused(file, MACROS)
    if content.startswith(b"PK"):
        package = check_package(content, file)
        return _workbook_sheets(package, file)
    if content.startswith(_OLE):
        return _old_workbook(content, file)
    return [_csv_sheet(content, file)]


def _old_workbook(content: bytes, file: str) -> list[Sheet]:
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise FileRefused(file, MACROS)
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileRefused(file, _LOCKED)
    if "Workbook".encode("utf-16-le") not in content and "Book".encode("utf-16-le") not in content:
        raise FileRefused(file, NOT_A_TABLE)
    return _workbook_sheets(CheckedPackage(content), file)


def _workbook_sheets(package: CheckedPackage, file: str) -> list[Sheet]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(package.content))
        names = workbook.sheet_names[:SHEETS_MAX]
    except CalamineError as error:
        why = _LOCKED if "assword" in str(error) else BROKEN
        raise FileRefused(file, why) from error
    formulas, errors = package.formulas, package.errors
    return [
        Sheet(name, frozenset(formulas.get(name, ())), workbook, errors.get(name, {}), _file=file)
        for name in names
    ]


def _csv_sheet(content: bytes, file: str) -> Sheet:
    text = _decoded(content, file)
    return Sheet("CSV", frozenset(), text, {}, _delimiter=_delimiter(text), _file=file)


def _decoded(content: bytes, file: str) -> str:
    """Return the text of a CSV file: UTF-8, UTF-16 with its mark, or the old Windows code page of Viet Nam."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _strictly(content, encoding, file)
    if b"\0" in content[:_SNIFFED] or content.startswith(
        (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8")
    ):
        raise FileRefused(file, NOT_A_TABLE)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _strictly(content, "cp1258", file)


def _strictly(content: bytes, encoding: str, file: str) -> str:
    try:
        return nfc(content.decode(encoding))
    except UnicodeDecodeError as error:
        raise FileRefused(file, NOT_A_TABLE) from error


def _delimiter(text: str) -> str:
    """Return the mark between columns: the one most frequent in the first line that has any."""
    for line in text[:_SNIFFED].splitlines()[:20]:
        bare = "".join(line.split('"')[::2])
        best = max(";,\t", key=bare.count)
        if best in bare:
            return best
    return ","


def _plain(cell: object) -> object:
    """Return a cell as the reading of values knows it: times as text, the rest as it is."""
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, timedelta):
        return str(cell)
    return cell
