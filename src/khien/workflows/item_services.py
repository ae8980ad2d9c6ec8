"""The only writer of lists: what stands in them, what was decided, rows added line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from khien.kernel.canonical import Json
from khien.kernel.clock import said_moment, vietnam_date
from khien.kernel.language import Text
from khien.ledger import services as ledger
from khien.org.roles import WRITE
from khien.registers.cleaning import one_line
from khien.registers.declarations import register_by_code
from khien.registers.errors import FieldProblem, InvalidRow
from khien.registers.models import Row
from khien.registers.services import add_row, retire_row
from khien.registers.values import read_row
from khien.workflows import events
from khien.workflows.declarations import Decision, ItemList, Step, Workflow
from khien.workflows.doers import Doer
from khien.workflows.effects import carry_out_for
from khien.workflows.errors import (
    AlreadyDecided,
    CaseIsClosed,
    ItemsAppeared,
    ItemsUndecided,
    NotYours,
    StepAlreadyDone,
    StepNotReady,
    StepRefused,
)
from khien.workflows.listing import Listed, listed_now, missing_from
from khien.workflows.models import CaseItem, WorkflowCase
from khien.workflows.progress import waits_for
from khien.workflows.reading import workflow_by_code
from khien.workflows.world import World

_BATCH = 500
_UNKNOWN_DECISION = Text("Chọn một quyết định.", "Choose a decision.")
_NEEDS_NOTE = Text("Quyết định «{title}» cần ghi: {note}.", "Decision “{title}” needs: {note}.")
_FUTURE = Text("Ngày chưa tới.", "The day has not come.")
_NOTHING = Text("Chưa chọn mục nào.", "No item was chosen.")
_VERY_PERSON = Text("chính người đó hoặc cán bộ phụ trách", "the very person or the officer")


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision as a person gives it; `seen` is the version of each thing the person had before the eyes."""

    decision: str
    seen: Mapping[int, int]
    note: str = ""
    on: date | None = None


def make_list(step: Step, world: World) -> int:
    """List what a step works through as it stands now; things already in the list stay.

    Returns: how many things were added
    """
    if step.items is None:
        return 0
    kept = list(CaseItem.objects.filter(case=world.case, step=step.code))
    return _add(step, missing_from(kept, listed_now(step.items, world)), world)


def _add(step: Step, listed: Sequence[Listed], world: World) -> int:
    made = [
        CaseItem(
            case=world.case, step=step.code, key=one.key, row=one.row, source=one.source,
            name=one.name, search_key=one.words, values=dict(one.values),
        )
        for one in listed
    ]  # fmt: skip
    CaseItem.objects.bulk_create(made, batch_size=_BATCH, ignore_conflicts=True)
    return len(made)


@transaction.atomic
def decide_items(case: WorkflowCase, code: str, choice: Choice, doer: Doer) -> int:
    """Take one decision about one or many things of a list; registers change when the step closes.

    Returns: how many things it was taken about
    Raises:  CaseIsClosed, StepNotReady, StepAlreadyDone, NotYours, StepRefused; AlreadyDecided: somebody
             decided one of them since it was seen: nothing is changed
    """
    case, workflow, step, _ = _opened(case, code, doer)
    items = step.items
    decision = items.decisions.get(choice.decision) if items else None
    if items is None or decision is None:
        raise StepRefused([FieldProblem("decision", _UNKNOWN_DECISION)])
    note, day = _read_choice(decision, choice, doer)
    chosen = list(CaseItem.objects.filter(case=case, step=code, pk__in=list(choice.seen)))
    if not chosen:
        raise StepRefused([FieldProblem("items", _NOTHING)])
    _must_be_theirs(items, step, chosen, doer)
    changed = [i for i in chosen if (i.decision, i.note, i.on) != (decision.code, note, day)]
    _must_be_as_seen(items, changed, choice)
    for item in changed:
        item.decision, item.note, item.on = decision.code, note, day
        item.decided_by, item.decided_at, item.version = doer.by, doer.now, item.version + 1
    CaseItem.objects.bulk_update(
        changed,
        ["decision", "note", "on", "decided_by", "decided_at", "version"],
        batch_size=_BATCH,
    )
    if changed:
        _record(workflow, step, decision, case, len(changed), doer)
    return len(chosen)


def _opened(
    case: WorkflowCase, code: str, doer: Doer
) -> tuple[WorkflowCase, Workflow, Step, World]:
    """Return a case, locked, with a step of it that may be worked on now."""
    case = (
        WorkflowCase.objects.select_for_update(of=("self",))
        .select_related("unit", "subject")
        .get(pk=case.pk)
    )
    workflow = workflow_by_code(case.workflow)
    step = workflow.steps[code]
    world = World(case, now=doer.now, by=doer.by, person=doer.person)
    if case.state != WorkflowCase.State.OPEN:
        raise CaseIsClosed(number=case.number)
    done = world.steps.get(code)
    if done is not None:
        raise StepAlreadyDone(
            step_vi=step.title.vi,
            step_en=step.title.en,
            by=done.done_by,
            at=said_moment(done.done_at),
        )
    waits = waits_for(workflow, step, world)
    if waits:
        raise StepNotReady(
            step_vi=step.title.vi, step_en=step.title.en,
            waits_vi=waits[0].title.vi, waits_en=waits[0].title.en,
        )  # fmt: skip
    return case, workflow, step, world


def _read_choice(decision: Decision, choice: Choice, doer: Doer) -> tuple[str, date | None]:
    note = one_line(choice.note)[:500] if decision.note is not None else ""
    if decision.is_note_required and decision.note is not None and not note:
        said = Text(
            _NEEDS_NOTE.vi.format(title=decision.title.vi, note=decision.note.vi),
            _NEEDS_NOTE.en.format(title=decision.title.en, note=decision.note.en),
        )
        raise StepRefused([FieldProblem("note", said)])
    today = vietnam_date(doer.now)
    day = (choice.on or today) if decision.asks_day else None
    if day is not None and day > today:
        raise StepRefused([FieldProblem("on", _FUTURE)])
    return note, day


def _must_be_theirs(items: ItemList, step: Step, chosen: Sequence[CaseItem], doer: Doer) -> None:
    if step.who in doer.may:
        return
    if items.is_own and doer.person is not None and all(i.row_id == doer.person for i in chosen):
        return
    raise NotYours(
        step_vi=step.title.vi, step_en=step.title.en, who_vi=_VERY_PERSON.vi, who_en=_VERY_PERSON.en
    )


def _must_be_as_seen(items: ItemList, changed: Sequence[CaseItem], choice: Choice) -> None:
    other = [item for item in changed if item.version != choice.seen[item.pk]]
    if not other:
        return
    first = other[0]
    decision = items.decisions.get(first.decision)
    title = decision.title if decision else Text(first.decision, first.decision)
    at = said_moment(first.decided_at) if first.decided_at else ""
    raise AlreadyDecided(
        name=first.name, by=first.decided_by, decision_vi=title.vi, decision_en=title.en, at=at,
        left=len(other),
    )  # fmt: skip


def close_list(step: Step, world: World, doer: Doer) -> dict[str, Json]:
    """Close a list: everything in it is decided, nothing new came up; then the registers change.

    Returns: how often each decision was taken, and how many things there were
    Raises:  ItemsUndecided; ItemsAppeared: things came up that are not in the list
    """
    items = step.items
    if items is None:
        return {}
    chosen = list(CaseItem.objects.filter(case=world.case, step=step.code).select_related("row"))
    fresh = missing_from(chosen, listed_now(items, world))
    if fresh:
        raise ItemsAppeared(count=len(fresh))
    undecided = [item for item in chosen if not item.decision]
    if undecided or not (chosen or items.may_be_empty):
        raise ItemsUndecided(step_vi=step.title.vi, step_en=step.title.en, count=len(undecided))
    counts: dict[str, Json] = {"count": len(chosen)}
    for code, decision in items.decisions.items():
        own = [item for item in chosen if item.decision == code]
        counts[code] = len(own)
        try:
            carry_out_for(decision.effects, own, world, doer)
        except InvalidRow as refused:
            raise StepRefused(refused.problems) from refused
    return counts


@transaction.atomic
def refresh_list(case: WorkflowCase, code: str, doer: Doer) -> int:
    """Add to a list what came up since it was made; decisions taken stay.

    Returns: how many things were added
    """
    _, _, step, world = _opened(case, code, doer)
    _must_write(step, doer)
    return make_list(step, world)


@transaction.atomic
def add_line(case: WorkflowCase, code: str, raw: Mapping[str, object], doer: Doer) -> Row:
    """Add one row to the register that a step fills line by line.

    Raises: NotYours, StepRefused, DuplicateKey, and what `decide_items` raises about the step
    """
    _, _, step, world = _opened(case, code, doer)
    _must_write(step, doer)
    table = step.lines
    if table is None:
        raise StepRefused([FieldProblem(None, _NOTHING)])
    values = {name: value for name, given in table.values.items() if (value := world.value(given))}
    own = {name: raw.get(name) for name in table.fields}
    draft = read_row(register_by_code(table.register), {**own, **values}, doer.references)
    if draft.problems:
        raise StepRefused(draft.problems)
    return add_row(draft, unit=world.unit, act=doer.act)


@transaction.atomic
def remove_line(case: WorkflowCase, code: str, number: int, doer: Doer) -> Row:
    """Take a row out again that a step added by mistake; the register keeps its history."""
    _, _, step, world = _opened(case, code, doer)
    _must_write(step, doer)
    table = step.lines
    rows = world.rows_where(table.register, table.values) if table else []
    found = next((row for row in rows if row.number == number), None)
    if found is None:
        raise StepRefused([FieldProblem(None, _NOTHING)])
    return retire_row(found, act=doer.act)


def _must_write(step: Step, doer: Doer) -> None:
    if WRITE not in doer.may:
        who = Text("cán bộ phụ trách", "the officer")
        raise NotYours(step_vi=step.title.vi, step_en=step.title.en, who_vi=who.vi, who_en=who.en)


def _record(
    workflow: Workflow, step: Step, decision: Decision, case: WorkflowCase, count: int, doer: Doer
) -> None:
    body: dict[str, Json] = {
        "unit": case.unit.code, "workflow": workflow.code, "number": case.number,
        "step": step.code, "step_vi": step.title.vi, "step_en": step.title.en,
        "decision": decision.code, "decision_vi": decision.title.vi,
        "decision_en": decision.title.en, "count": count, "by": doer.by,
    }  # fmt: skip
    subject = f"{case.unit.code}/{workflow.code}/{case.number}"
    ledger.record(events.DECIDED, subject=subject, body=body, at=doer.now)
