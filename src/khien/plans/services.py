"""The only writer of drafts of plans; a signed plan puts its tasks into the register, all or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from khien.kernel.clock import said_day
from khien.kernel.language import Text
from khien.ledger import services as ledger
from khien.norms.library import load_library
from khien.norms.wording import cited
from khien.org.models import Unit
from khien.plans import events
from khien.plans.errors import PlanChangedMeanwhile, PlanRefused, PlanSettled
from khien.plans.gaps import Gap
from khien.plans.models import TASK_LENGTH, TITLE_LENGTH, PlanDraft, PlanTask
from khien.registers.beside import attachments_of
from khien.registers.cleaning import one_line
from khien.registers.declarations import register_by_code
from khien.registers.models import Row
from khien.registers.references import VisibleReferences
from khien.registers.services import Act, add_row
from khien.registers.values import read_row

TASKS_MAX: Final = 200
TEXT_LENGTH: Final = 5000
COST_MAX: Final = 10**15
PLAN_KINDS: Final = ("implementation_plan", "yearly_plan")


@dataclass(frozen=True, slots=True)
class TaskText:
    """What a person wrote for a task; `person`: a row of the register of persons."""

    task: str
    division: str = ""
    person: Row | None = None
    due_on: date | None = None
    cost: int | None = None


@transaction.atomic
def draft_plan(unit: Unit, *, title: str, gaps: Sequence[Gap], act: Act) -> PlanDraft:
    """Begin a plan with a task for each of some gaps.

    Raises: PlanRefused: no title, or too many tasks
    """
    said = _title(title)
    Unit.objects.select_for_update().get(pk=unit.pk)
    last = PlanDraft.objects.filter(unit=unit).aggregate(last=Max("number"))["last"] or 0
    draft = PlanDraft.objects.create(
        unit=unit,
        number=last + 1,
        title=said,
        made_at=act.now,
        made_by=act.by,
        changed_at=act.now,
        changed_by=act.by,
    )
    _add(draft, gaps)
    _record(events.PLAN_DRAFTED, draft, act)
    return draft


@transaction.atomic
def add_gaps(draft: PlanDraft, gaps: Sequence[Gap], *, expected_version: int, act: Act) -> int:
    """Add a task for each gap that the draft does not have yet; return how many."""
    current = _open(draft, expected_version)
    count = _add(current, gaps)
    _changed(current, act)
    return count


@transaction.atomic
def add_own_task(draft: PlanDraft, text: TaskText, *, expected_version: int, act: Act) -> PlanTask:
    """Add a task that comes from no gap.

    Raises: PlanRefused: nothing was written, or there are too many
    """
    current = _open(draft, expected_version)
    places = current.tasks.aggregate(last=Max("place"))["last"] or 0
    if current.tasks.count() >= TASKS_MAX:
        raise _too_many()
    task = PlanTask(draft=current, place=places + 1)
    _write(task, text)
    task.save()
    _changed(current, act)
    return task


@transaction.atomic
def save_plan(
    draft: PlanDraft,
    *,
    title: str,
    purpose: str,
    carrying_out: str,
    tasks: Mapping[int, TaskText | None],
    expected_version: int,
    act: Act,
) -> PlanDraft:
    """Save what a person wrote into a draft; a task of None is taken out.

    Raises: PlanRefused: a text cannot stand; PlanChangedMeanwhile; PlanSettled
    """
    current = _open(draft, expected_version)
    current.title = _title(title)
    current.purpose, current.carrying_out = _long(purpose), _long(carrying_out)
    for task in current.tasks.all():
        if task.pk not in tasks:
            continue
        text = tasks[task.pk]
        if text is None:
            task.delete()
        else:
            _write(task, text)
            task.save()
    _changed(current, act)
    return current


@transaction.atomic
def drop_plan(draft: PlanDraft, *, act: Act) -> PlanDraft:
    """Give a draft up; it stays to be seen."""
    current = PlanDraft.objects.select_for_update().select_related("unit").get(pk=draft.pk)
    if current.state == PlanDraft.State.SIGNED:
        raise PlanSettled(number=current.number)
    if current.state == PlanDraft.State.DRAFT:
        current.state = PlanDraft.State.DROPPED
        current.save(update_fields=["state"])
        _record(events.PLAN_DROPPED, current, act)
    return current


@transaction.atomic
def sign_plan(draft: PlanDraft, document: Row, *, expected_version: int, act: Act) -> list[Row]:
    """Put the tasks of a plan into the register, since the signed plan is filed: all of them or none.

    Args:   document: the row of the signed plan in the register of documents
    Raises: PlanRefused: the paper is no signed plan of the unit with its file, or a task lacks who or by when
    Source: bac-ninh/III.1.p2, bac-ninh/I.p3
    """
    current = _open(draft, expected_version)
    _must_be_signed(document, current.unit)
    tasks = list(current.tasks.select_related("person"))
    _must_be_whole(tasks)
    register = register_by_code("plan_task")
    references = VisibleReferences([current.unit], home=current.unit)
    rows = []
    for task in tasks:
        row_draft = read_row(register, _raw(task, document), references)
        task.row = add_row(row_draft, unit=current.unit, act=act)
        task.save(update_fields=["row"])
        rows.append(task.row)
    current.state, current.document = PlanDraft.State.SIGNED, document
    current.save(update_fields=["state", "document"])
    number = str(document.values.get("number") or document.name)
    _record(events.PLAN_SIGNED, current, act, document=number, count=len(rows))
    return rows


def _raw(task: PlanTask, document: Row) -> dict[str, Any]:
    raw: dict[str, Any] = {
        "plan": f"#{document.number}",
        "task": task.task,
        "division": task.division,
        "assigned_on": said_day(date.fromisoformat(str(document.values["issued_on"]))),
        "due_on": said_day(task.due_on) if task.due_on else "",
        "clause_cited": cited_clause(task.anchor).vi,
        "cost": "" if task.cost is None else str(task.cost),
    }
    if task.person is not None:
        raw["person"] = f"#{task.person.number}"
    return raw


def cited_clause(anchor: str) -> Text:
    """Return a clause as people cite it, by its anchor; the anchor itself where no text holds it."""
    document, _, path = anchor.partition("/")
    known = load_library().documents.get(document)
    return cited(known, path) if known and path in known.clauses else Text(anchor, anchor)


def _must_be_signed(document: Row, unit: Unit) -> None:
    values = document.values
    is_ours = document.register == "document" and document.unit_id == unit.pk
    why = None
    if not is_ours or document.is_retired or values.get("kind") not in PLAN_KINDS:
        why = Text(
            "chọn kế hoạch của đơn vị trong sổ văn bản.",
            "choose a plan of the unit in the register of documents.",
        )
    elif values.get("is_approved") is not True:
        why = Text("văn bản này chưa được ký.", "this paper is not signed.")
    elif not attachments_of([document]).filter(is_retired=False).exists():
        why = Text(
            "kế hoạch đã ký chưa có tệp trong sổ văn bản.",
            "the signed plan has no file in the register.",
        )
    if why is not None:
        raise PlanRefused(why)


def _must_be_whole(tasks: Sequence[PlanTask]) -> None:
    if not tasks:
        raise PlanRefused(Text("chưa có nhiệm vụ nào.", "there is no task yet."))
    lacking = [
        str(place)
        for place, task in enumerate(tasks, start=1)
        if task.due_on is None or not (task.division or task.person_id)
    ]
    if lacking:
        places = ", ".join(lacking)
        raise PlanRefused(
            Text(
                f"nhiệm vụ {places} còn thiếu người làm hoặc ngày xong.",
                f"task(s) {places} lack who does it or by when.",
            )
        )


def _add(draft: PlanDraft, gaps: Sequence[Gap]) -> int:
    held = set(draft.tasks.values_list("source", flat=True))
    fresh = [gap for gap in gaps if gap.source not in held]
    if len(held) + len(fresh) > TASKS_MAX:
        raise _too_many()
    last = draft.tasks.aggregate(last=Max("place"))["last"] or 0
    PlanTask.objects.bulk_create(
        PlanTask(
            draft=draft,
            place=last + place,
            source=gap.source,
            task=one_line(gap.task.vi)[:TASK_LENGTH],
            anchor=gap.anchor,
            due_on=gap.due_on,
        )
        for place, gap in enumerate(fresh, start=1)
    )
    return len(fresh)


def _write(task: PlanTask, text: TaskText) -> None:
    said = one_line(text.task)[:TASK_LENGTH]
    if not said:
        raise PlanRefused(Text("nhiệm vụ chưa có nội dung.", "a task says nothing."))
    if text.cost is not None and not 0 <= text.cost <= COST_MAX:
        raise PlanRefused(Text("kinh phí không hợp lệ.", "the cost cannot be meant."))
    is_ours = text.person is None or (
        text.person.register == "person" and text.person.unit_id == task.draft.unit_id
    )
    if not is_ours:
        raise PlanRefused(
            Text(
                "chọn người trong sổ nhân sự của đơn vị.", "choose a person of the unit's register."
            )
        )
    task.task, task.division = said, one_line(text.division)[:200]
    task.person, task.due_on, task.cost = text.person, text.due_on, text.cost


def _open(draft: PlanDraft, expected_version: int) -> PlanDraft:
    current = PlanDraft.objects.select_for_update().select_related("unit").get(pk=draft.pk)
    if current.state != PlanDraft.State.DRAFT:
        raise PlanSettled(number=current.number)
    if current.version != expected_version:
        raise PlanChangedMeanwhile(by=current.changed_by)
    return current


def _changed(draft: PlanDraft, act: Act) -> None:
    draft.version += 1
    draft.changed_at, draft.changed_by = act.now, act.by
    draft.save()
    _record(events.PLAN_CHANGED, draft, act)


def _title(title: str) -> str:
    said = one_line(title)[:TITLE_LENGTH]
    if not said:
        raise PlanRefused(Text("kế hoạch chưa có tên.", "the plan has no title."))
    return said


def _long(text: str) -> str:
    lines = (one_line(line) for line in text.splitlines())
    return "\n".join(line for line in lines if line)[:TEXT_LENGTH]


def _too_many() -> PlanRefused:
    return PlanRefused(
        Text(
            f"một kế hoạch có nhiều nhất {TASKS_MAX} nhiệm vụ.",
            f"a plan has {TASKS_MAX} tasks at most.",
        )
    )


def _record(kind: str, draft: PlanDraft, act: Act, **more: Any) -> None:
    body = {"unit": draft.unit.code, "number": draft.number, "by": act.by, **more}
    ledger.record(kind, subject=draft.unit.code, body=body, at=act.now)
