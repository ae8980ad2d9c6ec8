"""Bad files are refused with a sentence that names them, status 2, nothing on stdout, nothing stored."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import normalise_samples as samples
import pypdf
import pytest

from khien.cli.serve_command import PortTaken
from khien.facts.models import Host
from khien.kernel.clock import now_utc
from khien.ledger.models import LedgerEntry
from khien.org.services import register_unit

pytestmark = pytest.mark.django_db


def encrypted_pdf() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=200, height=200)
    writer.encrypt("mật khẩu")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<a>" + b" " * 300 * 2**20)
    return out.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "empty.txt": lambda: b"",
    "blank.txt": lambda: b" \n\t\r\n\xef\xbb\xbf",
    "big.txt": lambda: b"a" * (20 * 2**20 + 1),
    "bomb.docx": zip_bomb,
    "locked.pdf": encrypted_pdf,
    "torn.pdf": lambda: b"%PDF-1.7\n1 0 obj",
    "torn.docx": lambda: b"PK\x03\x04 not a zip",
    "picture.txt": lambda: b"\x89PNG\r\n\x1a\n" + bytes(100),
    "page.txt": lambda: b"<!DOCTYPE html><html></html>",
}


@pytest.mark.parametrize("name", FILES)
def test_a_document_that_cannot_be_read_is_named_with_its_remedy(
    name: str, khien: Callable, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_bytes(FILES[name]())
    before = set(tmp_path.iterdir())
    for words in (("--json",), ()):
        said = khien("norms", "parse", file, *words)
        assert (said.status, said.out) == (2, "")
        assert said.err.count(str(file)) >= 2  # once in each language
        assert said.err.startswith("KHIEN-")
    assert set(tmp_path.iterdir()) == before


def test_a_folder_and_a_missing_file_are_refused_too(khien: Callable, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "không có.txt"):
        said = khien("norms", "parse", path, "--json")
        assert (said.status, said.out) == (2, "")
        assert str(path) in said.err


BUNDLES: dict[str, bytes] = {
    "not JSON": b"{",
    "not UTF-8": b'{"a": "\xff"}',
    "no object": b"[1]",
    "a number without end": b'{"a": ' + b"1" * 5000 + b"}",
    "nested without end": b"[" * 200_000,
    "another format": b'{"format": "x"}',
    "infinity": json.dumps(samples.bundle() | {"started_at": float("inf")}).encode(),
    "empty": b"",
}


@pytest.mark.parametrize("name", BUNDLES)
def test_a_collectors_file_that_is_none_is_refused_and_nothing_is_stored(
    name: str, khien: Callable, tmp_path: Path
) -> None:
    register_unit("x", name_vi="X", name_en="X", kind="ward", place="X", now=now_utc())
    entries = LedgerEntry.objects.count()
    file = tmp_path / "máy.json"
    file.write_bytes(BUNDLES[name])
    said = khien("intake", file, "--unit", "x")
    assert (said.status, said.out) == (2, "")
    assert str(file) in said.err
    assert (Host.objects.count(), LedgerEntry.objects.count()) == (0, entries)


def test_a_collectors_file_is_taken_in_for_a_unit(
    khien: Callable, tmp_path: Path, settings: Any
) -> None:
    settings.KHIEN_DATA = tmp_path / "data"
    register_unit("x", name_vi="X", name_en="X", kind="ward", place="X", now=now_utc())
    file = tmp_path / "máy.json"
    file.write_text(json.dumps(samples.bundle()), encoding="utf-8")
    assert khien("intake", tmp_path / "none.json", "--unit", "x").status == 2
    assert khien("intake", file, "--unit", "y").status == 2
    said = khien("intake", file, "--unit", "x", "--kind", "workstation")
    assert (said.status, said.out) == (0, "")
    assert "may-01" in said.err
    assert Host.objects.get().kind == "workstation"


def test_facts_that_cannot_be_written_to_a_file_are_refused(
    khien: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("khien.cli.collect_command.collect_here", lambda: ({}, "{}"))
    said = khien("collect", "--output", tmp_path / "none" / "a.json")
    assert (said.status, said.out) == (2, "")
    assert "none/a.json" in said.err
    assert khien("collect", "--output", tmp_path / "a.json").status == 0
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == "{}"


def test_a_taken_port_is_named_with_the_way_to_take_another() -> None:
    text = PortTaken(port=8765).text()
    assert "8765" in text.vi
    assert "KHIEN_PORT=" in text.en
