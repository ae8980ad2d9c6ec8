"""Another office program opens the Word file of every kind and prints it where the PDF has it."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from kind_cases import KINDS
from page_measures import Line, lines_of, outside, overlapping, page_sizes
from report_cases import found, in_reading_order, pdf_letters, sample_context

from khien.reports.blocks import OfficialDocument
from khien.reports.compliance_vi import compose
from khien.reports.docx_layout import render_docx
from khien.reports.pdf_layout import render_pdf

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
SECONDS_MAX = 240
NEAR_MM = 1.5
pytestmark = pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice is not installed; it is needed to print the Word file"
)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The Word file of every kind, and of the compliance report, as the office program prints it."""
    folder = tmp_path_factory.mktemp("office")
    for name, document in documents().items():
        (folder / f"{name}.docx").write_bytes(render_docx(document))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    sources = sorted(str(source) for source in folder.glob("*.docx"))
    command = [str(OFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *sources], check=True, capture_output=True, timeout=SECONDS_MAX)
    return {source.stem: source.read_bytes() for source in folder.glob("*.pdf")}


def documents() -> dict[str, OfficialDocument]:
    made = {kind: make() for kind, make in KINDS.items()}
    return made | {"compliance": compose(sample_context())}


def test_the_word_file_prints_with_the_margins_and_head_of_the_decree(
    printed: dict[str, bytes],
) -> None:
    letters = in_reading_order(pdf_letters(printed["compliance"]))
    inside = [letter for letter in letters if letter.top > 19]
    assert min(letter.left for letter in inside) >= 29.7
    assert max(letter.right for letter in inside) <= 195.5
    nation = found(letters, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    assert (nation[0].left + nation[-1].right) / 2 > 105
    assert len({round(letter.baseline) for letter in nation}) == 1
    number, day = found(letters, "Số:"), found(letters, "Sơn Mẫu, ngày")
    assert abs(number[0].baseline - day[0].baseline) < 1
    assert found(letters, "GIÁM ĐỐC")[0].page == found(letters, "Trên đây là báo cáo")[0].page


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_stands_in_the_margins_and_nothing_over_another(
    kind: str, printed: dict[str, bytes]
) -> None:
    foot = 9 if KINDS[kind]().address else 20
    assert outside(printed[kind], bottom_mm=foot) == []
    assert overlapping(printed[kind]) == []


@pytest.mark.parametrize("kind", KINDS)
def test_both_files_have_the_same_pages(kind: str, printed: dict[str, bytes]) -> None:
    mine = [(round(w), round(h)) for w, h in page_sizes(render_pdf(KINDS[kind]()))]
    assert mine == [(round(w), round(h)) for w, h in page_sizes(printed[kind])]


@pytest.mark.parametrize("kind", KINDS)
def test_each_line_stands_where_the_pdf_has_it(kind: str, printed: dict[str, bytes]) -> None:
    theirs = lines_of(printed[kind])
    far = []
    for line in lines_of(render_pdf(KINDS[kind]())):
        same = [other for other in theirs if alike(line, other)]
        nearest = min(same, key=lambda other: abs(other.baseline - line.baseline), default=None)
        # Typefaces differ from machine to machine, so a line may break at another word.
        if nearest is not None and abs(nearest.baseline - line.baseline) > NEAR_MM:
            far.append(f"{line.page + 1}: {line.baseline:.1f} {nearest.baseline:.1f} {line.text}")
    assert far == []


@pytest.mark.parametrize("kind", KINDS)
def test_most_lines_are_found_in_both_files(kind: str, printed: dict[str, bytes]) -> None:
    theirs = lines_of(printed[kind])
    mine = lines_of(render_pdf(KINDS[kind]()))
    same = [line for line in mine if any(alike(line, other) for other in theirs)]
    assert len(same) > 0.85 * len(mine)


def alike(line: Line, other: Line) -> bool:
    return (
        line.page == other.page
        and "".join(line.text.split())[:14] == "".join(other.text.split())[:14]
    )
