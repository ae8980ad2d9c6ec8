"""The page of a case: its steps as they stand, what each asks and needs, what was given, what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from khien.kernel.language import Text
from khien.norms.rulebook import Rulebook
from khien.registers.declarations import register_by_code
from khien.registers.errors import FieldProblem
from khien.registers.models import Row
from khien.web.pages.workflow_forms import Circle, StepForm, bound, line_form, step_form
from khien.workflows.declarations import Step
from khien.workflows.doers import Doer
from khien.workflows.minutes import said_value
from khien.workflows.progress import Met, StepState, checked
from khien.workflows.selectors import CaseView, ItemPage, items_page, lines_of
from khien.workflows.services import WHO, is_theirs


@dataclass(frozen=True, slots=True)
class Failed:
    """A form that was refused: of which step, what was typed, and what is wrong with it."""

    step: str
    raw: Mapping[str, object]
    problems: Sequence[FieldProblem]
    said: str = ""
    is_line: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A requirement as it is shown: whether it is met, the clause, the register to complete."""

    met: Met
    clause: tuple[str, str] | None
    register: str | None
    row: int | None


@dataclass(slots=True)
class StepShown:
    """One step on the page."""

    state: StepState
    who: Text
    clauses: list[tuple[str, str]]
    is_mine: bool
    is_open: bool
    pairs: list[tuple[Text, str]] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    items: ItemPage | None = None
    lines: list[tuple[Row, list[str]]] = field(default_factory=list)
    line_heads: list[Text] = field(default_factory=list)
    form: StepForm | None = None
    line: StepForm | None = None

    @property
    def step(self) -> Step:
        """Return the declared step."""
        return self.state.step


@dataclass(frozen=True, slots=True)
class CasePage:
    """The whole page."""

    view: CaseView
    steps: list[StepShown]
    failed: Failed | None
    due_on: date | None


def case_page(
    view: CaseView,
    doer: Doer,
    circle: Circle,
    rulebook: Rulebook,
    *,
    asked: str = "",
    failed: Failed | None = None,
) -> CasePage:
    """Return the page of a case for a person; `asked` is the step whose form stands open."""
    now_steps = [state.step.code for state in view.next_states]
    mine = [code for code in now_steps if is_theirs(view.workflow.steps[code], view.world, doer)]
    opened = (
        failed.step
        if failed
        else asked
        if asked in now_steps
        else next(iter(mine or now_steps), "")
    )
    steps = [
        _shown(
            view, state, doer, circle, rulebook, is_open=state.step.code == opened, failed=failed
        )
        for state in view.states
    ]
    return CasePage(view, steps, failed, view.due_on)


def _shown(  # one step needs all of the page
    view: CaseView,
    state: StepState,
    doer: Doer,
    circle: Circle,
    rulebook: Rulebook,
    *,
    is_open: bool,
    failed: Failed | None,
) -> StepShown:
    step = state.step
    clauses = bound(step.clauses, rulebook.documents)
    shown = StepShown(state, WHO[step.who], clauses, is_theirs(step, view.world, doer), is_open)
    if state.done is not None:
        shown.pairs = [
            (asked.field.title, said)
            for code, asked in step.fields.items()
            if (said := said_value(asked.field, state.done.values.get(code)))
        ]
    if step.requires and state.standing in ("now", "later"):
        shown.conditions = _conditions(view, step, rulebook)
    if step.items is not None and state.standing in ("now", "done"):
        shown.items = items_page(view.case, step.code)
    if step.lines is not None and state.standing in ("now", "done"):
        _add_lines(shown, view)
    if state.standing == "now" and shown.is_mine:
        own = failed if failed and failed.step == step.code else None
        _add_forms(shown, view, circle, own)
    return shown


def _conditions(view: CaseView, step: Step, rulebook: Rulebook) -> list[Condition]:
    found = []
    for met in checked(step.requires, view.world):
        requirement = met.requirement
        if any(not path.startswith(("subject", "rows")) for path in requirement.holds):
            continue  # about what the form itself is filled with
        clauses = bound([requirement.clause] if requirement.clause else [], rulebook.documents)
        subject = view.case.subject
        is_of_subject = requirement.register is None and subject is not None
        register = subject.register if is_of_subject and subject else requirement.register
        number = subject.number if is_of_subject and subject else None
        found.append(Condition(met, clauses[0] if clauses else None, register, number))
    return found


def _add_lines(shown: StepShown, view: CaseView) -> None:
    table = shown.step.lines
    if table is None:
        return
    fields = [register_by_code(table.register).fields[code] for code in table.fields]
    shown.line_heads = [field.title for field in fields]
    shown.lines = [
        (row, [said_value(field, row.values.get(field.code)) for field in fields])
        for row in lines_of(view, shown.step)
    ]


def _add_forms(shown: StepShown, view: CaseView, circle: Circle, failed: Failed | None) -> None:
    is_line = failed is not None and failed.is_line
    given = failed if failed and not is_line else None
    problems = given.problems if given else ()
    raw = given.raw if given else None
    shown.form = step_form(shown.step, view.world, circle, raw=raw, problems=problems)
    line_problems = failed.problems if failed and is_line else ()
    line_raw = failed.raw if failed and is_line else None
    shown.line = line_form(shown.step, circle, raw=line_raw, problems=line_problems)
