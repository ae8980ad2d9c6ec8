"""A text as a workbook: everything comes back, formulas are text, and a mistake names its cell."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from shared_texts import REGULATIONS, library_with, same, small_text, trust_none, whole_text

from khien.adoption.sharing.contents import TextData, data_of
from khien.adoption.sharing.errors import NotExportable, SharedBroken, SharedUnreadable
from khien.adoption.sharing.flat import flattened, nested
from khien.adoption.sharing.forms import SharedText, exported, read_shared
from khien.adoption.sharing.workbook import SHEETS, workbook_of
from khien.norms.library import load_library
from khien.norms.library_format import canonical_data


def read(content: bytes) -> SharedText:
    return read_shared(content, load_library(), trust=trust_none, name="tep.xlsx")


def changed(text: TextData, change: Callable[[Workbook], None]) -> bytes:
    book = load_workbook(io.BytesIO(workbook_of(text, load_library())))
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def column(book: Workbook, sheet: str, code: str) -> int:
    return next(cell.column for cell in book[sheet][1] if cell.value == code)


@pytest.mark.parametrize("document", REGULATIONS)
def test_each_regulation_comes_back_whole(document: str) -> None:
    library = load_library()
    first = exported(library, document, "xlsx")
    assert first == exported(library, document, "xlsx")
    got, before = read(first.data), data_of(library, document)
    assert got.form == "xlsx"
    assert got.document.clauses == library.documents[document].clauses
    assert got.files == before.in_usual_order().as_files()


def test_every_key_survives_the_workbook(tmp_path: Path) -> None:
    text = whole_text()
    library = library_with(text, tmp_path)
    got = read(exported(library, "xa-thu", "xlsx").data)
    assert got.files == text.in_usual_order().as_files()
    assert list(got.own_controls) == ["OWN-01"]


def test_a_workbook_speaks_vietnamese_and_hides_its_codes() -> None:
    book = load_workbook(io.BytesIO(exported(load_library(), "hue", "xlsx").data))
    assert tuple(book.sheetnames) == SHEETS
    assert book["nghĩa vụ"].row_dimensions[1].hidden
    assert [cell.value for cell in book["điều khoản"][2]][:3] == [
        "Đường dẫn",
        "Loại",
        "Nội dung (tiếng Việt)",
    ]


def test_codes_can_be_picked_and_their_meaning_is_told() -> None:
    book = load_workbook(io.BytesIO(exported(load_library(), "hue", "xlsx").data))
    rules = {
        str(rule.sqref).split(":")[0]: rule.formula1
        for rule in book["nghĩa vụ"].data_validations.dataValidation
    }
    assert rules["C3"] == '"must,must_not,should,info"'
    assert ("Tính chất", "must_not", "Không được làm") in list(book["mã"].values)


def test_what_begins_as_a_formula_is_text() -> None:
    text = workbook_of(whole_text(), load_library())
    book = load_workbook(io.BytesIO(text))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    dangerous = [
        c for c in cells if isinstance(c.value, str) and c.value.startswith(("=", "+", "-", "@"))
    ]
    assert len(dangerous) >= 5
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in dangerous)
    assert not [cell for cell in cells if cell.data_type == "f"]


def set_cell(sheet: str, code: str, line: int, value: Any) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book[sheet].cell(line, column(book, sheet, code)).value = value

    return change


@pytest.mark.parametrize(
    ("sheet", "code", "line", "value", "cell"),
    [
        ("nghĩa vụ", "control", 3, "PWD-99", "nghĩa vụ!H3"),
        ("nghĩa vụ", "modality", 4, "maybe", "nghĩa vụ!C4"),
        ("nghĩa vụ", "clause", 3, "D9", "nghĩa vụ!A3"),
        ("nghĩa vụ", "schedule.rule", 3, "monthly", "nghĩa vụ!"),
        ("điều khoản", "kind", 4, "câu", "điều khoản!B4"),
        ("điều khoản", "path", 4, "C.I", "điều khoản!A4"),
        ("điều khoản", "vi", 5, 1.5, "điều khoản!C5"),
        ("tham số", "value", 3, "mười hai", "tham số!F3"),
        ("tham số", "duty", 3, "không có", "tham số!A3"),
        ("tham số", "parameter", 3, "strength", "tham số!F3"),
        ("văn bản", "value", 3, "Xã Thử", "văn bản!C3"),
        ("biện pháp", "control_yaml", 3, "id: [", "biện pháp!H3"),
    ],
)
def test_a_mistake_names_its_sheet_and_cell(
    sheet: str, code: str, line: int, value: Any, cell: str
) -> None:
    with pytest.raises(SharedBroken) as caught:
        read(changed(whole_text(), set_cell(sheet, code, line, value)))
    assert any(problem.startswith(cell) for problem in caught.value.problems), caught.value.problems


def test_a_person_may_type_numbers_and_days_as_spreadsheets_do() -> None:
    def change(book: Workbook) -> None:
        book["tham số"].cell(3, column(book, "tham số", "value")).value = 14.0

    got = read(changed(small_text(), change))
    assert dict(got.document.clauses["D1"].duties[0].parameters) == {"min_length": 14}


def test_a_column_or_sheet_that_is_missing_is_told() -> None:
    def drop_sheet(book: Workbook) -> None:
        del book["nghĩa vụ"]

    def drop_column(book: Workbook) -> None:
        book["điều khoản"].delete_cols(column(book, "điều khoản", "kind"))

    with pytest.raises(SharedUnreadable, match="nghĩa vụ"):
        read(changed(small_text(), drop_sheet))
    with pytest.raises(SharedBroken, match="thiếu cột «kind»"):
        read(changed(small_text(), drop_column))


def test_another_workbook_is_refused() -> None:
    target = io.BytesIO()
    Workbook().save(target)
    with pytest.raises(SharedUnreadable, match="văn bản"):
        read(target.getvalue())


def test_a_sentence_longer_than_a_cell_is_not_cut() -> None:
    text = small_text(note={"vi": "a" * 40_000, "en": "b"})
    with pytest.raises(NotExportable, match=r"văn bản!C\d+"):
        workbook_of(text, load_library())


PRINTABLE = st.text(
    st.characters(blacklist_categories=("Cs", "Cn", "Co"), blacklist_characters="\x85\u2028\u2029\ufeff"),
    max_size=12,
).filter(lambda text: text == text.encode("utf-8", "ignore").decode())  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | PRINTABLE,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(PRINTABLE.filter(bool), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(PRINTABLE.filter(bool), VALUES, max_size=4))
def test_flat_keys_lose_nothing(data: dict[str, Any]) -> None:
    assert same(nested(flattened(data)), data)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["=1+1", "-x", " a", "a ", "\\null", "_x0041_", "<b>", "'x", "a\nb", "\\", "1", "đ"]), min_size=3, max_size=3))  # fmt: skip
def test_any_words_come_back_as_they_were(words: list[str]) -> None:
    text = small_text(note={"vi": f"{words[0]}.", "en": words[1]}, place=f"x{words[2]}x")
    got = read(workbook_of(text, load_library()))
    assert got.files.document_yaml == canonical_data(dict(text.in_usual_order().head))
