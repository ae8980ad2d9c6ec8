"""A document file is opened by its content, and whatever cannot be read is refused with a remedy."""

from __future__ import annotations

import codecs
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from khien.kernel.errors import KhienError
from khien.norms.text import errors
from khien.norms.text.legacy import decode_legacy
from khien.norms.text.legacy_tables import TCVN3, VNI
from khien.norms.text.reading import SIZE_MAX, read_file
from khien.norms.text.source import READING_ANOMALIES

TEXT = "Điều 1. Phạm vi điều chỉnh\n1. Quy chế này quy định việc bảo vệ máy chủ.\n"


def write(folder: Path, content: bytes | str, name: str = "van-ban.txt") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refuse(path: Path, expected: type[KhienError], *mentions: str) -> KhienError:
    with pytest.raises(expected) as caught:
        read_file(path)
    error = caught.value
    for sentence in (error.text().vi, error.text().en):
        assert path.name in sentence
        assert all(mention in sentence for mention in mentions), sentence
    assert error.exit_status == 2
    return error


def test_utf8_text_comes_back_as_it_is(tmp_path: Path) -> None:
    source = read_file(write(tmp_path, TEXT))
    assert (source.text, source.kind, source.anomalies) == (TEXT, "txt", ())


def test_the_five_regulations_come_back_as_they_are(regulations: Path) -> None:
    for path in sorted(regulations.glob("*.txt")):
        assert read_file(path).text == path.read_text(encoding="utf-8")


def test_line_ends_of_every_system_become_line_feeds(tmp_path: Path) -> None:
    assert read_file(write(tmp_path, "một\r\nhai\rba\n")).text == "một\nhai\nba\n"


@pytest.mark.parametrize(
    ("bom", "encoding", "called"),
    [
        (codecs.BOM_UTF8, "utf-8", None),
        (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
        (b"", "utf-16-le", "UTF-16-LE"),
        (b"", "utf-16-be", "UTF-16-BE"),
    ],
)
def test_unicode_encodings_are_recognised(
    tmp_path: Path, bom: bytes, encoding: str, called: str | None
) -> None:
    source = read_file(write(tmp_path, bom + TEXT.encode(encoding)))
    assert source.text == TEXT
    assert [a.code for a in source.anomalies] == (["decoded-as"] if called else [])
    assert all(called in a.message.vi for a in source.anomalies if called)


def to_cp1258(text: str) -> bytes:
    """Write as Windows-1258 does: the vowel with its own mark, then the tone as a letter of its own."""
    pieces = []
    for letter in text:
        try:
            pieces.append(letter.encode("cp1258"))
        except UnicodeEncodeError:
            pieces.append(_apart(letter).encode("cp1258"))
    return b"".join(pieces)


def _apart(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    tone = next(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", parts.replace(tone, "")) + tone


def test_windows_1258_is_recognised(tmp_path: Path) -> None:
    source = read_file(write(tmp_path, to_cp1258(TEXT)))
    assert source.text == TEXT
    assert "Windows-1258" in source.anomalies[0].message.en


@pytest.mark.parametrize("table", [TCVN3, VNI], ids=["TCVN3", "VNI"])
def test_bytes_of_legacy_fonts_are_left_to_the_legacy_decoder(
    tmp_path: Path, table: dict[str, str]
) -> None:
    legacy = TEXT.translate(str.maketrans({letter: sign for sign, letter in table.items()}))
    source = read_file(write(tmp_path, legacy.encode("latin-1")))
    assert decode_legacy(source.text)[0] == TEXT
    assert [a.code for a in source.anomalies] == ["decoded-as"]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    refuse(tmp_path / "khong-co.txt", errors.DocumentMissing)


def test_a_name_with_a_zero_byte_is_refused(tmp_path: Path) -> None:
    with pytest.raises(errors.DocumentMissing):
        read_file(tmp_path / "a\0b.txt")


def test_a_file_inside_a_file_is_refused(tmp_path: Path) -> None:
    refuse(write(tmp_path, TEXT) / "phu-luc.txt", errors.DocumentMissing)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    refuse(tmp_path, errors.DocumentNotAFile)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ong.txt")
    refuse(tmp_path / "ong.txt", errors.DocumentNotAFile)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything"
)
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT)
    path.chmod(0)
    refuse(path, errors.DocumentUnreadable)


def test_a_path_that_the_system_refuses_is_refused(tmp_path: Path) -> None:
    refuse(tmp_path / ("a" * 300), errors.DocumentUnreadable)


def test_a_file_over_the_limit_is_refused_with_both_sizes(tmp_path: Path) -> None:
    path = tmp_path / "lon.txt"
    with path.open("wb") as file:
        file.truncate(SIZE_MAX + 2**20)
    refuse(path, errors.DocumentTooLarge, "21.0", "20")
    with pytest.raises(errors.DocumentTooLarge):
        read_file(write(tmp_path, TEXT), size_max=10)


@pytest.mark.parametrize("content", ["", " \n\t\r\n\f", "\ufeff", "\u200b\n"])
def test_a_file_without_words_is_refused(tmp_path: Path, content: str) -> None:
    refuse(write(tmp_path, content), errors.DocumentEmpty)


@pytest.mark.parametrize(
    ("content", "line", "offset"),
    [
        ("Điều 1\nhỏng ".encode() + b"\xff\xfe n\xe0y", "2", "17"),
        ("größer für naïve Köln".encode("latin-1"), "1", "2"),
        (b"\x8f\x90\x9d kh\xf4ng", "1", "0"),
    ],
)
def test_an_unknown_encoding_is_refused_at_its_byte(
    tmp_path: Path, content: bytes, line: str, offset: str
) -> None:
    error = refuse(write(tmp_path, content), errors.EncodingUnknown, "UTF-8")
    assert (str(error.values["line"]), str(error.values["offset"])) == (line, offset)


def test_broken_utf16_is_refused(tmp_path: Path) -> None:
    refuse(write(tmp_path, codecs.BOM_UTF16_LE + b"a\0\x00\xd8"), errors.EncodingUnknown)


@pytest.mark.parametrize(
    "content", [b"text\nwith \x00 zero", b"\x01\x02\x03\x04", codecs.BOM_UTF16_LE + b"a\0\0\0b\0"]
)
def test_binary_data_is_refused(tmp_path: Path, content: bytes) -> None:
    refuse(write(tmp_path, content), errors.BinaryContent, "0x")


@pytest.mark.parametrize(
    ("content", "called"),
    [
        (b"{\\rtf1\\ansi", "RTF"),
        (b"\x89PNG\r\n\x1a\n0000", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\n<!DOCTYPE html><html>", "HTML"),
        ("\ufeff<HTML><body>".encode(), "HTML"),
    ],
)
def test_other_kinds_are_refused_by_name(tmp_path: Path, content: bytes, called: str) -> None:
    refuse(write(tmp_path, content), errors.DocumentKindUnknown, called)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        ("WordDocument", errors.OldWordDocument),
        ("EncryptedPackage", errors.DocxEncrypted),
        ("Workbook", errors.DocumentKindUnknown),
    ],
)
def test_old_containers_are_told_apart(
    tmp_path: Path, stream: str, expected: type[KhienError]
) -> None:
    refuse(write(tmp_path, OLE + stream.encode("utf-16-le"), "cu.doc"), expected, ".docx")


def test_the_name_of_a_file_does_not_decide_its_kind(tmp_path: Path) -> None:
    assert read_file(write(tmp_path, TEXT, "van-ban.docx")).kind == "txt"


def test_reading_a_plain_text_imports_no_document_library(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from khien.norms.text.reading import read_file; "
        "read_file(Path(sys.argv[1])); "
        "print(sorted({'docx', 'lxml', 'pypdfium2', 'django'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program, str(write(tmp_path, TEXT))]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    result = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert result.stdout.strip() == "[]"


def test_every_refusal_has_a_stable_code_and_both_languages() -> None:
    codes = [error.code for error in errors.DOCUMENT_ERRORS]
    assert codes == [f"KHIEN-NRM-{n:03}" for n in range(1, len(codes) + 1)]
    for error in errors.DOCUMENT_ERRORS:
        assert "{file}" in error.sentence.vi
        assert "{file}" in error.sentence.en
        assert "Hãy" in error.sentence.vi


def test_every_reading_anomaly_has_both_languages() -> None:
    assert all(
        text.vi.endswith(".") and text.en.endswith(".") for text in READING_ANOMALIES.values()
    )
