"""The workbook of a document: its tables as tables, numbers as numbers, formulas as text."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest
from kind_cases import KINDS, official, report
from openpyxl.workbook import Workbook

from khien.reports.blocks import Column, Table, body, rows
from khien.reports.xlsx_layout import render_xlsx


def opened_book(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_every_table_has_a_sheet_with_its_heads_and_sums() -> None:
    book = opened_book(render_xlsx(report()))
    assert book.sheetnames == ["Văn bản", "Bảng 1", "Phụ lục 2", "Phụ lục 3"]
    sheet = book["Bảng 1"]
    assert [cell.value for cell in sheet[4]] == ["TT", "Đơn vị", "Số máy", "Đạt", "Chưa đạt"]
    assert [cell.value for cell in sheet[10]] == [None, "Cộng", 600, 480, 120]
    assert sheet["C5"].number_format == "#,##0"
    assert sheet.print_title_rows == "$4:$4"


def test_common_heads_reach_over_their_columns_and_a_wide_table_lies_on_its_side() -> None:
    sheet = opened_book(render_xlsx(report()))["Phụ lục 3"]
    merged = {str(found) for found in sheet.merged_cells.ranges}
    assert {"C4:E4", "F4:H4", "A4:A5"} <= merged
    assert (sheet["C4"].value, sheet["C5"].value, sheet["C6"].value) == (
        "Máy tính",
        "Máy trạm",
        "(3)",
    )
    assert sheet.page_setup.orientation == "landscape"


@pytest.mark.parametrize(
    "hostile", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")']
)
def test_what_begins_as_a_formula_stays_text(hostile: str) -> None:
    table = Table((Column("Cột", 60), Column("Số", 30, "right")), rows([(hostile, hostile)]))
    document = official("bao_cao", blocks=(body(hostile), table))
    for sheet in opened_book(render_xlsx(document)).worksheets:
        assert all(cell.data_type != "f" for line in sheet for cell in line)
    assert all(
        not str(cell.value or "x").startswith(("=", "+", "@")) for line in sheet for cell in line
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_document_gives_the_same_bytes(kind: str) -> None:
    assert render_xlsx(KINDS[kind]()) == render_xlsx(KINDS[kind]())


def test_a_document_without_tables_is_its_text() -> None:
    book = opened_book(render_xlsx(replace(report(), blocks=(body("Một dòng."),), annexes=())))
    assert book.sheetnames == ["Văn bản"]
    assert "Một dòng." in [cell.value for (cell,) in book["Văn bản"].iter_rows()]
