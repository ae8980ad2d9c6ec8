"""The head of an official Word file: issuing body, nation, number, day, kind, abstract, recipients."""

from __future__ import annotations

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from khien.reports import blocks, docx_styles, measures
from khien.reports.blocks import OfficialDocument
from khien.reports.docx_styles import add_styled, set_style
from khien.reports.docx_tables import framed_words, two_columns
from khien.reports.text_width import exact_width_mm, line_mm

# "Độc lập - Tự do - Hạnh phúc" in Times 14 bold: the line under it is as long as the words.
_NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_MOTTO = "Độc lập - Tự do - Hạnh phúc"
_LABEL_MM, _DASH_MM = 22, 2.6


def add_head(word: WordDocument, document: OfficialDocument) -> None:
    """Add the two blocks of names, and under them number and day; of a letter also its abstract."""
    (left, right), (below_left, below_right) = two_columns(
        word, blocks.HEAD_LEFT_MM, blocks.HEAD_RIGHT_MM, row_count=2
    )
    _add_names(left, document)
    _add_nation(right)
    number = put(below_left.paragraphs[0], document.number, docx_styles.NUMBER)
    day = put(below_right.paragraphs[0], document.place_and_day, docx_styles.DAY)
    number.paragraph_format.space_before = day.paragraph_format.space_before = Mm(2)
    if document.is_letter and document.letter_subject():
        put(below_left.add_paragraph(), document.letter_subject(), docx_styles.LETTER_SUBJECT)
    for words, width_mm in _stamps(document):
        framed_words(below_left, words, width_mm, blocks.STAMP_HEIGHT_MM)


def add_bare_head(word: WordDocument, document: OfficialDocument) -> None:
    """Add the two blocks of names alone, for a text that a decision issues."""
    [(left, right)] = two_columns(word, blocks.HEAD_LEFT_MM, blocks.HEAD_RIGHT_MM)
    _add_names(left, document)
    _add_nation(right)
    put(word.add_paragraph(), "", docx_styles.PLAIN)


def add_title(word: WordDocument, document: OfficialDocument) -> None:
    """Add kind and abstract with the line under them; a letter has none."""
    if document.is_letter:
        return
    add_styled(word, document.kind, docx_styles.TITLE)
    subject = measures.subject_lines(document)
    for line in subject:
        add_styled(word, line, docx_styles.SUBJECT)
    widest = max((exact_width_mm(line, 14) for line in subject), default=0)
    add_line(word.add_paragraph(), blocks.TEXT_WIDTH_MM, line_mm(min(widest, blocks.TEXT_WIDTH_MM)))


def add_addressees(word: WordDocument, document: OfficialDocument) -> None:
    """Add "Kính gửi": one recipient on its line, several on a line each, in the middle of the text."""
    lines = document.addressee_lines()
    if len(lines) < 2:
        only = put(word.add_paragraph(), "".join(lines), docx_styles.ADDRESSEE)
        if lines:
            only.paragraph_format.space_before = only.paragraph_format.space_after = Pt(14)
        else:
            only.paragraph_format.line_spacing = Pt(10)
        return
    left = measures.addressee_left_mm(document)
    made = [put(word.add_paragraph(), line, docx_styles.ADDRESSEE) for line in lines]
    for place, paragraph in enumerate(made):
        layout = paragraph.paragraph_format
        paragraph.alignment = docx_styles.LEFT
        layout.left_indent = Mm(left if place == 0 else left + _LABEL_MM + _DASH_MM)
        layout.first_line_indent = Mm(0 if place == 0 else -_DASH_MM)
    made[0].paragraph_format.space_before = made[-1].paragraph_format.space_after = Pt(14)


def put(paragraph: WordParagraph, text: str, style: str) -> WordParagraph:
    """Write a line in a style; the style alone says how it looks."""
    set_style(paragraph, style)
    if text:
        paragraph.add_run(text)
    return paragraph


def add_line(paragraph: WordParagraph, width_mm: float, length_mm: float) -> None:
    """Draw a thin line of a length in the middle of a width, as the top border of an empty paragraph."""
    set_style(paragraph, docx_styles.PLAIN)
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm(max(0, (width_mm - length_mm) / 2))
    layout.line_spacing, layout.space_before = Pt(2), Pt(1)
    add_border(paragraph, "top")


def add_border(paragraph: WordParagraph, side: str) -> None:
    """Draw a thin line along one side of a paragraph."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _add_names(cell: _Cell, document: OfficialDocument) -> None:
    issuer = measures.issuer_lines(document)
    lines = [(line, docx_styles.PARENT) for line in measures.parent_lines(document)]
    lines.extend((line, docx_styles.ISSUER) for line in issuer)
    for place, (line, style) in enumerate(lines):
        put(cell.add_paragraph() if place else cell.paragraphs[0], line, style)
    widest = max(exact_width_mm(line, measures.HEAD_PT) for line in issuer)
    length = line_mm(min(widest, blocks.HEAD_LEFT_MM))
    add_line(cell.add_paragraph(), blocks.HEAD_LEFT_MM, length)


def _add_nation(cell: _Cell) -> None:
    put(cell.paragraphs[0], _NATION, docx_styles.NATION)
    put(cell.add_paragraph(), _MOTTO, docx_styles.MOTTO)
    add_line(cell.add_paragraph(), blocks.HEAD_RIGHT_MM, exact_width_mm(_MOTTO, 14))


def _stamps(document: OfficialDocument) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    if document.urgency:
        found.append((document.urgency, blocks.STAMP_WIDTHS_MM[document.urgency]))
    if document.circulation:
        found.append((document.circulation, measures.frame_mm(document.circulation)))
    return found
