"""khien norms force, impact, approve, return, withdraw, end, take: the same way as on the pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from adoption.force_cast import Province, decide, import_text
from openpyxl import load_workbook

from khien.adoption.models import ImportedText
from khien.norms.library import load_library
from khien.registers.files import content_of

pytestmark = pytest.mark.django_db
FAR = "2099-01-01"


@pytest.fixture(autouse=True)
def own_data(settings: Any, tmp_path: Path) -> None:
    settings.KHIEN_DATA = tmp_path


@pytest.fixture
def place() -> Province:
    return Province()


@pytest.fixture
def text(place: Province) -> ImportedText:
    made = import_text(place.top)
    decide(made)
    return made


def test_from_scope_to_approval_and_back(khien: Callable[..., Any], text: ImportedText) -> None:
    done = khien("norms", "force", text.code, "--from", FAR, "--replaces", "do-son")
    assert done.status == 0, done.err
    assert "3 đơn vị" in done.err + done.out
    impact = khien("norms", "impact", text.code, "--json").json
    assert impact["summary"]["units"] == 3
    assert khien("norms", "approve", text.code).status == 0
    assert text.code in load_library().documents
    assert khien("norms", "withdraw", text.code, "--reason", "Ban hành lại").status == 0
    assert text.code not in load_library().documents


def test_the_impact_is_told_line_by_line_and_as_a_word_file(
    khien: Callable[..., Any], text: ImportedText, tmp_path: Path
) -> None:
    khien("norms", "force", text.code, "--from", FAR, "--amends", "do-son/D19", "--no-submit")
    paper = tmp_path / "tac-dong.docx"
    told = khien("norms", "impact", text.code, "--docx", paper)
    assert "3 đơn vị" in told.out
    assert "8 ký tự → 14 ký tự (chặt hơn" in told.out
    assert paper.read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--from", "2020-01-01"], "KHIEN-ADO-405"),
        (["--from", FAR, "--scope", "la"], "KHIEN-ADO-404"),
        (["--from", FAR, "--replaces", "tinh-mau"], "KHIEN-ADO-406"),
        (["--from", FAR, "--amends", "do-son/D999"], "KHIEN-ADO-408"),
        (["--from", FAR, "--kind", "office"], "KHIEN-ADO-403"),
    ],
)
def test_what_cannot_be_is_refused_with_its_code(
    khien: Callable[..., Any], text: ImportedText, words: list[str], code: str
) -> None:
    refused = khien("norms", "force", text.code, *words)
    assert refused.status == 2
    assert code in refused.err
    text.refresh_from_db()
    assert text.scope == {}


def test_a_unit_without_a_leader_is_told_so(khien: Callable[..., Any], place: Province) -> None:
    text = import_text(place.commune, "xa-van-ban")
    assert "KHIEN-CLI-064" in khien("norms", "force", text.code, "--from", FAR).err


def test_an_unknown_text_is_told(khien: Callable[..., Any]) -> None:
    assert "KHIEN-ADO-101" in khien("norms", "impact", "khong-co").err


def test_a_text_of_the_library_goes_out_and_comes_in_again(
    khien: Callable[..., Any], place: Province, text: ImportedText, tmp_path: Path
) -> None:
    khien("norms", "force", text.code, "--from", FAR)
    khien("norms", "approve", text.code)
    out = tmp_path / "goi"
    assert khien("norms", "export", text.code, "--as", "folder", "-o", out).status == 0
    again = khien("norms", "take", out, "--unit", place.top.code)
    assert "KHIEN-ADO-414" in again.err


def test_what_came_from_elsewhere_is_kept_as_it_came(
    khien: Callable[..., Any], place: Province, tmp_path: Path
) -> None:
    out = tmp_path / "goi.xlsx"
    assert khien("norms", "export", "do-son", "--as", "xlsx", "-o", out).status == 0
    renamed = load_workbook(out)
    for sheet in renamed:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "do-son":
                    cell.value = "phuong-khac"
    renamed.save(out)
    done = khien("norms", "take", out, "--unit", place.top.code)
    assert done.status == 0, done.err
    taken = ImportedText.objects.get(code="phuong-khac")
    assert content_of(taken.file_sha256, taken.file_name) == out.read_bytes()


def test_of_a_framework_the_words_are_brought_in_to_be_reviewed(
    khien: Callable[..., Any], place: Province, tmp_path: Path
) -> None:
    out = tmp_path / "khung.yaml"
    assert khien("norms", "export", "do-son", "--as", "ciso", "-o", out).status == 0
    done = khien("norms", "take", out, "--unit", place.top.code)
    assert done.status == 0, done.err
    brought = ImportedText.objects.get(file_name="khung.yaml.txt")
    assert brought.state == ImportedText.State.REVIEWING
    assert not brought.shared
    assert brought.code in done.err + done.out
