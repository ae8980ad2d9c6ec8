"""Findings enter the engine as they are stored, whether each row is carried alone or values are shared."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.models import QuerySet

from khien.checks import bulk
from khien.checks.bulk import bare_engine, read_table
from khien.checks.models import Assessment, Finding
from khien.checks.storing import _FINDING, _SHARED, read_findings
from khien.org.models import Unit
from khien.org.services import register_unit

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, tzinfo=UTC)
DETAILS: list[dict[str, Any]] = [
    {},
    {"names": 'quản "trị" \\ \u2028 \x01, [1]', "n": 7},
    {"nested": {"a": [1, None, "x'y"]}, "text": "đ" * 3000},
]


@pytest.fixture
def unit() -> Unit:
    unit = register_unit("x", name_vi="X", name_en="X", kind="ward", place="X", now=NOW)
    about = {"as_of": NOW, "library_sha256": "0" * 64, "unit_count": 1, "host_count": 9}
    made = Assessment.objects.create(**about, opened_count=0, closed_count=0)
    Finding.objects.bulk_create(
        Finding(unit=unit, control=f"C-{n % 3}", subject_kind="host", subject=f"{n:032x}", verdict=verdict,
                reason="ok" if n % 2 else "not_yet", known="measured", detail=DETAILS[n % 3], from_at=NOW, opened_by=made)
        for n, verdict in enumerate(["pass", "fail", "unknown"] * 20)
    )  # fmt: skip
    return unit


def as_read(findings: QuerySet[Finding], shared: tuple[str, ...]) -> list[tuple[Any, ...]]:
    with bare_engine() as sql:
        read_table(sql, "stood", findings, _FINDING, shared=shared)
        return sql.execute("SELECT * FROM stood ORDER BY id").fetchall()


def test_shared_values_change_no_row(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    findings = Finding.objects.filter(unit=unit)
    alone = as_read(findings, ())
    assert len(alone) == 60
    stored = findings.order_by("pk").values_list("pk", "subject", "verdict")
    assert [(row[0], row[4], row[5]) for row in alone] == list(stored)
    assert as_read(findings, _SHARED) == alone
    monkeypatch.setattr(bulk, "READ_BATCH_LENGTH", 1)
    monkeypatch.setattr(bulk, "READ_BATCH", 2)
    assert as_read(findings, _SHARED) == as_read(findings, ()) == alone


def test_no_finding_is_no_row(unit: Unit) -> None:
    assert as_read(Finding.objects.none(), _SHARED) == []
    assert as_read(Finding.objects.filter(control="none"), _SHARED) == []
    with bare_engine() as sql:
        read_findings(sql, Finding.objects.all(), table="t")
        assert sql.execute("SELECT count(*) FROM t").fetchone() == (60,)
