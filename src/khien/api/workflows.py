"""Processes: what there are, cases and their steps, starting one, doing a step, cancelling."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from ninja import Router, Schema
from ninja.responses import Status

from khien.api.door import KNOW, READ, Call
from khien.api.operations import Words, operation, words
from khien.api.paging import Cursor, Limit, page_by_key
from khien.api.register_schemas import references_of, submission_of
from khien.kernel.clock import now_utc, vietnam_date
from khien.org.models import Unit
from khien.org.roles import APPROVE, WRITE
from khien.registers.declarations import register_by_code
from khien.registers.models import Row
from khien.registers.selectors import row_at
from khien.workflows.declarations import Workflow
from khien.workflows.doers import Doer, doer_of
from khien.workflows.models import WorkflowCase
from khien.workflows.progress import StepState
from khien.workflows.reading import load_workflows, workflow_by_code
from khien.workflows.selectors import case_at, cases_of, open_steps, view_of
from khien.workflows.services import Beginning, StepGiven, cancel_case, do_step, start_case

router = Router(tags=["workflows"])
CASE = "/units/{code}/cases"


class WorkflowOut(Schema):
    """A process that the library declares."""

    code: str
    title: Words
    why: Words
    clauses: list[str]
    subject: str | None
    starts: str
    steps: list[str]


class StepOut(Schema):
    """One step of a case as it stands: done, now, later or not_needed."""

    code: str
    title: Words
    who: str
    standing: str
    due_on: date | None
    fields: list[str]
    clauses: list[str]


class CaseOut(Schema):
    """A case of a process."""

    number: int
    workflow: str
    title: str
    state: str
    due_on: date | None
    started_at: datetime
    started_by: str
    closed_at: datetime | None
    reason: str


class CaseDetail(CaseOut):
    """A case with its steps."""

    steps: list[StepOut]


class CasePage(Schema):
    """Cases, newest first, and the cursor of the next page."""

    items: list[CaseOut]
    next: str | None


class OpenStepOut(Schema):
    """A step that waits for somebody, the earliest due first."""

    workflow: str
    case_number: int
    step: str
    title: Words
    subject: str
    due_on: date | None
    clause: str | None
    may: str


class CaseIn(Schema):
    """Which process, about which row of its register (its number) or about what."""

    workflow: str
    subject: int | None = None
    title: str = ""


class StepIn(Schema):
    """What is given for a step, by field; papers as `field.part`."""

    values: dict[str, Any] = {}  # noqa: RUF012  # the framework copies it for each request


class CancelIn(Schema):
    """Why a case is cancelled."""

    reason: str


@operation(router, "GET /workflows", KNOW, "Các quy trình", gives=list[WorkflowOut])
def list_workflows(request: Call) -> list[WorkflowOut]:
    """The processes there are."""
    return [
        WorkflowOut(
            code=one.code,
            title=words(one.title),
            why=words(one.why),
            clauses=list(one.clauses),
            subject=one.subject.register,
            starts=one.start,
            steps=list(one.order),
        )
        for one in load_workflows().values()
    ]


@operation(router, f"GET {CASE}", READ, "Các hồ sơ quy trình", gives=CasePage)
def list_cases(request: Call, code: str, cursor: Cursor, limit: Limit) -> CasePage:
    """The cases of a unit."""
    cases = cases_of([request.auth.unit(code)])
    found, following = page_by_key(cases, cursor=cursor, limit=limit, newest_first=True)
    return CasePage(items=[CaseOut.from_orm(one) for one in found], next=following)


@operation(router, f"GET {CASE}/{{number}}", READ, "Một hồ sơ và các bước", gives=CaseDetail)
def show_case(request: Call, code: str, number: int) -> CaseDetail:
    """One case with its steps."""
    return _detail(case_of(request.auth.unit(code), number))


@operation(
    router, "GET /units/{code}/open-steps", READ, "Các bước đang chờ", gives=list[OpenStepOut]
)
def list_open_steps(request: Call, code: str) -> list[OpenStepOut]:
    """The steps that wait at a unit."""
    waiting = open_steps([request.auth.unit(code)], vietnam_date(now_utc()))
    return [
        OpenStepOut(
            workflow=one.workflow,
            case_number=one.case_number,
            step=one.step,
            title=words(one.title),
            subject=one.subject,
            due_on=one.due_on,
            clause=one.clause,
            may=one.may,
        )
        for one in waiting
    ]


@operation(router, f"POST {CASE}", WRITE, "Bắt đầu quy trình", gives={201: CaseDetail})
def start_one_case(request: Call, code: str, body: CaseIn) -> Status[CaseDetail]:
    """Start a case; with Idempotency-Key sending it again starts no second one."""
    unit, workflow = request.auth.unit(code), workflow_by_code(body.workflow)
    beginning = Beginning(
        subject=_subject(workflow, unit, body.subject),
        title=body.title,
        submission=submission_of(request, unit.code, workflow.code),
    )
    return Status(201, _detail(start_case(workflow, unit, beginning, acting(request, unit))))


@operation(
    router, f"POST {CASE}/{{number}}/steps/{{step}}", WRITE, "Làm một bước", gives=CaseDetail
)
def do_case_step(request: Call, code: str, number: int, step: str, body: StepIn) -> CaseDetail:
    """Do a step of a case."""
    return _step(request, code, number, step, body)


@operation(
    router,
    f"POST {CASE}/{{number}}/decisions/{{step}}",
    APPROVE,
    "Quyết định một bước",
    gives=CaseDetail,
)
def decide_case_step(request: Call, code: str, number: int, step: str, body: StepIn) -> CaseDetail:
    """Do a step that is for who approves."""
    return _step(request, code, number, step, body)


@operation(router, f"POST {CASE}/{{number}}/cancel", WRITE, "Hủy hồ sơ", gives=CaseDetail)
def cancel_one_case(request: Call, code: str, number: int, body: CancelIn) -> CaseDetail:
    """Cancel a case, with the reason."""
    unit = request.auth.unit(code)
    case = case_of(unit, number)
    return _detail(cancel_case(case, reason=body.reason, doer=acting(request, unit)))


def _step(request: Call, code: str, number: int, step: str, body: StepIn) -> CaseDetail:
    unit = request.auth.unit(code)
    do_step(case_of(unit, number), step, StepGiven(body.values), acting(request, unit))
    return _detail(case_of(unit, number))


def acting(request: Call, unit: Unit) -> Doer:
    """Return the caller as one who acts, no further than the operation asks for."""
    doer = doer_of(request.auth.user, unit, now=now_utc())
    own = frozenset(may for may in doer.may if may in (request.auth.may, KNOW, READ))
    return replace(doer, may=own, references=references_of(request, unit))


def _subject(workflow: Workflow, unit: Unit, number: int | None) -> Row | None:
    if number is None or workflow.subject.register is None:
        return None
    register = register_by_code(workflow.subject.register)
    return row_at([unit], register, unit=unit.code, number=min(number, 2**31 - 1))


def case_of(unit: Unit, number: int) -> WorkflowCase:
    """Return a case of a unit; a number that cannot be is as unknown as any."""
    return case_at(unit, min(max(number, 0), 2**31 - 1))


def _detail(case: WorkflowCase) -> CaseDetail:
    states = view_of(case, now=now_utc()).states
    about = CaseOut.from_orm(case).model_dump()
    return CaseDetail(**about, steps=[_step_out(state) for state in states])


def _step_out(state: StepState) -> StepOut:
    return StepOut(
        code=state.step.code,
        title=words(state.step.title),
        who=state.step.who,
        standing=state.standing,
        due_on=state.due.on if state.due else None,
        fields=list(state.step.fields),
        clauses=list(state.step.clauses),
    )
