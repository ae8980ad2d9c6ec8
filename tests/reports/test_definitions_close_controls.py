"""A report that is drafted, signed and sent here turns the control that asks for it to pass."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from definition_cases import CLOSED
from django.db import transaction
from django.test import override_settings

from khien.checks.models import Finding
from khien.checks.services import assess
from khien.norms.library import load_library
from khien.norms.services import bind_document
from khien.org.models import Unit
from khien.org.roles import CAPABILITIES
from khien.org.services import register_unit
from khien.registers.declarations import register_by_code
from khien.registers.models import Row
from khien.registers.references import VisibleReferences
from khien.registers.services import Act, add_row
from khien.registers.values import read_row
from khien.reports.definition_reading import definition_by_code
from khien.reports.step_services import Signing, review_report, send_report, sign_report
from khien.reports.written_services import Order, draft_report, version_of, write_texts
from khien.reports.written_texts import prompts_of
from khien.workflows.doers import Doer

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
TODAY = date(2026, 11, 25)
# After the days on which the quarterly and the yearly report are due.
JUDGED_AT = datetime(2026, 12, 21, 3, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

BODIES = (
    ("Sở Y tế tỉnh Mẫu", ["superior", "so_yt"]),
    ("Sở Khoa học và Công nghệ tỉnh Mẫu", ["so_ttt", "so_khcn"]),
    ("UBND phường Mẫu", ["ubnd_xa"]),
    ("Công an tỉnh Mẫu", ["cong_an_tinh"]),
    ("VNNIC", ["vnnic"]),
)
pytestmark = pytest.mark.django_db


def bound_unit() -> Unit:
    unit = register_unit("mau", name_vi="Bệnh viện Mẫu", name_en="Model", kind="hospital", place="Mẫu",
                         parent_name_vi="Sở Y tế tỉnh Mẫu", now=NOW)  # fmt: skip
    for document in load_library().documents:
        bind_document(unit, document, library=load_library(), bound_from=date(2026, 10, 1), now=NOW)
    return unit


def doer_at(unit: Unit) -> Doer:
    return Doer("test", NOW, frozenset(CAPABILITIES), None, VisibleReferences([unit], home=unit))


def row(unit: Unit, register: str, **values: Any) -> Row:
    draft = read_row(register_by_code(register), values, VisibleReferences([unit], home=unit))
    assert draft.problems == (), [problem.text.vi for problem in draft.problems]
    return add_row(draft, unit=unit, act=Act("test", NOW))


def subjects(unit: Unit) -> Mapping[str, Row]:
    """The rows that some reports are about."""
    bodies = [
        row(unit, "authority", body_name=name, stands_for=stands, used_from="2025-01-01")
        for name, stands in BODIES
    ]
    keeper = row(unit, "person", full_name="Đỗ Thị Hoa", kind="official")
    machine = row(unit, "secret_machine", machine_name="Máy soạn mật", kind="computer", serial="S1", in_use_from="2025-01-01")  # fmt: skip
    incident = row(unit, "incident", title="Mã độc", occurred_at="2026-11-25T01:00:00Z", detected_at="2026-11-25T01:30:00Z",
                   severity="low")  # fmt: skip
    return {
        "adhoc_report": row(unit, "request", content="Báo cáo mã độc", kind="report", authority=bodies[0].pk,
                            received_on="2026-11-20", due_on="2026-11-30"),
        "incident_slip": incident,
        "incident_to_leaders": incident,
        "incident_24h": incident,
        "domain_cancellation": row(unit, "domain", domain_name="cu.example.vn", stopped_on="2026-11-01"),
        "secret_repair": row(unit, "repair", device="Máy soạn mật", where="on_site", out_on="2026-11-28",
                             secret_machine=machine.pk, supervisor=keeper.pk, repairer="Công an tỉnh",
                             is_repairer_authorised=True),
    }  # fmt: skip


def make_and_send(unit: Unit, code: str, subject: Row | None) -> None:
    doer = doer_at(unit)
    report = draft_report(Order(definition_by_code(code), subject=subject), unit, doer)
    prompts = prompts_of(json.loads(version_of(report, 1).snapshot.content))
    version = write_texts(report, dict.fromkeys(prompts, "Không có."), seen=1, doer=doer)
    seen = version.number
    review_report(report, seen=seen, doer=doer)
    signing = Signing(TODAY, "Trần Lan", "ban-ky.pdf", PDF, number=f"{report.number}/BC-BV")
    sign_report(report, signing, seen=seen, doer=doer)
    send_report(report, sent_on=TODAY, seen=seen, doer=doer, channel="doc_system")


@pytest.fixture(scope="module")
def findings(
    django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, tuple[str, str]]]:
    """Verdict and reason of each control after every report of the table was sent."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(KHIEN_DATA=tmp_path_factory.mktemp("closing")):
            unit = bound_unit()
            about = subjects(unit)
            make_and_send(unit, "incident_slip", about["incident_slip"])
            for code, _ in CLOSED.values():
                make_and_send(unit, code, about.get(code))
            assess([unit], library=load_library(), now=JUDGED_AT)
        found = Finding.objects.filter(unit=unit, to_at=None, control__in=CLOSED)
        yield {one.control: (one.verdict, one.reason) for one in found}
        transaction.set_rollback(True)


@pytest.mark.parametrize("control", CLOSED)
def test_the_report_that_was_sent_turns_its_control_to_pass(findings, control: str) -> None:
    assert findings[control] == ("pass", CLOSED[control][1])
