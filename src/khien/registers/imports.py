"""Preview of an import: what a file would add and change, and each cell that is wrong; nothing is written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from khien.kernel.canonical import Json, canonical_bytes, sha256_hex
from khien.kernel.language import Text
from khien.org.models import Unit
from khien.registers import refusals as no
from khien.registers.alike import Watch
from khien.registers.cleaning import shortened
from khien.registers.columns import (
    ERRORS,
    NUMBER,
    UNIT,
    VERSION,
    Header,
    find_header,
    is_header,
    plain,
)
from khien.registers.declarations import Register
from khien.registers.errors import FieldProblem, NoHeader
from khien.registers.models import CommittedImport, Row
from khien.registers.packages import column_letters
from khien.registers.sheets import Sheet, read_sheets
from khien.registers.values import References, Values, key_digest_of, read_fields, row_problems

# More is not read by anybody; the count goes on.
BAD_CELLS_SHOWN: Final = 2_000

_NO_HEADER = Text(
    "không trang nào có hàng tiêu đề với các cột của «{title_vi}»; dùng tệp mẫu của sổ",
    "no sheet has a header row with the columns of register “{title_en}”; use the register's template",
)
_SAME_COLUMN = Text(
    "Cột «{value}» có hai lần; bỏ bớt một cột.",
    "Column “{value}” stands twice; remove one of them.",
)
_NO_SUCH_ROW = Text(
    "Sổ của đơn vị không có dòng {value}; để trống ô này nếu là dòng mới.",
    "The unit's register has no row {value}; leave this cell empty for a new row.",
)
_OTHER_UNIT = Text(
    "Dòng này của đơn vị «{value}», không phải «{unit}»; nhập vào sổ của đơn vị đó.",
    "This row is of unit “{value}”, not “{unit}”; import it into that unit's register.",
)
_CHANGED_SINCE = Text(
    "Dòng {value} đã được sửa trong sổ sau khi xuất tệp; xuất lại tệp rồi sửa trên bản mới.",
    "Row {value} was changed in the register after the file was exported; export again and edit that.",
)
_SAME_THING = Text(
    "Trùng {key_vi} với {other_vi}; mỗi thứ chỉ ghi một dòng.",
    "The same {key_en} as {other_en}; each thing has one row only.",
)
_NO_RESULT = Text(
    "Ô có công thức nhưng tệp chưa lưu kết quả; mở bằng Excel, lưu lại, hoặc ghi giá trị.",
    "The cell has a formula without a saved result; open and save it in Excel, or write the value.",
)
_LACKS_COLUMN = Text(
    "Tệp thiếu cột bắt buộc «{label_vi}»; thêm cột này cho các dòng mới.",
    "The file lacks the required column “{label_en}”; add it for the new rows.",
)


@dataclass(frozen=True, slots=True)
class BadCell:
    """One cell that cannot be imported: where it is, what it holds, and what to do."""

    sheet: str
    cell: str
    line: int
    column: str
    value: str
    text: Text


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row the import would add."""

    line: int
    values: Values


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row the import would change, at the version it was seen, and the fields that differ."""

    line: int
    row_id: int
    number: int
    version: int
    values: Values
    before: Values
    fields: tuple[str, ...]


@dataclass(slots=True)
class ImportPreview:
    """What an import would do; only `services.commit_import` does it."""

    register: Register
    unit: Unit
    file: str
    file_sha256: str
    sheet: str
    columns: tuple[str, ...]
    ignored_columns: tuple[str, ...]
    bad: list[BadCell] = field(default_factory=list)
    bad_count: int = 0
    new: list[NewRow] = field(default_factory=list)
    changed: list[ChangedRow] = field(default_factory=list)
    unchanged_count: int = 0
    formula_cells: tuple[str, ...] = ()
    alike: list[Text] = field(default_factory=list)
    digest: str = ""

    @property
    def row_count(self) -> int:
        """Return how many rows the file has, without the bad ones."""
        return len(self.new) + len(self.changed) + self.unchanged_count


def preview_import(
    content: bytes, file: str, *, register: Register, unit: Unit, references: References
) -> ImportPreview:
    """Read a file for a unit's register and say what importing it would do.

    Rows are matched by their number if the file has one, else by the register's key.
    Raises: FileRefused (also NoHeader, FileTooLarge): the file is no table of this register
    """
    sheet, header = _find_table(read_sheets(content, file), register, file)
    preview = ImportPreview(
        register=register,
        unit=unit,
        file=shortened(file, 200),
        file_sha256=sha256_hex(content),
        sheet=sheet.name,
        columns=tuple(header.columns.values()),
        ignored_columns=tuple(shortened(text) for text in header.unknown.values()),
    )
    reading = _Reading(preview, sheet, header, references)
    reading.run()
    preview.digest = _digest(preview)
    return preview


def _find_table(sheets: Sequence[Sheet], register: Register, file: str) -> tuple[Sheet, Header]:
    for sheet in sheets:
        first = []
        for row in sheet.rows():
            first.append(row)
            if len(first) == 20:  # a header stands near the top
                break
        header = find_header(register, first)
        if header is not None:
            return sheet, header
    said = {"title_vi": register.title.vi, "title_en": register.title.en}
    raise NoHeader(file, _NO_HEADER.fill(said))


def _digest(preview: ImportPreview) -> str:
    """Return the digest over everything the import would do, and on which versions.

    How often the file was imported before is part of it: a preview is confirmed once, a file may be taken again.
    """
    total = hashlib.sha256()
    register, file = preview.register.code, preview.file_sha256
    before = CommittedImport.objects.filter(unit=preview.unit, register=register, file_sha256=file)
    head: Json = [register, preview.unit.code, file, preview.bad_count, before.count()]
    total.update(canonical_bytes(head))
    for new in preview.new:
        total.update(canonical_bytes([new.line, dict(new.values)]))
    for change in preview.changed:
        total.update(canonical_bytes([change.row_id, change.version, dict(change.values)]))
    return total.hexdigest()


@dataclass(frozen=True, slots=True)
class _Existing:
    row_id: int
    number: int
    version: int
    values: Values


class _Reading:
    """Walks the rows of one table and fills a preview."""

    def __init__(
        self, preview: ImportPreview, sheet: Sheet, header: Header, references: References
    ) -> None:
        self.preview = preview
        self.register = preview.register
        self.sheet = sheet
        self.header = header
        self.references = references
        self.places = {code: at for at, code in header.columns.items()}
        self.by_number: dict[int, _Existing] = {}
        self.by_key: dict[str, _Existing] = {}
        self.key_lines: dict[str, int] = {}
        self.row_lines: dict[int, int] = {}
        self.lacking: set[str] = set()
        self.watch = Watch(preview.register)

    def run(self) -> None:
        """Read all rows."""
        self._load_existing()
        for at, text in self.header.repeated.items():
            self._bad(self.header.line, at, text, _SAME_COLUMN.fill({"value": shortened(text)}))
        for line, cells in self.sheet.rows():
            if line > self.header.line and not self._is_second_header(line, cells):
                self._row(line, cells)
        self._flag_formulas()
        self.preview.alike = self.watch.found

    def _load_existing(self) -> None:
        rows = Row.objects.filter(
            unit=self.preview.unit, register=self.register.code, is_retired=False
        )
        fields = ("pk", "number", "version", "values", "key_digest")
        for pk, number, version, values, key in rows.order_by().values_list(*fields).iterator():
            row = _Existing(pk, number, version, values)
            self.by_number[number] = row
            self.watch.know(pk, number, values)
            if key is not None:
                self.by_key[key] = row

    def _is_second_header(self, line: int, cells: Sequence[object]) -> bool:
        return line <= self.header.line + 3 and is_header(self.register, cells)

    def _row(self, line: int, cells: Sequence[object]) -> None:
        raw = {code: _given(cells, at) for code, at in self.places.items()}
        if all(value in (None, "") for value in raw.values()):
            return
        before = self.preview.bad_count
        given = {
            code: self._cell(code, value)
            for code, value in raw.items()
            if code in self.register.fields
        }
        self._check_cells(line, cells, given)
        values, problems = read_fields(self.register, given, self.references)
        own = self._named_row(line, raw)
        key = key_digest_of(self.register, values)
        found = own or (self.by_key.get(key) if key is not None and not problems else None)
        if found is not None:
            kept = {c: v for c, v in found.values.items() if c not in given}
            values = kept | values
            key = key_digest_of(self.register, values)
        bad = {problem.field for problem in problems if problem.field}
        problems += row_problems(self.register, values, bad=bad)
        for problem in problems:
            self._bad_field(line, problem, raw)
        if self.preview.bad_count == before and self._is_alone(line, found, key):
            self._keep(line, found, values, raw)

    def _check_cells(self, line: int, cells: Sequence[object], given: dict[str, object]) -> None:
        """Take out of a row what is no value at all: errors of formulas, and formulas without result."""
        for code in list(given):
            value, at = given[code], self.places[code]
            if isinstance(value, str) and value in ERRORS and _given(cells, at) == value:
                label = self.register.fields[code].title
                why = no.CELL_ERROR.fill({"value": value})
                self._bad(
                    line, at, value, Text(f"«{label.vi}»: {why.vi}.", f"“{label.en}”: {why.en}.")
                )
                del given[code]
            elif value in (None, "") and (line, at + 1) in self.sheet.formulas:
                self._bad(line, at, "", _NO_RESULT)
                del given[code]

    def _cell(self, code: str, value: object) -> object:
        """Return a cell as a person would have typed it."""
        if isinstance(value, str):
            return plain(value)
        kind = self.register.fields[code].type
        if isinstance(value, float) and value.is_integer():
            # Of a reference a number in a cell is a row's number, never an inner id.
            return str(int(value)) if self.register.fields[code].is_reference else int(value)
        if kind == "moment" and hasattr(value, "isoformat") and not hasattr(value, "hour"):
            return f"00:00 {value:%d/%m/%Y}"  # a cell at midnight is read as a day
        return value

    def _named_row(self, line: int, raw: Mapping[str, object]) -> _Existing | None:
        """Return the row whose number the file gives, and note what does not fit it."""
        unit = str(raw.get(UNIT) or "").strip()
        if unit and unit != self.preview.unit.code:
            said = {"value": shortened(unit), "unit": self.preview.unit.code}
            self._bad(line, self.places[UNIT], unit, _OTHER_UNIT.fill(said))
        given = raw.get(NUMBER)
        if given in (None, ""):
            return None
        text = str(int(given)) if isinstance(given, float) and given.is_integer() else str(given)
        number = text.strip().lstrip("#")
        found = self.by_number.get(int(number)) if number.isdecimal() and len(number) < 10 else None
        if found is None:
            said = {"value": shortened(text)}
            self._bad(line, self.places[NUMBER], text, _NO_SUCH_ROW.fill(said))
        return found

    def _is_alone(self, line: int, found: _Existing | None, key: str | None) -> bool:
        """Say whether no other line and no other row is the same thing; note it where one is."""
        other: Text | None = None
        owner = self.by_key.get(key) if key is not None else None
        if found is not None and self.row_lines.setdefault(found.row_id, line) != line:
            other = _line_words(self.row_lines[found.row_id])
        elif key is not None and self.key_lines.setdefault(key, line) != line:
            other = _line_words(self.key_lines[key])
        elif owner is not None and (found is None or owner.row_id != found.row_id):
            other = Text(f"dòng {owner.number} của sổ", f"row {owner.number} of the register")
        if other is None:
            return True
        at = next((self.places[c] for c in self.register.key if c in self.places), 0)
        fields = [self.register.fields[code] for code in self.register.key]
        said = {
            "key_vi": ", ".join(f.title.vi for f in fields) or "số dòng",
            "key_en": ", ".join(f.title.en for f in fields) or "row number",
            "other_vi": other.vi,
            "other_en": other.en,
        }
        self._bad(line, at, "", _SAME_THING.fill(said))
        return False

    def _keep(
        self, line: int, found: _Existing | None, values: Values, raw: Mapping[str, object]
    ) -> None:
        before = found.values if found is not None else {}
        self.watch.see(line, values, row_id=found.row_id if found else None, before=before)
        if found is None:
            self.preview.new.append(NewRow(line, values))
            return
        codes = dict.fromkeys((*found.values, *values))
        fields = tuple(c for c in codes if found.values.get(c) != values.get(c))
        if not fields:
            self.preview.unchanged_count += 1
            return
        seen = raw.get(VERSION)
        if seen not in (None, "") and str(seen).removesuffix(".0").strip() != str(found.version):
            said = {"value": found.number}
            self._bad(line, self.places[VERSION], str(seen), _CHANGED_SINCE.fill(said))
            return
        self.preview.changed.append(
            ChangedRow(
                line, found.row_id, found.number, found.version, values, found.values, fields
            )
        )

    def _bad_field(self, line: int, problem: FieldProblem, raw: Mapping[str, object]) -> None:
        code = problem.field or ""
        at = self.places.get(code)
        if at is not None:
            self._bad(line, at, raw.get(code), problem.text)
            return
        self.preview.bad_count += code in self.lacking
        if code in self.register.fields and code not in self.lacking:
            # Once for the file: a column that is not there is not wrong in each row.
            self.lacking.add(code)
            label = self.register.fields[code].title
            said = {"label_vi": label.vi, "label_en": label.en}
            self._bad(self.header.line, 0, "", _LACKS_COLUMN.fill(said))

    def _bad(self, line: int, at: int, value: object, text: Text) -> None:
        self.preview.bad_count += 1
        if len(self.preview.bad) < BAD_CELLS_SHOWN:
            cell = f"{column_letters(at + 1)}{line}"
            code = self.header.columns.get(at, "")
            shown = "" if value is None else shortened(value)
            self.preview.bad.append(BadCell(self.sheet.name, cell, line, code, shown, text))

    def _flag_formulas(self) -> None:
        used = {at + 1 for at in self.header.columns}
        cells = sorted(place for place in self.sheet.formulas if place[1] in used)
        self.preview.formula_cells = tuple(
            f"{column_letters(column)}{line}" for line, column in cells[:BAD_CELLS_SHOWN]
        )


def _given(cells: Sequence[object], at: int) -> object:
    return cells[at] if at < len(cells) else None


def _line_words(line: int) -> Text:
    return Text(f"hàng {line} của tệp", f"line {line} of the file")
