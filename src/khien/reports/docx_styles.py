"""The styles of an official Word file: one typeface, black, the sizes of the decree."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, Protocol

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph

from khien.reports.blocks import TEXT_WIDTH_MM, Paragraph, Style

TYPEFACE = "Times New Roman"
PLAIN = "Normal"
BODY = "Body Text"
SECTION = "Heading 1"
PART = "Heading 2"
TITLE = "Title"
SUBJECT = "Subtitle"
DOTS = "Dotted Line"
CELL_TEXT = "Table Text"
ANNEX_LABEL = "Annex Label"
ANNEX_TITLE = "Annex Title"
ANNEX_REFERENCE = "Annex Reference"
CAPTION = "Caption"
# A clerk finds the parts of a document by the decree's own words for them.
PARENT, ISSUER, NATION, MOTTO = "Cơ quan chủ quản", "Cơ quan ban hành", "Quốc hiệu", "Tiêu ngữ"
NUMBER, DAY, LETTER_SUBJECT = "Số ký hiệu", "Địa danh ngày", "Trích yếu công văn"
ADDRESSEE, RECIPIENTS_HEAD, RECIPIENT = "Kính gửi", "Nơi nhận", "Nơi nhận từng dòng"
SIGNER, SIGNER_HINT, STAMP = "Người ký", "Người ký ghi chú", "Dấu chỉ mức độ"
BASIS, AUTHORITY, ORDER, ARTICLE = "Căn cứ", "Thẩm quyền", "Lời ban hành", "Điều"
DIVISION, MEASURE, ADDRESS, PAGE_NUMBER = "Chương mục", "Đơn vị tính", "Địa chỉ", "Số trang"
LEFT = WD_ALIGN_PARAGRAPH.LEFT
_STYLES: Mapping[Style, str] = {
    "section": SECTION,
    "part": PART,
    "body": BODY,
    "dots": DOTS,
    "basis": BASIS,
    "authority": AUTHORITY,
    "order": ORDER,
    "article": ARTICLE,
    "division": DIVISION,
    "caption": CAPTION,
    "measure": MEASURE,
}
# What Word itself builds on.
_GROUND = {"DefaultParagraphFont", "TableNormal", "NoList", "Header", "Footer"}
_WITH_FACES = {"body", "article", "basis", "dots"}
Place = Literal["text", "left", "center", "right"]
_ALIGNMENTS = {
    "text": WD_ALIGN_PARAGRAPH.JUSTIFY,
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


@dataclass(frozen=True, slots=True)
class _Look:
    """How a style looks: size and face, where it stands, space before and after in points."""

    size: int
    place: Place = "left"
    bold: bool = False
    italic: bool = False
    before: int = 0
    after: int = 0
    keep: bool = False
    identifier: str = ""


_LOOKS: Mapping[str, _Look] = {
    PLAIN: _Look(14),
    BODY: _Look(14, "text", after=6),
    SECTION: _Look(14, "text", bold=True, before=10, after=6, keep=True),
    PART: _Look(14, "text", bold=True, before=6, after=6, keep=True),
    TITLE: _Look(14, "center", bold=True, before=14, keep=True),
    SUBJECT: _Look(14, "center", bold=True, keep=True),
    ANNEX_LABEL: _Look(14, "center", bold=True, keep=True),
    ANNEX_TITLE: _Look(14, "center", bold=True, keep=True),
    ANNEX_REFERENCE: _Look(14, "center", italic=True, after=14, keep=True),
    CELL_TEXT: _Look(12),
    DOTS: _Look(14, after=6),
    CAPTION: _Look(14, "center", bold=True, before=10, after=6, keep=True),
    PARENT: _Look(13, "center", identifier="ParentBody"),
    ISSUER: _Look(13, "center", bold=True, identifier="IssuingBody"),
    NATION: _Look(13, "center", bold=True, identifier="Nation"),
    MOTTO: _Look(14, "center", bold=True, identifier="Motto"),
    NUMBER: _Look(13, "center", identifier="DocumentNumber"),
    DAY: _Look(14, "center", italic=True, identifier="PlaceAndDay"),
    LETTER_SUBJECT: _Look(13, "center", before=6, identifier="LetterSubject"),
    STAMP: _Look(13, "center", bold=True, identifier="Stamp"),
    ADDRESSEE: _Look(14, "center", identifier="Addressee"),
    RECIPIENTS_HEAD: _Look(12, bold=True, italic=True, identifier="RecipientsHead"),
    RECIPIENT: _Look(11, identifier="Recipient"),
    SIGNER: _Look(14, "center", bold=True, identifier="Signer"),
    SIGNER_HINT: _Look(13, "center", italic=True, identifier="SignerHint"),
    BASIS: _Look(14, "text", italic=True, after=6, identifier="LegalBasis"),
    AUTHORITY: _Look(
        14, "center", bold=True, before=12, after=12, keep=True, identifier="Authority"
    ),
    ORDER: _Look(14, "center", bold=True, before=12, after=6, keep=True, identifier="Order"),
    ARTICLE: _Look(14, "text", after=6, identifier="Article"),
    DIVISION: _Look(14, "center", bold=True, before=10, after=6, keep=True, identifier="Division"),
    MEASURE: _Look(13, "right", italic=True, before=6, after=2, keep=True, identifier="Measure"),
    ADDRESS: _Look(11, "center", identifier="Address"),
    PAGE_NUMBER: _Look(14, "center", identifier="PageNumberTop"),
}


# The styles of this house, by the names that people see.
OWN = frozenset(_LOOKS)


def style_of(paragraph: Paragraph) -> str:
    """Return the name of the Word style of a paragraph."""
    return _STYLES[paragraph.style]


def has_faces(paragraph: Paragraph) -> bool:
    """Say whether the runs of a paragraph keep their own faces; a heading's style gives them one."""
    return paragraph.style in _WITH_FACES


class _Flow(Protocol):
    """A place that paragraphs are added to: a document or a cell."""

    def add_paragraph(self) -> WordParagraph: ...


def blank_document() -> WordDocument:
    """Return an empty Word document that holds the decree's styles and no others."""
    return docx.Document(io.BytesIO(_blank_package()))


def style_id(name: str) -> str:
    """Return the identifier of a style; names are for people."""
    return _LOOKS[name].identifier or name.replace(" ", "")


def set_style(paragraph: WordParagraph, name: str) -> None:
    """Give a paragraph a style without searching for it by name: documents have thousands of paragraphs."""
    paragraph._p.style = style_id(name)


def add_styled(flow: _Flow, text: str, name: str) -> WordParagraph:
    """Add a paragraph of a style."""
    paragraph = flow.add_paragraph()
    set_style(paragraph, name)
    if text:
        paragraph.add_run(text)
    return paragraph


@cache
def _blank_package() -> bytes:
    word = docx.Document()
    _clear_defaults(word)
    _set_compatibility(word)
    for name, look in _LOOKS.items():
        _define(word, name, look)
    word.styles[DOTS].paragraph_format.line_spacing = 1.1
    word.styles[DOTS].paragraph_format.tab_stops.add_tab_stop(
        Mm(TEXT_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
    )
    _drop_the_rest(word)
    made = io.BytesIO()
    word.save(made)
    return made.getvalue()


def _drop_the_rest(word: WordDocument) -> None:
    """Take out the template's other styles, which a clerk should not meet, and its picture of a page."""
    kept = {style_id(name) for name in _LOOKS} | _GROUND
    styles = word.styles.element
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:styleId")) not in kept:
            styles.remove(style)
            continue
        for tag in ("w:link", "w:next"):
            for link in style.findall(qn(tag)):
                style.remove(link)
    relations = word.part.package.rels
    for key in [key for key, relation in relations.items() if "thumbnail" in relation.reltype]:
        relations.pop(key)


def _define(word: WordDocument, name: str, look: _Look) -> None:
    style = _blank_style(word, name)
    if look.identifier:
        style.element.styleId = look.identifier
    style.quick_style, style.hidden = True, False
    font = style.font
    font.name, font.size, font.bold, font.italic = TYPEFACE, Pt(look.size), look.bold, look.italic
    font.color.rgb = RGBColor(0, 0, 0)
    faces = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        faces.set(qn(f"w:{kind}"), TYPEFACE)
    layout = style.paragraph_format
    layout.alignment = _ALIGNMENTS[look.place]
    layout.space_before, layout.space_after = Pt(look.before), Pt(look.after)
    layout.line_spacing, layout.widow_control = 1.0, True
    if look.keep:
        layout.keep_with_next = True
    if name == DIVISION:
        # The label and the title of a chương stand close together.
        style.element.get_or_add_pPr().append(OxmlElement("w:contextualSpacing"))
    if look.place == "text":
        # First line in by 1.27 cm, at least 6 pt between, lines between single and 1.5.
        layout.first_line_indent, layout.line_spacing = Cm(1.27), 1.1


def _blank_style(word: WordDocument, name: str) -> ParagraphStyle:
    styles = word.styles
    style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if not isinstance(style, ParagraphStyle):
        raise TypeError(f"not a paragraph style: {name}")
    for part in ("w:pPr", "w:rPr"):
        for old in style.element.findall(qn(part)):
            style.element.remove(old)
    if name != PLAIN:
        style.base_style = styles[PLAIN]
    return style


def _clear_defaults(word: WordDocument) -> None:
    """Take the template's theme fonts out of the defaults, and say that the text is Vietnamese."""
    for faces in word.styles.element.iter(qn("w:rFonts")):
        for name in [key for key in faces.attrib if key.lower().endswith("theme")]:
            del faces.attrib[name]
    defaults = word.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is None:
        return
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    language = OxmlElement("w:lang")
    for name in ("val", "eastAsia"):
        language.set(qn(f"w:{name}"), "vi-VN")
    defaults.append(language)


def _set_compatibility(word: WordDocument) -> None:
    """Ask Word for its present layout rules; else it opens the file in compatibility mode."""
    for setting in word.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
