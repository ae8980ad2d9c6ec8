"""A unit that was reminded, a report that came back and one that waits for a signature: who must know is told, once."""

from __future__ import annotations

import pytest
from written_world import TEXTS, World

from khien.notices.models import Notice
from khien.reports.periods import period_of
from khien.reports.step_services import remind_units, return_report
from khien.reports.telling import tell_reports

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    return sorted(Notice.objects.values_list("user__username", "kind"))


def test_a_reviewed_report_waits_for_the_leader_and_one_that_came_back_for_the_officer(world: World) -> None:  # fmt: skip
    world.authority()
    report = world.draft()
    world.write(report, **TEXTS)
    world.review(report)
    assert tell_reports(now=world.now) >= 1
    assert tell_reports(now=world.now) == 0
    assert {kind for _, kind in told()} == {"decision"}
    return_report(report, "Thiếu số liệu.", seen=world.seen(report), doer=world.doer("leader"))
    assert tell_reports(now=world.now) >= 1
    notice = Notice.objects.get(kind="report", user__username="officer")
    assert notice.place == [["kind", "report"], ["unit", report.unit.code], ["number", report.number]]  # fmt: skip
    assert "Thiếu số liệu" not in notice.title_vi + notice.mail_vi


def test_a_late_unit_is_told_who_reminds_it_of_what(world: World) -> None:
    definition = world.definitions["quarter"]
    period = period_of(definition.rhythm, "2026-Q4")
    assert period is not None
    doer = world.doer("overseer", world.department)
    remind_units([world.clinic, world.hospital], definition, period, world.department, doer)
    tell_reports(now=world.now)
    notices = Notice.objects.filter(kind="report")
    assert {notice.unit for notice in notices} <= {world.clinic, world.hospital}
    assert notices.exists()
    assert all("2026-Q4" in notice.title_vi for notice in notices)
    assert all(world.department.name_vi in notice.why_vi for notice in notices)
