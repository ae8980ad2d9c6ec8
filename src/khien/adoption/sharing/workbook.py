"""A text as a workbook: one sheet each for the text, its clauses, duties, parameters and controls."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from khien.adoption.sharing.contents import TextData
from khien.adoption.sharing.errors import NotExportable
from khien.adoption.sharing.flat import Empty, Plain, flattened
from khien.kernel.language import Text
from khien.norms.library_format import canonical_data
from khien.norms.model import EVIDENCE_MODES, MARKS, MODALITIES, SIDES, Control, Library
from khien.norms.read_document import CLAUSE_KINDS, FREQUENCIES
from khien.reports.docx_layout import fixed_package

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT: Final = "văn bản"
CLAUSES: Final = "điều khoản"
DUTIES: Final = "nghĩa vụ"
PARAMETERS: Final = "tham số"
CONTROLS: Final = "biện pháp"
CODES: Final = "mã"
SHEETS: Final = (TEXT, CLAUSES, DUTIES, PARAMETERS, CONTROLS, CODES)
# Line 1, hidden, names the columns by code; line 2 says them in Vietnamese.
FIRST_LINE: Final = 3
CELL_LENGTH_MAX: Final = 32_767
NOTHING: Final = "\\null"
AS_JSON: Final = "\\json:"
CONTROL_FILE: Final = "control_yaml"
_PLAIN: Final = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]+")
_ESCAPED: Final = re.compile(r"_x[0-9A-Fa-f]{4}_")
_DAY: Final = datetime(2020, 1, 1)  # noqa: DTZ001  # the file says nothing of the clock that made it
_HEAD: Final = PatternFill("solid", fgColor="E8EEF4")
_WIDE: Final = {"vi": 70, "en": 50, "value": 80, CONTROL_FILE: 60, "title.vi": 45, "title.en": 40}

TITLES: Final[Mapping[str, str]] = {
    "key": "Mục", "name": "Tên mục", "value": "Giá trị", "path": "Đường dẫn", "kind": "Loại",
    "vi": "Nội dung (tiếng Việt)", "en": "Nội dung (tiếng Anh)", "none": "Vì sao không có nghĩa vụ",
    "mark": "Mức chắc chắn", "clause": "Điều khoản", "id": "Mã", "modality": "Tính chất",
    "actor.vi": "Người thực hiện", "actor.en": "Người thực hiện (tiếng Anh)", "control": "Biện pháp",
    "frequency": "Tần suất", "evidence": "Bằng chứng", "side": "Bên thực hiện", "deadline.vi": "Thời hạn",
    "deadline.en": "Thời hạn (tiếng Anh)", "output.vi": "Kết quả", "output.en": "Kết quả (tiếng Anh)",
    "repeat_of": "Nhắc lại", "duty": "Nghĩa vụ", "parameter": "Tham số", "item": "Thứ tự trong danh sách",
    "label": "Tên tham số", "unit": "Đơn vị tính", "theme": "Nhóm", "severity": "Mức nghiêm trọng",
    "title.vi": "Tên biện pháp", "title.en": "Tên (tiếng Anh)", "own": "Tự lập", "column": "Cột", "code": "Mã",
    "meaning": "Nghĩa", CONTROL_FILE: "Tệp control.yaml",
}  # fmt: skip
_HEAD_NAMES: Final[Mapping[str, str]] = {
    "id": "Mã văn bản", "kind": "Loại văn bản", "number": "Số, ký hiệu", "title": "Tên", "short": "Tên ngắn",
    "issuer": "Nơi ban hành", "place": "Nơi áp dụng", "issued_on": "Ngày ban hành",
    "in_force_from": "Có hiệu lực từ", "in_force_to": "Hết hiệu lực từ", "in_force_note": "Ghi chú hiệu lực",
    "binds": "Đối tượng áp dụng",
    "unit_kinds": "Loại đơn vị", "replaces": "Thay thế", "cites": "Viện dẫn", "amends": "Sửa đổi",
    "tier": "Bậc văn bản",
    "mark": "Mức chắc chắn",
}  # fmt: skip
# The columns that are there even where no row uses them, so that people see what may be filled in.
_CLAUSE_COLUMNS: Final = ("path", "kind", "vi", "en", "none")
_DUTY_COLUMNS: Final = (
    "id", "modality", "actor.vi", "actor.en", "vi", "en", "control", "frequency", "evidence", "side",
    "deadline.vi", "deadline.en", "output.vi", "output.en", "repeat_of",
)  # fmt: skip
# The columns of codes: what may be picked, and what it means.
_CHOICES: Final[Mapping[str, Sequence[str]]] = {
    "kind": CLAUSE_KINDS, "mark": tuple(MARKS), "modality": MODALITIES, "frequency": FREQUENCIES,
    "evidence": EVIDENCE_MODES, "side": SIDES,
}  # fmt: skip
_PICKED_LINES: Final = 5_000
_PARAMETER_COLUMNS: Final = ("duty", "control", "parameter", "label", "item", "value", "unit")
_CONTROL_COLUMNS: Final = (
    "id", "title.vi", "title.en", "theme", "evidence", "severity", "own", CONTROL_FILE,
)  # fmt: skip
_TOO_LONG = Text(
    "«{place}» dài quá {most} ký tự, một ô không chứa hết",
    "“{place}” is longer than {most} characters, more than a cell holds",
)


def workbook_of(data: TextData, library: Library) -> bytes:
    """Return a text as a workbook; what begins as a formula is text, and the same text gives the same bytes.

    Raises: NotExportable: a sentence is longer than a cell holds
    """
    book = Workbook()
    book.remove(book.active)
    writer = _Writer(book, data.id)
    writer.sheet(TEXT, ("key", "name", "value"), _head_rows(data))
    clauses = [_row(clause, without="duties") for clause in data.clauses]
    writer.sheet(CLAUSES, _columns(_CLAUSE_COLUMNS, clauses), clauses)
    duties = [row for clause in data.clauses for row in _duty_rows(clause)]
    writer.sheet(DUTIES, ("clause", *_columns(_DUTY_COLUMNS, duties)), duties)
    writer.sheet(PARAMETERS, _PARAMETER_COLUMNS, list(_parameter_rows(data, library)))
    writer.sheet(CONTROLS, _CONTROL_COLUMNS, _control_rows(data, library))
    writer.sheet(CODES, ("column", "code", "meaning"), list(_code_rows(library)))
    book.properties.title, book.properties.creator = data.id, "Khiên"
    book.properties.created = _DAY
    made = io.BytesIO()
    book.save(made)
    return fixed_package(made.getvalue(), _DAY, modified=f"{_DAY:%Y-%m-%dT%H:%M:%SZ}")


Row = Mapping[str, Plain]


def _head_rows(data: TextData) -> list[Row]:
    rows: list[Row] = [
        {"key": key, "name": _HEAD_NAMES.get(re.split(r"[.\[]", key)[0], ""), "value": value}
        for key, value in flattened(data.head)
    ]
    # A later version may put something beside the clauses; a leading slash keeps it apart.
    beside = flattened(data.beside)
    return [*rows, *({"key": f"/{key}", "name": "", "value": value} for key, value in beside)]


def _row(data: Mapping[str, Any], *, without: str) -> Row:
    return dict(flattened({key: value for key, value in data.items() if key != without}))


def _duty_rows(clause: Mapping[str, Any]) -> list[Row]:
    return [
        {"clause": clause.get("path"), **_row(duty, without="parameters")}
        for duty in clause.get("duties") or ()
    ]


def _columns(first: Sequence[str], rows: Iterable[Row]) -> tuple[str, ...]:
    used = dict.fromkeys(key for row in rows for key in row if key != "clause")
    return tuple(dict.fromkeys([*first, *used]))


def _parameter_rows(data: TextData, library: Library) -> Iterable[Row]:
    for clause in data.clauses:
        for duty in clause.get("duties") or ():
            for name, value in (duty.get("parameters") or {}).items():
                about = _about(library.controls.get(duty.get("control")), name, library)
                base = {
                    "duty": duty.get("id"),
                    "control": duty.get("control"),
                    "parameter": name,
                    **about,
                }
                if not isinstance(value, list) or not value:
                    yield {**base, "value": Empty("[]") if isinstance(value, list) else value}
                    continue
                for item, one in enumerate(value, 1):
                    yield {**base, "item": item, "value": one}


def _about(control: Control | None, name: str, library: Library) -> Row:
    parameter = control.parameters.get(name) if control else None
    if parameter is None:
        return {}
    unit = library.label(parameter.unit).vi if parameter.unit else None
    return {"label": parameter.title.vi, **({"unit": unit} if unit else {})}


def _code_rows(library: Library) -> Iterable[Row]:
    for column, codes in _CHOICES.items():
        for code in codes:
            meaning = MARKS[code] if column == "mark" else library.label(code)
            yield {"column": TITLES[column], "code": code, "meaning": meaning.vi}


def _control_rows(data: TextData, library: Library) -> list[Row]:
    fed = {str(d.get("control")) for c in data.clauses for d in c.get("duties") or ()}
    rows: list[Row] = []
    for code in sorted(fed | set(data.controls)):
        control = library.controls.get(code)
        own = data.controls.get(code)
        about: dict[str, Plain] = {"id": code, "own": own is not None}
        if control is not None:
            about |= {
                "title.vi": control.title.vi,
                "title.en": control.title.en,
                "theme": control.theme,
            }
            about |= {"evidence": control.evidence, "severity": control.severity}
        if own is not None:
            about[CONTROL_FILE] = canonical_data(dict(own))
        rows.append(about)
    return rows


class _Writer:
    """Writes sheets whose texts no program takes for anything but text."""

    def __init__(self, book: Workbook, document: str) -> None:
        self._book, self._document = book, document

    def sheet(self, name: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Write one sheet: codes, Vietnamese titles, rows."""
        sheet = self._book.create_sheet(name)
        sheet.row_dimensions[1].hidden = True
        sheet.freeze_panes = sheet.cell(FIRST_LINE, 2)
        for at, code in enumerate(columns, 1):
            self._put(sheet, 1, at, code)
            head = self._put(sheet, 2, at, TITLES.get(code, code))
            head.font, head.fill = Font(bold=True), _HEAD
            sheet.column_dimensions[get_column_letter(at)].width = _WIDE.get(code, 22)
            self._offer(sheet, at, code)
        for line, row in enumerate(rows, FIRST_LINE):
            for at, code in enumerate(columns, 1):
                if code in row:
                    self._put(sheet, line, at, said(row[code]))
        if rows:
            last = get_column_letter(len(columns))
            sheet.auto_filter.ref = f"A2:{last}{len(rows) + FIRST_LINE - 1}"

    def _offer(self, sheet: Worksheet, at: int, code: str) -> None:
        """Give a column of codes a list to pick from."""
        if sheet.title in (CLAUSES, DUTIES) and code in _CHOICES:
            rule = DataValidation(
                "list", formula1=f'"{",".join(_CHOICES[code])}"', allow_blank=True
            )
            letter = get_column_letter(at)
            rule.add(f"{letter}{FIRST_LINE}:{letter}{_PICKED_LINES}")
            sheet.add_data_validation(rule)

    def _put(self, sheet: Worksheet, line: int, at: int, value: str | int | bool) -> Any:
        cell = sheet.cell(line, at)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        if not isinstance(value, str):
            cell.value = value
            return cell
        if len(value) > CELL_LENGTH_MAX:
            place = f"{sheet.title}!{cell.coordinate}"
            why = _TOO_LONG.fill({"place": place, "most": CELL_LENGTH_MAX})
            raise NotExportable(document=self._document, form="xlsx", why=why)
        # As text by its type and by the mark of the program, so that editing the cell leaves it text.
        cell.value = "."
        cell.data_type, cell.quotePrefix, cell.number_format = "s", True, "@"
        cell._value = value
        return cell


def said(value: Plain) -> str | int | bool:
    """Return a value as a cell holds it; what a cell cannot hold as it is, is said behind a backslash."""
    if value is None:
        return NOTHING
    if isinstance(value, Empty):
        return f"\\{value}"
    if not isinstance(value, str):
        return value if abs(value) < 10**15 else f"{AS_JSON}{value}"
    is_plain = _PLAIN.fullmatch(value) and not _ESCAPED.search(value) and value == value.strip()
    if not is_plain:
        # Programs read _x0041_ as a letter, even inside other words.
        return AS_JSON + json.dumps(value).replace("_x", "\\u005fx")
    return f"\\{value}" if value.startswith("\\") else value
