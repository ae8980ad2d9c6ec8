"""What machines report is text and stays text: markup, control characters, long names, thousands of findings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_cases import docx_text, failed_control, found, pdf_letters, pdf_pages, sample_context

from khien.reports.cleaning import plain
from khien.reports.compliance_vi import compose
from khien.reports.context import ComplianceContext, FindingGroup
from khien.reports.docx_layout import render_docx
from khien.reports.pdf_layout import render_pdf

MARKUP = [
    '#panic("x")',
    "#sys.inputs",
    "*đậm* _nghiêng_ $x^2$ `mã` <nhãn> @ref",
    "= Tiêu đề",
    '"]; #import "/etc/passwd": *',
    "</w:t></w:r><w:p/>&amp;",
    "{{ 7 * 7 }} {% x %}",
    "C:\\Users\\máy\\n",
]


def with_machine(name: str, sentence: str) -> ComplianceContext:
    group = FindingGroup(sentence, "measured", "2026-02-01T01:00:00Z", (name,), 1)
    return sample_context(failed=(failed_control(findings=(group,)),))


def test_markup_is_printed_and_never_run() -> None:
    groups = tuple(
        FindingGroup(plain(markup), "measured", "2026-02-01T01:00:00Z", (plain(markup),), 1)
        for markup in MARKUP
    )
    document = compose(sample_context(failed=(failed_control(findings=groups),)))
    in_word = docx_text(render_docx(document))
    in_pdf = "".join("".join(pdf_pages(render_pdf(document))).split())
    for markup in MARKUP:
        assert in_word.count(markup) == 2
        assert in_pdf.count("".join(markup.split())) >= 2


def test_control_characters_do_not_break_either_file() -> None:
    hostile = plain("a\x00b\x1bc\ud800\ufffe\u202ed\U000e0041e")
    document = compose(with_machine(hostile, hostile))
    assert hostile in docx_text(render_docx(document))
    assert pdf_pages(render_pdf(document))


@pytest.mark.parametrize("letter", ["x", "W", "ễ", "\u0e01", "漢", "👩", "/"])
def test_a_very_long_name_stays_inside_the_margins(letter: str) -> None:
    name = plain(letter * 5000, 80)
    line = replace(sample_context().intakes[0], machine=name, collector=name)
    document = compose(replace(with_machine(name, plain(letter * 5000)), intakes=(line,)))
    letters = pdf_letters(render_pdf(document))
    assert max(shown.right for shown in letters) <= 195.5


def test_a_row_taller_than_a_page_is_not_lost() -> None:
    tall = failed_control(
        group="insufficient",
        findings=tuple(
            FindingGroup(
                f"{'rất dài ' * 70}HẾT-{n}.", "not_yet", "2026-02-01T01:00:00Z", ("may",) * 9, 9
            )
            for n in range(3)
        ),
        advice="làm lại " * 400 + "XONG.",
    )
    letters = pdf_letters(render_pdf(compose(sample_context(unknown=(tall,)))))
    for words in ("HẾT-2", "XONG."):
        assert found(letters, words)[0].bottom <= 277


def test_hundreds_of_findings_and_bundles_are_printed() -> None:
    groups = tuple(
        FindingGroup(f"Câu số {n}.", "measured", "2026-02-01T01:00:00Z", (f"may-{n}",), 1)
        for n in range(600)
    )
    failed = tuple(
        failed_control(control=f"X-{n}", findings=groups[n * 12 : n * 12 + 12]) for n in range(50)
    )
    intakes = tuple(replace(sample_context().intakes[0], machine=f"may-{n}") for n in range(300))
    document = compose(sample_context(failed=failed, intakes=intakes, intake_count=5000))
    for text in (docx_text(render_docx(document)), " ".join(pdf_pages(render_pdf(document)))):
        assert "Câu số 599" in text
        assert "may-299" in text
        assert "Còn 4.700 gói số liệu khác" in text.replace("\n", " ")
