"""The Word file, measured against Nghị định 30/2020, Phụ lục I."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt
from docx.text.paragraph import Paragraph
from report_cases import opened, sample_context

from khien.reports.blocks import TEXT_WIDTH_MM
from khien.reports.compliance_vi import compose
from khien.reports.docx_layout import render_docx

CENTRE, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


@pytest.fixture(scope="module")
def word() -> WordDocument:
    return opened(render_docx(compose(sample_context())))


def in_head(word: WordDocument, words: str) -> Paragraph:
    cells = [cell for table in word.tables for row in table.rows for cell in row.cells]
    return next(p for cell in cells for p in cell.paragraphs if words in p.text)


def in_body(word: WordDocument, words: str) -> Paragraph:
    return next(p for p in word.paragraphs if words in p.text)


def test_paper_and_margins(word: WordDocument) -> None:
    for section in word.sections:
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        assert 20 <= round(section.top_margin.mm, 1) <= 25
        assert 20 <= round(section.bottom_margin.mm, 1) <= 25
        assert 30 <= round(section.left_margin.mm, 1) <= 35
        assert 15 <= round(section.right_margin.mm, 1) <= 20


def test_every_style_is_times_new_roman_in_black(word: WordDocument) -> None:
    used = {p.style.name for p in word.paragraphs} | {"Normal", "Table Text"}
    for name in used:
        style = word.styles[name]
        faces = style.element.rPr.rFonts
        assert {faces.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi", "cs", "eastAsia")} == {
            "Times New Roman"
        }
        assert str(style.font.color.rgb) == "000000"
    assert "theme=" not in word.styles.element.xml.lower()


def test_body_text_is_justified_with_an_indented_first_line(word: WordDocument) -> None:
    style = word.styles["Body Text"]
    layout = style.paragraph_format
    assert style.font.size == Pt(14)
    assert layout.alignment == JUSTIFY
    assert round(layout.first_line_indent.cm, 2) == 1.27
    assert layout.space_after >= Pt(6)
    assert 1 <= layout.line_spacing <= 1.5
    assert in_body(word, "Số liệu được thu thập từ").style.name == "Body Text"


@pytest.mark.parametrize(
    ("words", "size", "is_bold", "is_italic"),
    [
        ("SỞ Y TẾ TỈNH MẪU", 13, False, False),
        ("TRUNG TÂM Y TẾ", 13, True, False),
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13, True, False),
        ("Độc lập - Tự do - Hạnh phúc", 14, True, False),
        ("Số:", 13, False, False),
        ("Sơn Mẫu, ngày 05 tháng 02 năm 2026", 14, False, True),
        ("Nơi nhận:", 12, True, True),
        ("- Như trên;", 11, False, False),
        ("GIÁM ĐỐC", 14, True, False),
    ],
)
def test_parts_of_the_head_and_the_end(
    word: WordDocument, words: str, size: int, is_bold: bool, is_italic: bool
) -> None:
    paragraph = in_head(word, words)
    font = paragraph.style.font
    assert font.size == Pt(size)
    assert (bool(font.bold), bool(font.italic)) == (is_bold, is_italic)
    # The style alone says how it looks: a clerk changes it in one place.
    assert all(run._r.rPr is None for run in paragraph.runs)


def test_title_lines_are_bold_fourteen_and_centred(word: WordDocument) -> None:
    shown = {"BÁO CÁO": "Title", "Tình hình tuân thủ": "Subtitle", "BẰNG CHỨNG": "Annex Title"}
    for words, name in shown.items():
        style = in_body(word, words).style
        assert style.name == name
        assert (style.font.size, style.font.bold) == (Pt(14), True)
        assert style.paragraph_format.alignment == CENTRE


def test_the_line_under_the_motto_is_as_long_as_its_words(word: WordDocument) -> None:
    cell = word.tables[0].rows[0].cells[1]
    line = next(p for p in cell.paragraphs if p._p.find(f".//{qn('w:pBdr')}") is not None)
    length = cell.width - line.paragraph_format.left_indent - line.paragraph_format.right_indent
    assert 59 <= Emu(length).mm <= 61


def test_page_numbers_are_centred_on_top_but_not_on_the_first_page(word: WordDocument) -> None:
    section = word.sections[0]
    assert section.different_first_page_header_footer
    header = section.header.paragraphs[0]
    assert "PAGE" in header._p.xml
    assert header.style.paragraph_format.alignment == CENTRE
    assert section.first_page_header.paragraphs[0].text == ""
    assert section.header_distance < section.top_margin


def test_each_annex_starts_a_page_and_its_own_count(word: WordDocument) -> None:
    assert len(word.sections) == 4
    for section in list(word.sections)[1:]:
        assert section.different_first_page_header_footer
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"


def test_tables_repeat_their_head_keep_rows_whole_and_fit(word: WordDocument) -> None:
    framed = [t for t in word.tables if t._tbl.tblPr.find(qn("w:tblBorders")) is not None]
    assert len(framed) >= 8
    for table in framed:
        rows = table._tbl.tr_lst
        assert rows[0].trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
        width = sum(column.w for column in table._tbl.tblGrid.gridCol_lst)
        assert width <= Mm(TEXT_WIDTH_MM) + Mm(0.2)


def test_the_report_ends_with_its_mark(word: WordDocument) -> None:
    assert in_body(word, "Trên đây là báo cáo").text.endswith("./.")


def test_a_peoples_committee_signs_for_itself_and_names_nobody_above() -> None:
    unit = sample_context().unit
    changed = type(unit)(
        "x", "Ủy ban nhân dân phường Mẫu", "Ủy ban nhân dân tỉnh Mẫu", "ward", "Mẫu", False
    )
    document = compose(sample_context(unit=changed))
    assert document.parent == ""
    assert document.signer == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    first = render_docx(compose(sample_context()))
    assert first == render_docx(compose(sample_context()))
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(2026, 2, 5, 2, 30, 0)}
