"""khien report: a report from what is due to its receipt, on the command line."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest
from written_world import PDF, World

from khien.cli import report_command
from khien.kernel.errors import KhienError
from khien.ledger import selectors as ledger
from khien.ledger.models import LedgerEntry
from khien.reports.models import Report

pytestmark = pytest.mark.django_db


def run(*words: str, unit: str = "bv-mau", by: str = "officer") -> int:
    parser = argparse.ArgumentParser()
    report_command.configure(parser)
    kind, *rest = words
    args = parser.parse_args([kind, "--unit", unit, "--as", by, *rest])
    return report_command.run(args)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Any:
    def words() -> str:
        return capsys.readouterr().out

    return words


def test_a_report_goes_its_way(world: World, tmp_path: Path, said: Any) -> None:
    world.authority()
    scan = tmp_path / "quet.pdf"
    scan.write_bytes(PDF)
    assert run("draft", "quarter", "--period", "2026-Q3") == 0
    assert "Chưa viết" in said()
    assert run("write", "1", "results=Đã làm.\\nXong.", "proposals=Không có.") == 0
    assert run("review", "1", by="leader") == 0
    assert run("sign", "1", "--file", str(scan), "--signer", "Trần Lan", "--number", "5/BC") == 0
    assert run("send", "1", "--channel", "email") == 0
    assert run("receive", "1", by="overseer") == 0
    report = Report.objects.get()
    assert report.state == "received"
    said()
    assert run("show", "1", "--json") == 0
    shown = json.loads(said())
    assert (shown["state"], shown["texts"]["results"]) == ("received", "Đã làm.\nXong.")
    assert ledger.checkpoint().size == LedgerEntry.objects.count()


def test_the_file_is_the_same_each_time_and_not_overwritten(world: World, tmp_path: Path) -> None:
    run("draft", "quarter")
    files = [tmp_path / name for name in ("a.docx", "b.docx")]
    for file in files:
        assert run("build", "1", "--format", "docx", "--output", str(file)) == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    with pytest.raises(KhienError):
        run("build", "1", "--format", "docx", "--output", str(files[0]))


def test_what_is_due_and_what_changed_is_listed(world: World, said: Any) -> None:
    row = world.incident()
    run("draft", "quarter")
    world.change(row, severity="low")
    said()
    assert run("due") == 0
    assert "quarter" in said()
    assert run("diff", "1") == 0
    out = said()
    assert "incident #1 v1 → v2 severity" in out
    assert "serious: 01 sự cố → đang xác minh" in out
    assert run("list") == 0
    assert "đang soạn" in said()


def test_the_board_names_who_is_missing_and_reminds(world: World, said: Any) -> None:
    assert (
        run("board", "quarter", "--period", "2026-Q4", "--remind", unit="so-mau", by="overseer")
        == 0
    )
    said()
    run("board", "quarter", "--period", "2026-Q4", unit="so-mau", by="overseer")
    out = said()
    assert out.count("đã nhắc") == 2
    assert "Trung tâm Y tế Mẫu · chưa lập" in out


def test_returning_and_cancelling_say_why(world: World) -> None:
    run("draft", "quarter")
    run("return", "1", "--reason", "Thiếu.", by="leader")
    run("cancel", "1", "--reason", "Nhầm.")
    assert Report.objects.get().state == "cancelled"


def test_an_unknown_user_or_report_is_told(world: World) -> None:
    with pytest.raises(KhienError, match="khong-co"):
        run("draft", "quarter", by="khong-co")
    with pytest.raises(KhienError, match="khong_co"):
        run("draft", "khong_co")
    with pytest.raises(KhienError, match="9"):
        run("show", "9")
