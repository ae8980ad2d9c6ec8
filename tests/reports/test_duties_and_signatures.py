"""Reports among their neighbours: duties say by when and close by what was sent; signatures are read, not believed."""

from __future__ import annotations

from datetime import date

import pytest
from made_up_authority import House
from signing_cases import signed as signed_by
from written_world import PDF, TEXTS, World

from khien.duties.models import Occurrence
from khien.duties.refreshing import refresh
from khien.ledger.models import LedgerEntry
from khien.registers.models import Row
from khien.reports.models import Report
from khien.reports.periods import period_of
from khien.reports.signing_services import record_signature
from khien.reports.step_services import Signing
from khien.reports.written_selectors import due_reports, received_board, version_at
from khien.signatures.readings import from_json

pytestmark = pytest.mark.django_db
DUTY = "bn-iii-3-p4-quarterly-report"


@pytest.fixture
def world(world: World) -> World:
    world.authority()
    world.authority(world.department)
    refresh([world.hospital, world.clinic, world.department], now=world.now)
    return world


def ready(world: World) -> Report:
    report = world.draft()
    world.write(report, **TEXTS)
    world.review(report)
    return report


def test_the_last_day_allowed_is_that_of_the_duty(world: World) -> None:
    assert world.draft().due_on == date(2026, 12, 19)
    due = {one.definition.code: one for one in due_reports(world.hospital, now=world.now)}
    assert due["quarter"].due_on == date(2026, 12, 19)
    assert due["quarter"].report is not None


def test_a_report_of_the_period_before_stays_on_the_list_until_it_was_sent(world: World) -> None:
    def listed(now: World) -> list[tuple[str, int | None]]:
        due = due_reports(world.hospital, now=now.now)
        of_quarters = [one for one in due if one.definition.code == "quarter" and one.period]
        return [(one.period.key, one.report and one.report.number) for one in of_quarters]

    after = world.later(days=30)
    refresh([world.hospital], now=after.now)
    assert ("2026-Q4", None) in listed(after)
    report = world.sent()
    refresh([world.hospital], now=after.later(minutes=5).now)
    assert (report.number, report.state) == (1, "sent")
    assert [key for key, _ in listed(after)] == ["2027-Q1"]


def test_what_was_sent_closes_the_duty(world: World) -> None:
    world.sent()
    refresh([world.hospital], now=world.later(minutes=5).now)
    [one] = Occurrence.objects.filter(unit=world.hospital, duty=DUTY, due_on=date(2026, 12, 19))
    assert (one.state, one.proof_on) == ("done", date(2026, 12, 10))


def test_who_has_not_sent_after_the_last_day_is_late(world: World) -> None:
    world.sent()
    after = world.later(days=11)
    period = period_of(world.definitions["quarter"].rhythm, "2026-Q4")
    assert period is not None
    lines = received_board(world.department, world.definitions["quarter"], period, now=after.now)
    assert {line.below.unit.code: line.is_late for line in lines} == {
        "bv-mau": False,
        "tt-mau": True,
    }


def test_a_signature_is_shown_as_it_was_read(world: World, house: House) -> None:
    report = ready(world)
    content = signed_by(house.an, house)
    signing = Signing(date(2026, 12, 10), "Nguyễn Văn An", "ky-so.pdf", content, number="1/BC")
    step = record_signature(report, signing, seen=2, doer=world.doer())
    [read] = from_json(step.given["reading"]).signatures
    assert (read.signer, read.integrity, read.coverage) == ("Nguyễn Văn An", "intact", "whole_file")
    assert read.chain != "trusted"  # nobody loaded this authority: it is not claimed
    assert step.given["reading"]["kinship"] == "another"  # not the PDF that Khiên made
    assert Row.objects.get(register="document").values["is_digitally_signed"] is True
    assert LedgerEntry.objects.filter(kind="signatures.file_read").count() == 1


def test_a_signed_file_that_was_altered_is_kept_with_what_was_found(
    world: World, house: House
) -> None:
    report = ready(world)
    content = bytearray(signed_by(house.an, house))
    place = content.index(b"/Contents <")
    content[place - 200] ^= 1
    signing = Signing(
        date(2026, 12, 10), "Nguyễn Văn An", "ky-so.pdf", bytes(content), number="1/BC"
    )
    step = record_signature(report, signing, seen=2, doer=world.doer())
    reading = from_json(step.given["reading"])
    assert reading.problem or all(one.is_broken for one in reading.signatures)
    assert "is_digitally_signed" not in Row.objects.get(register="document").values


def test_a_scan_claims_no_signature(world: World) -> None:
    report = ready(world)
    signing = Signing(date(2026, 12, 10), "Trần Lan", "quet.pdf", PDF, number="1/BC")
    step = record_signature(report, signing, seen=2, doer=world.doer())
    assert step.given["reading"] is None
    assert "is_digitally_signed" not in Row.objects.get(register="document").values
    assert version_at(report).steps.count() == 2
