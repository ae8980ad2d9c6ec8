"""khien intake FOLDER: all good files at once, in one file per table; the bad ones are named, and nothing is lost."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from merged_world import NOW, a_unit, answers, bundle, few_tables

from khien.cli.main import main
from khien.facts import services
from khien.facts.evidence import altered_evidence
from khien.facts.models import FactFile, Intake
from khien.facts.services import check_bundle, facts_folder, take_in_all
from khien.ledger.models import LedgerEntry
from khien.org.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Unit:
    settings.KHIEN_DATA = tmp_path / "data"
    few_tables(monkeypatch)
    return a_unit()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "từ các máy"
    place.mkdir()
    for machine in range(5):
        text = json.dumps(bundle(machine, NOW), ensure_ascii=False)
        (place / f"máy {machine}.json").write_text(text, encoding="utf-8")
    return place


def test_a_folder_goes_into_one_file_per_table_with_a_record_for_each_machine(
    unit: Unit, folder: Path
) -> None:
    assert main(["intake", str(folder), "--unit", "x"]) == 0
    assert Intake.objects.count() == 5
    assert FactFile.objects.count() == FactFile.objects.values("table").distinct().count()
    assert set(FactFile.objects.values_list("intake_count", flat=True)) == {5}
    entries = LedgerEntry.objects.filter(kind="facts.collected")
    assert len({entry.body["rows_sha256"] for entry in entries}) == 5
    assert list(altered_evidence()) == []


def test_one_by_one_and_all_at_once_say_the_same(
    unit: Unit, folder: Path, tmp_path: Path, settings: Any
) -> None:
    main(["intake", str(folder), "--unit", "x"])

    def told() -> dict[str, str]:
        found = Intake.objects.select_related("host")
        return {intake.host.host_uid: intake.rows_sha256 for intake in found}

    at_once, rows = told(), len(answers(NOW + timedelta(days=400))["account"])
    FactFile.objects.all().delete()
    Intake.objects.all().delete()
    settings.KHIEN_DATA = tmp_path / "other"
    for file in sorted(folder.iterdir()):
        main(["intake", str(file), "--unit", "x"])
    assert told() == at_once
    assert len(answers(NOW + timedelta(days=400))["account"]) == rows


def test_bad_files_are_named_and_the_good_ones_are_taken_in(
    unit: Unit, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "hỏng.json").write_text("{", encoding="utf-8")
    (folder / "lạ.json").write_text('{"format": "x"}', encoding="utf-8")
    (folder / "ghi chú.txt").write_text("x", encoding="utf-8")
    assert main(["intake", str(folder), "--unit", "x"]) == 1
    told = capsys.readouterr()
    assert "hỏng.json" in told.out
    assert "lạ.json" in told.out
    assert "Đã nạp 5 tệp của 5 máy; 2 tệp không nạp được" in told.err


def test_the_same_folder_again_changes_nothing(unit: Unit, folder: Path) -> None:
    main(["intake", str(folder), "--unit", "x"])
    before = sorted(facts_folder().rglob("*.parquet"))
    (folder / "bản sao.json").write_bytes((folder / "máy 1.json").read_bytes())
    assert main(["intake", str(folder), "--unit", "x"]) == 0
    assert sorted(facts_folder().rglob("*.parquet")) == before
    assert Intake.objects.count() == 5


class Crash(Exception):
    pass


def test_all_of_a_batch_or_none(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = services._record, []

    def crash(*given: Any, **named: Any) -> int:
        calls.append(1)
        if len(calls) == 3:
            raise Crash
        return real(*given, **named)

    monkeypatch.setattr(services, "_record", crash)
    checked = [check_bundle(bundle(machine, NOW)) for machine in range(4)]
    with pytest.raises(Crash):
        take_in_all(checked, unit=unit, now=NOW, actor="test", channel="file")
    assert not Intake.objects.exists()
    assert not list(facts_folder().rglob("*.parquet"))
