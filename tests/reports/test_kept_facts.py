"""The facts that a report lists as its evidence are kept however old they become."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from report_world import MONDAY, TUESDAY, WEDNESDAY, read_and_assess

from khien.facts.models import Intake
from khien.facts.retention_services import expire_intakes
from khien.norms.library import load_library
from khien.org.models import Unit
from khien.reports.models import ReportRecord
from khien.reports.services import compliance_report

pytestmark = pytest.mark.django_db
LATER = WEDNESDAY + timedelta(days=3650)


@pytest.mark.parametrize("is_reported", [True, False], ids=["cited", "not cited"])
def test_a_cited_intake_outlives_its_time(unit: Unit, is_reported: bool) -> None:
    if is_reported:
        compliance_report(unit, library=load_library(), now=TUESDAY, actor="an", file_format="docx")
    read_and_assess(unit, WEDNESDAY, minimum=8)
    assert expire_intakes(now=LATER) == (0 if is_reported else 1)
    first = Intake.objects.get(collected_at=MONDAY)
    assert (first.expired_by is None) == is_reported
    if is_reported:
        listed = json.loads(ReportRecord.objects.get().snapshot)["intakes"]
        assert [line["sha256"] for line in listed] == [first.sha256]
