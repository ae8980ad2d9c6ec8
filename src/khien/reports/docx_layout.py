"""An official document as a Word file: real styles, repeated table heads, a page-number field, fixed bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Mm, Pt

from khien.kernel.clock import parse_iso
from khien.reports import blocks, docx_styles, measures
from khien.reports.blocks import Annex, Block, OfficialDocument, Paragraph, Table
from khien.reports.docx_end import add_end, add_foot, add_signature_alone
from khien.reports.docx_head import (
    add_addressees,
    add_bare_head,
    add_border,
    add_head,
    add_line,
    add_title,
)
from khien.reports.docx_styles import add_styled, blank_document, has_faces, set_style, style_of
from khien.reports.docx_tables import add_table
from khien.reports.text_width import balanced

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ISSUED_LINE_MM = 55
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def render_docx(document: OfficialDocument) -> bytes:
    """Return the document as a .docx file; the same document gives the same bytes."""
    word = blank_document()
    _set_properties(word, document)
    _set_page(word.sections[0])
    _number_pages(word.sections[0])
    _set_foot(word.sections[0], document)
    add_head(word, document)
    add_title(word, document)
    add_addressees(word, document)
    add_blocks(word, document.blocks, blocks.TEXT_WIDTH_MM)
    add_end(word, document)
    for annex in document.annexes:
        _add_annex(word, annex, document)
    return with_fixed_bytes(word, parse_iso(document.made_at))


def _set_properties(word: WordDocument, document: OfficialDocument) -> None:
    made_at = parse_iso(document.made_at).replace(tzinfo=None)
    properties = word.core_properties
    # The file format holds 255 letters of each.
    properties.title, properties.author = document.file_title[:255], document.author[:255]
    properties.last_modified_by, properties.comments = document.author[:255], ""
    properties.language, properties.revision = "vi-VN", 1
    properties.created = properties.modified = made_at


def _set_page(section: Section, *, is_landscape: bool = False) -> None:
    width, height = Mm(blocks.PAGE_WIDTH_MM), Mm(blocks.PAGE_HEIGHT_MM)
    if is_landscape:
        width, height = height, width
    section.orientation = WD_ORIENT.LANDSCAPE if is_landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = width, height
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
    set_style(paragraph, docx_styles.PAGE_NUMBER)
    set_style(section.first_page_header.paragraphs[0], docx_styles.PAGE_NUMBER)
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


def _set_foot(section: Section, document: OfficialDocument) -> None:
    if not document.address:
        return
    section.first_page_footer.is_linked_to_previous = False
    paragraph = section.first_page_footer.paragraphs[0]
    add_foot(paragraph, document)
    add_border(paragraph, "top")


def add_blocks(word: WordDocument, shown: Sequence[Block], width_mm: int) -> None:
    """Add paragraphs and tables at the end of a Word document; a table too wide is narrowed."""
    for place, block in enumerate(shown):
        if isinstance(block, Table):
            add_table(word, measures.fitted(block, width_mm))
        else:
            _add_paragraph(word, block, keep=blocks.is_led_in(shown, place))


def _add_paragraph(word: WordDocument, block: Paragraph, *, keep: bool) -> None:
    paragraph = add_styled(word, "", style_of(block))
    if keep:
        paragraph.paragraph_format.keep_with_next = True
    for run in block.runs:
        made = paragraph.add_run(run.text)
        if has_faces(block):
            made.bold, made.italic = run.is_bold or None, run.is_italic or None
    if block.style == "dots":
        paragraph.add_run(" \t" if block.runs else "\t")
        if block.runs:
            paragraph.paragraph_format.first_line_indent = Cm(1.27)


def _add_annex(word: WordDocument, annex: Annex, document: OfficialDocument) -> None:
    section = word.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = True
    _set_page(section, is_landscape=annex.is_landscape)
    if document.address:
        section.first_page_footer.is_linked_to_previous = False
    # The break stands in a paragraph of its own, which must not flow over to a page of its own.
    word.paragraphs[-1].paragraph_format.line_spacing = Pt(1)
    _start_count(section)
    if annex.is_issued_text:
        add_bare_head(word, document)
    add_styled(word, annex.label, docx_styles.ANNEX_LABEL)
    for line in balanced(annex.title, 14, annex.width_mm):
        add_styled(word, line, docx_styles.ANNEX_TITLE)
    if annex.reference:
        add_styled(word, annex.reference, docx_styles.ANNEX_REFERENCE)
    if annex.is_issued_text:
        word.paragraphs[-1].paragraph_format.space_after = Pt(0)
        add_line(word.add_paragraph(), annex.width_mm, _ISSUED_LINE_MM)
        word.paragraphs[-1].paragraph_format.space_after = Pt(14)
    add_blocks(word, annex.blocks, annex.width_mm)
    if annex.is_issued_text:
        add_signature_alone(word, document)


def _start_count(section: Section) -> None:
    properties = section._sectPr
    for old in properties.findall(qn("w:pgNumType")):
        properties.remove(old)
    numbering = OxmlElement("w:pgNumType")
    numbering.set(qn("w:start"), "1")
    properties.insert_element_before(numbering, "w:cols", "w:titlePg", "w:docGrid")


def with_fixed_bytes(word: WordDocument, made_at: datetime) -> bytes:
    """Save with every part dated by the snapshot, so that the file does not depend on the clock."""
    first = io.BytesIO()
    word.save(first)
    return fixed_package(first.getvalue(), made_at)


def fixed_package(package: bytes, made_at: datetime, *, modified: str = "") -> bytes:
    """Return an office file with the same parts, all of them dated by one moment.

    Args: modified: what the properties say of the last change, where the writer put the clock's time
    """
    stamp = (max(1980, made_at.year), *made_at.timetuple()[1:6])
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as given, zipfile.ZipFile(result, "w") as fixed:
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            entry.external_attr = 0
            content = given.read(name)
            if modified and name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + modified.encode() + rb"\g<2>", content)
            fixed.writestr(entry, content)
    return result.getvalue()
