"""Another office program opens the Word file and prints it as laid out."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from report_cases import found, in_reading_order, pdf_letters, sample_context

from khien.reports.compliance_vi import compose
from khien.reports.docx_layout import render_docx

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
SECONDS_MAX = 120


@pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice is not installed; it is needed to print the Word file"
)
def test_the_word_file_prints_with_the_margins_and_head_of_the_decree(tmp_path: Path) -> None:
    source = tmp_path / "a.docx"
    source.write_bytes(render_docx(compose(sample_context())))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [
            str(OFFICE),
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=SECONDS_MAX,
    )
    letters = in_reading_order(pdf_letters((tmp_path / "a.pdf").read_bytes()))
    inside = [letter for letter in letters if letter.top > 19]
    assert min(letter.left for letter in inside) >= 29.7
    assert max(letter.right for letter in inside) <= 195.5
    nation = found(letters, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    assert (nation[0].left + nation[-1].right) / 2 > 105
    assert len({round(letter.baseline) for letter in nation}) == 1
    number, day = found(letters, "Số:"), found(letters, "Sơn Mẫu, ngày")
    assert abs(number[0].baseline - day[0].baseline) < 1
    assert found(letters, "GIÁM ĐỐC")[0].page == found(letters, "Trên đây là báo cáo")[0].page
