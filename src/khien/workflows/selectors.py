"""The only door through which cases of workflows are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from khien.kernel.clock import now_utc
from khien.kernel.language import Text
from khien.kernel.vietnamese import search_key
from khien.norms.library import load_library
from khien.norms.rulebook import Rulebook
from khien.norms.selectors import rulebooks_of
from khien.org.models import Unit, User
from khien.org.roles import KNOW
from khien.registers.beside import person_of
from khien.registers.models import Row
from khien.workflows.declarations import Step, Workflow
from khien.workflows.errors import MinutesNotMade, UnknownCase
from khien.workflows.models import CaseItem, FrozenMinutes, WorkflowCase
from khien.workflows.progress import StepState, step_states
from khien.workflows.reading import load_workflows, workflow_by_code
from khien.workflows.world import World

CASE_ADDRESS, TASKS_ADDRESS = "workflow-case", "my-tasks"
PAGE_SIZE = 100
_FAR = date.max


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that waits for somebody: what, about what, by when, which clause says so, where to do it.

    `address` and `place` are the name of a page and the words its address takes, for `reverse`.
    """

    unit_id: int
    workflow: str
    case_number: int
    step: str
    title: Text
    subject: str
    due_on: date | None
    clause: str | None
    may: str
    address: str
    place: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with its workflow and its steps as they stand."""

    case: WorkflowCase
    workflow: Workflow
    states: Sequence[StepState]
    world: World

    @property
    def next_states(self) -> list[StepState]:
        """Return the steps that may be done now."""
        return [state for state in self.states if state.standing == "now"]

    @property
    def due_on(self) -> date | None:
        """Return the earliest day something of the case is due."""
        days = [state.due.on for state in self.next_states if state.due]
        return min(days + ([self.case.due_on] if self.case.due_on else []), default=None)

    @property
    def done_count(self) -> int:
        """Return how many steps are done."""
        return sum(state.standing == "done" for state in self.states)

    @property
    def needed_count(self) -> int:
        """Return how many steps the case needs."""
        return sum(state.standing != "not_needed" for state in self.states)

    @property
    def is_outdated(self) -> bool:
        """Say whether the declaration was changed since the case started."""
        return self.case.digest != self.workflow.digest


def cases_of(units: Iterable[Unit]) -> QuerySet[WorkflowCase]:
    """Return the cases of units, newest first."""
    return WorkflowCase.objects.filter(unit__in=units).select_related("unit", "subject")


def case_at(unit: Unit, number: int) -> WorkflowCase:
    """Return a case of a unit by its number.

    Raises: UnknownCase: the unit has none such
    """
    found = cases_of([unit]).filter(number=number).first()
    if found is None:
        raise UnknownCase(number=number)
    return found


def view_of(case: WorkflowCase, *, now: datetime, rulebook: Rulebook | None = None) -> CaseView:
    """Return a case with its steps as they stand at a moment."""
    workflow = workflow_by_code(case.workflow)
    world = World(case, now=now)
    return CaseView(case, workflow, step_states(workflow, world, rulebook), world)


def open_views(units: Sequence[Unit], *, now: datetime, today: date) -> list[CaseView]:
    """Return the open cases of units, the earliest due first."""
    rulebooks = rulebooks_of(units, library=load_library(), on=today)
    known = load_workflows()
    cases = cases_of(units).filter(state=WorkflowCase.State.OPEN, workflow__in=list(known))
    views = [
        view_of(case, now=now, rulebook=rulebooks.get(case.unit_id))
        for case in cases.prefetch_related("steps")
    ]
    return sorted(views, key=lambda view: (view.due_on or _FAR, view.case.pk))


def open_steps(units: Iterable[Unit], today: date) -> list[OpenStep]:
    """Return the steps that wait at units, the earliest due first, those without a day last."""
    views = open_views(list(units), now=now_utc(), today=today)
    steps = [
        _open_step(view, state, CASE_ADDRESS, state.step.who)
        for view in views
        for state in view.next_states
    ]
    return sorted(steps, key=lambda step: (step.due_on or _FAR, step.unit_id, step.case_number))


def _open_step(view: CaseView, state: StepState, address: str, may: str) -> OpenStep:
    case, step = view.case, state.step
    place: dict[str, str | int] = {"code": case.unit.code, "number": case.number}
    days = [day for day in (state.due.on if state.due else None, case.due_on) if day]
    clauses = step.clauses or view.workflow.clauses
    return OpenStep(
        unit_id=case.unit_id,
        workflow=case.workflow,
        case_number=case.number,
        step=step.code,
        title=step.title,
        subject=case.title,
        due_on=min(days, default=None),
        clause=clauses[0] if clauses else None,
        may=may,
        address=address,
        place=place if address == CASE_ADDRESS else {},
    )


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for one person: a step about them, or their line in a list."""

    view: CaseView
    step: Step
    item: CaseItem | None
    due_on: date | None


def own_tasks(person: Row, *, now: datetime) -> list[Task]:
    """Return what waits for a person of the register: steps about them, and lines of lists they answer."""
    open_cases = WorkflowCase.objects.filter(state=WorkflowCase.State.OPEN, unit=person.unit)
    about = open_cases.filter(
        Q(subject=person) | Q(items__row=person, items__decision="")
    ).distinct()
    tasks: list[Task] = []
    for case in about.select_related("unit", "subject").prefetch_related("steps"):
        view = view_of(case, now=now)
        for state in view.next_states:
            tasks.extend(_own(view, state, person))
    return sorted(tasks, key=lambda task: (task.due_on or _FAR, task.view.case.pk))


def _own(view: CaseView, state: StepState, person: Row) -> list[Task]:
    due = state.due.on if state.due else view.case.due_on
    if state.step.is_own and view.case.subject_id == person.pk:
        return [Task(view, state.step, None, due)]
    if state.step.items is None or not state.step.items.is_own:
        return []
    own = CaseItem.objects.filter(case=view.case, step=state.step.code, row=person, decision="")
    return [Task(view, state.step, item, due) for item in own]


def tasks_for(user: User, today: date) -> list[OpenStep]:
    """Return what waits for a user personally: acknowledgements and trainings of the person the user is."""
    del today
    person = person_of(user)
    if person is None:
        return []
    found = []
    for task in own_tasks(person, now=now_utc()):
        state = next(s for s in task.view.states if s.step.code == task.step.code)
        found.append(_open_step(task.view, state, TASKS_ADDRESS, KNOW))
    return found


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One page of a list, with how many things stand at each decision ("" is undecided)."""

    items: list[CaseItem]
    counts: Mapping[str, int]
    number: int
    page_count: int
    found: int

    @property
    def total(self) -> int:
        """Return how many things the list has."""
        return sum(self.counts.values())

    @property
    def undecided(self) -> int:
        """Return how many things wait for a decision."""
        return self.counts.get("", 0)


def items_page(
    case: WorkflowCase, step: str, *, only: str | None = None, search: str = "", number: int = 1
) -> ItemPage:
    """Return a page of a list: those of one decision ("" for the undecided) or all, with words to find."""
    listed = CaseItem.objects.filter(case=case, step=step)
    counts = dict(listed.order_by().values_list("decision").annotate(n=Count("pk")))
    if only is not None:
        listed = listed.filter(decision=only)
    for word in search_key(search).split()[:10]:
        listed = listed.filter(search_key__contains=word)
    found = listed.count()
    page_count = max(1, -(-found // PAGE_SIZE))
    number = min(max(1, number), page_count)
    shown = listed.select_related("row")[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return ItemPage(list(shown), counts, number, page_count, found)


def undecided_versions(case: WorkflowCase, step: str, *, search: str = "") -> dict[int, int]:
    """Return the things of a list that wait for a decision, each with its version."""
    listed = CaseItem.objects.filter(case=case, step=step, decision="")
    for word in search_key(search).split()[:10]:
        listed = listed.filter(search_key__contains=word)
    return dict(listed.values_list("pk", "version"))


def lines_of(view: CaseView, step: Step) -> list[Row]:
    """Return the rows a step has added line by line."""
    return view.world.rows_where(step.lines.register, step.lines.values) if step.lines else []


def subjects_for(unit: Unit, workflow: Workflow, *, now: datetime) -> list[Row]:
    """Return the rows a new case may be about: those the declaration names, without an open case."""
    if workflow.subject.register is None:
        return []
    probe = World(WorkflowCase(unit=unit), now=now)
    rows = probe.rows_where(workflow.subject.register, workflow.subject.where)
    taken = set(
        cases_of([unit])
        .filter(workflow=workflow.code, state=WorkflowCase.State.OPEN)
        .values_list("subject_id", flat=True)
    )
    return [row for row in rows if row.pk not in taken]


def minutes_of(case: WorkflowCase) -> FrozenMinutes:
    """Return the frozen minutes of a case.

    Raises: MinutesNotMade: the step was not done yet
    """
    found = FrozenMinutes.objects.filter(case=case).select_related("case__unit").first()
    if found is None:
        raise MinutesNotMade(number=case.number)
    return found
