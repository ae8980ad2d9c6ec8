"""Files of rows: looked at, kept under their digest, on record, and checked when they are sent or verified."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from registers_cast import AN, Cast

from khien.ledger.selectors import entry_at
from khien.registers.beside import altered_attachments, attachments_of
from khien.registers.errors import AttachmentAltered, AttachmentRefused, RowIsRetired
from khien.registers.files import SIZE_MAX, content_of, looked_at, place_of
from khien.registers.filing import add_attachment, restore_attachment, retire_attachment
from khien.registers.models import Attachment, Row
from khien.registers.services import retire_row

PDF = b"%PDF-1.7\nmade up"


@pytest.fixture
def row(cast: Cast, tmp_path: Path, settings: Any) -> Row:
    settings.KHIEN_DATA = tmp_path
    return cast.add(label="Máy in tầng 1")


def package(**members: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, text in members.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF, "application/pdf"),
        (b"\x89PNG\r\n\x1a\nxx", "image/png"),
        (b"\xff\xd8\xff\xe0xx", "image/jpeg"),
        ("Biên bản bàn giao\r\n".encode(), "text/plain"),
        (package(word__document_xml="<w/>"), "docx"),
        (package(xl__workbook_xml="<w/>"), "xlsx"),
        (package(mimetype="application/vnd.oasis.opendocument.text"), "odt"),
    ],
)
def test_the_type_is_told_by_the_bytes_not_by_the_name(content: bytes, media_type: str) -> None:
    found = looked_at(content, "ten-gi-cung-duoc.exe").media_type
    assert {"docx": "wordprocessing", "xlsx": "spreadsheet", "odt": "opendocument.text"}.get(
        media_type, media_type
    ) in found


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "trống"),
        (package(readme_xml="x"), "không phải PDF"),
        (package(word__document_xml="x", word__vbaProject="x"), "macro"),
        (b"MZ\x90\x00\x03", "không phải PDF"),
        (b"PK\x03\x04 broken", "không phải PDF"),
        (b"\x00" * 9, "không phải PDF"),
    ],
)
def test_what_is_no_document_is_refused_and_the_sentence_says_why(content: bytes, why: str) -> None:
    with pytest.raises(AttachmentRefused) as refused:
        looked_at(content, "bien-ban.pdf")
    assert why in str(refused.value)
    assert "bien-ban.pdf" in str(refused.value)


def test_fifty_megabytes_are_the_limit() -> None:
    assert looked_at(b"%PDF-" + b"x" * (SIZE_MAX - 5), "a.pdf").media_type == "application/pdf"
    with pytest.raises(AttachmentRefused, match="50 MB"):
        looked_at(b"%PDF-" + b"x" * (SIZE_MAX - 4), "a.pdf")


def test_a_file_is_kept_under_its_digest_and_its_digest_is_on_record(row: Row) -> None:
    made = add_attachment(row, PDF, name="C:\\thu muc\\Biên  bản.pdf", act=AN)
    assert (made.name, made.size_bytes) == ("Biên bản.pdf", len(PDF))
    assert place_of(made.sha256).read_bytes() == PDF
    entry = entry_at(made.ledger_index)
    assert entry is not None
    assert entry.body["sha256"] == made.sha256
    assert "Biên bản" not in str(entry.body), "the ledger tells no names of files"


def test_the_same_bytes_are_kept_once_and_filed_once(row: Row, cast: Cast) -> None:
    first = add_attachment(row, PDF, name="a.pdf", act=AN)
    assert add_attachment(row, PDF, name="b.pdf", act=AN).pk == first.pk
    other = add_attachment(cast.add(label="Máy khác"), PDF, name="a.pdf", act=AN)
    assert (other.sha256, Attachment.objects.count()) == (first.sha256, 2)


def test_two_files_of_one_name_get_two_names(row: Row) -> None:
    names = [add_attachment(row, PDF + bytes([n]), name="a.pdf", act=AN).name for n in (65, 66, 67)]
    assert names == ["a.pdf", "a (2).pdf", "a (3).pdf"]


def test_what_stands_under_a_digest_is_never_written_again(row: Row, cast: Cast) -> None:
    made = add_attachment(row, PDF, name="a.pdf", act=AN)
    before = place_of(made.sha256).stat().st_mtime_ns
    add_attachment(cast.add(label="Máy khác"), PDF, name="a.pdf", act=AN)
    assert place_of(made.sha256).stat().st_mtime_ns == before


def test_a_file_taken_off_is_kept_and_comes_back(row: Row) -> None:
    made = add_attachment(row, PDF, name="a.pdf", act=AN)
    retire_attachment(made, act=AN)
    assert attachments_of([row]).get().is_retired
    assert content_of(made.sha256, made.name) == PDF
    restore_attachment(made, act=AN)
    assert not attachments_of([row]).get().is_retired


def test_a_retired_row_takes_no_file(row: Row) -> None:
    with pytest.raises(RowIsRetired):
        add_attachment(retire_row(row, act=AN), PDF, name="a.pdf", act=AN)


def test_changed_or_lost_bytes_are_not_sent_and_verify_tells(row: Row) -> None:
    made = add_attachment(row, PDF, name="a.pdf", act=AN)
    assert list(altered_attachments()) == []
    place = place_of(made.sha256)
    place.chmod(0o600)
    place.write_bytes(b"%PDF-1.7 forged")
    with pytest.raises(AttachmentAltered):
        content_of(made.sha256, made.name)
    assert "đã bị sửa sau khi nộp" in next(altered_attachments()).vi
    place.unlink()
    with pytest.raises(AttachmentAltered):
        content_of(made.sha256, made.name)
    assert "Thiếu tệp «a.pdf»" in next(altered_attachments()).vi


def test_a_forgotten_file_and_a_forged_digest_do_not_fit_the_ledger(row: Row) -> None:
    made = add_attachment(row, PDF, name="a.pdf", act=AN)
    Attachment.objects.filter(pk=made.pk).delete()
    assert str(made.ledger_index) in next(altered_attachments()).vi
