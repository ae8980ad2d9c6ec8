"""Reports that another instance sent: checked, kept once, summed like those written here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from written_world import World

from khien.exchange.submission_contents import about_report
from khien.registers.services import Act
from khien.reports.errors import SubmittedReportRefused
from khien.reports.models import Report
from khien.reports.rendering import document_of
from khien.reports.step_services import return_report
from khien.reports.taking_services import SubmittedReport, take_in_report
from khien.reports.written_selectors import content_of, version_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(world: World) -> SubmittedReport:
    """What the hospital's own instance sends; here it stands for the clinic, which writes nothing here."""
    world.authority(world.department)
    world.incident()
    report = world.sent()
    version = version_at(report)
    return SubmittedReport(
        about_report(report, version),
        version.snapshot.content.encode(),
        version.texts,
        "khien.benh-vien",
    )


def taken(world: World, submitted: SubmittedReport) -> Report:
    act = Act("khien", world.now)
    return take_in_report(submitted, unit=world.clinic, to=world.department, act=act)


def test_a_report_from_elsewhere_is_accepted_and_summed(
    world: World, submitted: SubmittedReport
) -> None:
    report = taken(world, submitted)
    assert (report.state, report.sent_to, report.origin) == (
        "sent",
        world.department,
        "khien.benh-vien",
    )
    world.receive(report)
    content = content_of(version_at(world.draft("summary", world.department, "overseer")))
    assert content["figures"]["incidents"]["value"] == 1


def test_taken_in_twice_it_is_one_report(world: World, submitted: SubmittedReport) -> None:
    first = taken(world, submitted)
    world.receive(first)
    again = taken(world, submitted)
    assert (again.pk, again.state, again.versions.count()) == (first.pk, "received", 1)


def test_it_is_laid_out_as_the_sender_laid_it_out_but_for_the_signature(
    world: World, submitted: SubmittedReport
) -> None:
    theirs = document_of(version_at(Report.objects.get(unit=world.hospital)))
    ours = document_of(version_at(taken(world, submitted)))
    assert (
        replace(theirs, number=ours.number, signer_name="", place_and_day=ours.place_and_day)
        == ours
    )


def test_a_better_version_after_a_return_is_the_newest(
    world: World, submitted: SubmittedReport
) -> None:
    report = taken(world, submitted)
    return_report(report, "Bổ sung.", seen=1, doer=world.doer("overseer", world.clinic))
    better = replace(submitted, texts=dict(submitted.texts) | {"results": "Đã bổ sung."})
    again = taken(world, better)
    assert (again.pk, again.state, again.latest) == (report.pk, "sent", 2)
    assert version_at(again).texts["results"] == "Đã bổ sung."


@pytest.mark.parametrize(
    "change",
    [
        {"content": b"{}"},
        {"about": {"form": 99}},
        {"about": {"title": "x" * 501}},
        {"about": {"definition": "khac"}},
        {"about": {"sent_on": "hom qua"}},
        {"texts": {"la": "x"}},
        {"texts": {"results": 5}},
    ],
)
def test_what_does_not_hold_together_is_refused(
    world: World, submitted: SubmittedReport, change: dict[str, Any]
) -> None:
    change = dict(change)
    if "about" in change:
        change["about"] = dict(submitted.about) | change["about"]
    with pytest.raises(SubmittedReportRefused):
        taken(world, replace(submitted, **change))
    assert not Report.objects.filter(unit=world.clinic).exists()


def test_a_report_written_here_is_not_replaced_by_one_from_elsewhere(
    world: World, submitted: SubmittedReport
) -> None:
    world.draft(unit=world.clinic, by="other")
    with pytest.raises(SubmittedReportRefused):
        taken(world, submitted)
