"""The end of an official Word file: who gets it on the left, who signs on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from docx.document import Document as WordDocument
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from khien.reports import blocks, docx_styles, measures
from khien.reports.blocks import OfficialDocument, Signer
from khien.reports.docx_head import put
from khien.reports.docx_styles import add_styled
from khien.reports.docx_tables import rows_of_cells, two_columns

# Empty lines of 14 pt that make the room for signature and seal: about the gap of the PDF.
_EMPTY_LINES = 5


def add_end(word: WordDocument, document: OfficialDocument) -> None:
    """Add recipients and signature side by side; of several who sign, the recipients stand below.

    Source: Nghị định 30/2020, Phụ lục I, phần II, mục I.7 and I.9; Phụ lục III, form 1.9
    """
    add_styled(word, "", docx_styles.CELL_TEXT).paragraph_format.keep_with_next = True
    signers = measures.fitted_signers(document)
    if len(signers) == 1:
        [(left, right)] = two_columns(word, blocks.HEAD_LEFT_MM, blocks.HEAD_RIGHT_MM)
        _add_receivers(left, document)
        _add_signature(right, signers[0])
        return
    _add_side_by_side(word, signers)
    add_styled(word, "", docx_styles.CELL_TEXT).paragraph_format.keep_with_next = True
    lines = _receiver_lines(document)
    for place, (line, style) in enumerate(lines):
        paragraph = put(word.add_paragraph(), line, style)
        paragraph.paragraph_format.keep_with_next = place + 1 < len(lines)


def _add_side_by_side(word: WordDocument, signers: Sequence[Signer]) -> None:
    """Add several signatures: positions in one row, names in the next, so that the names stand in line."""
    width = blocks.TEXT_WIDTH_MM / len(signers)
    has_names = any(signer.name for signer in signers)
    rows = rows_of_cells(word, [width] * len(signers), 2 if has_names else 1)
    for place, signer in enumerate(signers):
        _add_signature(rows[0][place], replace(signer, name=""))
        if has_names:
            put(rows[1][place].paragraphs[0], signer.name, docx_styles.SIGNER)
    for paragraph in (one for row in rows for cell in row for one in cell.paragraphs):
        paragraph.paragraph_format.keep_with_next = True


def add_signature_alone(word: WordDocument, document: OfficialDocument) -> None:
    """Add the signature at the end of a text that a decision issues."""
    add_styled(word, "", docx_styles.CELL_TEXT).paragraph_format.keep_with_next = True
    [(_, right)] = two_columns(word, blocks.HEAD_LEFT_MM, blocks.HEAD_RIGHT_MM)
    _add_signature(right, measures.fitted_signers(document)[0])


def _add_receivers(cell: _Cell, document: OfficialDocument) -> None:
    for place, (line, style) in enumerate(_receiver_lines(document)):
        paragraph = put(cell.add_paragraph() if place else cell.paragraphs[0], line, style)
        if line == document.drafter:
            paragraph.paragraph_format.space_before = Pt(6)


def _receiver_lines(document: OfficialDocument) -> list[tuple[str, str]]:
    lines = [(line, docx_styles.RECIPIENT) for line in document.recipients]
    if lines:
        lines.insert(0, ("Nơi nhận:", docx_styles.RECIPIENTS_HEAD))
    if document.drafter:
        lines.append((document.drafter, docx_styles.RECIPIENT))
    return lines


def _add_signature(cell: _Cell, signer: Signer) -> None:
    lines = [(line, docx_styles.SIGNER) for line in signer.lines]
    if signer.hint:
        lines.append((signer.hint, docx_styles.SIGNER_HINT))
    lines.extend([("", docx_styles.SIGNER)] * _EMPTY_LINES)
    if signer.name:
        lines.append((signer.name, docx_styles.SIGNER))
    for place, (line, style) in enumerate(lines):
        put(cell.add_paragraph() if place else cell.paragraphs[0], line, style)


def add_foot(paragraph: WordParagraph, document: OfficialDocument) -> None:
    """Write the body's address under a line at the foot of the first page.

    Source: Nghị định 30/2020, Phụ lục I, phần II, mục II (ô số 13)
    """
    put(paragraph, document.address, docx_styles.ADDRESS)
    paragraph.paragraph_format.space_before = Mm(0)
