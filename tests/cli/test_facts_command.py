"""khien facts: what is stored, what would be merged or deleted, and the doing of it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from merged_world import a_unit, bundle, few_tables, listed, spoil

from khien.cli.main import main
from khien.facts.models import FactFile, Intake
from khien.facts.services import facts_folder, take_in
from khien.kernel.clock import now_utc

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def facts(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.KHIEN_DATA = tmp_path
    few_tables(monkeypatch)
    unit = a_unit()
    for days in (900, 800, 1):
        at = now_utc() - timedelta(days=days)
        take_in(bundle(1, at), unit=unit, now=at, actor="test", channel="file")


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    assert main(["facts", *words]) == status
    told = capsys.readouterr()
    return told.out if "--json" in words else told.out + told.err


def test_show_counts_files_rows_and_intakes(capsys: pytest.CaptureFixture[str]) -> None:
    shown = json.loads(said(capsys, "show", "--json"))
    assert shown["files"] == len(listed())
    assert (shown["intakes"], shown["replaced"], shown["strays"]) == (3, 0, 0)
    assert shown["bytes"] > 0
    assert "3 lần thu thập" in said(capsys, "show")


def test_a_dry_run_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = listed()
    planned = json.loads(said(capsys, "merge", "--all", "--dry-run", "--json"))
    assert planned["sources"] == len(before)
    assert (
        planned["files"]
        == len(planned["tables"])
        == FactFile.objects.values("table").distinct().count()
    )
    assert "Chưa làm gì" in said(capsys, "merge", "--all", "--dry-run")
    assert "Sẽ xóa số liệu của 1 lần" in said(capsys, "expire", "--dry-run")
    assert listed() == before
    assert not Intake.objects.filter(expired_by__isnull=False).exists()


def test_few_files_wait_for_more_unless_all_are_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "Đã gộp 0 tệp" in said(capsys, "merge")
    done = json.loads(said(capsys, "merge", "--all", "--json"))
    assert done["files"] == FactFile.objects.count()
    assert (done["refused"], done["removed"]) == (0, 0)


def test_expire_says_how_long_facts_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "expire")
    assert "730 ngày" in out
    assert "Đã xóa số liệu của 1 lần thu thập" in out


def test_altered_files_are_said_and_the_status_is_1(capsys: pytest.CaptureFixture[str]) -> None:
    file = FactFile.objects.filter(table="account").first()
    assert file is not None
    spoil(facts_folder() / file.path)
    assert "khien verify" in said(capsys, "merge", "--all", status=1)
