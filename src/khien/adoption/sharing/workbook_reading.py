"""Reading of a workbook of a text: every mistake names its sheet and cell."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from openpyxl.utils import get_column_letter

from khien.adoption.sharing.checking import CheckedText, checked, is_document_id
from khien.adoption.sharing.contents import BODY, CONTROL, HEAD, OWN_THEME, TextData, TextFiles
from khien.adoption.sharing.errors import SharedBroken, SharedUnreadable
from khien.adoption.sharing.flat import Empty, Plain, nested, place_of
from khien.adoption.sharing.workbook import (
    AS_JSON,
    CLAUSES,
    CONTROL_FILE,
    CONTROLS,
    DUTIES,
    FIRST_LINE,
    NOTHING,
    PARAMETERS,
    TEXT,
)
from khien.kernel.language import Text
from khien.norms.located_yaml import Place
from khien.norms.model import Library
from khien.registers.errors import FileRefused, FileTooLarge
from khien.registers.sheets import Sheet, read_sheets

_NEEDED: Final[Mapping[str, frozenset[str]]] = {
    TEXT: frozenset({"key", "value"}),
    CLAUSES: frozenset({"path", "kind", "vi", "en"}),
    DUTIES: frozenset({"clause", "id", "control"}),
    PARAMETERS: frozenset({"duty", "parameter", "item", "value"}),
}
_NO_SHEETS = Text(
    "sổ tính không có các trang {names} như Khiên xuất ra",
    "the workbook has not the sheets {names} that Khiên writes",
)


@dataclass(slots=True)
class _Cells:
    """What a row says, by column, and in which cell."""

    sheet: str
    line: int
    values: dict[str, Plain] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)

    def cell(self, column: str) -> str:
        at = self.columns.get(column, 1)
        return f"{self.sheet}!{get_column_letter(at)}{self.line}"


@dataclass(slots=True)
class _Reading:
    """The rows of all sheets, where each value came from, and what is wrong with them."""

    rows: dict[str, list[_Cells]] = field(default_factory=dict)
    origins: dict[tuple[str, Place], str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def note(self, cell: str, vi: str, en: str) -> None:
        self.problems.append(f"{cell}: {vi} / {en}")


def is_workbook(names: Mapping[str, bytes]) -> bool:
    """Say whether the files of a zip are those of a workbook."""
    return "xl/workbook.xml" in names


def read_workbook(content: bytes, file: str, library: Library) -> CheckedText:
    """Read a workbook of a text and check everything in it.

    Raises: SharedUnreadable: no such workbook; SharedBroken: all mistakes, each with sheet and cell
    """
    try:
        sheets = {sheet.name: sheet for sheet in read_sheets(content, file)}
        reading = _Reading()
        missing = [name for name in _NEEDED if name not in sheets]
        if missing:
            raise SharedUnreadable(file, _NO_SHEETS.fill({"names": ", ".join(missing)}))
        for name, sheet in sheets.items():
            if name in _NEEDED or name == CONTROLS:
                reading.rows[name] = list(_rows(sheet, reading))
    except (FileRefused, FileTooLarge) as error:
        raise SharedUnreadable(file, error.text()) from error
    files = _files(reading)
    if reading.problems:
        raise SharedBroken(reading.problems)
    return checked(
        files.files, library, lambda name, place: _origin(reading, name, place), is_canonical=True
    )


def _rows(sheet: Sheet, reading: _Reading) -> Iterator[_Cells]:
    codes: dict[int, str] = {}
    for line, cells in sheet.rows():
        if line == 1:
            codes = _codes(sheet.name, cells, reading)
        if line < FIRST_LINE:
            continue
        row = _Cells(sheet.name, line, columns={code: at for at, code in codes.items()})
        for at, cell in enumerate(cells, 1):
            if cell is None or cell == "":
                continue
            if at not in codes:
                where = f"{sheet.name}!{get_column_letter(at)}{line}"
                reading.note(
                    where, "cột này không có mã ở dòng 1", "this column has no code in line 1"
                )
                continue
            _take(row, codes[at], cell, reading)
        if row.values:
            yield row


def _codes(sheet: str, cells: Sequence[object], reading: _Reading) -> dict[int, str]:
    codes: dict[int, str] = {}
    for at, cell in enumerate(cells, 1):
        code = str(cell).strip() if cell not in (None, "") else ""
        if not code:
            continue
        if code in codes.values():
            where = f"{sheet}!{get_column_letter(at)}1"
            reading.note(where, f"cột «{code}» có hai lần", f"the column «{code}» stands twice")
            continue
        codes[at] = code
    for code in sorted(_NEEDED.get(sheet, frozenset()) - set(codes.values())):
        reading.note(f"{sheet}!A1", f"thiếu cột «{code}»", f"the column «{code}» is missing")
    return codes


def _take(row: _Cells, code: str, cell: object, reading: _Reading) -> None:
    try:
        row.values[code] = value_of(cell)
    except ValueError:
        reading.note(row.cell(code), "giá trị của ô không đọc được", "the value cannot be read")


def value_of(cell: object) -> Plain:
    """Return the value that a cell stands for.

    Raises: ValueError: nothing that a text can hold
    """
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and not cell.is_integer():
        raise ValueError("a fraction")
    if isinstance(cell, (bool, int, float)):
        return cell if isinstance(cell, bool) else int(cell)
    return _worded(str(cell))


def _worded(text: str) -> Plain:
    if text == NOTHING:
        return None
    if text in ("\\[]", "\\{}"):
        return Empty(text[1:])
    if text.startswith(AS_JSON):
        value = json.loads(text.removeprefix(AS_JSON))
        if not isinstance(value, (str, int)):
            raise ValueError("neither text nor number")
        return value
    return text.removeprefix("\\")


def _files(reading: _Reading) -> TextFiles:
    """Put the rows together; where each value came from is noted in `reading.origins`."""
    head, beside = _head(reading)
    document_id = str(head.get("id", ""))
    if not is_document_id(document_id):
        cells = [row.cell("value") for row in reading.rows[TEXT] if row.values.get("key") == "id"]
        vi = "mã văn bản chỉ gồm chữ thường không dấu, số và dấu gạch"
        en = "the id of a text has only small Latin letters, digits and dashes"
        reading.note((cells or [f"{TEXT}!A1"])[0], vi, en)
    names = {HEAD: f"norms/{document_id}/{HEAD}", BODY: f"norms/{document_id}/{BODY}"}
    for row in reading.rows[TEXT]:
        place = _place(str(row.values.get("key", "")))
        if place is not None:
            reading.origins[names[HEAD], place] = row.cell("value")
    clauses = _clauses(reading, names[BODY])
    controls = _own_controls(reading)
    made = TextData(head, tuple(clauses), beside=beside).in_usual_order().as_files()
    return replace(made, controls=controls)


def _head(reading: _Reading) -> tuple[dict[str, Any], dict[str, Any]]:
    pairs: tuple[list[tuple[str, Plain]], list[tuple[str, Plain]]] = ([], [])
    for row in reading.rows[TEXT]:
        key = str(row.values.get("key", ""))
        if "value" in row.values:
            pairs[key.startswith("/")].append((key.removeprefix("/"), row.values["value"]))
    return tuple(_nested(found, f"{TEXT}!A1", reading) for found in pairs)  # type: ignore[return-value]  # two in, two out


def _nested(pairs: Sequence[tuple[str, Plain]], cell: str, reading: _Reading) -> dict[str, Any]:
    try:
        return nested(pairs)
    except ValueError as error:
        reading.note(cell, f"cột hoặc mục đặt tên sai: {error}", f"a wrong key: {error}")
        return {}


def _place(key: str) -> Place | None:
    try:
        return place_of(key)
    except ValueError:
        return None


def _clauses(reading: _Reading, file: str) -> list[dict[str, Any]]:
    clauses: list[dict[str, Any]] = []
    by_path: dict[Plain, int] = {}
    for row in reading.rows[CLAUSES]:
        by_path.setdefault(row.values.get("path"), len(clauses))
        _note_row(reading, file, ("clauses", len(clauses)), row)
        clauses.append(_nested(list(row.values.items()), row.cell("path"), reading))
    by_duty: dict[Plain, tuple[Place, dict[str, Any]]] = {}
    for row in reading.rows[DUTIES]:
        at = by_path.get(row.values.get("clause"))
        if at is None:
            reading.note(row.cell("clause"), "không có điều khoản này", "there is no such clause")
            continue
        duties = clauses[at].setdefault("duties", [])
        place: Place = ("clauses", at, "duties", len(duties))
        _note_row(reading, file, place, row)
        pairs = [(key, value) for key, value in row.values.items() if key != "clause"]
        duties.append(_nested(pairs, row.cell("id"), reading))
        by_duty.setdefault(row.values.get("id"), (place, duties[-1]))
    _add_parameters(reading, file, by_duty)
    return clauses


def _note_row(reading: _Reading, file: str, place: Place, row: _Cells) -> None:
    reading.origins[file, place] = row.cell("path" if row.sheet == CLAUSES else "id")
    for key in row.values:
        inside = _place(key)
        for length in range(1, len(inside or ()) + 1):
            reading.origins.setdefault((file, (*place, *(inside or ())[:length])), row.cell(key))


def _add_parameters(
    reading: _Reading, file: str, by_duty: Mapping[Plain, tuple[Place, dict[str, Any]]]
) -> None:
    for row in reading.rows[PARAMETERS]:
        found = by_duty.get(row.values.get("duty"))
        if found is None:
            reading.note(row.cell("duty"), "không có nghĩa vụ này", "there is no such duty")
            continue
        place, duty = found
        name, value = str(row.values.get("parameter", "")), row.values.get("value")
        values = duty.setdefault("parameters", {})
        if "value" not in row.values:
            reading.note(row.cell("value"), "thiếu giá trị", "the value is missing")
            continue
        reading.origins.setdefault((file, (*place, "parameters", name)), row.cell("value"))
        if "item" in row.values:
            listed = values.setdefault(name, [])
            if isinstance(listed, list):
                reading.origins[file, (*place, "parameters", name, len(listed))] = row.cell("value")
                listed.append(value)
                continue
        if name in values:
            reading.note(row.cell("parameter"), f"«{name}» có hai lần", f"«{name}» stands twice")
        values[name] = [] if isinstance(value, Empty) else value


def _own_controls(reading: _Reading) -> dict[str, str]:
    controls: dict[str, str] = {}
    for row in reading.rows.get(CONTROLS, ()):
        code, text = str(row.values.get("id", "")), row.values.get(CONTROL_FILE)
        if not isinstance(text, str):
            continue
        if code in controls:
            reading.note(row.cell("id"), f"«{code}» có hai lần", f"«{code}» stands twice")
        controls[code] = text
        reading.origins[f"controls/{OWN_THEME}/{code}/{CONTROL}", ()] = row.cell(CONTROL_FILE)
    return controls


def _origin(reading: _Reading, name: str, place: Place) -> str | None:
    for length in range(len(place), -1, -1):
        found = reading.origins.get((name, place[:length]))
        if found is not None:
            return found
    return None
