"""Reads a Word file as lines: one paragraph one line, numbers written out, tables laid flat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from khien.norms.text.docx_fonts import decode_by_font, fonts_are_honest
from khien.norms.text.docx_numbering import Numbering
from khien.norms.text.docx_package import DocxPackage
from khien.norms.text.docx_styles import Look, Styles, W, value_of, with_numbering
from khien.norms.text.model import Anomaly
from khien.norms.text.source import SourceFile, SourceText, reading_anomaly

_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

_SKIPPED: Final = frozenset(
    W + name
    for name in ("pPr", "rPr", "sdtPr", "sdtEndPr", "instrText", "delText", "delInstrText", "tblPr",
                 "tblGrid", "trPr", "tcPr", "rt", "rubyPr", "fldData", "softHyphen")
)  # fmt: skip
_DELETED: Final = (W + "del", W + "moveFrom")
_INSERTED: Final = (W + "ins", W + "moveTo")
_GRAPHICS: Final = (W + "drawing", W + "pict", W + "object")
_CHARACTERS: Final = {W + "tab": "\t", W + "ptab": "\t", W + "cr": "\n", W + "noBreakHyphen": "-"}
_BLANK: Final = str.maketrans("\r\n\t", "   ")
# What is left out of a paragraph, by the element that shows it, and the anomaly that says so.
_LEFT_OUT: Final = {
    W + "footnoteReference": "docx-footnote",
    W + "endnoteReference": "docx-footnote",
    W + "commentReference": "docx-comment",
}


def read_docx(source: SourceFile) -> SourceText:
    """Return the text of a Word file, with an anomaly for whatever is repaired or left out.

    Raises: KhienError: the package is damaged, encrypted, oversized, or no Word file
    """
    package = DocxPackage(source)
    root = package.xml(package.document_name)
    body = None if root is None else root.find(W + "body")
    reading = _Reading(
        Styles(package.xml("word/styles.xml")), Numbering(package.xml("word/numbering.xml"))
    )
    reading.note_package(package)
    if body is not None:
        reading.trusts_fonts = fonts_are_honest(body, reading.styles)
        reading.read_blocks(body)
    reading.finish()
    anomalies = sorted(reading.anomalies, key=lambda anomaly: anomaly.line)
    return SourceText("".join(f"{line}\n" for line in reading.lines), "docx", tuple(anomalies))


@dataclass(slots=True)
class _Paragraph:
    """The visible pieces of one paragraph with their fonts, and what was met beside them."""

    look: Look
    pieces: list[tuple[str, str]] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    boxes: list[etree._Element] = field(default_factory=list)


class _Reading:
    """One walk through a document; paragraphs turn into lines in the order of the page."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self.styles = styles
        self.lines: list[str] = []
        self.anomalies: list[Anomaly] = []
        self.trusts_fonts = True
        self._numbering = numbering
        self._numbered_lines: list[int] = []
        self._carried: list[tuple[str, str]] = []  # of paragraphs whose end mark is deleted

    def note_package(self, package: DocxPackage) -> None:
        """Say what the package holds that is not read."""
        if any(name.lower().endswith("vbaproject.bin") for name in package.names):
            self._note("docx-macros")
        outside = sorted(n for n in package.names if n.startswith(("word/header", "word/footer")))
        if any(_has_words(package.xml(name)) for name in outside if name.endswith(".xml")):
            self._note("docx-header-footer")

    def read_blocks(self, parent: etree._Element, *, in_table: bool = False) -> None:
        """Read the paragraphs and tables of a body, cell, box or content control."""
        for node in parent:
            if node.tag == W + "p":
                self._read_paragraph(node, in_table=in_table)
            elif node.tag == W + "tbl":
                self._read_table(node)
            elif node.tag == W + "altChunk":
                self._note("docx-other-document")
            elif node.tag == _MC + "AlternateContent":
                self.read_blocks(_alternative(node), in_table=in_table)
            elif node.tag not in _SKIPPED and node.tag not in _DELETED:
                self.read_blocks(node, in_table=in_table)

    def finish(self) -> None:
        """Write out what is still carried, and say once how many numbers were written out."""
        if self._carried:
            self.lines.append("".join(text for text, _ in self._carried))
        if self._numbered_lines:
            first, count = self._numbered_lines[0], len(self._numbered_lines)
            self.anomalies.append(reading_anomaly(first, "docx-numbering", count=count))

    def _read_table(self, table: etree._Element) -> None:
        rows = [row for row in table.iter(W + "tr") if row.find(f"{W}trPr/{W}del") is None]
        self._note("docx-table", rows=len(rows))
        for node in table:
            if node.tag not in _SKIPPED and node.find(f"{W}trPr/{W}del") is None:
                self.read_blocks(node, in_table=True)

    def _read_paragraph(self, node: etree._Element, *, in_table: bool) -> None:
        properties = node.find(W + "pPr")
        style_id = value_of(properties, "pStyle")
        look = self.styles.paragraph(style_id)
        paragraph = _Paragraph(look, pieces=self._carried)
        self._carried = []
        self._read_inline(node, paragraph, look)
        if properties is not None and properties.find(f"{W}rPr/{W}del") is not None:
            paragraph.met["deleted"] += 1
            self._note_met(paragraph)
            self._carried = paragraph.pieces
        else:
            numbered = (
                look if properties is None else with_numbering(look, properties.find(W + "numPr"))
            )
            self._write(paragraph, self._label(numbered, style_id), in_table=in_table)
        self._read_boxes(paragraph)

    def _label(self, look: Look, style_id: str | None) -> str:
        label = self._numbering.label(look, style_id)
        if label is None:
            return ""
        if label.form is not None:
            self._note("docx-numbering-format", form=label.form)
        if label.text:
            self._numbered_lines.append(len(self.lines) + 1)
        return label.text

    def _write(self, paragraph: _Paragraph, label: str, *, in_table: bool) -> None:
        text = "".join(text for text, _ in paragraph.pieces)
        if self.trusts_fonts:
            text, font = decode_by_font(paragraph.pieces)
            if font is not None:
                self._note("docx-legacy-font", font=font)
        self._note_met(paragraph)
        if label:
            text = label + text.lstrip()
        # An empty paragraph of a table is the emptiness of its cell, not a line of the text.
        if not in_table or text.strip():
            self.lines.extend(text.split("\n"))

    def _note_met(self, paragraph: _Paragraph) -> None:
        met = paragraph.met
        if met["deleted"] or met["inserted"]:
            self._note("docx-tracked-change", deleted=met["deleted"], inserted=met["inserted"])
        for code in ("docx-footnote", "docx-comment", "docx-hidden-text", "docx-picture"):
            if met[code]:
                self._note(code, count=met[code])

    def _read_boxes(self, paragraph: _Paragraph) -> None:
        for box in paragraph.boxes:
            self._note("docx-text-box")
            self.read_blocks(box, in_table=True)

    def _read_inline(self, parent: etree._Element, paragraph: _Paragraph, look: Look) -> None:
        for node in parent:
            tag = node.tag
            if tag in _DELETED:
                paragraph.met["deleted"] += 1
            elif tag in _LEFT_OUT:
                paragraph.met[_LEFT_OUT[tag]] += 1
            elif tag in _GRAPHICS or tag == _MC + "AlternateContent":
                self._meet_graphic(node, paragraph)
            elif tag == W + "r":
                self._read_run(node, paragraph)
            elif tag not in _SKIPPED:
                paragraph.met["inserted"] += tag in _INSERTED
                self._read_leaf(node, paragraph, look)

    def _read_run(self, run: etree._Element, paragraph: _Paragraph) -> None:
        look = self.styles.run(run.find(W + "rPr"), paragraph.look)
        if look.is_hidden:
            paragraph.met["docx-hidden-text"] += 1
        else:
            self._read_inline(run, paragraph, look)

    def _read_leaf(self, node: etree._Element, paragraph: _Paragraph, look: Look) -> None:
        text = _leaf_text(node, starts=not paragraph.pieces)
        if text is None:
            self._read_inline(node, paragraph, look)
        elif text:
            paragraph.pieces.append((text.upper() if look.is_capitals else text, look.font))

    def _meet_graphic(self, node: etree._Element, paragraph: _Paragraph) -> None:
        chosen = _alternative(node) if node.tag == _MC + "AlternateContent" else node
        boxes = list(_boxes(chosen))
        paragraph.boxes.extend(boxes)
        if not boxes:
            paragraph.met["docx-picture"] += 1

    def _note(self, code: str, **values: object) -> None:
        self.anomalies.append(reading_anomaly(len(self.lines) + 1, code, **values))


def _leaf_text(node: etree._Element, *, starts: bool) -> str | None:
    """Return the characters an element stands for, or None where it may hold others."""
    if node.tag == W + "t":
        text = (node.text or "").translate(_BLANK)
        preserved = node.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
        return text if preserved else text.strip(" ")
    if node.tag == _M + "t":
        return node.text or ""
    if node.tag == W + "br":
        # A page break before the first word breaks no line.
        return "" if starts and node.get(W + "type") in ("page", "column") else "\n"
    if node.tag == W + "sym":
        return "•"
    return _CHARACTERS.get(str(node.tag))


def _alternative(node: etree._Element) -> etree._Element:
    """Return the one of two equal contents that holds more text boxes, the modern one first."""
    choices = list(node) or [node]
    return next((choice for choice in choices if any(True for _ in _boxes(choice))), choices[0])


def _boxes(node: etree._Element) -> Iterator[etree._Element]:
    """Yield the outermost text boxes below an element, each of two equal contents once."""
    for child in node:
        if child.tag == W + "txbxContent":
            yield child
        elif child.tag == _MC + "AlternateContent":
            yield from _boxes(_alternative(child))
        else:
            yield from _boxes(child)


def _has_words(root: etree._Element | None) -> bool:
    if root is None:
        return False
    return any(c.isalpha() for node in root.iter(W + "t") for c in node.text or "")
