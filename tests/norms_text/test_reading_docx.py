"""A Word file becomes lines: numbers written out, tables flat, what is left out said."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from khien.norms.text.docx_numbering import number_text
from khien.norms.text.reading import read_file
from khien.norms.text.source import SourceText

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
ReadDocx = Callable[..., SourceText]


@pytest.fixture
def read(tmp_path: Path) -> ReadDocx:
    """Build the smallest Word file around a body and read it."""

    def build(body: str, **parts: str) -> SourceText:
        path = tmp_path / "quy-che.docx"
        space = f'xmlns:w="{W}" xmlns:mc="{MC}"'
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr(
                "word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>"
            )
            for name, content in parts.items():
                package.writestr(f"word/{name}.xml", f"<w:{name} {space}>{content}</w:{name}>")
        return read_file(path)

    return build


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{r(text) if text else ''}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def listed(text: str, level: int = 0, number: int = 1) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def level(depth: int, form: str, pattern: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{pattern}"/>{more}</w:lvl>'
    )


def numbering(*levels: str, numbers: str = "") -> str:
    numbers = numbers or '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    return f'<w:abstractNum w:abstractNumId="7">{"".join(levels)}</w:abstractNum>{numbers}'


LAW = (
    level(0, "upperRoman", "Chương %1."),
    level(1, "decimal", "Điều %2.", '<w:lvlRestart w:val="0"/>'),
    level(2, "decimal", "%3."),
    level(3, "lowerLetter", "%4)"),
    level(4, "bullet", "-"),
)


def codes(source: SourceText) -> list[tuple[int, str]]:
    return [(anomaly.line, anomaly.code) for anomaly in source.anomalies]


def test_each_paragraph_is_one_line_and_blank_ones_stay(read: ReadDocx) -> None:
    source = read(p("QUY CHẾ") + p("") + p("Điều 1. Phạm vi"))
    assert (source.text, source.kind, source.anomalies) == (
        "QUY CHẾ\n\nĐiều 1. Phạm vi\n",
        "docx",
        (),
    )


def test_runs_tabs_breaks_and_hyphens_are_characters(read: ReadDocx) -> None:
    source = read(
        f"<w:p>{r('Số:')}<w:r><w:tab/><w:t>12/NĐ</w:t><w:noBreakHyphen/><w:t>CP</w:t></w:r>"
        f"<w:r><w:br/></w:r>{r('ngày ')}<w:r><w:softHyphen/></w:r>{r('ký')}</w:p>"
        f'<w:p><w:r><w:br w:type="page"/></w:r>{r("Điều 2")}</w:p>'
    )
    assert source.text == "Số:\t12/NĐ-CP\nngày ký\nĐiều 2\n"


def test_a_law_numbered_by_word_is_written_out(read: ReadDocx) -> None:
    body = [
        listed("QUY ĐỊNH CHUNG", 0), listed("Phạm vi", 1), listed("Quy chế này", 2), listed("Áp dụng", 2),
        listed("máy chủ", 3), listed("máy trạm", 3), listed("mạng", 4), listed("Giải thích", 1),
        listed("Từ ngữ", 2), listed("BẢO ĐẢM", 0), listed("Mật khẩu", 1), listed("dài", 3),
    ]  # fmt: skip
    source = read("".join(body), numbering=numbering(*LAW))
    assert source.text.splitlines() == [
        "Chương I. QUY ĐỊNH CHUNG", "Điều 1. Phạm vi", "1. Quy chế này", "2. Áp dụng", "a) máy chủ",
        "b) máy trạm", "- mạng", "Điều 2. Giải thích", "1. Từ ngữ", "Chương II. BẢO ĐẢM",
        "Điều 3. Mật khẩu", "a) dài",
    ]  # fmt: skip
    assert codes(source) == [(1, "docx-numbering")]
    assert "12" in source.anomalies[0].message.vi


def test_an_overridden_start_begins_the_count_again(read: ReadDocx) -> None:
    again = (
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    body = [listed("a"), listed("b"), listed("c", number=2), listed("d", number=2), listed("e")]
    source = read("".join(body), numbering=numbering(level(0, "decimal", "%1."), numbers=again))
    assert source.text.split() == ["1.", "a", "2.", "b", "5.", "c", "6.", "d", "7.", "e"]


def test_an_overridden_level_changes_its_look(read: ReadDocx) -> None:
    other = (
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0">'
        f"{level(0, 'lowerRoman', '(%1)')}</w:lvlOverride></w:num>"
    )
    source = read(listed("x"), numbering=numbering(level(0, "decimal", "%1."), numbers=other))
    assert source.text == "(i) x\n"


def test_numbers_of_several_levels_and_legal_numbers(read: ReadDocx) -> None:
    levels = (
        level(0, "upperRoman", "%1."),
        level(1, "decimal", "%1.%2."),
        level(2, "decimal", "%1.%2.%3.", "<w:isLgl/>"),
        level(3, "decimal", "%4", '<w:suff w:val="nothing"/>'),
    )
    body = listed("a", 0) + listed("b", 1) + listed("c", 2) + listed("d", 3)
    source = read(body, numbering=numbering(*levels))
    assert source.text.splitlines() == ["I. a", "I.1. b", "1.1.1. c", "1d"]


@pytest.mark.parametrize(
    ("pattern", "font", "shown"),
    [("-", "Arial", "-"), ("+", "", "+"), ("\uf0b7", "Symbol", "•"), ("o", "Courier New", "•")],
)
def test_bullets_are_signs_that_mean_something_in_any_font(
    read: ReadDocx, pattern: str, font: str, shown: str
) -> None:
    more = f'<w:rPr><w:rFonts w:ascii="{font}"/></w:rPr>'
    source = read(listed("mục"), numbering=numbering(level(0, "bullet", pattern, more)))
    assert source.text == f"{shown} mục\n"


def test_numbering_comes_from_styles_and_their_parents(read: ReadDocx) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Dieu"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
        '</w:pPr></w:style><w:style w:type="paragraph" w:styleId="Con"><w:basedOn w:val="Dieu"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Vong"><w:basedOn w:val="Vong"/></w:style>'
    )
    levels = (
        level(0, "upperRoman", "%1."),
        level(1, "decimal", "Điều %2.", '<w:pStyle w:val="Con"/>'),
    )
    body = (
        p("một", '<w:pStyle w:val="Dieu"/>')
        + p("hai", '<w:pStyle w:val="Con"/>')
        + p("ba", '<w:pStyle w:val="Con"/><w:numPr><w:numId w:val="0"/></w:numPr>')
        + p("bốn", '<w:pStyle w:val="Vong"/>')
    )
    source = read(body, styles=styles, numbering=numbering(*levels))
    assert source.text.splitlines() == ["I. một", "Điều 1. hai", "ba", "bốn"]


def test_a_number_format_that_is_not_known_is_said(read: ReadDocx) -> None:
    source = read(listed("x"), numbering=numbering(level(0, "vietnameseCounting", "%1.")))
    assert source.text == "1. x\n"
    assert (1, "docx-numbering-format") in codes(source)


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        (4, "decimal", "4"), (4, "decimalZero", "04"), (1, "lowerLetter", "a"), (27, "lowerLetter", "aa"),
        (28, "upperLetter", "BB"), (4, "lowerRoman", "iv"), (1999, "upperRoman", "MCMXCIX"),
        (0, "lowerLetter", "0"), (3, "none", ""), (3, "chicago", "3"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_word_writes_them(value: int, form: str, expected: str) -> None:
    assert number_text(value, form) == expected


def cell(*paragraphs: str) -> str:
    return f"<w:tc>{''.join(paragraphs)}</w:tc>"


def test_a_table_becomes_lines_in_reading_order(read: ReadDocx) -> None:
    inner = f"<w:tbl><w:tr>{cell(p('Số: 1'))}</w:tr></w:tbl>"
    table = (
        f"<w:tbl><w:tr>{cell(p('ỦY BAN NHÂN DÂN'), p(''))}{cell(p('CỘNG HÒA'))}</w:tr>"
        f"<w:tr>{cell(p(''))}{cell(inner, p(''))}</w:tr></w:tbl>"
    )
    source = read(p("đầu") + table + p("cuối"))
    assert source.text.splitlines() == ["đầu", "ỦY BAN NHÂN DÂN", "CỘNG HÒA", "Số: 1", "cuối"]
    assert codes(source) == [(2, "docx-table"), (4, "docx-table")]


def test_tracked_changes_are_taken_as_accepted_and_said(read: ReadDocx) -> None:
    source = read(
        f"<w:p>{r('Điều 1. ')}<w:del><w:r><w:delText>cũ</w:delText></w:r></w:del>"
        f"<w:ins>{r('mới')}</w:ins><w:moveFrom>{r('đi')}</w:moveFrom></w:p>"
    )
    assert source.text == "Điều 1. mới\n"
    assert codes(source) == [(1, "docx-tracked-change")]
    assert "2" in source.anomalies[0].message.vi


def test_a_deleted_paragraph_end_joins_two_paragraphs(read: ReadDocx) -> None:
    source = read(p("Điều 1. ", "<w:rPr><w:del/></w:rPr>") + p("Phạm vi"))
    assert source.text == "Điều 1. Phạm vi\n"
    assert codes(source) == [(1, "docx-tracked-change")]


def test_a_deleted_row_is_gone(read: ReadDocx) -> None:
    source = read(
        f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr>{cell(p('xóa'))}</w:tr><w:tr>{cell(p('giữ'))}</w:tr></w:tbl>"
    )
    assert source.text == "giữ\n"


def test_what_is_not_read_is_said(read: ReadDocx) -> None:
    source = read(
        p("đầu")
        + f"<w:p>{r('Điều 1')}<w:r><w:footnoteReference/></w:r><w:r><w:endnoteReference/></w:r>"
        f"{r('ẩn', '<w:vanish/>')}<w:r><w:commentReference/></w:r><w:r><w:object/></w:r></w:p><w:altChunk/>"
    )
    assert source.text == "đầu\nĐiều 1\n"
    assert codes(source) == [
        (2, "docx-footnote"), (2, "docx-comment"), (2, "docx-hidden-text"), (2, "docx-picture"),
        (3, "docx-other-document"),
    ]  # fmt: skip


def test_fields_show_their_result_and_not_their_code(read: ReadDocx) -> None:
    source = read(
        "<w:p><w:r><w:fldChar/></w:r><w:r><w:instrText>REF dieu5</w:instrText></w:r>"
        f"<w:fldSimple>{r('Điều 5')}</w:fldSimple><w:hyperlink>{r(' Nghị định')}</w:hyperlink></w:p>"
    )
    assert source.text == "Điều 5 Nghị định\n"


def test_content_controls_are_transparent(read: ReadDocx) -> None:
    source = read(f"<w:sdt><w:sdtPr/><w:sdtContent>{p('một')}</w:sdtContent></w:sdt>{p('hai')}")
    assert source.text == "một\nhai\n"


def test_a_text_box_follows_its_paragraph_once(read: ReadDocx) -> None:
    box = f"<w:txbxContent>{p('DỰ THẢO')}</w:txbxContent>"
    source = read(
        f"<w:p>{r('Điều 1')}<w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert source.text == "Điều 1\nDỰ THẢO\n"
    assert codes(source) == [(2, "docx-text-box")]


def test_capitals_that_are_only_formatting_become_text(read: ReadDocx) -> None:
    styles = '<w:style w:type="paragraph" w:styleId="To"><w:rPr><w:caps/></w:rPr></w:style>'
    off = r("chung", '<w:caps w:val="0"/>')
    body = f'<w:p><w:pPr><w:pStyle w:val="To"/></w:pPr>{r("quy định ")}{off}</w:p>'
    assert read(body, styles=styles).text == "QUY ĐỊNH chung\n"


def font(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}"/>'


def test_legacy_fonts_are_decoded_by_their_name(read: ReadDocx) -> None:
    source = read(
        f"<w:p>{r('céng hßa', font('.VnTimeH'))}</w:p><w:p>{r('cã ', font('.VnTime'))}{r('được')}</w:p>"
        f"<w:p>{r('Ñieàu 5', font('VNI-Times'))}</w:p>"
    )
    assert source.text == "CỘNG HÒA\ncó được\nĐiều 5\n"
    assert codes(source) == [(n, "docx-legacy-font") for n in (1, 2, 3)]


def test_legacy_fonts_left_over_on_unicode_text_are_ignored(read: ReadDocx) -> None:
    source = read(
        f"<w:p>{r('Điều 1. Thành công', font('.VnTime'))}</w:p><w:p>{r('có', font('.VnTime'))}</w:p>"
    )
    assert (source.text, source.anomalies) == ("Điều 1. Thành công\ncó\n", ())


def test_headers_and_macros_are_left_out_and_said(tmp_path: Path) -> None:
    path = tmp_path / "co-macro.docm"
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Bản nháp"
    document.add_paragraph("Điều 1. Phạm vi")
    document.save(str(path))
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("word/vbaProject.bin", b"macro")
    source = read_file(path)
    assert source.text == "Điều 1. Phạm vi\n"
    assert codes(source) == [(1, "docx-macros"), (1, "docx-header-footer")]


def test_a_file_made_by_a_word_library_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mau.docx"
    document = docx.Document()
    document.add_heading("Chương I", level=1)
    document.add_paragraph("Rà soát máy chủ", style="List Number")
    document.add_paragraph("Rà soát máy trạm", style="List Number")
    document.add_paragraph("gạch đầu dòng", style="List Bullet")
    document.add_table(rows=1, cols=2).cell(0, 1).text = "Nơi nhận:"
    document.save(str(path))
    assert read_file(path).text.splitlines() == [
        "Chương I", "1. Rà soát máy chủ", "2. Rà soát máy trạm", "• gạch đầu dòng", "Nơi nhận:",
    ]  # fmt: skip


def test_the_strict_variant_of_the_format_is_read(tmp_path: Path) -> None:
    path = tmp_path / "strict.docx"
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{strict}"><w:body>{p("Điều 1")}</w:body></w:document>',
        )
    assert read_file(path).text == "Điều 1\n"


def test_a_main_part_of_another_name_is_found_by_its_relation(tmp_path: Path) -> None:
    path = tmp_path / "khac.docx"
    relation = '<Relationship Type="http://x/officeDocument" Target="/word/document2.xml"/>'
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("_rels/.rels", f"<Relationships>{relation}</Relationships>")
        package.writestr(
            "word/document2.xml",
            f'<w:document xmlns:w="{W}"><w:body>{p("Điều 1")}</w:body></w:document>',
        )
    assert read_file(path).text == "Điều 1\n"
