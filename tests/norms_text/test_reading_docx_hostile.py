"""A Word file that is damaged or hostile is refused by name, part and remedy, at little cost."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from khien.kernel.errors import KhienError
from khien.norms.text import docx_package, errors
from khien.norms.text.reading import read_file

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCUMENT = (
    f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:body></w:document>'
)


def pack(folder: Path, **more: str | bytes) -> Path:
    """Write a package; the names of its parts have "__" for "/"."""
    path = folder / "la.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in more.items():
            package.writestr(name.replace("__", "/") + ".xml", content)
    return path


def refuse(path: Path, expected: type[KhienError], *mentions: str) -> None:
    with pytest.raises(expected) as caught:
        read_file(path)
    for sentence in (caught.value.text().vi, caught.value.text().en):
        assert all(mention in sentence for mention in (path.name, *mentions)), sentence


def test_a_compression_ratio_of_a_bomb_is_refused(tmp_path: Path) -> None:
    path = pack(tmp_path, word__document=DOCUMENT % (" " * 20_000_000))
    assert path.stat().st_size < 100_000
    refuse(path, errors.DocxBomb, "word/document.xml", "200")


def test_a_bomb_beside_the_document_is_refused(tmp_path: Path) -> None:
    path = pack(tmp_path, word__document=DOCUMENT % "a", word__media=bytes(30_000_000))
    refuse(path, errors.DocxBomb, "word/media.xml")


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    members = {f"word__part{n}": "" for n in range(docx_package.MEMBERS_MAX)}
    refuse(pack(tmp_path, word__document=DOCUMENT % "a", **members), errors.DocxBomb, "2001")


def test_a_huge_member_list_is_refused_before_it_is_built(tmp_path: Path) -> None:
    members = {f"{'x' * 1000}{n}": "" for n in range(1_100)}
    refuse(pack(tmp_path, word__document=DOCUMENT % "a", **members), errors.DocxBomb, "1048576")


def test_a_large_total_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx_package, "TOTAL_SIZE_MAX", 1_000)
    refuse(pack(tmp_path, word__document=DOCUMENT % ("ab" * 1_000)), errors.DocxBomb, "1000")


def test_a_large_part_is_refused_while_unpacking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docx_package, "MEMBER_SIZE_MAX", 1_000)
    refuse(
        pack(tmp_path, word__document=DOCUMENT % ("ab" * 1_000)),
        errors.DocxBomb,
        "word/document.xml",
    )


def test_a_directory_that_lies_about_a_size_is_refused(tmp_path: Path) -> None:
    path = pack(tmp_path, word__document=DOCUMENT % ("ab" * 10_000))
    content = bytearray(path.read_bytes())
    entry = content.rfind(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (50).to_bytes(4, "little")
    path.write_bytes(content)
    refuse(path, errors.DocxBroken, "word/document.xml")


def test_a_package_inside_a_package_is_never_opened(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", bytes(10_000_000))
    path = pack(tmp_path, word__document=DOCUMENT % "Điều 1", word__embedded=inner.getvalue())
    assert read_file(path).text == "Điều 1\n"


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_entities_and_document_types_are_refused(tmp_path: Path, declared: str) -> None:
    path = pack(tmp_path, word__document=declared + DOCUMENT % "&a;")
    refuse(path, errors.DocxHasDtd, "word/document.xml")
    path = pack(tmp_path, word__document=(declared + DOCUMENT % "&a;").encode("utf-16"))
    refuse(path, errors.DocxHasDtd)


def test_entities_in_a_side_part_are_refused(tmp_path: Path) -> None:
    styles = f'<!DOCTYPE x [<!ENTITY a "b">]><w:styles xmlns:w="{W}"/>'
    path = pack(tmp_path, word__document=DOCUMENT % "a", word__styles=styles)
    refuse(path, errors.DocxHasDtd, "word/styles.xml")


def test_a_truncated_package_is_refused(tmp_path: Path) -> None:
    path = pack(tmp_path, word__document=DOCUMENT % "a")
    path.write_bytes(path.read_bytes()[:-40])
    refuse(path, errors.DocxBroken, "zip")


def test_a_flipped_byte_is_found(tmp_path: Path) -> None:
    path = pack(tmp_path, word__document=DOCUMENT % "Điều 1. Phạm vi điều chỉnh")
    content = bytearray(path.read_bytes())
    content[80] ^= 0xFF
    path.write_bytes(content)
    refuse(path, errors.DocxBroken, "word/document.xml")


@pytest.mark.parametrize("xml", ["", "<w:document", "không phải XML", "<a>" * 5_000])
def test_broken_xml_is_refused(tmp_path: Path, xml: str) -> None:
    refuse(pack(tmp_path, word__document=xml), errors.DocxBroken, "word/document.xml")


def test_deep_nesting_is_refused_or_read_but_never_a_crash(tmp_path: Path) -> None:
    deep = "<w:sdt>" * 120 + "<w:p><w:r><w:t>a</w:t></w:r></w:p>" + "</w:sdt>" * 120
    xml = f'<w:document xmlns:w="{W}"><w:body>{deep}</w:body></w:document>'
    assert read_file(pack(tmp_path, word__document=xml)).text == "a\n"
    xml = xml.replace("<w:sdt>", "<w:sdt>" * 5).replace("</w:sdt>", "</w:sdt>" * 5)
    refuse(pack(tmp_path, word__document=xml), errors.DocxBroken)


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = pack(tmp_path, word__document=DOCUMENT % "a")
    content = bytearray(path.read_bytes())
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    refuse(path, errors.DocxEncrypted)


@pytest.mark.parametrize(
    ("part", "called"),
    [
        ("xl__workbook", "Excel"),
        ("ppt__slides", "PowerPoint"),
        ("content", "OpenDocument"),
        ("a", "ZIP"),
    ],
)
def test_other_packages_are_refused_by_name(tmp_path: Path, part: str, called: str) -> None:
    refuse(pack(tmp_path, **{part: "<a/>"}), errors.DocumentKindUnknown, called)


@pytest.mark.parametrize("xml", [DOCUMENT % "", f'<w:document xmlns:w="{W}"/>'])
def test_a_document_without_words_is_refused(tmp_path: Path, xml: str) -> None:
    refuse(pack(tmp_path, word__document=xml), errors.DocumentEmpty)


def test_absurd_numbering_does_no_harm(tmp_path: Path) -> None:
    numbered = (
        f'<w:document xmlns:w="{W}"><w:body><w:p><w:pPr><w:numPr><w:ilvl w:val="{"9" * 5000}"/>'
        '<w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p><w:p><w:pPr><w:numPr>'
        '<w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>b</w:t></w:r></w:p>'
        "</w:body></w:document>"
    )
    numbering = (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
        f'<w:start w:val="{"9" * 5000}"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1)"/></w:lvl>'
        '<w:lvl w:ilvl="x"/><w:lvl w:ilvl="77"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    lines = read_file(
        pack(tmp_path, word__document=numbered, word__numbering=numbering)
    ).text.splitlines()
    assert lines[0] == "a"
    assert lines[1].endswith(") b")
