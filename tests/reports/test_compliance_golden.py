"""The report's text, from the Word file and from the PDF, is what it was; UPDATE_GOLDEN=1 accepts a change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from report_cases import docx_text, pdf_pages, sample_context

from khien.reports.compliance_vi import compose
from khien.reports.docx_layout import render_docx
from khien.reports.pdf_layout import render_pdf, typeface_used

GOLDEN = Path(__file__).parent / "golden"
SET_IN = "TeX Gyre Termes"


def check(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_the_word_file_says_what_it_said() -> None:
    check("compliance_docx.txt", docx_text(render_docx(compose(sample_context()))))


def test_the_pdf_says_what_it_said() -> None:
    if typeface_used() != SET_IN:
        pytest.skip(
            f"lines break differently in {typeface_used()}; the text was kept as set in {SET_IN}"
        )
    pages = pdf_pages(render_pdf(compose(sample_context())))
    check("compliance_pdf.txt", "\n\f\n".join(pages) + "\n")


def test_both_files_say_the_same_words() -> None:
    document = compose(sample_context())
    in_pdf = _words("".join(pdf_pages(render_pdf(document))))
    for line in docx_text(render_docx(document)).splitlines():
        for cell in line.strip("| ").replace(" /", " ").split(" | "):
            assert _words(cell.replace("\t", "")) in in_pdf


def test_a_report_with_nothing_found_says_so() -> None:
    text = docx_text(
        render_docx(
            compose(
                sample_context(
                    machines=(),
                    failed=(),
                    unknown=(),
                    citations=(),
                    read_tables=(),
                    intakes=(),
                    intake_count=0,
                )
            )
        )
    )
    assert "Chưa có máy nào của đơn vị được thu thập số liệu" in text
    assert "Không có biện pháp nào được kết luận là không đạt." in text
    assert "Không có biện pháp nào chưa rõ." in text
    assert "Phụ lục II" not in text


def _words(text: str) -> str:
    return "".join(text.split()).replace("\ufffe", "-").replace("\u00ad", "-")
