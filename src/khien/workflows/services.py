"""The only writer of cases: start, do a step, cancel; each in one transaction with its record."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max

from khien.kernel.canonical import Json
from khien.kernel.clock import said_moment, vietnam_date
from khien.kernel.language import Text
from khien.ledger import services as ledger
from khien.org.models import Unit
from khien.org.roles import APPROVE, WRITE
from khien.registers.cleaning import one_line
from khien.registers.errors import FieldProblem, InvalidRow
from khien.registers.filing import add_attachment
from khien.registers.models import Row
from khien.registers.services import add_row
from khien.registers.values import values_digest
from khien.workflows import events
from khien.workflows.declarations import MINUTES, SIGNED, Requirement, Step, Workflow
from khien.workflows.doers import Doer
from khien.workflows.effects import carry_out
from khien.workflows.errors import (
    CaseIsClosed,
    NotYours,
    RequirementsNotMet,
    StepAlreadyDone,
    StepNotReady,
    StepRefused,
    SubjectTaken,
)
from khien.workflows.given import Given, read_given
from khien.workflows.item_services import close_list, make_list
from khien.workflows.minutes import file_signed, freeze
from khien.workflows.models import StepDone, WorkflowCase
from khien.workflows.progress import checked, due_day, waits_for
from khien.workflows.reading import workflow_by_code
from khien.workflows.rules import rules_of
from khien.workflows.world import World

WHO: Mapping[str, Text] = {
    WRITE: Text("cán bộ phụ trách", "the officer"),
    APPROVE: Text("lãnh đạo", "the leader"),
}
_NEEDS_SUBJECT = Text("Chọn đối tượng của quy trình.", "Choose what the case is about.")
_NEEDS_TITLE = Text("Ghi quy trình này về việc gì.", "Say what the case is about.")
_NEEDS_REASON = Text("Ghi lý do hủy.", "State the reason.")
_OTHER_PERSON = Text(
    "người khác với người đã làm bước trước", "somebody other than who did the earlier step"
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file given with a step."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a person gives to start a case: a row it is about, or words; `submission` is the form's token."""

    subject: Row | None = None
    title: str = ""
    submission: str | None = None


@transaction.atomic
def start_case(workflow: Workflow, unit: Unit, beginning: Beginning, doer: Doer) -> WorkflowCase:
    """Start a case of a workflow at a unit.

    Returns: the case; that of the first time where the same form is sent twice
    Raises:  NotYours; StepRefused: no subject, or one of another register; SubjectTaken: one is open
    """
    _must_have(doer, workflow.start, Text("bắt đầu", "start"))
    Unit.objects.select_for_update().get(pk=unit.pk)  # one case gets one number
    if beginning.submission is not None:
        made = WorkflowCase.objects.filter(unit=unit, submission=beginning.submission).first()
        if made is not None:
            return made
    title = _title_of(workflow, unit, beginning)
    subject = beginning.subject
    if subject is not None:
        standing = WorkflowCase.objects.filter(
            unit=unit, workflow=workflow.code, subject=subject, state=WorkflowCase.State.OPEN
        ).first()
        if standing is not None:
            raise SubjectTaken(number=standing.number, title=standing.title)
    last = WorkflowCase.objects.filter(unit=unit).aggregate(Max("number"))["number__max"] or 0
    case = WorkflowCase(
        unit=unit, workflow=workflow.code, digest=workflow.digest, number=last + 1, subject=subject,
        title=title, started_at=doer.now, started_by=doer.by, submission=beginning.submission,
    )  # fmt: skip
    case.save()
    world = World(case, now=doer.now, by=doer.by, person=doer.person)
    due = due_day(workflow.due, workflow, None, world, rules_of(unit, doer.now))
    case.due_on = due.on if due else None
    case.save(update_fields=["due_on"])
    _record(events.STARTED, workflow, case, doer, {"digest": workflow.digest})
    _make_ready_lists(workflow, world)
    return case


def _title_of(workflow: Workflow, unit: Unit, beginning: Beginning) -> str:
    subject = beginning.subject
    if subject is not None and (
        subject.register != workflow.subject.register
        or subject.unit_id != unit.pk
        or subject.is_retired
    ):
        raise StepRefused([FieldProblem("subject", _NEEDS_SUBJECT)])
    if subject is None and workflow.subject.register and not workflow.subject.is_optional:
        raise StepRefused([FieldProblem("subject", _NEEDS_SUBJECT)])
    title = subject.name if subject is not None else one_line(beginning.title)[:300]
    if not title:
        raise StepRefused([FieldProblem("title", _NEEDS_TITLE)])
    return title


@dataclass(slots=True)
class StepGiven:
    """What a person gives for a step: words by field, and files by the field of their paper."""

    raw: Mapping[str, object]
    files: Mapping[str, Upload] = field(default_factory=dict)


@transaction.atomic
def do_step(case: WorkflowCase, code: str, given: StepGiven, doer: Doer) -> StepDone:
    """Do a step: read what was given, change the registers, prove it, put it on record.

    Returns: the step; unchanged where the same person sends the same values again
    Raises:  CaseIsClosed, NotYours, StepNotReady, StepAlreadyDone, StepRefused, RequirementsNotMet,
             ItemsUndecided, ItemsAppeared, and what registers refuse (InvalidRow, DuplicateKey …):
             nothing is stored
    """
    case = (
        WorkflowCase.objects.select_for_update(of=("self",))
        .select_related("unit", "subject")
        .get(pk=case.pk)
    )
    workflow = workflow_by_code(case.workflow)
    step = workflow.steps[code]
    world = World(case, now=doer.now, by=doer.by, person=doer.person)
    _must_be_theirs(step, world, doer)
    read = read_given(step, given.raw, world, doer)
    done = world.steps.get(code)
    if done is not None:
        return _again(step, done, read, doer)
    _must_be_ready(workflow, step, world)
    if read.problems:
        raise StepRefused(read.problems)
    values = {**read.values, **_file_papers(read, given.files, world, doer)}
    world.own = values
    _must_be_met(step, step.requires, world)
    if step.items is not None:
        values["_counts"] = close_list(step, world, doer)
    _carry_out(step, world, doer)
    if code == MINUTES:
        freeze(workflow, world, values, doer)
    elif code == SIGNED:
        file_signed(workflow, world, values, given.files.get("file"), doer)
    case.save(update_fields=["rows"])
    done = _keep(workflow, step, case, values, doer)
    world.steps[code] = done
    _must_be_met(step, step.proof, world)
    _make_ready_lists(workflow, world)
    _finish_if_last(workflow, world, doer)
    return done


def _again(step: Step, done: StepDone, read: Given, doer: Doer) -> StepDone:
    """Answer a step sent twice: the same once more is no mistake, anything else is refused."""
    same = {code: done.values.get(code) for code in read.values} == read.values
    if done.done_by == doer.by and same and not read.problems:
        return done
    raise StepAlreadyDone(
        step_vi=step.title.vi, step_en=step.title.en, by=done.done_by, at=said_moment(done.done_at)
    )


def _must_have(doer: Doer, capability: str, what: Text) -> None:
    if capability not in doer.may:
        who = WHO[capability]
        raise NotYours(step_vi=what.vi, step_en=what.en, who_vi=who.vi, who_en=who.en)


def is_theirs(step: Step, world: World, doer: Doer) -> bool:
    """Say whether a person may do a step: by role, or because the case is about the person."""
    is_about_them = doer.person is not None and world.case.subject_id == doer.person
    return (step.is_own and is_about_them) or step.who in doer.may


def _must_be_theirs(step: Step, world: World, doer: Doer) -> None:
    if not is_theirs(step, world, doer):
        who = WHO[step.who]
        raise NotYours(step_vi=step.title.vi, step_en=step.title.en, who_vi=who.vi, who_en=who.en)
    earlier = world.steps.get(step.other_than or "")
    if earlier is not None and earlier.done_by == doer.by:
        raise NotYours(
            step_vi=step.title.vi, step_en=step.title.en,
            who_vi=_OTHER_PERSON.vi, who_en=_OTHER_PERSON.en,
        )  # fmt: skip


def _must_be_ready(workflow: Workflow, step: Step, world: World) -> None:
    if world.case.state != WorkflowCase.State.OPEN:
        raise CaseIsClosed(number=world.case.number)
    waits = waits_for(workflow, step, world)
    if waits:
        raise StepNotReady(
            step_vi=step.title.vi, step_en=step.title.en,
            waits_vi=waits[0].title.vi, waits_en=waits[0].title.en,
        )  # fmt: skip


def _must_be_met(step: Step, requirements: Sequence[Requirement], world: World) -> None:
    missing = [met.requirement.title for met in checked(requirements, world) if not met.is_met]
    if missing:
        raise RequirementsNotMet(
            step_vi=step.title.vi, step_en=step.title.en,
            missing_vi="; ".join(text.vi for text in missing),
            missing_en="; ".join(text.en for text in missing),
        )  # fmt: skip


def _file_papers(
    read: Given, files: Mapping[str, Upload], world: World, doer: Doer
) -> dict[str, Json]:
    """File the papers that came with a step, and return what its fields then name."""
    filed: dict[str, Json] = {}
    for code, draft in read.papers.items():
        row = add_row(draft, unit=world.unit, act=doer.act)
        filed[code] = row.pk
        upload = files.get(code)
        if upload is not None:
            add_attachment(row, upload.content, name=upload.name, act=doer.act)
    return filed


def _carry_out(step: Step, world: World, doer: Doer) -> None:
    try:
        carry_out(step.effects, world, doer)
    except InvalidRow as refused:
        raise StepRefused(refused.problems) from refused


def _keep(
    workflow: Workflow, step: Step, case: WorkflowCase, values: Mapping[str, Json], doer: Doer
) -> StepDone:
    salt = secrets.token_hex(16)
    body: dict[str, Json] = {
        "step": step.code,
        "step_vi": step.title.vi,
        "step_en": step.title.en,
        "values_digest": values_digest(salt, values),
    }
    index = _record(events.STEP_DONE, workflow, case, doer, body)
    return StepDone.objects.create(
        case=case, step=step.code, values=dict(values), done_at=doer.now, done_by=doer.by, salt=salt,
        ledger_index=index,
    )  # fmt: skip


def _make_ready_lists(workflow: Workflow, world: World) -> None:
    """List the things of steps that have become the next ones."""
    for step in workflow.steps.values():
        is_next = step.code not in world.steps and not waits_for(workflow, step, world)
        if step.items is not None and is_next and world.holds(step.only_if):
            make_list(step, world)


def _finish_if_last(workflow: Workflow, world: World, doer: Doer) -> None:
    if SIGNED not in world.steps:
        return
    case = world.case
    case.state, case.closed_at, case.closed_by = WorkflowCase.State.FINISHED, doer.now, doer.by
    case.save(update_fields=["state", "closed_at", "closed_by"])
    _record(events.FINISHED, workflow, case, doer, {})


@transaction.atomic
def cancel_case(case: WorkflowCase, *, reason: str, doer: Doer) -> WorkflowCase:
    """Cancel a case, with the reason; what its steps did to registers stays as it is.

    Raises: NotYours; CaseIsClosed: finished before; StepRefused: no reason
    """
    case = (
        WorkflowCase.objects.select_for_update(of=("self",)).select_related("unit").get(pk=case.pk)
    )
    workflow = workflow_by_code(case.workflow)
    _must_have(doer, workflow.start, Text("hủy hồ sơ", "cancel the case"))
    if case.state == WorkflowCase.State.CANCELLED:
        return case
    if case.state == WorkflowCase.State.FINISHED:
        raise CaseIsClosed(number=case.number)
    said = one_line(reason)[:500]
    if not said:
        raise StepRefused([FieldProblem("reason", _NEEDS_REASON)])
    case.state, case.reason = WorkflowCase.State.CANCELLED, said
    case.closed_at, case.closed_by = doer.now, doer.by
    case.save(update_fields=["state", "reason", "closed_at", "closed_by"])
    _record(events.CANCELLED, workflow, case, doer, {"on": vietnam_date(doer.now).isoformat()})
    return case


def _record(
    kind: str, workflow: Workflow, case: WorkflowCase, doer: Doer, body: Mapping[str, Json]
) -> int:
    said: dict[str, Json] = {
        "unit": case.unit.code,
        "workflow": workflow.code,
        "title_vi": workflow.title.vi,
        "title_en": workflow.title.en,
        "number": case.number,
        "by": doer.by,
    }
    subject = f"{case.unit.code}/{workflow.code}/{case.number}"
    return ledger.record(kind, subject=subject, body={**said, **body}, at=doer.now)
