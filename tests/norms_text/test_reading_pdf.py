"""A PDF's text layer is read page by page; a scan is recognised where that is possible, else refused."""

from __future__ import annotations

import io
import os
import zlib
from pathlib import Path

import pypdf
import pypdfium2
import pytest
import typst

from khien.kernel.errors import KhienError
from khien.norms.text import errors, ocr, pdf_reading
from khien.norms.text.reading import read_file
from khien.norms.text.source import SourceText

PAGE = '#set page(width: 14cm, height: 9cm)\n#set text(lang: "vi", size: 13pt)\n'
WORDS = "Điều 5. Trách nhiệm của người sử dụng"


def typeset(folder: Path, source: str, name: str = "nghi-dinh") -> Path:
    markup = folder / f"{name}.typ"
    markup.write_text(PAGE + source, encoding="utf-8")
    path = folder / f"{name}.pdf"
    path.write_bytes(typst.compile(str(markup)))
    return path


def picture_of(path: Path) -> tuple[int, int, bytes]:
    """Render the first page of a PDF in grey: width, height, one byte per dot."""
    document = pypdfium2.PdfDocument(path.read_bytes())
    page = document[0]
    bitmap = page.render(scale=300 / 72, grayscale=True)
    rows = bytes(bitmap.buffer)
    width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    bitmap.close()
    page.close()
    document.close()
    return width, height, b"".join(rows[n * stride : n * stride + width] for n in range(height))


def pdf_of(objects: list[bytes]) -> bytes:
    """Write numbered objects, the first of them the catalog, as a PDF file."""
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return out.getvalue()


def stream(content: bytes, head: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (head, len(content), content)


def scan(folder: Path, picture: tuple[int, int, bytes] | None = None, *, stamp: str = "") -> Path:
    """Write a PDF of one page that is a picture, perhaps with a stamp of plain letters on it."""
    width, height, dots = picture or (8, 8, bytes(64))
    image = (
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
    )
    drawing = b"q 400 0 0 250 0 0 cm /I Do Q BT /F 9 Tf 10 10 Td (%s) Tj ET" % stamp.encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 250]/Contents 4 0 R"
        b"/Resources<</XObject<</I 5 0 R>>/Font<</F 6 0 R>>>>>>",
        stream(drawing),
        stream(zlib.compress(dots), b"%s/Filter/FlateDecode" % (image % (width, height))),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    path = folder / "ban-quet.pdf"
    path.write_bytes(pdf_of(objects))
    return path


def joined(folder: Path, *parts: Path) -> Path:
    writer = pypdf.PdfWriter()
    for part in parts:
        writer.append(part)
    path = folder / "ghep.pdf"
    writer.write(path)
    return path


def codes(source: SourceText) -> list[tuple[int, str]]:
    return [(anomaly.line, anomaly.code) for anomaly in source.anomalies]


def refuse(path: Path, expected: type[KhienError], *mentions: str) -> None:
    with pytest.raises(expected) as caught:
        read_file(path)
    for sentence in (caught.value.text().vi, caught.value.text().en):
        assert all(mention in sentence for mention in (path.name, *mentions)), sentence


@pytest.fixture
def no_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this machine one without Tesseract."""
    monkeypatch.setattr(ocr.shutil, "which", lambda name: None)


def test_the_text_layer_is_read_line_by_line(tmp_path: Path) -> None:
    path = typeset(
        tmp_path, f"{WORDS}\n\n1. Đổi mật khẩu\n\nđ) ơ ư ặ ẫ ỹ #pagebreak() Điều 6. Máy chủ"
    )
    source = read_file(path)
    assert [line.rstrip() for line in source.text.split("\n")] == [
        WORDS, "1. Đổi mật khẩu", "đ) ơ ư ặ ẫ ỹ", "", "Điều 6. Máy chủ", "",
    ]  # fmt: skip
    assert source.text.split("\n")[3] == "\f"
    assert (source.kind, source.anomalies) == ("pdf", ())


def test_reading_twice_gives_the_same_text(tmp_path: Path) -> None:
    path = typeset(tmp_path, f"{WORDS} #lorem(120)")
    assert read_file(path) == read_file(path)


def test_soft_hyphens_go_and_line_end_hyphens_stay(tmp_path: Path) -> None:
    path = typeset(tmp_path, 'số 53/2022/NĐ- \\\nCP #pagebreak() thông#"\\u{00AD}"tin')
    source = read_file(path)
    assert source.text == "số 53/2022/NĐ-CP\n\f\nthôngtin\n"
    assert codes(source) == [(1, "hyphens-joined"), (3, "characters-removed")]


def test_a_soft_hyphen_of_tcvn3_is_a_letter() -> None:
    page = pdf_reading._Page(1, "nh÷ng d÷ liÖu ®­îc l­u tr÷\x02", has_picture=False, is_scan=False)
    source = pdf_reading._joined([page], {})
    assert source.text == "nh÷ng d÷ liÖu ®­îc l­u tr÷\n"
    assert codes(source) == [(1, "characters-removed")]


def test_a_pdf_behind_some_leading_bytes_is_still_a_pdf(tmp_path: Path) -> None:
    path = typeset(tmp_path, WORDS)
    path.write_bytes(b"\r\n\r\n" + path.read_bytes())
    assert read_file(path).text.strip() == WORDS


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_an_encrypted_pdf_is_refused(tmp_path: Path, algorithm: str) -> None:
    writer = pypdf.PdfWriter(clone_from=typeset(tmp_path, WORDS))
    writer.encrypt("mat-khau", algorithm=algorithm)
    path = tmp_path / "khoa.pdf"
    writer.write(path)
    refuse(path, errors.PdfEncrypted)


def test_a_pdf_that_only_forbids_changes_is_read(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=typeset(tmp_path, WORDS))
    writer.encrypt("", owner_password="chu", algorithm="AES-256")  # noqa: S106
    path = tmp_path / "chi-doc.pdf"
    writer.write(path)
    assert read_file(path).text.strip() == WORDS


@pytest.mark.parametrize("content", [b"%PDF-1.7\ngarbage", b"%PDF-", b"%PDF-1.4\n" + bytes(5000)])
def test_a_broken_pdf_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "hong.pdf"
    path.write_bytes(content)
    refuse(path, errors.PdfBroken)


def test_half_a_pdf_is_refused(tmp_path: Path) -> None:
    path = typeset(tmp_path, WORDS)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    refuse(path, errors.PdfBroken)


def test_blank_pages_are_an_empty_document(tmp_path: Path) -> None:
    refuse(typeset(tmp_path, "#pagebreak()"), errors.DocumentEmpty)


def test_too_many_pages_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_reading, "PAGES_MAX", 1)
    refuse(typeset(tmp_path, "a #pagebreak() b"), errors.PdfTooManyPages, "2", "1")


@pytest.mark.usefixtures("no_tesseract")
@pytest.mark.parametrize("stamp", ["", "Ky boi: Van phong, ngay 01/02/2026"])
def test_a_scan_is_refused_with_advice_even_under_a_stamp(tmp_path: Path, stamp: str) -> None:
    refuse(scan(tmp_path, stamp=stamp), errors.PdfScanned, "tesseract-ocr-vie", "1")


@pytest.mark.usefixtures("no_tesseract")
def test_words_drawn_as_shapes_count_as_a_scan(tmp_path: Path) -> None:
    refuse(typeset(tmp_path, "#rect(width: 3cm)"), errors.PdfScanned)


@pytest.mark.usefixtures("no_tesseract")
def test_one_scanned_page_among_others_is_skipped_and_said(tmp_path: Path) -> None:
    source = read_file(joined(tmp_path, typeset(tmp_path, WORDS), scan(tmp_path)))
    assert (source.text, source.kind) == (f"{WORDS}\n\f\n\n", "pdf")
    assert codes(source) == [(3, "page-without-text")]


def test_a_text_layer_over_a_picture_is_doubted(tmp_path: Path) -> None:
    source = read_file(scan(tmp_path, stamp="Dieu 1. " + "may chu " * 40))
    assert source.kind == "pdf"
    assert codes(source) == [(1, "page-over-picture")]


def test_letters_without_unicode_are_counted() -> None:
    page = pdf_reading._Page(1, "Điều \ue001 \ufffd", has_picture=False, is_scan=False)
    source = pdf_reading._joined([page], {})
    assert codes(source) == [(1, "characters-unmapped")]
    assert "2" in source.anomalies[0].message.vi


needs_tesseract = pytest.mark.skipif(
    ocr.find_tesseract() is None, reason="Tesseract with Vietnamese (vie) is not installed"
)


@needs_tesseract
def test_a_scan_is_recognised_and_every_page_is_said(tmp_path: Path) -> None:
    picture = picture_of(typeset(tmp_path, f"{WORDS}\n\n1. Đổi mật khẩu định kỳ"))
    source = read_file(joined(tmp_path, typeset(tmp_path, "Chương I"), scan(tmp_path, picture)))
    assert source.kind == "ocr"
    assert source.text.startswith("Chương I")
    assert WORDS in source.text
    assert "mật khẩu" in source.text
    assert codes(source) == [(3, "page-recognised")]


@needs_tesseract
def test_a_scan_without_words_is_empty(tmp_path: Path) -> None:
    refuse(scan(tmp_path, (400, 250, b"\xff" * 100_000)), errors.DocumentEmpty)


def test_too_many_scans_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "find_tesseract", lambda: "tesseract")
    monkeypatch.setattr(ocr, "PAGES_MAX", 1)
    path = joined(tmp_path, scan(tmp_path), scan(tmp_path))
    refuse(path, errors.PdfTooManyPages, "2", "1")


needs_scripts = pytest.mark.skipif(os.name == "nt", reason="Windows runs no shell scripts")


def fake_tesseract(folder: Path, script: str) -> str:
    program = folder / "tesseract"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return str(program)


@needs_scripts
def test_a_recognition_that_fails_is_said_with_its_page(tmp_path: Path) -> None:
    program = fake_tesseract(tmp_path, "cat >/dev/null; echo 'no such model' >&2; exit 1")
    with pytest.raises(errors.RecognitionFailed) as caught:
        ocr.recognise_page(program, b"P5 1 1 255\n0", file="a.pdf", page=7)
    assert all(part in caught.value.text().vi for part in ("a.pdf", "7", "no such model"))
    with pytest.raises(errors.RecognitionFailed):
        ocr.recognise_page(str(tmp_path / "none"), b"", file="a.pdf", page=7)


@needs_scripts
def test_a_recognition_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "PAGE_SECONDS_MAX", 0.2)
    program = fake_tesseract(tmp_path, "exec sleep 30")
    with pytest.raises(errors.RecognitionFailed, match=r"0\.2"):
        ocr.recognise_page(program, b"", file="a.pdf", page=1)


@needs_scripts
@pytest.mark.parametrize(("script", "found"), [("echo eng; echo vie", True), ("echo eng", False)])
def test_tesseract_counts_only_with_vietnamese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, found: bool
) -> None:
    program = fake_tesseract(tmp_path, script)
    monkeypatch.setattr(ocr.shutil, "which", lambda name: program)
    assert (ocr.find_tesseract() is not None) is found


def test_a_tesseract_that_does_not_start_counts_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr.shutil, "which", lambda name: str(tmp_path))
    assert ocr.find_tesseract() is None
