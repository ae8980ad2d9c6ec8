"""khien report compliance: writes one whole file, refuses before anything is recorded."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from khien.cli import report_command
from khien.ledger import selectors as ledger
from khien.reports.errors import CannotWriteReport, ReportFileExists
from khien.reports.models import ReportRecord

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unit")]


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    report_command.configure(parser)
    return report_command.run(parser.parse_args(["compliance", "--unit", "tram-mau", *words]))


@pytest.mark.parametrize(("file_format", "start"), [("docx", b"PK"), ("pdf", b"%PDF-")])
def test_it_writes_the_file_and_publishes_the_record(
    tmp_path: Path, file_format: str, start: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "báo cáo.out"
    assert run("--format", file_format, "--output", str(target), "--on", "16/11/2026") == 0
    assert target.read_bytes().startswith(start)
    assert capsys.readouterr().out.strip() == str(target)
    standing = ledger.checkpoint()
    assert standing is not None
    assert standing.size > ReportRecord.objects.get().ledger_index
    assert {path.name for path in tmp_path.iterdir()} == {"data", "báo cáo.out"}


def test_a_file_that_is_there_is_not_overwritten_unless_forced(tmp_path: Path) -> None:
    target = tmp_path / "a.docx"
    target.write_text("sửa tay")
    with pytest.raises(ReportFileExists):
        run("--format", "docx", "--output", str(target))
    assert not ReportRecord.objects.exists()
    assert run("--format", "docx", "--output", str(target), "--force") == 0
    assert target.read_bytes().startswith(b"PK")


def test_a_folder_that_is_missing_is_named_before_anything_is_recorded(tmp_path: Path) -> None:
    with pytest.raises(CannotWriteReport, match="khong-co"):
        run("--format", "pdf", "--output", str(tmp_path / "khong-co" / "a.pdf"))
    assert not ReportRecord.objects.exists()
