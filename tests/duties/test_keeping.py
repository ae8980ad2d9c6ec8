"""The job that keeps duties up to date, findings that close them, and two refreshes at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from duties_cast import Cast, at, bound_unit

from khien.checks.models import Assessment, Finding
from khien.duties import refreshing
from khien.duties.keeping import Keeper
from khien.duties.models import Occurrence, Refresh
from khien.duties.refreshing import Scope, refresh
from khien.duties.selectors import Asked, occurrences
from khien.ledger.models import LedgerEntry
from khien.norms.library import load_library
from khien.org.models import Unit

QUARTER = "bn-iii-3-p4-quarterly-report"
BACKUP = "ds-d24-k1-b-backup-monthly"


def found(
    unit: Unit, verdict: str, since: str, until: str | None, subject: str = "host-1"
) -> Finding:
    run = Assessment.objects.create(
        as_of=at(since), library_sha256="0" * 64, unit_count=1, host_count=1, opened_count=1, closed_count=0
    )  # fmt: skip
    return Finding.objects.create(
        unit=unit, control="BAK-03", subject_kind="host", subject=subject, verdict=verdict, reason="r",
        known="measured", from_at=at(since), to_at=at(until) if until else None, opened_by=run,
    )  # fmt: skip


def test_a_month_closes_when_every_machine_passed_at_one_moment(ward_cast: Cast) -> None:
    found(ward_cast.unit, "pass", "2026-10-01", None)
    found(ward_cast.unit, "fail", "2026-10-01", "2026-10-20", subject="host-2")
    last = found(ward_cast.unit, "pass", "2026-10-20", None, subject="host-2")
    stands = ward_cast.stands("2026-10-25", BACKUP)
    assert stands["2026-10"] == "done"
    closed = Occurrence.objects.get(duty=BACKUP, period="2026-10")
    assert (closed.proof, closed.proof_finding, closed.proof_on) == (
        "finding",
        last,
        date(2026, 10, 20),
    )


def test_what_passed_in_another_month_closes_nothing(ward_cast: Cast) -> None:
    found(ward_cast.unit, "pass", "2026-09-10", "2026-09-20")
    found(ward_cast.unit, "unknown", "2026-09-20", None)
    stands = ward_cast.stands("2026-10-25", BACKUP)
    assert (stands["2026-09"], stands["2026-10"]) == ("done", "due_soon")


def test_one_machine_that_fails_keeps_the_month_open(ward_cast: Cast) -> None:
    found(ward_cast.unit, "pass", "2026-10-01", None)
    found(ward_cast.unit, "fail", "2026-10-01", None, subject="host-2")
    assert ward_cast.stands("2026-10-25", BACKUP)["2026-10"] == "due_soon"


def test_a_finding_that_changes_later_leaves_the_month_closed(ward_cast: Cast) -> None:
    one = found(ward_cast.unit, "pass", "2026-10-01", None)
    ward_cast.on("2026-10-05")
    one.to_at = at("2026-10-06")
    one.save()
    found(ward_cast.unit, "fail", "2026-10-06", None)
    assert ward_cast.stands("2026-10-25", BACKUP)["2026-10"] == "done"


def test_the_job_looks_at_all_units_once_a_day_and_then_at_those_that_changed(
    cast: Cast, ward: Unit
) -> None:
    job = Keeper()
    assert job(at("2026-09-15")) > 0
    assert job(at("2026-09-15", 3)) == 0
    cast.send("quarterly_report", "2026-09-15")
    assert job(at("2026-09-15", 4)) == 1
    assert Occurrence.objects.get(duty=QUARTER, period="2026-Q3").state == "done"


def test_the_job_sees_only_the_unit_that_was_written_to(
    cast: Cast, ward_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, looked = Keeper(), []
    job(at("2026-09-15"))
    monkeypatch.setattr("khien.duties.keeping.refresh", lambda units, *, now: looked.extend(units))
    ward_cast.person()
    job(at("2026-09-15", 3))
    assert looked == [ward_cast.unit]


def test_a_refresh_that_finds_another_came_first_decides_anew(cast: Cast) -> None:
    scope = Scope([cast.unit], load_library(), at("2026-09-15"))
    compared = refreshing._compared(scope, None)
    assert refresh([cast.unit], now=at("2026-09-15")) is not None
    assert refreshing._store(scope, compared, seen=None) is None
    assert Refresh.objects.count() == 1


def test_what_a_leader_set_aside_meanwhile_is_not_closed_over(cast: Cast) -> None:
    cast.on("2026-09-15")
    cast.send("quarterly_report", "2026-09-15")
    scope, newest = Scope([cast.unit], load_library(), at("2026-09-16")), Refresh.objects.get()
    compared = refreshing._compared(scope, newest)
    Occurrence.objects.filter(duty=QUARTER, period="2026-Q3").update(state="not_applicable")
    assert refreshing._store(scope, compared, seen=newest) is None
    assert Occurrence.objects.get(duty=QUARTER, period="2026-Q3").state == "not_applicable"


def test_the_digest_on_record_follows_from_what_changed(cast: Cast, ward: Unit) -> None:
    refresh([cast.unit, ward], now=at("2026-09-15"))
    first = LedgerEntry.objects.get(kind="duties.refreshed").line
    assert b'"changes_sha256":"' in bytes(first)
    assert (
        Refresh.objects.get().ledger_index == LedgerEntry.objects.get(kind="duties.refreshed").index
    )


def test_a_unit_without_a_text_has_an_empty_calendar(db: None) -> None:
    office = bound_unit("vp", since=date(2026, 1, 1), kind="office")
    assert refresh([office], now=at("2026-09-15")) is None
    assert refresh([], now=at("2026-09-15")) is None


def test_nothing_stands_in_a_way_that_does_not_exist(cast: Cast) -> None:
    cast.on("2026-09-15")
    assert not occurrences([cast.unit], Asked(stands=["someday"]), now=at("2026-09-15")).exists()


def test_a_row_that_was_corrected_keeps_its_proof_with_the_new_version(cast: Cast) -> None:
    row = cast.send("quarterly_report", "2026-09-15")
    cast.on("2026-09-16")
    cast.change(row, sent_on="2026-09-14")
    cast.on("2026-09-17")
    closed = Occurrence.objects.get(duty=QUARTER, period="2026-Q3")
    assert (closed.proof_version, closed.proof_on, closed.state) == (2, date(2026, 9, 14), "done")


def test_a_year_without_a_refresh_leaves_no_hole(cast: Cast) -> None:
    cast.on("2026-09-15")
    later = at("2026-09-15") + timedelta(days=420)
    cast.on(later)
    quarters = set(Occurrence.objects.filter(duty=QUARTER).values_list("period", flat=True))
    assert {"2026-Q3", "2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4"} <= quarters
