"""What lies on the desk: the day's tasks of a unit, and one search over everything the caller may see."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ninja import Query, Router, Schema

from khien.api.door import KNOW, READ, Call
from khien.api.operations import Words, operation, words
from khien.desk.search.everywhere import found_everywhere
from khien.desk.search.field import field_of
from khien.desk.search.hits import GROUP_MAX_PAGE, Hit
from khien.desk.tasks.day import day_of, day_of_units
from khien.desk.tasks.gathered import Group
from khien.desk.tasks.task import Task
from khien.kernel.clock import vietnam_date

router = Router(tags=["desk"])
Target = dict[str, str | int]


class TaskOut(Schema):
    """Something to do: what, by when, why; `clauses` bind the unit; `target` is what it leads to."""

    source: str
    title: Words
    why: Words | None
    due_on: date | None
    is_urgent: bool
    clauses: list[str]
    is_own_rule: bool
    target: Target


class TaskGroupOut(Schema):
    """Tasks due in the same time, the most pressing first; `count` may be more than are listed."""

    group: str
    title: Words
    count: int
    tasks: list[TaskOut]


class DayOut(Schema):
    """What must be done at a unit, as things stood at its last assessment."""

    unit: str
    assessed_on: date | None
    groups: list[TaskGroupOut]


class HitOut(Schema):
    """One thing found: what it is called, where it stands, what it leads to."""

    what: Words
    where: Words
    target: Target


class HitGroupOut(Schema):
    """Things of one kind; `is_cut`: there may be more, add a word."""

    kind: str
    title: Words
    is_cut: bool
    hits: list[HitOut]


@operation(router, "GET /units/{code}/tasks", READ, "Việc cần làm hôm nay, theo hạn", gives=DayOut)
def list_tasks(request: Call, code: str) -> DayOut:
    """What must be done, by when, and which clause says so."""
    unit = request.auth.unit(code)
    # What waits for the person alone may be at a unit that a narrowed token does not reach.
    is_narrow = request.auth.bearer.token.unit_id is not None
    day = day_of_units([unit]) if is_narrow else day_of(request.auth.user, unit)
    return DayOut(
        unit=unit.code,
        assessed_on=vietnam_date(day.assessment.as_of) if day.assessment else None,
        groups=[_group_out(group) for group in day.groups],
    )


def _group_out(group: Group) -> TaskGroupOut:
    return TaskGroupOut(
        group=group.code,
        title=words(group.word),
        count=group.count,
        tasks=[_task_out(task) for task in (*group.first, *group.rest)],
    )


def _task_out(task: Task) -> TaskOut:
    return TaskOut(
        source=task.source,
        title=words(task.title),
        why=words(task.why) if task.why else None,
        due_on=task.due_on,
        is_urgent=task.is_urgent,
        clauses=list(task.anchors),
        is_own_rule=task.is_own_rule,
        target=task.target.as_dict(),
    )


@operation(router, "GET /search", KNOW, "Tìm mọi thứ, không cần dấu", gives=list[HitGroupOut])
def search_everything(
    request: Call,
    q: Annotated[str, Query("", max_length=100, description="Chữ cần tìm / words to find")],
) -> list[HitGroupOut]:
    """Search everything the caller may see, tone marks not needed; rows need the scope read."""
    caller = request.auth
    field = field_of(caller.units(KNOW), caller.units(READ), home=caller.user.unit_id)
    groups = found_everywhere(field, q, limit=GROUP_MAX_PAGE, is_deep=True)
    return [
        HitGroupOut(
            kind=group.kind,
            title=words(group.word),
            is_cut=group.is_cut,
            hits=[_hit_out(hit) for hit in group.hits],
        )
        for group in groups
    ]


def _hit_out(hit: Hit) -> HitOut:
    return HitOut(what=words(hit.what), where=words(hit.where), target=hit.target.as_dict())
