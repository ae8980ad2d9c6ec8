"""How every kind of document is laid out, as a text that people read; UPDATE_GOLDEN=1 accepts a change."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx.oxml.ns import qn
from kind_cases import KINDS
from page_measures import lines_of
from report_cases import opened

from khien.reports.blocks import OfficialDocument
from khien.reports.docx_layout import render_docx
from khien.reports.pdf_layout import render_pdf, typeface_used

GOLDEN = Path(__file__).parent / "golden"
SET_IN = "TeX Gyre Termes"


def check(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def page_lines(document: OfficialDocument) -> Iterator[str]:
    """Each line of the PDF: millimetres from the top and from the left, size and face, words."""
    page = -1
    for line in lines_of(render_pdf(document)):
        if line.page != page:
            page = line.page
            yield f"--- page {page + 1}"
        yield f"{line.baseline:4.0f} {line.left:4.0f}  {line.face:<15} {line.text}"


def styled_lines(document: OfficialDocument) -> Iterator[str]:
    """Each paragraph of the Word file with the name of its style."""
    word = opened(render_docx(document))
    styles = {style.style_id: style.name for style in word.styles}
    for paragraph in word.element.body.iter(qn("w:p")):
        text = "".join(piece.text or "" for piece in paragraph.iter(qn("w:t")))
        if text:
            yield f"[{styles[paragraph.style or 'Normal']}] {text}"


@pytest.mark.parametrize("kind", KINDS)
def test_the_pdf_is_laid_out_as_it_was(kind: str) -> None:
    if typeface_used() != SET_IN:
        pytest.skip(f"the layout was kept as set in {SET_IN}; this machine has {typeface_used()}")
    check(f"{kind}_pdf.txt", "\n".join(page_lines(KINDS[kind]())) + "\n")


@pytest.mark.parametrize("kind", KINDS)
def test_the_word_file_has_the_styles_that_it_had(kind: str) -> None:
    check(f"{kind}_docx.txt", "\n".join(styled_lines(KINDS[kind]())) + "\n")
