"""The PDF, measured letter by letter against Nghị định 30/2020, Phụ lục I."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from report_cases import Letter, found, pdf_letters, sample_context

from khien.reports.compliance_vi import compose
from khien.reports.pdf_layout import render_pdf

PAGE_MIDDLE = 105
TEXT_MIDDLE = (30 + 195) / 2


@pytest.fixture(scope="module")
def content() -> bytes:
    return render_pdf(compose(sample_context()))


@pytest.fixture(scope="module")
def letters(content: bytes) -> list[Letter]:
    return pdf_letters(content)


def middle(part: list[Letter]) -> float:
    return (part[0].left + part[-1].right) / 2


def body_of(letters: list[Letter]) -> list[Letter]:
    return [letter for letter in letters if letter.top > 20]


def test_nothing_stands_in_the_margins(letters: list[Letter]) -> None:
    inside = body_of(letters)
    assert min(letter.left for letter in inside) >= 29.7  # an italic letter may lean out a little
    assert max(letter.right for letter in inside) <= 195.3
    assert max(letter.bottom for letter in inside) <= 277


def test_only_page_numbers_stand_in_the_top_margin(letters: list[Letter]) -> None:
    above = [letter for letter in letters if letter.bottom < 20]
    assert above
    assert all(letter.text.isdigit() for letter in above)
    assert all(abs(letter.left - TEXT_MIDDLE) < 3 for letter in above)
    assert {round(letter.size) for letter in above} <= {13, 14}
    assert 0 not in {letter.page for letter in above}


def test_the_first_page_of_an_annex_has_no_number_and_its_second_is_two() -> None:
    many = sample_context().intakes * 60
    letters = pdf_letters(render_pdf(compose(sample_context(intakes=many))))
    start = found(letters, "Phụ lục I BẰNG CHỨNG")[0].page
    numbers = {letter.page: letter.text for letter in letters if letter.bottom < 20}
    assert start not in numbers
    assert numbers[start + 1] == "2"


def test_the_nations_name_and_motto_stand_on_the_right(letters: list[Letter]) -> None:
    nation = found(letters, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    motto = found(letters, "Độc lập - Tự do - Hạnh phúc")
    assert middle(nation) > PAGE_MIDDLE
    assert abs(middle(nation) - middle(motto)) < 1
    assert len({round(letter.baseline) for letter in nation}) == 1
    assert {round(letter.size) for letter in nation} == {13}
    assert {round(letter.size) for letter in motto} == {14}
    assert all("Bold" in letter.font for letter in (*nation, *motto))


def test_the_issuing_body_stands_on_the_left(letters: list[Letter]) -> None:
    issuer, parent = found(letters, "TRUNG TÂM Y TẾ"), found(letters, "SỞ Y TẾ TỈNH MẪU")
    assert middle(issuer) < PAGE_MIDDLE
    assert parent[0].top < issuer[0].top
    assert all("Bold" in letter.font for letter in issuer)
    assert not any("Bold" in letter.font for letter in parent)


def test_place_and_day_are_italic_on_the_line_of_the_number(letters: list[Letter]) -> None:
    day, number = found(letters, "Sơn Mẫu, ngày 05 tháng 02 năm 2026"), found(letters, "Số:")
    assert all("Italic" in letter.font for letter in day)
    assert abs(day[0].baseline - number[0].baseline) < 1
    assert middle(day) > PAGE_MIDDLE > middle(number)


def test_title_and_subject_are_centred_bold_fourteen(letters: list[Letter]) -> None:
    for words in ("BÁO CÁO", "Tình hình tuân thủ quy định về an toàn thông tin"):
        part = found(letters, words)
        assert abs(middle(part) - TEXT_MIDDLE) < 1
        assert {round(letter.size) for letter in part} == {14}
        assert all("Bold" in letter.font for letter in part)


def test_the_first_line_of_a_paragraph_is_indented(letters: list[Letter]) -> None:
    first = found(letters, "Số liệu được thu thập từ")[0]
    assert abs(first.left - (30 + 12.7)) < 0.7
    assert round(first.size) == 14


def test_the_signature_is_on_the_right_and_the_recipients_on_the_left(
    letters: list[Letter],
) -> None:
    recipients, signer = found(letters, "Nơi nhận:"), found(letters, "GIÁM ĐỐC")
    assert abs(recipients[0].left - 30) < 1
    assert {round(letter.size) for letter in recipients} == {12}
    assert {round(letter.size) for letter in found(letters, "- Như trên;")} == {11}
    assert middle(signer) > PAGE_MIDDLE
    assert recipients[0].page == signer[0].page == found(letters, "Trên đây là báo cáo")[0].page


def test_every_letter_is_in_one_embedded_family(letters: list[Letter]) -> None:
    families = {re.sub(r"^[A-Z]{6}\+", "", letter.font).split("-")[0] for letter in letters}
    assert len(families) == 1


def test_it_is_tagged_archival_and_vietnamese(content: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(content))
    root = reader.trailer["/Root"]
    assert root["/Lang"].startswith("vi")
    assert root["/MarkInfo"]["/Marked"]
    packet = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2<" in packet
    assert "<pdfaid:conformance>A<" in packet
    assert "<pdfuaid:part>1<" in packet
    assert reader.metadata.title.startswith("Báo cáo tình hình tuân thủ")


def test_the_same_snapshot_gives_the_same_bytes(content: bytes) -> None:
    assert content == render_pdf(compose(sample_context()))
