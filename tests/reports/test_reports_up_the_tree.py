"""Up the tree: the department sums what its units sent, names who is missing, reminds, and drills down."""

from __future__ import annotations

from datetime import date

import pytest
from written_world import World

from khien.ledger.models import LedgerEntry
from khien.org.decisions import Decision
from khien.org.structure import end_unit
from khien.reports.errors import ReportNotYours
from khien.reports.models import ReportReminder
from khien.reports.periods import period_of
from khien.reports.rendering import document_of
from khien.reports.step_services import remind_units, return_report
from khien.reports.written_selectors import content_of, figure_rows, received_board, version_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(world: World) -> World:
    world.authority(world.department)
    world.incident()
    world.incident(world.clinic)
    world.incident(world.clinic, title="Hai")
    return world


def summary(world: World, **order: bool) -> dict:
    report = world.draft("summary", world.department, "overseer", **order)
    return content_of(version_at(report))


def units(content: dict) -> dict:
    part = next(p for s in content["sections"] for p in s["parts"] if p["kind"] == "units")
    return {row["code"]: row for row in part["rows"]} | {
        "missing": [m["code"] for m in part["missing"]]
    }


def test_only_accepted_reports_are_summed_and_the_rest_is_named(world: World) -> None:
    world.receive(world.sent())
    world.sent(world.clinic, "other", "head")
    content = summary(world)
    assert content["figures"]["incidents"]["value"] == 1
    assert content["figures"]["incidents"]["said"] == "01 sự cố (còn 01 đơn vị chưa có số liệu)"
    assert units(content)["missing"] == ["tt-mau"]
    assert units(content)["tt-mau"]["said"] == "đã gửi, chưa tiếp nhận"


def test_all_sent_reports_are_summed_where_it_is_asked_and_marked(world: World) -> None:
    world.receive(world.sent())
    world.sent(world.clinic, "other", "head")
    content = summary(world, takes_all=True)
    assert content["figures"]["incidents"]["value"] == 3
    assert units(content)["tt-mau"]["values"][-1] == 2
    assert units(content)["tt-mau"]["said"] == "đã gửi, chưa tiếp nhận"


def test_without_any_report_the_sum_is_not_known(world: World) -> None:
    content = summary(world)
    assert content["figures"]["incidents"]["value"] is None
    assert units(content)["missing"] == ["bv-mau", "tt-mau"]


def test_a_returned_report_no_longer_counts(world: World) -> None:
    report = world.sent()
    return_report(report, "Sai số liệu.", seen=2, doer=world.doer("overseer"))
    content = summary(world, takes_all=True)
    assert content["figures"]["incidents"]["value"] is None
    assert units(content)["bv-mau"]["said"] == "đã trả lại"


def test_a_sum_leads_to_the_reports_and_their_figures_to_the_rows(world: World) -> None:
    report = world.sent()
    world.receive(report)
    version = version_at(world.draft("summary", world.department, "overseer"))
    found = figure_rows(version, "incidents")
    assert found is not None
    assert found.items == (("report", report.pk, "bv-mau", 1),)
    below = figure_rows(version_at(report), "incidents")
    assert below is not None
    assert [counted.row.name for counted in below.rows] != []


def test_the_document_names_who_is_missing(world: World) -> None:
    world.receive(world.sent())
    document = document_of(version_at(world.draft("summary", world.department, "overseer")))
    text = str(document.blocks)
    assert "Chưa có số liệu được tiếp nhận của 01 đơn vị: Trung tâm Y tế Mẫu (chưa lập)." in text


def test_the_board_shows_each_unit_below_and_when_it_was_reminded(world: World) -> None:
    world.sent()
    definition = world.definitions["quarter"]
    period = period_of(definition.rhythm, "2026-Q4")
    assert period is not None
    remind_units([world.clinic], definition, period, world.department, world.doer("overseer", world.department),
                 note="Nộp trước ngày 20")  # fmt: skip
    lines = received_board(world.department, definition, period, now=world.now)
    assert [(x.below.unit.code, x.below.state, x.reminded_at is not None) for x in lines] == [
        ("bv-mau", "sent", False), ("tt-mau", "", True)]  # fmt: skip
    assert LedgerEntry.objects.filter(kind="reports.reminded").count() == 1


def test_only_who_reviews_reminds(world: World) -> None:
    definition = world.definitions["quarter"]
    period = period_of(definition.rhythm, "2026-Q4")
    assert period is not None
    with pytest.raises(ReportNotYours):
        remind_units(
            [world.clinic],
            definition,
            period,
            world.department,
            world.doer("desk", world.department),
        )
    assert not ReportReminder.objects.exists()


def test_a_unit_that_ended_after_it_reported_still_counts(world: World) -> None:
    report = world.sent(world.clinic, "other", "head")
    world.receive(report)
    end_unit(world.clinic, on=date(2026, 12, 10), decision=Decision(), by="test", now=world.now)
    content = summary(world)
    assert content["figures"]["incidents"]["value"] == 2
    assert units(content)["tt-mau"]["values"][-1] == 2


def test_a_unit_that_ended_without_a_report_is_not_missing(world: World) -> None:
    end_unit(world.clinic, on=date(2026, 12, 10), decision=Decision(), by="test", now=world.now)
    assert units(summary(world))["missing"] == ["bv-mau"]
