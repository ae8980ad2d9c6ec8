"""Every kind of document, measured in both files against Nghị định 30/2020, Phụ lục I."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import pypdf
import pytest
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Emu
from docx.styles.style import ParagraphStyle
from kind_cases import KINDS, official, too_long
from page_measures import Line, colours, lines_of, outside, overlapping, page_sizes, strokes_of
from report_cases import opened

from khien.reports.blocks import OfficialDocument
from khien.reports.docx_layout import render_docx
from khien.reports.pdf_layout import render_pdf, typeset_pdf
from khien.signatures.placing import place_for_signature

LEFT_BLOCK, RIGHT_BLOCK, TEXT_MIDDLE, TEXT_LEFT = 63.0, 145.5, 112.5, 30.0


@dataclass(frozen=True)
class Rule:
    """What the decree says of a part: sizes, face, and the middle or the left edge where it stands."""

    sizes: tuple[int, ...]
    bold: bool = False
    italic: bool = False
    middle: float = 0
    left: float = 0


# Source: Nghị định 30/2020, Phụ lục I, phần II; the numbers are those of its places (ô số).
RULES = {
    "1 quốc hiệu": Rule((12, 13), bold=True, middle=RIGHT_BLOCK),
    "1 tiêu ngữ": Rule((13, 14), bold=True, middle=RIGHT_BLOCK),
    "2 cơ quan chủ quản": Rule((12, 13), middle=LEFT_BLOCK),
    "2 cơ quan ban hành": Rule((12, 13), bold=True, middle=LEFT_BLOCK),
    "3 số, ký hiệu": Rule((13,), middle=LEFT_BLOCK),
    "4 địa danh, thời gian": Rule((13, 14), italic=True, middle=RIGHT_BLOCK),
    "5a tên loại": Rule((13, 14), bold=True, middle=TEXT_MIDDLE),
    "5a trích yếu": Rule((13, 14), bold=True, middle=TEXT_MIDDLE),
    "5b trích yếu công văn": Rule((12, 13), middle=LEFT_BLOCK),
    "6 căn cứ": Rule((13, 14), italic=True, left=TEXT_LEFT + 12.7),
    "6 lời ban hành": Rule((13, 14), bold=True, middle=TEXT_MIDDLE),
    "7a quyền hạn, chức vụ": Rule((13, 14), bold=True, middle=RIGHT_BLOCK),
    "7a nhiều người ký": Rule((13, 14), bold=True),
    "7b họ tên": Rule((13, 14), bold=True),
    "9a kính gửi": Rule((13, 14)),
    "9b nơi nhận": Rule((12,), bold=True, italic=True, left=TEXT_LEFT),
    "9b danh sách": Rule((11,), left=TEXT_LEFT),
    "10b mức khẩn": Rule((13, 14), bold=True, middle=LEFT_BLOCK),
    "11 phạm vi lưu hành": Rule((13, 14), bold=True, middle=LEFT_BLOCK),
    "12 ký hiệu người soạn": Rule((11,), left=TEXT_LEFT),
    "13 địa chỉ": Rule((11, 12)),
    "phụ lục, tên": Rule((13, 14), bold=True),
    "phụ lục, chỉ dẫn": Rule((13, 14), italic=True),
}


def parts_of(document: OfficialDocument) -> Iterator[tuple[str, str]]:
    """The parts that a document has, with the words by which they are found."""
    yield "1 quốc hiệu", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    yield "1 tiêu ngữ", "Độc lập - Tự do - Hạnh phúc"
    yield "2 cơ quan chủ quản", "ỦY BAN NHÂN DÂN"
    yield "2 cơ quan ban hành", document.issuer[0]
    yield "3 số, ký hiệu", document.number[:3]
    yield "4 địa danh, thời gian", document.place_and_day
    if document.kind:
        yield "5a tên loại", document.kind
        yield "5a trích yếu", document.subject[0]
    else:
        yield "5b trích yếu công văn", document.letter_subject()[:14]
    yield from _parts_of_text(document)
    yield from _parts_of_end(document)
    yield from ((name, words) for name, words in _small_parts(document) if words)
    for annex in document.annexes:
        yield "phụ lục, tên", annex.label
        yield "phụ lục, tên", annex.title
        yield "phụ lục, chỉ dẫn", annex.reference[:20]


def _parts_of_text(document: OfficialDocument) -> Iterator[tuple[str, str]]:
    for block in document.blocks:
        style, text = (
            getattr(block, "style", ""),
            "".join(r.text for r in getattr(block, "runs", ())),
        )
        if style == "basis":
            yield "6 căn cứ", text
        elif style == "order":
            yield "6 lời ban hành", text
    for line in document.addressee_lines():
        yield "9a kính gửi", line


def _parts_of_end(document: OfficialDocument) -> Iterator[tuple[str, str]]:
    signers = document.all_signers()
    for signer in signers:
        name = "7a quyền hạn, chức vụ" if len(signers) == 1 else "7a nhiều người ký"
        yield from ((name, line[:9]) for line in signer.lines)
        if signer.name:
            yield "7b họ tên", signer.name
    yield "9b nơi nhận", "Nơi nhận:"
    yield from (("9b danh sách", line) for line in document.recipients)


def _small_parts(document: OfficialDocument) -> Iterator[tuple[str, str]]:
    yield "10b mức khẩn", document.urgency
    yield "11 phạm vi lưu hành", document.circulation
    yield "12 ký hiệu người soạn", document.drafter
    yield "13 địa chỉ", document.address[:30]


CASES = [
    pytest.param(kind, part, words, id=f"{kind}: {part}: {words[:20].strip()}")
    for kind, make in KINDS.items()
    for part, words in parts_of(make())
]


@cache
def pdf_of(kind: str) -> bytes:
    return render_pdf(KINDS[kind]())


@cache
def lines_in(kind: str) -> list[Line]:
    return lines_of(pdf_of(kind))


@cache
def word_of(kind: str) -> WordDocument:
    return opened(render_docx(KINDS[kind]()))


@cache
def paragraphs_in(kind: str) -> list[tuple[str, ParagraphStyle]]:
    """Every paragraph of a Word file, those in tables and at the foot too, with its style."""
    word = word_of(kind)
    styles = {style.style_id: style for style in word.styles}
    roots = [word.element.body, *(section.first_page_footer._element for section in word.sections)]
    found = []
    for paragraph in (p for root in roots for p in root.iter(qn("w:p"))):
        text = "".join(piece.text or "" for piece in paragraph.iter(qn("w:t")))
        found.append((text, styles[paragraph.style or "Normal"]))
    return found


def squeezed(text: str) -> str:
    return "".join(text.split())


def line_with(kind: str, part: str, words: str) -> Line:
    """The line that starts with the words; a position also stands for the first of its lines."""
    wanted = squeezed(words)
    found = [line for line in lines_in(kind) if squeezed(line.text).startswith(wanted[:24])]
    # The name of a decision is also its order; what has to do with the signature stands last.
    return found[-1] if part.startswith("7") else found[0]


@pytest.mark.parametrize(("kind", "part", "words"), CASES)
def test_the_pdf_shows_each_part_in_the_decrees_size_face_and_place(
    kind: str, part: str, words: str
) -> None:
    rule, line = RULES[part], line_with(kind, part, words)
    assert round(line.letters[0].size) in rule.sizes
    assert ("bold" in line.face, "italic" in line.face) == (rule.bold, rule.italic)
    if rule.middle:
        assert abs((line.left + line.right) / 2 - rule.middle) < 1
    if rule.left:
        assert abs(line.left - rule.left) < 1


@pytest.mark.parametrize(("kind", "part", "words"), CASES)
def test_the_word_file_gives_each_part_a_style_of_that_size_and_face(
    kind: str, part: str, words: str
) -> None:
    rule, wanted = RULES[part], squeezed(words)
    style = next(
        style
        for text, style in reversed(paragraphs_in(kind))
        if squeezed(text).startswith(wanted) and (style.font.bold or False) == rule.bold
    )
    assert style.font.size.pt in rule.sizes
    assert (bool(style.font.bold), bool(style.font.italic)) == (rule.bold, rule.italic)
    if rule.middle:
        assert style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_stands_in_the_margins_and_nothing_over_another(kind: str) -> None:
    foot = 9 if KINDS[kind]().address else 20
    assert outside(pdf_of(kind), bottom_mm=foot) == []
    assert overlapping(pdf_of(kind)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_all_letters_are_black(kind: str) -> None:
    assert colours(pdf_of(kind)) == {(0, 0, 0)}


@pytest.mark.parametrize("kind", KINDS)
def test_the_line_under_the_issuing_body_is_a_third_to_a_half_of_its_words(kind: str) -> None:
    issuer = line_with(kind, "2", "SỞ Y TẾ TỈNH MẪU")
    drawn = under(kind, issuer)
    assert 1 / 3 <= drawn.width / (issuer.right - issuer.left) <= 1 / 2
    assert abs(drawn.left + drawn.width / 2 - LEFT_BLOCK) < 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_line_under_the_motto_is_as_long_as_its_words(kind: str) -> None:
    motto = line_with(kind, "1", "Độc lập - Tự do - Hạnh phúc")
    assert abs(under(kind, motto).width - (motto.right - motto.left)) < 1


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "cong_van"])
def test_the_line_under_the_abstract_is_a_third_to_a_half_of_its_words(kind: str) -> None:
    abstract = line_with(kind, "5a", KINDS[kind]().subject[-1])
    drawn = under(kind, abstract)
    assert 1 / 3 <= drawn.width / (abstract.right - abstract.left) <= 1 / 2
    assert abs(drawn.left + drawn.width / 2 - TEXT_MIDDLE) < 1


def under(kind: str, line: Line):
    """The thin line that is drawn right under a line of words."""
    return next(
        stroke
        for stroke in strokes_of(pdf_of(kind))
        if stroke.page == line.page
        and stroke.height < 1
        and 0 < stroke.top - line.baseline < 5
        and line.left - 1 <= stroke.left
        and stroke.left + stroke.width <= line.right + 1
    )


@pytest.mark.parametrize(("urgency", "width"), [("HỎA TỐC", 30), ("THƯỢNG KHẨN", 40), ("KHẨN", 20)])
def test_the_frame_of_urgency_has_the_decrees_size_in_both_files(urgency: str, width: int) -> None:
    document = official("cong_van", urgency=urgency)
    frame = next(s for s in strokes_of(render_pdf(document)) if 7 < s.height < 10)
    assert abs(frame.width - width) < 0.6
    assert abs(frame.height - 8) < 0.6
    nested = opened(render_docx(document)).tables[0].rows[1].cells[0].tables[0]
    assert abs(nested._tbl.tblGrid.gridCol_lst[0].w.mm - width) < 0.1
    assert abs(Emu(nested.rows[0].height).mm - 8) < 0.1


def test_a_letter_has_no_name_and_its_abstract_stands_under_the_number() -> None:
    lines = [line.text for line in lines_in("cong_van")]
    number = next(place for place, text in enumerate(lines) if text.startswith("Số:"))
    assert any(text.startswith("V/v ") for text in lines[number : number + 3])
    assert not any("CÔNG VĂN" in text for text in lines)


def test_the_issued_text_of_a_decision_starts_a_page_with_a_head_and_ends_with_the_signature() -> (
    None
):
    second = [line.text for line in lines_in("quyet_dinh") if line.page == 1]
    assert second[0] == "ỦY BAN NHÂN DÂN"
    assert "QUY CHẾ" in second
    assert second[-1] == "GIÁM ĐỐC"


def test_a_wide_annex_lies_on_its_side_and_counts_its_own_pages() -> None:
    sizes = page_sizes(pdf_of("bao_cao"))
    assert [round(width) for width, _ in sizes] == [210, 210, 210, 297, 297, 297]
    numbers = [line.text for line in lines_in("bao_cao") if line.letters[0].top < 17]
    assert numbers == ["2", "2", "3"]
    sections = word_of("bao_cao").sections
    assert [round(section.page_width.mm) for section in sections] == [210, 210, 297]


def test_the_names_of_several_signers_stand_on_one_line() -> None:
    names = [line for line in lines_in("thong_bao") if line.text.endswith(" Mẫu")]
    signed = [
        line for line in names if line.text in {"Nguyễn Văn Mẫu", "Lê Văn Mẫu", "Trần Thị Mẫu"}
    ]
    assert len(signed) == 3
    assert len({round(line.baseline, 1) for line in signed}) == 1


def test_the_frames_of_signature_and_seal_stand_between_position_and_name() -> None:
    made = typeset_pdf(KINDS["bao_cao"]())
    zones = {zone.name: zone for zone in made.zones}
    signature, seal, copy = zones["signature-1"], zones["seal-1"], zones["copy"]
    position = line_with("bao_cao", "7a", "PHÓ GIÁM ĐỐC")
    name = line_with("bao_cao", "7b", "Nguyễn Văn Mẫu")
    assert signature.page == position.page + 1
    assert position.baseline < signature.top_mm
    assert signature.top_mm + signature.height_mm < name.baseline
    assert abs(signature.left_mm + signature.width_mm / 2 - RIGHT_BLOCK) < 1
    # The seal covers about a third of the signature, on its left.
    covered = seal.left_mm + seal.width_mm - signature.left_mm
    assert 0.3 < covered / signature.width_mm < 0.37
    assert (copy.page, copy.left_mm + copy.width_mm) == (1, 195)
    x0, y0, x1, y1 = signature.box()
    assert x0 < x1
    assert y0 < y1


def test_what_is_too_long_for_its_place_takes_more_lines_and_leaves_nothing_out() -> None:
    document = too_long()
    content = render_pdf(document)
    assert outside(content, bottom_mm=9) == []
    assert overlapping(content) == []
    text = "".join(squeezed(line.text) for line in lines_of(content))
    for words in ("1999", "HeThongQuanLyVanBan", "02năm2026", "Hết./."):
        assert words in text
    assert len(opened(render_docx(document)).tables) == 5


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_document_gives_the_same_bytes(kind: str) -> None:
    assert render_pdf(KINDS[kind]()) == pdf_of(kind)
    assert render_docx(KINDS[kind]()) == render_docx(KINDS[kind]())


@pytest.mark.parametrize("kind", ["bao_cao", "ke_hoach", "cong_van", "to_trinh"])
def test_who_looks_for_the_place_of_a_signature_finds_the_frame_that_waits(kind: str) -> None:
    made = typeset_pdf(replace(KINDS[kind](), signer_name="Nguyễn Văn Mẫu"))
    zone = next(zone for zone in made.zones if zone.name == "signature-1")
    place = place_for_signature(made.content, "Nguyễn Văn Mẫu")
    x0, y0, x1, y1 = zone.box()
    assert place.page == zone.page - 1
    assert abs((place.left + place.right) - (x0 + x1)) / 2 < 3
    assert place.left <= x0
    assert place.right >= x1
    assert abs((place.bottom + place.top) - (y0 + y1)) / 2 < 9


@pytest.mark.parametrize("kind", KINDS)
def test_a_clerk_finds_plain_paragraphs_styles_and_fields_and_nothing_that_floats(
    kind: str,
) -> None:
    word = word_of(kind)
    body = word.element.body
    floating = ("txbxContent", "framePr", "drawing", "pict", "object", "altChunk")
    assert [tag for tag in floating if body.find(f".//{qn(f'w:{tag}')}") is not None] == []
    language = word.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "vi-VN"
    for section in word.sections:
        assert "PAGE" in section.header._element.xml
        assert section.different_first_page_header_footer
    own = {style.element.styleId for style in word.styles}
    used = {paragraph.style for paragraph in body.iter(qn("w:p")) if paragraph.style}
    assert used <= own
    assert word.core_properties.title
    assert word.core_properties.author == "Sở Y tế tỉnh Mẫu"


@pytest.mark.parametrize("kind", KINDS)
def test_the_pdf_is_archival_tagged_vietnamese_with_its_typefaces_inside(kind: str) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf_of(kind)))
    root = reader.trailer["/Root"]
    packet = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2<" in packet
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("vi")
    assert (reader.metadata.title, reader.metadata.author)[1] == "Sở Y tế tỉnh Mẫu"
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            kept = inner["/FontDescriptor"].get_object()
            assert any(name in kept for name in ("/FontFile", "/FontFile2", "/FontFile3"))
