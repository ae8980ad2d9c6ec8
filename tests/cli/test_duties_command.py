"""khien duties: lists, coverage, refresh, intervals and hand-over from the command line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from khien.cli.main import main
from khien.duties.models import Charge, Occurrence, UnitInterval
from khien.kernel.clock import now_utc
from khien.norms.library import load_library
from khien.norms.services import bind_document
from khien.org.models import Unit
from khien.org.services import ensure_officer, register_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward(tmp_path: Path, settings: Any) -> Unit:
    settings.KHIEN_DATA = tmp_path  # a ledger of its own for each test
    unit = register_unit(
        "mau", name_vi="Phường Mẫu", name_en="Mau", kind="ward", place="M", now=now_utc()
    )
    bind_document(
        unit, "do-son", library=load_library(), bound_from=date(2025, 10, 1), now=now_utc()
    )
    ensure_officer(unit, now=now_utc())
    return unit


def test_coverage_prints_every_duty_and_fails_for_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["duties", "coverage", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (sum(told["total"].values()), told["uncovered"]) == (665, [])


def test_coverage_as_a_table_names_the_documents(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["duties", "coverage"]) == 0
    assert "665" in capsys.readouterr().out


def test_refresh_puts_duties_on_the_calendar_and_list_shows_them(
    ward: Unit, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["duties", "refresh"]) == 0
    assert Occurrence.objects.filter(unit=ward).exists()
    assert main(["duties", "list", "--unit", "mau", "--days", "400", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {one["stands"] for one in told} <= {"open", "due_soon", "overdue"}
    assert all(one["clause"].partition("/")[0] in ("do-son", "nd-331-2026") for one in told)


def test_a_list_says_which_intervals_are_not_set(
    ward: Unit, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["duties", "list", "--unit", "mau"])
    assert "ds-d20-k3-log-review chưa đặt chu kỳ" in capsys.readouterr().err


def test_an_interval_is_set(ward: Unit) -> None:
    done = main(
        [
            "duties",
            "set-interval",
            "--unit",
            "mau",
            "--duty",
            "ds-d20-k3-log-review",
            "--every",
            "1",
        ]
    )
    assert done == 0
    assert UnitInterval.objects.get().every == 1
    assert Occurrence.objects.filter(duty="ds-d20-k3-log-review").exists()


def test_an_interval_for_a_duty_with_days_of_its_own_is_refused(
    ward: Unit, capsys: pytest.CaptureFixture[str]
) -> None:
    done = main(
        [
            "duties",
            "set-interval",
            "--unit",
            "mau",
            "--duty",
            "ds-d30-p2-yearly-rule-report",
            "--every",
            "1",
        ]
    )
    assert done == 2
    assert "KHIEN-DUT-003" in capsys.readouterr().err


def test_a_duty_is_handed_over(ward: Unit) -> None:
    name = ward.user_set.get().username
    assert (
        main(["duties", "hand-over", "--unit", "mau", "--to", name, "--reason", "phân công"]) == 0
    )
    assert (Charge.objects.get().person.username, Charge.objects.get().duty) == (name, "")
