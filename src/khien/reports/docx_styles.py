"""The styles of an official Word file: one typeface, black, the sizes of the decree."""

from __future__ import annotations

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from khien.reports.blocks import TEXT_WIDTH_MM, Paragraph

TYPEFACE = "Times New Roman"
PLAIN = "Normal"
BODY = "Body Text"
SECTION = "Heading 1"
PART = "Heading 2"
SUBJECT = "Subtitle"
DOTS = "Dotted Line"
CELL_TEXT = "Table Text"
ANNEX_LABEL = "Annex Label"
ANNEX_TITLE = "Annex Title"
ANNEX_REFERENCE = "Annex Reference"
_STYLES = {"section": SECTION, "part": PART, "body": BODY, "dots": DOTS}
_JUSTIFY, _CENTRE = WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.CENTER


def style_of(paragraph: Paragraph) -> str:
    """Return the name of the Word style of a paragraph."""
    return _STYLES[paragraph.style]


def define_styles(word: WordDocument) -> None:
    """Give every style that is used the decree's typeface, size and spacing."""
    _clear_defaults(word)
    _set_compatibility(word)
    _define(word, PLAIN, 14)
    _indented(_define(word, BODY, 14))
    _indented(_kept(_define(word, SECTION, 14, bold=True)))
    _indented(_kept(_define(word, PART, 14, bold=True)))
    _centred(_kept(_define(word, "Title", 14, bold=True)), before=14)
    _centred(_kept(_define(word, SUBJECT, 14, bold=True)), before=0)
    _centred(_kept(_define(word, ANNEX_LABEL, 14, bold=True)), before=0)
    _centred(_kept(_define(word, ANNEX_TITLE, 14, bold=True)), before=0)
    _centred(_kept(_define(word, ANNEX_REFERENCE, 14, italic=True)), before=0, after=10)
    _define(word, CELL_TEXT, 12)
    dots = _define(word, DOTS, 14)
    dots.paragraph_format.space_after = Pt(6)
    dots.paragraph_format.tab_stops.add_tab_stop(
        Mm(TEXT_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
    )


def _define(
    word: WordDocument, name: str, size: int, *, bold: bool = False, italic: bool = False
) -> ParagraphStyle:
    styles = word.styles
    style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if not isinstance(style, ParagraphStyle):
        raise TypeError(f"not a paragraph style: {name}")
    for part in ("w:pPr", "w:rPr"):
        for old in style.element.findall(qn(part)):
            style.element.remove(old)
    if name != PLAIN:
        style.base_style = styles[PLAIN]
    style.quick_style, style.hidden = True, False
    font = style.font
    font.name, font.size, font.bold, font.italic = TYPEFACE, Pt(size), bold, italic
    font.color.rgb = RGBColor(0, 0, 0)
    faces = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        faces.set(qn(f"w:{kind}"), TYPEFACE)
    layout = style.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(0), Pt(0), 1.0
    layout.widow_control = True
    return style


def _indented(style: ParagraphStyle) -> ParagraphStyle:
    """Lay a style out as body text: justified, first line in by 1.27 cm, at least 6 pt between."""
    layout = style.paragraph_format
    layout.alignment, layout.first_line_indent = _JUSTIFY, Cm(1.27)
    layout.space_after, layout.line_spacing = Pt(6), 1.1
    return style


def _kept(style: ParagraphStyle) -> ParagraphStyle:
    style.paragraph_format.keep_with_next = True
    style.paragraph_format.space_before = Pt(6)
    return style


def _centred(style: ParagraphStyle, *, before: int, after: int = 0) -> None:
    layout = style.paragraph_format
    layout.alignment = _CENTRE
    layout.space_before, layout.space_after = Pt(before), Pt(after)


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
