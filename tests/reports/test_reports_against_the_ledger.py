"""khien verify finds a report that was changed behind the program's back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from written_world import TEXTS, World

from khien.reports.models import Report, ReportSnapshot, ReportStep, ReportVersion
from khien.reports.step_services import return_report
from khien.reports.verifying import altered_reports

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(world: World) -> Report:
    world.incident()
    report = world.draft()
    world.write(report, **TEXTS)
    return_report(report, "Thiếu.", seen=2, doer=world.doer("leader"))
    return report


def figures() -> None:
    snapshot = ReportSnapshot.objects.get()
    ReportSnapshot.objects.update(content=snapshot.content.replace('"value":1', '"value":0'))


def figures_and_digest() -> None:
    figures()
    ReportSnapshot.objects.update(sha256="0" * 64)


def texts() -> None:
    ReportVersion.objects.filter(number=2).update(texts={"results": "Khác."})


def remarks() -> None:
    ReportStep.objects.update(note="Đủ.")


def number() -> None:
    Report.objects.update(number=7)


def gone() -> None:
    ReportVersion.objects.filter(number=1).delete()


def test_a_report_left_alone_is_as_recorded(report: Report) -> None:
    assert list(altered_reports()) == []


@pytest.mark.parametrize("change", [figures, figures_and_digest, texts, remarks, number, gone])
def test_a_change_behind_the_programs_back_is_found(
    report: Report, change: Callable[[], None]
) -> None:
    change()
    found = list(altered_reports())
    assert found
    assert all(text.vi and text.en for text in found)
