"""What the pages change: the kind of a machine, a report; each on record."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from khien.checks.models import Assessment
from khien.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_ledger(cast: Any, settings: Any, tmp_path: Path) -> None:
    """Each test publishes into a copy: the database forgets afterwards, files would not."""
    settings.KHIEN_DATA = shutil.copytree(settings.KHIEN_DATA, tmp_path / "data")
    cast.host.refresh_from_db()


def test_setting_a_kind_is_recorded_and_assessed_at_once(cast: Any) -> None:
    client, before = cast.client(), Assessment.objects.count()
    address = f"/don-vi/phuong/may/{cast.host.host_uid}/loai/"
    page = client.post(address, {"loai": "workstation"}, follow=True).content.decode()
    cast.host.refresh_from_db()
    assert cast.host.kind == "workstation"
    assert Assessment.objects.count() == before + 1
    assert LedgerEntry.objects.filter(kind="facts.host_kind_set").exists()
    assert "Đã lưu loại máy" in page


def test_a_kind_that_is_none_changes_nothing(cast: Any) -> None:
    address = f"/don-vi/phuong/may/{cast.host.host_uid}/loai/"
    kind = cast.host.kind
    page = cast.client().post(address, {"loai": "toaster"}, follow=True).content.decode()
    cast.host.refresh_from_db()
    assert cast.host.kind == kind
    assert "Không có loại máy này" in page


@pytest.mark.parametrize(("file_format", "start"), [("docx", b"PK"), ("pdf", b"%PDF")])
def test_a_report_comes_as_a_file_and_is_on_record(
    cast: Any, file_format: str, start: bytes
) -> None:
    response = cast.client().post(f"/don-vi/phuong/bao-cao/tuan-thu.{file_format}")
    assert response.status_code == 200
    assert response.content.startswith(start)
    assert "attachment" in response.headers["Content-Disposition"]
    assert LedgerEntry.objects.filter(kind="reports.produced", subject="phuong").exists()


def test_a_format_nobody_knows_says_its_sentence_with_its_status(cast: Any) -> None:
    response = cast.client().post("/don-vi/phuong/bao-cao/tuan-thu.odt")
    assert response.status_code >= 400
    assert "KHIEN-REP-003" in response.content.decode()
