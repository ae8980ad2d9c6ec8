"""An official document as a Word file: real styles, repeated table heads, a page-number field, fixed bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm
from docx.text.paragraph import Paragraph as WordParagraph

from khien.kernel.clock import parse_iso
from khien.reports import blocks
from khien.reports.blocks import Annex, Block, OfficialDocument, Paragraph, Table
from khien.reports.docx_styles import (
    ANNEX_LABEL,
    ANNEX_REFERENCE,
    ANNEX_TITLE,
    CELL_TEXT,
    PLAIN,
    SUBJECT,
    define_styles,
    style_of,
)
from khien.reports.docx_tables import add_table, two_columns
from khien.reports.text_width import line_mm, text_width_mm

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# "Độc lập - Tự do - Hạnh phúc" in Times 14 bold, measured: the line under it is as long as the words.
_MOTTO_MM = 60
_NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_MOTTO = "Độc lập - Tự do - Hạnh phúc"
_CENTRE = WD_ALIGN_PARAGRAPH.CENTER


def render_docx(document: OfficialDocument) -> bytes:
    """Return the document as a .docx file; the same document gives the same bytes."""
    word = docx.Document()
    define_styles(word)
    _set_properties(word, document)
    _set_page(word.sections[0])
    _number_pages(word.sections[0])
    _add_head(word, document)
    _add_title(word, document)
    _add_blocks(word, document.blocks)
    _add_end(word, document)
    for annex in document.annexes:
        _add_annex(word, annex)
    return _with_fixed_bytes(word, parse_iso(document.made_at))


def _set_properties(word: WordDocument, document: OfficialDocument) -> None:
    made_at = parse_iso(document.made_at).replace(tzinfo=None)
    properties = word.core_properties
    properties.title, properties.author = document.file_title, document.author
    properties.last_modified_by, properties.comments = document.author, ""
    properties.language, properties.revision = "vi-VN", 1
    properties.created = properties.modified = made_at


def _set_page(section: Section) -> None:
    section.page_width, section.page_height = Mm(blocks.PAGE_WIDTH_MM), Mm(blocks.PAGE_HEIGHT_MM)
    section.top_margin, section.bottom_margin = (
        Mm(blocks.MARGIN_TOP_MM),
        Mm(blocks.MARGIN_BOTTOM_MM),
    )
    section.left_margin, section.right_margin = (
        Mm(blocks.MARGIN_LEFT_MM),
        Mm(blocks.MARGIN_RIGHT_MM),
    )
    section.header_distance = section.footer_distance = Mm(10)


def _number_pages(section: Section) -> None:
    """Put the page number at the top centre of every page but the first of the section."""
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = False
    section.first_page_header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.style = PLAIN
    paragraph.alignment = _CENTRE
    for kind, instruction in (
        ("begin", ""),
        ("", "PAGE"),
        ("separate", ""),
        ("", "2"),
        ("end", ""),
    ):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif instruction == "PAGE":
            text = OxmlElement("w:instrText")
            text.text = instruction
            run._r.append(text)
        else:
            run.text = instruction


def _add_head(word: WordDocument, document: OfficialDocument) -> None:
    (left, right), (below_left, below_right) = two_columns(
        word, blocks.HEAD_LEFT_MM, blocks.HEAD_RIGHT_MM, row_count=2
    )
    if document.parent:
        _put(left.paragraphs[0], document.parent, size=13)
    issuer = left.add_paragraph() if document.parent else left.paragraphs[0]
    _put_lines(issuer, document.issuer, size=13)
    name_mm = min(_widest(document.issuer, 13), blocks.HEAD_LEFT_MM)
    _add_line(left.add_paragraph(), blocks.HEAD_LEFT_MM, line_mm(name_mm))
    number = below_left.paragraphs[0]
    number.paragraph_format.space_before = Mm(2)
    _put(number, document.number, size=13)

    _put(right.paragraphs[0], _NATION, size=13, bold=True)
    _put(right.add_paragraph(), _MOTTO, size=14, bold=True)
    _add_line(right.add_paragraph(), blocks.HEAD_RIGHT_MM, _MOTTO_MM)
    day = below_right.paragraphs[0]
    day.paragraph_format.space_before = Mm(2)
    _put(day, document.place_and_day, size=14, italic=True)


def _widest(lines: Sequence[str], size: int) -> int:
    return max(text_width_mm(line, size) for line in lines)


def _put_lines(paragraph: WordParagraph, lines: Sequence[str], *, size: int) -> None:
    for place, line in enumerate(lines):
        if place:
            paragraph.add_run().add_break()
        _put(paragraph, line, size=size, bold=True)


def _put(
    paragraph: WordParagraph, text: str, *, size: int, bold: bool = False, italic: bool = False
) -> None:
    paragraph.style = PLAIN
    paragraph.alignment = _CENTRE
    run = paragraph.add_run(text)
    run.bold, run.italic = bold or None, italic or None
    run.font.size = docx.shared.Pt(size)


def _add_line(paragraph: WordParagraph, width_mm: int, length_mm: int) -> None:
    """Draw a thin line of a length in the middle of a width, as the top border of an empty paragraph."""
    paragraph.style = PLAIN
    side = Mm(max(0, (width_mm - length_mm) / 2))
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = side
    layout.line_spacing = docx.shared.Pt(2)
    layout.space_before = docx.shared.Pt(1)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _add_title(word: WordDocument, document: OfficialDocument) -> None:
    word.add_paragraph(document.kind, style="Title")
    for line in document.subject:
        word.add_paragraph(line, style=SUBJECT)
    width = min(_widest(document.subject, 14), blocks.TEXT_WIDTH_MM)
    _add_line(word.add_paragraph(), blocks.TEXT_WIDTH_MM, line_mm(width))
    addressee = word.add_paragraph()
    if not document.addressee:
        _put(addressee, "", size=6)
        return
    _put(addressee, document.addressee, size=14)
    addressee.paragraph_format.space_before = addressee.paragraph_format.space_after = Mm(4)


def _add_blocks(word: WordDocument, shown: Sequence[Block]) -> None:
    for place, block in enumerate(shown):
        if isinstance(block, Table):
            add_table(word, block)
        else:
            _add_paragraph(word, block, keep=blocks.is_led_in(shown, place))


def _add_paragraph(word: WordDocument, block: Paragraph, *, keep: bool) -> None:
    paragraph = word.add_paragraph(style=style_of(block))
    if keep:
        paragraph.paragraph_format.keep_with_next = True
    if block.style == "dots":
        paragraph.add_run("\t")
    for run in block.runs:
        made = paragraph.add_run(run.text)
        if block.style == "body":
            made.bold, made.italic = run.is_bold or None, run.is_italic or None


def _add_end(word: WordDocument, document: OfficialDocument) -> None:
    """Add the recipients on the left and the signature on the right; the name's place stays empty."""
    word.add_paragraph(style=CELL_TEXT).paragraph_format.keep_with_next = True
    if document.parties:
        _add_parties(word, document)
        return
    [(left, right)] = two_columns(word, blocks.HEAD_LEFT_MM, blocks.HEAD_RIGHT_MM)
    _put(left.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True)
    for line in document.recipients:
        _put(left.add_paragraph(), line, size=11)
    for paragraph in left.paragraphs:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    for place, line in enumerate(document.signer):
        _put(right.add_paragraph() if place else right.paragraphs[0], line, size=14, bold=True)
    for _ in range(5):
        _put(right.add_paragraph(), "", size=14, bold=True)


def _add_parties(word: WordDocument, document: OfficialDocument) -> None:
    """Add the two signatures of minutes side by side, each with the room to sign, and who gets a copy below.

    Source: Nghị định 30/2020, Phụ lục III, form 1.9
    """
    half = blocks.TEXT_WIDTH_MM // 2
    for cell, (role, name) in zip(two_columns(word, half, half)[0], document.parties, strict=True):
        _put(cell.paragraphs[0], role, size=14, bold=True)
        _put(cell.add_paragraph(), "(Ký, ghi rõ họ tên)", size=13, italic=True)
        for _ in range(4):
            _put(cell.add_paragraph(), "", size=14)
        _put(cell.add_paragraph(), name, size=14, bold=True)
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True
    gap = word.add_paragraph(style=CELL_TEXT)
    gap.paragraph_format.keep_with_next = True
    lines = ("Nơi nhận:", *document.recipients)
    for place, line in enumerate(lines):
        paragraph = word.add_paragraph()
        _put(paragraph, line, size=12 if place == 0 else 11, bold=place == 0, italic=place == 0)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        paragraph.paragraph_format.keep_with_next = place + 1 < len(lines)


def _add_annex(word: WordDocument, annex: Annex) -> None:
    section = word.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = True
    # The break stands in a paragraph of its own, which must not flow over to a page of its own.
    word.paragraphs[-1].paragraph_format.line_spacing = docx.shared.Pt(1)
    numbering = OxmlElement("w:pgNumType")
    numbering.set(qn("w:start"), "1")
    section._sectPr.insert_element_before(numbering, "w:cols", "w:titlePg", "w:docGrid")
    word.add_paragraph(annex.label, style=ANNEX_LABEL)
    word.add_paragraph(annex.title, style=ANNEX_TITLE)
    word.add_paragraph(annex.reference, style=ANNEX_REFERENCE)
    _add_blocks(word, annex.blocks)


def _with_fixed_bytes(word: WordDocument, made_at: datetime) -> bytes:
    """Save with every part dated by the snapshot, so that the file does not depend on the clock."""
    first = io.BytesIO()
    word.save(first)
    stamp = (max(1980, made_at.year), *made_at.timetuple()[1:6])
    result = io.BytesIO()
    with zipfile.ZipFile(first) as given, zipfile.ZipFile(result, "w") as fixed:
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            entry.external_attr = 0
            fixed.writestr(entry, given.read(name))
    return result.getvalue()
