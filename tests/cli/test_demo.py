"""The fictional agency stands after one command, through the same doors as a real one, and only in an empty folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from khien.checks.models import Finding
from khien.cli.demo_command import NotEmpty, run
from khien.cli.demonstration import build, read_agency
from khien.ledger.models import LedgerEntry
from khien.org.models import RoleHeld, Unit, User
from khien.org.selectors import visible_to
from khien.registers.models import Confirmation, Row

NOW = datetime(2026, 11, 27, 3, tzinfo=UTC)


@pytest.fixture
def agency(transactional_db: None, tmp_path: Path) -> Iterator[list[tuple[User, list[str]]]]:
    """The agency, judged once: the half year of assessments adds time and no other kind of row."""
    with override_settings(KHIEN_DATA=tmp_path):
        yield build({**read_agency(), "assessed": []}, now=NOW)


def test_it_stands_as_its_file_tells_it(agency: list[tuple[User, list[str]]]) -> None:
    told = read_agency()
    assert {unit.code for unit in Unit.objects.all()} == {one["code"] for one in told["units"]}
    assert Row.objects.count() == len(told["rows"])
    assert Confirmation.objects.count() == sum(len(c["registers"]) for c in told["confirmed"])
    assert [user.username for user, _ in agency] == [one["username"] for one in told["users"]]
    assert all(unit.is_demonstration for unit in Unit.objects.all())


def test_nobody_in_it_has_a_password_and_the_inspector_has_an_end(agency: Any) -> None:
    assert not any(user.has_usable_password() for user, _ in agency)
    assert RoleHeld.objects.get(role="inspector").until_on is not None


def test_it_shows_each_verdict_and_each_way_of_knowing(agency: Any) -> None:
    hospital = Unit.objects.get(code="bv-da-khoa-mau")
    findings = Finding.objects.filter(unit=hospital, to_at=None)
    assert {"pass", "fail", "unknown"} <= set(findings.values_list("verdict", flat=True))
    assert findings.filter(verdict="fail", known="recorded").exists()


def test_the_overseer_sees_the_health_units_and_not_the_ward(agency: Any) -> None:
    overseer = User.objects.get(username="lan.so")
    seen = {unit.code for unit in visible_to(overseer)}
    assert "bv-da-khoa-mau" in seen
    assert "ubnd-phuong-son-mau" not in seen


def test_every_row_of_it_is_on_record(agency: Any) -> None:
    assert LedgerEntry.objects.filter(kind="registers.row_added").count() == Row.objects.count()


def test_it_is_not_mixed_into_units_that_stand_there(agency: Any) -> None:
    with pytest.raises(NotEmpty, match="KHIEN_DATA"):
        run(None)  # type: ignore[arg-type]
