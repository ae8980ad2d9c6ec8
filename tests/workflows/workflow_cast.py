"""A ward with its officer, leader and staff, and short words for what they do in workflows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from khien.checks.models import Finding
from khien.checks.services import assess
from khien.norms.library import load_library
from khien.norms.services import bind_document
from khien.org.models import Unit, User
from khien.org.roles import LEADER, STAFF
from khien.org.services import ensure_officer, grant_role, register_unit
from khien.registers.declarations import register_by_code
from khien.registers.filing import add_attachment, link_person
from khien.registers.models import Attachment, Row
from khien.registers.references import VisibleReferences
from khien.registers.services import Act, add_row, confirm_complete
from khien.registers.values import read_row
from khien.workflows.doers import Doer, doer_of
from khien.workflows.item_services import Choice, add_line, decide_items
from khien.workflows.models import CaseItem, StepDone, WorkflowCase
from khien.workflows.reading import workflow_by_code
from khien.workflows.services import Beginning, StepGiven, Upload, do_step, start_case

NOW = datetime(2026, 11, 16, 2, tzinfo=UTC)
TODAY = "2026-11-16"
DOCUMENTS = ("do-son", "binh-dinh", "binh-phuoc", "bac-ninh")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
CLOSING = {
    "people": "Nguyễn An, cán bộ phụ trách\nTrần Lan, phó chủ tịch",
    "left_name": "Lê Văn Mới",
    "right_name": "Nguyễn An",
    "conclusion": "Các bên thống nhất nội dung trên.",
    "place": "Phòng họp số 2",
    "began_at": "2026-11-16T01:00:00Z",
    "ended_at": "2026-11-16T02:00:00Z",
}
SIGNED = {"number": "12/BB-UBND", "signed_on": TODAY, "signer": "Trần Lan"}


@dataclass(frozen=True)
class Stage:
    """The unit and its people; every act happens at `now`."""

    unit: Unit
    officer: User
    leader: User
    staff: User
    officer_row: Row
    leader_row: Row
    staff_row: Row
    now: datetime

    def later(self, days: int) -> Stage:
        return replace(self, now=self.now + timedelta(days=days))

    def doer(self, user: User | None = None) -> Doer:
        user = User.objects.get(pk=(user or self.officer).pk)  # roles are remembered on the object
        return doer_of(user, self.unit, now=self.now)

    def row(self, register: str, **values: Any) -> Row:
        draft = read_row(
            register_by_code(register), values, VisibleReferences([self.unit], home=self.unit)
        )
        assert draft.problems == (), [p.text.vi for p in draft.problems]
        return add_row(draft, unit=self.unit, act=Act("test", self.now))

    def paper(self, kind: str, **values: Any) -> Row:
        base = {"kind": kind, "title": kind, "issued_on": TODAY, "is_approved": True, "signer": "Trần Lan", "number": f"{kind}/QĐ"}  # fmt: skip
        made = self.row("document", **(base | values))
        add_attachment(made, PDF, name=f"{kind}.pdf", act=Act("test", self.now))
        return made

    def complete(self, *registers: str) -> None:
        for register in registers:
            today = (self.now + timedelta(hours=7)).date()
            confirm_complete(self.unit, register_by_code(register), confirmed_on=today, act=Act("test", self.now))  # fmt: skip

    def start(self, workflow: str, subject: Row | None = None, title: str = "") -> WorkflowCase:
        return start_case(
            workflow_by_code(workflow), self.unit, Beginning(subject, title), self.doer()
        )

    def do(self, case: WorkflowCase, step: str, user: User | None = None, **raw: Any) -> StepDone:
        papers = {code.partition("__")[0] for code in raw if code.endswith("__issued_on")}
        files = {
            name: Upload(f"{name}.pdf", PDF)
            for name in (papers | {"file"} if step == "signed" else papers)
        }
        given = {code.replace("__", "."): value for code, value in raw.items()}
        return do_step(case, step, StepGiven(given, files), self.doer(user))

    def decide(
        self,
        case: WorkflowCase,
        step: str,
        decision: str,
        names: Iterable[str] | None = None,
        *,
        note: str = "",
        on: date | None = None,
        user: User | None = None,
    ) -> int:
        items = CaseItem.objects.filter(case=case, step=step)
        if names is not None:
            items = items.filter(name__in=list(names))
        seen = {item.pk: item.version for item in items}
        return decide_items(case, step, Choice(decision, seen, note, on), self.doer(user))

    def line(self, case: WorkflowCase, step: str, **raw: Any) -> Row:
        return add_line(case, step, raw, self.doer())

    def end(self, case: WorkflowCase) -> WorkflowCase:
        self.do(case, "minutes", **CLOSING)
        self.do(case, "signed", **(SIGNED | {"signed_on": f"{self.now:%Y-%m-%d}"}))
        return WorkflowCase.objects.get(pk=case.pk)

    def verdict(self, control: str, subject: Row | None = None) -> str:
        """Assess with all papers filed, and return how one control stands at one subject."""
        file_papers(self.unit, self.now)
        assess([self.unit], library=load_library(), now=self.now)
        found = Finding.objects.filter(unit=self.unit, control=control, to_at=None)
        if subject is not None:
            found = found.filter(subject=str(subject.pk))
        one = found.first()
        return f"{one.verdict} {one.reason}" if one is not None else "none"


def file_papers(unit: Unit, now: datetime) -> None:
    """Give each paper of a unit its file, as the page of its row does; without it a paper is no evidence."""
    bare = Row.objects.filter(unit=unit, register="document", attachments=None)
    Attachment.objects.bulk_create(
        Attachment(
            row=row,
            sha256="a" * 64,
            size_bytes=1,
            media_type="application/pdf",
            name="ban-ky.pdf",
            added_at=now,
            added_by="an",
            ledger_index=0,
        )
        for row in bare
    )


def on_stage() -> Stage:
    unit = register_unit(
        "phuong-mau", name_vi="UBND phường Mẫu", name_en="Model ward", kind="ward", place="Mẫu",
        parent_name_vi="UBND thành phố Mẫu", now=NOW - timedelta(days=300),
    )  # fmt: skip
    for document in DOCUMENTS:
        bind_document(unit, document, library=load_library(), bound_from=date(2021, 1, 1), now=NOW)
    officer = ensure_officer(unit, now=NOW)
    leader, staff = (
        User.objects.create_user(name, unit=unit) for name in ("lanh-dao-mau", "can-bo-mau")
    )
    for user, role in ((leader, LEADER), (staff, STAFF)):
        grant_role(user, role, unit, from_on=date(2026, 1, 1), by="test", now=NOW)
    stage = Stage(unit, officer, leader, staff, *(None,) * 3, now=NOW)  # type: ignore[arg-type]
    people: Mapping[str, Mapping[str, Any]] = {
        "Nguyễn An": {"training_group": "technical", "is_security_post": True},
        "Trần Lan": {"training_group": "managers", "is_leader": True},
        "Lê Văn Mới": {"training_group": "users", "started_on": "2026-11-02"},
    }
    rows = [
        stage.row("person", full_name=name, kind="official", staff_code=f"CB{place}", **more)
        for place, (name, more) in enumerate(people.items())
    ]
    for user, row in zip((officer, leader, staff), rows, strict=True):
        link_person(user, row, act=Act("test", NOW))
    return Stage(unit, officer, leader, staff, *rows, now=NOW)
