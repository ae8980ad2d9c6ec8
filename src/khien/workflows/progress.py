"""Where a case stands: which steps are done, which may be done now, by when, what they still need."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from khien.kernel.canonical import Json
from khien.kernel.clock import parse_iso, vietnam_date
from khien.norms.rulebook import Resolved, Rulebook
from khien.workflows.declarations import CASE, PREVIOUS, Due, Requirement, Step, Workflow
from khien.workflows.models import StepDone, WorkflowCase
from khien.workflows.world import World

Standing = Literal["done", "now", "later", "not_needed"]


@dataclass(frozen=True, slots=True)
class DueDay:
    """The day something is due, and why: the parameter of a text, or the unit's own interval."""

    on: date
    resolved: Resolved | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class Met:
    """A requirement, and whether the registers meet it."""

    requirement: Requirement
    is_met: bool


@dataclass(frozen=True, slots=True)
class StepState:
    """One step of a case as it stands."""

    step: Step
    standing: Standing
    done: StepDone | None
    due: DueDay | None
    waits_for: tuple[Step, ...]


def step_states(workflow: Workflow, world: World, rulebook: Rulebook | None) -> list[StepState]:
    """Return the steps of a case in their order, each as it stands."""
    is_open = world.case.state == WorkflowCase.State.OPEN
    states: list[StepState] = []
    for step in workflow.steps.values():
        done = world.steps.get(step.code)
        waits = waits_for(workflow, step, world)
        standing: Standing = (
            "done" if done
            else "not_needed" if not world.holds(step.only_if) and not waits
            else "now" if is_open and not waits
            else "later"
        )  # fmt: skip
        # Of a step that waits for others, days that count from them are not known yet.
        counts = done is None and (standing == "now" or not _from_previous(step.due))
        due = due_day(step.due, workflow, step, world, rulebook) if counts else None
        states.append(StepState(step, standing, done, due, waits))
    return states


def _from_previous(due: Due | None) -> bool:
    return due is not None and due.start == PREVIOUS


def waits_for(workflow: Workflow, step: Step, world: World) -> tuple[Step, ...]:
    """Return the steps that must be closed before a step; those that the case does not need are passed over."""
    missing: list[Step] = []
    for code in workflow.before(step):
        earlier = workflow.steps[code]
        if code in world.steps:
            continue
        if world.holds(earlier.only_if):
            missing.append(earlier)
        else:
            missing.extend(s for s in waits_for(workflow, earlier, world) if s not in missing)
    return tuple(missing)


def due_day(
    due: Due | None, workflow: Workflow, step: Step | None, world: World, rulebook: Rulebook | None
) -> DueDay | None:
    """Return by when something is due; None where nothing says so, or the day it counts from is not known."""
    if due is None:
        return None
    start = _start(due, workflow, step, world)
    if start is None:
        if not (due.days and due.parameter):
            return None
        # Nothing to count from yet, as before a first review: the unit's own days from the case's start.
        return DueDay(
            vietnam_date(world.case.started_at) + timedelta(days=due.days), None, is_own=True
        )
    if due.parameter is None:
        return DueDay(start + timedelta(days=due.days), None, due.is_own)
    resolved = _resolved(due, rulebook)
    if resolved is None or not isinstance(resolved.value, int):
        return DueDay(start + timedelta(days=due.days), None, is_own=True) if due.days else None
    if resolved.parameter.unit == "month":
        return DueDay(months_later(start, resolved.value), resolved, is_own=False)
    return DueDay(start + timedelta(days=resolved.value), resolved, is_own=False)


def months_later(day: date, months: int) -> date:
    """Return the same day some months later; the last of a shorter month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _resolved(due: Due, rulebook: Rulebook | None) -> Resolved | None:
    rule = rulebook.rules.get(due.control or "") if rulebook is not None else None
    return rule.parameters.get(due.parameter or "") if rule is not None else None


def _start(due: Due, workflow: Workflow, step: Step | None, world: World) -> date | None:
    started = vietnam_date(world.case.started_at)
    if due.start == CASE:
        return started
    if due.start == PREVIOUS and step is not None:
        earlier = [world.steps[code] for code in workflow.before(step) if code in world.steps]
        return vietnam_date(max(done.done_at for done in earlier)) if earlier else started
    return day_of(world.at(due.start))


def day_of(value: Json) -> date | None:
    """Return the day a canonical value says; None where it says none."""
    if not isinstance(value, str) or not value:
        return None
    try:
        return date.fromisoformat(value) if len(value) == 10 else vietnam_date(parse_iso(value))
    except ValueError:
        return None


def checked(requirements: Sequence[Requirement], world: World) -> list[Met]:
    """Return the requirements that apply to a case, each with whether it is met."""
    return [
        Met(requirement, _is_met(requirement, world))
        for requirement in requirements
        if world.holds(requirement.only_if)
    ]


def _is_met(requirement: Requirement, world: World) -> bool:
    if requirement.register is None:
        return world.holds(requirement.holds)
    found = world.rows_where(requirement.register, requirement.where)
    return not found if requirement.is_absence else bool(found)
