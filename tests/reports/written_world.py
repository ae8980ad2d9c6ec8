"""A department with two hospitals and their people, and short words for what they do with reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from khien.norms.library import load_library
from khien.norms.services import bind_document
from khien.org.models import Unit, User
from khien.org.roles import LEADER, OFFICER, OVERSEER, STAFF
from khien.org.services import grant_role, register_unit
from khien.registers.declarations import load_registers, register_by_code
from khien.registers.models import Row
from khien.registers.references import VisibleReferences
from khien.registers.services import Act, add_row, change_row, confirm_complete
from khien.registers.values import read_row
from khien.reports.definition_reading import read_definitions
from khien.reports.definitions import Definition
from khien.reports.models import Report, ReportStep, ReportVersion
from khien.reports.step_services import (
    Signing,
    receive_report,
    review_report,
    send_report,
    sign_report,
)
from khien.reports.written_services import Order, draft_report, write_texts
from khien.workflows.doers import Doer, doer_of
from khien.workflows.reading import load_workflows

FOLDER = Path(__file__).resolve().parent / "definitions"
NOW = datetime(2026, 12, 10, 2, tzinfo=UTC)
TODAY = date(2026, 12, 10)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TEXTS = {"results": "Đã làm xong.", "proposals": "Không có."}


def told_definitions() -> dict[str, Definition]:
    """The definitions beside this file; the library's own may change without breaking a test."""
    found, problems = read_definitions(FOLDER, load_library(), load_registers(), load_workflows())
    assert problems == []
    return found


@dataclass(frozen=True)
class World:
    """Units and people; every act happens at `now`."""

    definitions: Mapping[str, Definition]
    department: Unit
    hospital: Unit
    clinic: Unit
    now: datetime = NOW
    users: Mapping[str, User] = field(default_factory=dict)

    def later(self, **time: float) -> World:
        return replace(self, now=self.now + timedelta(**time))

    def doer(self, name: str = "officer", unit: Unit | None = None) -> Doer:
        user = User.objects.get(pk=self.users[name].pk)  # roles are remembered on the object
        return doer_of(user, unit or self.hospital, now=self.now)

    def row(self, register: str, unit: Unit | None = None, **values: Any) -> Row:
        unit = unit or self.hospital
        draft = read_row(register_by_code(register), values, VisibleReferences([unit], home=unit))
        assert draft.problems == (), [p.text.vi for p in draft.problems]
        return add_row(draft, unit=unit, act=Act("test", self.now))

    def change(self, row: Row, **values: Any) -> Row:
        row = Row.objects.select_related("unit").get(pk=row.pk)
        references = VisibleReferences([row.unit], home=row.unit)
        draft = read_row(register_by_code(row.register), values, references, base=row.values)
        return change_row(row, draft, expected_version=row.version, act=Act("test", self.now))

    def incident(self, unit: Unit | None = None, **values: Any) -> Row:
        base = {
            "title": "Máy nhiễm mã độc",
            "detected_at": "2026-11-20T02:00:00Z",
            "severity": "high",
        }
        return self.row("incident", unit, **(base | values))

    def authority(self, unit: Unit | None = None, **values: Any) -> Row:
        base = {
            "body_name": "Sở Y tế tỉnh Mẫu",
            "stands_for": ["superior", "so_yt"],
            "used_from": "2025-01-01",
        }
        return self.row("authority", unit, **(base | values))

    def confirm(self, *registers: str, unit: Unit | None = None) -> None:
        day = (self.now + timedelta(hours=7)).date()
        for register in registers:
            confirm_complete(unit or self.hospital, register_by_code(register), confirmed_on=day,
                             act=Act("test", self.now))  # fmt: skip

    def draft(
        self, code: str = "quarter", unit: Unit | None = None, by: str = "officer", **order: Any
    ) -> Report:
        unit = unit or self.hospital
        return draft_report(Order(self.definitions[code], **order), unit, self.doer(by, unit))

    def write(
        self, report: Report, by: str = "officer", *, seen: int | None = None, **texts: str
    ) -> ReportVersion:
        report.refresh_from_db()
        seen = report.latest if seen is None else seen
        return write_texts(report, texts, seen=seen, doer=self.doer(by, report.unit))

    def seen(self, report: Report) -> int:
        report.refresh_from_db()
        return report.latest

    def review(self, report: Report, by: str = "leader") -> ReportStep:
        return review_report(report, seen=self.seen(report), doer=self.doer(by, report.unit))

    def sign(self, report: Report, by: str = "officer", **values: Any) -> ReportStep:
        base = {"signed_on": (self.now + timedelta(hours=7)).date(), "signer": "Trần Lan", "number": f"{report.number}/BC-BV",
                "file_name": "bao-cao.pdf", "file": PDF}  # fmt: skip
        return sign_report(
            report,
            Signing(**(base | values)),
            seen=self.seen(report),
            doer=self.doer(by, report.unit),
        )

    def send(self, report: Report, by: str = "officer", **values: Any) -> ReportStep:
        day = (self.now + timedelta(hours=7)).date()
        given = {"sent_on": day, "channel": "doc_system"} | values
        return send_report(report, seen=self.seen(report), doer=self.doer(by, report.unit), **given)

    def receive(self, report: Report, by: str = "overseer") -> ReportStep:
        day = (self.now + timedelta(hours=7)).date()
        return receive_report(
            report, received_on=day, seen=self.seen(report), doer=self.doer(by, report.unit)
        )

    def sent(self, unit: Unit | None = None, by: str = "officer", leader: str = "leader") -> Report:
        """A quarterly report written, reviewed, signed and sent."""
        report = self.draft(unit=unit, by=by)
        self.write(report, by, **TEXTS)
        self.review(report, leader)
        self.sign(report, by)
        self.send(report, by)
        report.refresh_from_db()
        return report


def make_world(definitions: Mapping[str, Definition]) -> World:
    founded = NOW - timedelta(days=700)
    department = register_unit("so-mau", name_vi="Sở Y tế tỉnh Mẫu", name_en="Model department", kind="department",
                               place="Mẫu", parent_name_vi="UBND tỉnh Mẫu", now=founded)  # fmt: skip
    hospital, clinic = (
        register_unit(
            code,
            name_vi=name,
            name_en=code,
            kind="hospital",
            place="Mẫu",
            parent=department,
            now=founded,
        )
        for code, name in (("bv-mau", "Bệnh viện Mẫu"), ("tt-mau", "Trung tâm Y tế Mẫu"))
    )
    for unit in (department, hospital, clinic):
        for document in ("bac-ninh", "binh-dinh"):
            bind_document(
                unit, document, library=load_library(), bound_from=date(2024, 1, 1), now=founded
            )
    people = {"officer": (hospital, OFFICER), "second": (hospital, OFFICER), "leader": (hospital, LEADER),
              "staff": (hospital, STAFF), "own": (hospital, OVERSEER), "overseer": (department, OVERSEER),
              "other": (clinic, OFFICER), "head": (clinic, LEADER), "chief": (department, LEADER),
              "desk": (department, OFFICER)}  # fmt: skip
    users = {}
    for name, (unit, role) in people.items():
        users[name] = User.objects.create_user(name, unit=unit)
        grant_role(users[name], role, unit, from_on=date(2026, 1, 1), by="test", now=founded)
    return World(definitions, department, hospital, clinic, users=users)
