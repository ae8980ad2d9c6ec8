"""Tables of an official Word file, written as text of XML: thousands of rows must not take minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from docx.document import Document as WordDocument
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt
from docx.table import _Cell

from khien.reports.blocks import Align, Column, Row, Table
from khien.reports.docx_styles import CELL_TEXT, STAMP, add_styled, set_style, style_id

_TWIPS_PER_MM = 1440 / 25.4
_CELL_MARGIN_MM = 1.2
_SIDES = ("top", "left", "bottom", "right")


def add_table(word: WordDocument, table: Table) -> None:
    """Add a table: head repeated on every page, no row split, widths as given, a small gap after it."""
    place = word._body._element
    place.insert(len(place) - 1, parse_xml("".join(_table_xml(table))))
    gap = add_styled(word, "", CELL_TEXT)
    gap.paragraph_format.line_spacing = Pt(6)


def two_columns(
    word: WordDocument, left_mm: float, right_mm: float, *, row_count: int = 1
) -> list[tuple[_Cell, _Cell]]:
    """Add an invisible table of two columns and return the two cells of each row."""
    rows = rows_of_cells(word, [left_mm, right_mm], row_count)
    return [(row[0], row[1]) for row in rows]


def framed_words(cell: _Cell, words: str, width_mm: float, height_mm: float) -> None:
    """Add a small frame of exact size with words in it, as a table of one cell: it moves with the text."""
    gap = add_styled(cell, "", CELL_TEXT)
    gap.paragraph_format.line_spacing = Pt(6)
    frame = cell.add_table(1, 1)
    frame.autofit, frame.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    properties = frame._tbl.tblPr
    lines = parse_xml(_borders(_SIDES, 6, nsdecls("w")))
    properties.insert_element_before(lines, "w:tblLayout", "w:tblLook")
    properties.insert_element_before(_no_margins(), "w:tblLook")
    frame._tbl.tblGrid.gridCol_lst[0].w = Mm(width_mm)
    row = frame.rows[0]
    row.height, row.height_rule = Mm(height_mm), WD_ROW_HEIGHT_RULE.EXACTLY
    box = row.cells[0]
    box.width, box.vertical_alignment = Mm(width_mm), WD_CELL_VERTICAL_ALIGNMENT.CENTER
    set_style(box.paragraphs[0], STAMP)
    box.paragraphs[0].add_run(words)
    # Word asks for a paragraph after a table in a cell.
    set_style(cell.paragraphs[-1], CELL_TEXT)
    cell.paragraphs[-1].paragraph_format.line_spacing = Pt(1)


def rows_of_cells(
    word: WordDocument, widths_mm: Sequence[float], row_count: int
) -> list[list[_Cell]]:
    """Add an invisible table and return the cells of each row."""
    table = word.add_table(rows=row_count, cols=len(widths_mm))
    table.autofit = False
    table._tbl.tblPr.insert_element_before(_no_margins(), "w:tblLook")
    for grid, width in zip(table._tbl.tblGrid.gridCol_lst, widths_mm, strict=True):
        grid.w = Mm(width)
    made = []
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        cells = list(row.cells)
        for cell, width in zip(cells, widths_mm, strict=True):
            cell.width = Mm(width)
        made.append(cells)
    return made


def _no_margins() -> object:
    return parse_xml(_margins(0, nsdecls("w")))


def _twips(millimetres: float) -> int:
    return round(millimetres * _TWIPS_PER_MM)


def _margins(millimetres: float, names: str = "") -> str:
    sides = (
        (side, millimetres if side in ("left", "right") else millimetres / 2) for side in _SIDES
    )
    made = "".join(f'<w:{side} w:w="{_twips(width)}" w:type="dxa"/>' for side, width in sides)
    return f"<w:tblCellMar {names}>{made}</w:tblCellMar>"


def _borders(sides: Sequence[str], eighths: int, names: str = "") -> str:
    made = "".join(
        f'<w:{side} w:val="single" w:sz="{eighths}" w:space="0" w:color="000000"/>'
        for side in sides
    )
    return f"<w:tblBorders {names}>{made}</w:tblBorders>"


def _table_xml(table: Table) -> Iterator[str]:
    widths = [_twips(column.width_mm) for column in table.columns]
    yield f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
    yield '<w:tblInd w:w="0" w:type="dxa"/>'
    yield _borders((*_SIDES, "insideH", "insideV"), 4)
    yield f'<w:tblLayout w:type="fixed"/>{_margins(_CELL_MARGIN_MM)}</w:tblPr><w:tblGrid>'
    yield "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    yield "</w:tblGrid>"
    yield from _head_rows(table)
    last, is_small = len(table.rows) - 1, table.is_small
    for place, row in enumerate(table.rows):
        yield _row_xml(row, table, keep=is_small and place < last)
    yield "</w:tbl>"


def _head_rows(table: Table) -> Iterator[str]:
    """Give the rows of the head, all repeated: common heads, heads, numbers of the columns."""
    is_grouped = any(column.group for column in table.columns)
    yield _head_row(_upper_heads(table, deep=is_grouped))
    if is_grouped:
        yield _head_row(_lower_heads(table))
    if table.has_column_numbers:
        yield _head_row(
            _cell(f"({number})", column, table, face="<w:i/>", align="center", keep=True)
            for number, column in enumerate(table.columns, start=1)
        )


def _head_row(cells: Iterator[str]) -> str:
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>"


def _upper_heads(table: Table, *, deep: bool) -> Iterator[str]:
    place = 0
    for label, span in table.groups():
        columns = table.columns[place : place + span]
        whole = Column(label or columns[0].title, sum(column.width_mm for column in columns))
        merge = '<w:vMerge w:val="restart"/>' if deep and not label else ""
        yield _head_cell(whole.title, whole, table, span=span, merge=merge)
        place += span


def _lower_heads(table: Table) -> Iterator[str]:
    for column in table.columns:
        if column.group:
            yield _head_cell(column.title, column, table)
        else:
            yield _head_cell("", column, table, merge='<w:vMerge w:val="continue"/>')


def _head_cell(text: str, column: Column, table: Table, *, span: int = 1, merge: str = "") -> str:
    spans = _span(span) + merge
    return _cell(text, column, table, face="<w:b/>", align="center", spans=spans, keep=True)


def _span(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""


def _row_xml(row: Row, table: Table, *, keep: bool) -> str:
    start = "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
    face = "<w:b/>" if row.kind != "row" else ""
    if row.kind == "group":
        whole = Column("", sum(column.width_mm for column in table.columns))
        cells = _cell(
            row.cells[0], whole, table, face=face, spans=_span(len(table.columns)), keep=True
        )
    else:
        pairs = zip(row.cells, table.columns, strict=True)
        cells = "".join(
            _cell(text, column, table, face=face, align=column.align, keep=keep)
            for text, column in pairs
        )
    return f"{start}{cells}</w:tr>"


def _cell(
    text: str,
    column: Column,
    table: Table,
    *,
    face: str = "",
    align: Align = "left",
    spans: str = "",
    keep: bool = False,
) -> str:
    stands = "center" if align == "center" else "top"
    size = table.size_pt * 2
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line, quote=False)}</w:t>' for line in text.split("\n")
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(column.width_mm)}" w:type="dxa"/>{spans}'
        f'<w:vAlign w:val="{stands}"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style_id(CELL_TEXT)}"/>{"<w:keepNext/>" if keep else ""}'
        f'<w:jc w:val="{align}"/></w:pPr>'
        f'<w:r><w:rPr>{face}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>{lines}</w:r></w:p></w:tc>'
    )
