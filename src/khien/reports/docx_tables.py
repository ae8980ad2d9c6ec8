"""Tables of an official Word file, written as XML: thousands of rows must not take minutes."""

from __future__ import annotations

from typing import Any

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell

from khien.reports.blocks import Align, Row, Table
from khien.reports.docx_styles import CELL_TEXT

_TWIPS_PER_MM = 1440 / 25.4
_CELL_MARGIN_MM = 1


def add_table(word: WordDocument, table: Table) -> None:
    """Add a table: head repeated on every page, no row split, widths as given, a small gap after it."""
    widths = [column.width_mm for column in table.columns]
    element = _table_element(widths)
    element.append(_head_row(table))
    for row in table.rows:
        element.append(_row_element(row, table))
    if table.is_small:
        _keep_together(element)
    place = word._body._element
    place.insert(len(place) - 1, element)
    gap = word.add_paragraph(style=CELL_TEXT)
    gap.paragraph_format.line_spacing = Pt(6)


def _keep_together(table: Any) -> None:
    """Keep a small table on one page: every row but the last stays with the next."""
    for row in table.findall(qn("w:tr"))[:-1]:
        for layout in row.iter(qn("w:pPr")):
            if layout.find(qn("w:keepNext")) is None:
                layout.insert(1, _element("w:keepNext"))


def two_columns(
    word: WordDocument, left_mm: int, right_mm: int, *, row_count: int = 1
) -> list[tuple[_Cell, _Cell]]:
    """Add an invisible table of two columns and return the two cells of each row."""
    table = word.add_table(rows=row_count, cols=2)
    table.autofit = False
    properties = table._tbl.tblPr
    properties.insert_element_before(_cell_margins(0), "w:tblLook")
    for grid, width in zip(table._tbl.tblGrid.gridCol_lst, (left_mm, right_mm), strict=True):
        grid.w = Mm(width)
    pairs = []
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        left, right = row.cells
        left.width, right.width = Mm(left_mm), Mm(right_mm)
        pairs.append((left, right))
    return pairs


def _element(name: str, **attributes: object) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def _twips(millimetres: int) -> int:
    return round(millimetres * _TWIPS_PER_MM)


def _cell_margins(millimetres: int) -> Any:
    margins = _element("w:tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        width = _twips(millimetres) if side in ("left", "right") else _twips(millimetres) // 2
        margins.append(_element(f"w:{side}", w=width, type="dxa"))
    return margins


def _table_element(widths: list[int]) -> Any:
    table, properties = _element("w:tbl"), _element("w:tblPr")
    properties.append(_element("w:tblW", w=_twips(sum(widths)), type="dxa"))
    properties.append(_element("w:tblInd", w=0, type="dxa"))
    lines = _element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        lines.append(_element(f"w:{side}", val="single", sz=4, space=0, color="000000"))
    properties.append(lines)
    properties.append(_element("w:tblLayout", type="fixed"))
    properties.append(_cell_margins(_CELL_MARGIN_MM))
    table.append(properties)
    grid = _element("w:tblGrid")
    for width in widths:
        grid.append(_element("w:gridCol", w=_twips(width)))
    table.append(grid)
    return table


def _head_row(table: Table) -> Any:
    row = _element("w:tr")
    properties = _element("w:trPr")
    properties.append(_element("w:cantSplit"))
    properties.append(_element("w:tblHeader"))
    row.append(properties)
    for column in table.columns:
        row.append(_cell(column.title, column.width_mm, "center", table.size_pt, bold=True))
    return row


def _row_element(row: Row, table: Table) -> Any:
    element, properties = _element("w:tr"), _element("w:trPr")
    properties.append(_element("w:cantSplit"))
    element.append(properties)
    is_bold = row.kind != "row"
    if row.kind == "group":
        width = sum(column.width_mm for column in table.columns)
        span = len(table.columns)
        cell = _cell(row.cells[0], width, "left", table.size_pt, bold=True, span=span)
        cell.find(qn("w:p")).pPr.insert(1, _element("w:keepNext"))
        element.append(cell)
        return element
    for column, text in zip(table.columns, row.cells, strict=True):
        element.append(_cell(text, column.width_mm, column.align, table.size_pt, bold=is_bold))
    return element


def _cell(
    text: str, width_mm: int, align: Align, size_pt: int, *, bold: bool = False, span: int = 1
) -> Any:
    cell, properties = _element("w:tc"), _element("w:tcPr")
    properties.append(_element("w:tcW", w=_twips(width_mm), type="dxa"))
    if span > 1:
        properties.append(_element("w:gridSpan", val=span))
    properties.append(_element("w:vAlign", val="center" if align == "center" else "top"))
    cell.append(properties)
    paragraph, layout = _element("w:p"), _element("w:pPr")
    layout.append(_element("w:pStyle", val=CELL_TEXT.replace(" ", "")))
    layout.append(_element("w:jc", val=align))
    paragraph.append(layout)
    paragraph.append(_run(text, size_pt, bold=bold))
    cell.append(paragraph)
    return cell


def _run(text: str, size_pt: int, *, bold: bool) -> Any:
    run, face = _element("w:r"), _element("w:rPr")
    if bold:
        face.append(_element("w:b"))
    face.append(_element("w:sz", val=size_pt * 2))
    face.append(_element("w:szCs", val=size_pt * 2))
    run.append(face)
    content = _element("w:t")
    content.text = text
    content.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(content)
    return run
