"""Tasks that wait for people: steps of processes, requests for accounts."""

from __future__ import annotations

from collections.abc import Iterable

from khien.desk.targets import case_target, own_tasks_target, requests_target
from khien.desk.tasks.task import Asked, Task
from khien.kernel.language import Text
from khien.org.models import AccountRequest
from khien.org.rights import requests_at
from khien.registers.beside import person_of
from khien.workflows.reading import load_workflows
from khien.workflows.selectors import open_steps, own_tasks


def steps(asked: Asked) -> Iterable[Task]:
    """Find steps of processes that wait at the units."""
    workflows = load_workflows()
    for step in open_steps(asked.units, asked.today):
        unit, workflow = asked.by_id[step.unit_id], workflows[step.workflow]
        clauses = (*workflow.steps[step.step].clauses, *workflow.clauses)
        yield Task(
            source="steps",
            title=Text(f"{step.title.vi}: {step.subject}", f"{step.title.en}: {step.subject}"),
            target=case_target(unit.code, step.case_number),
            due_on=step.due_on,
            anchors=asked.binding(unit, clauses),
            why=Text(f"Quy trình: {workflow.title.vi}.", f"Process: {workflow.title.en}."),
            where=asked.where(unit),
        )


def own(asked: Asked) -> Iterable[Task]:
    """Find what waits for the person alone: to acknowledge, to answer, to sign."""
    person = person_of(asked.user) if asked.user is not None else None
    if person is None:
        return
    for task in own_tasks(person, now=asked.now):
        workflow = task.view.workflow
        yield Task(
            source="own",
            title=task.step.title,
            target=own_tasks_target(),
            due_on=task.due_on,
            anchors=asked.binding(person.unit, (*task.step.clauses, *workflow.clauses)),
            why=Text(f"Quy trình: {workflow.title.vi}.", f"Process: {workflow.title.en}."),
        )


def account_requests(asked: Asked) -> Iterable[Task]:
    """Find requests for accounts and roles that wait for a yes or no."""
    open_ones = requests_at(asked.units).filter(state=AccountRequest.State.OPEN)
    for request in open_ones:
        who = request.full_name or request.username
        yield Task(
            source="requests",
            title=Text(f"Duyệt đề nghị tài khoản: {who}", f"Decide on the request: {who}"),
            target=requests_target(request.unit.code),
            why=Text(f"Lý do: {request.reason}", f"Reason: {request.reason}"),
            is_urgent=True,
            where=asked.where(request.unit),
        )
