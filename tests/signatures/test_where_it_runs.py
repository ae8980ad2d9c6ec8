"""Signing runs where the token is: without a database; and on PDF of other programs than ours."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from made_up_authority import House
from signing_cases import hand, read, signed

from khien.signatures.placing import MM, place_for_signature
from khien.signatures.signing import places_signed

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
ROOT = Path(__file__).resolve().parents[2]


def test_signing_and_reading_need_neither_django_nor_the_library_of_tokens() -> None:
    asked = (
        "import sys, khien.cli.sign_command, khien.cli.signatures_command, khien.signatures.reading_process;"
        "print([name for name in ('django', 'pkcs11', 'duckdb', 'yaml') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": ""},
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


@pytest.fixture(scope="module")
def from_office(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A paper that a clerk edited in a word processor and saved as PDF."""
    if OFFICE is None:
        pytest.skip("LibreOffice is not installed; it is needed to print the Word file")
    folder = tmp_path_factory.mktemp("office")
    paper = Document()
    paper.add_heading("BÁO CÁO", level=1)
    paper.add_paragraph("Tình hình bảo đảm an toàn thông tin mạng quý III năm 2026.")
    table = paper.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "Nơi nhận:\n- Như trên;"
    cell = table.cell(0, 1)
    for words in ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "", "", "", "", "Nguyễn Thị Hương Giang"):
        line = cell.add_paragraph(words)
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paper.save(str(folder / "bao-cao.docx"))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(OFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run(
        [*command, str(folder / "bao-cao.docx")], check=True, capture_output=True, timeout=240
    )
    return (folder / "bao-cao.pdf").read_bytes()


def test_a_pdf_of_a_word_processor_is_signed_twice_and_read(
    from_office: bytes, house: House
) -> None:
    seen = hand(from_office, "Nguyễn Thị Hương Giang")
    first = signed(house.an, house, from_office, seen=seen)
    both = signed(house.clerk, house, first, role="organisation")
    assert both.startswith(first)
    assert first.startswith(from_office)
    assert [one.integrity for one in read(both, house).signatures] == ["intact", "intact"]
    assert [name for name, _ in places_signed(both)] == ["KhienNguoiKy1"]


def test_the_place_is_found_by_a_name_with_letters_of_vietnam(from_office: bytes) -> None:
    frame = place_for_signature(from_office, "NGUYỄN THỊ HƯƠNG GIANG")
    assert frame.height_mm > 14
    assert (frame.left + frame.right) / 2 > 100 * MM, "in the right column"
    assert place_for_signature(from_office, "").page == frame.page
