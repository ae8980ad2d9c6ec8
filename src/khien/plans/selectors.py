"""The only door through which plans are read: drafts, and how the tasks of signed plans come along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from khien.org.models import Unit
from khien.plans.errors import UnknownPlan
from khien.plans.models import PlanDraft
from khien.plans.services import PLAN_KINDS
from khien.registers.declarations import register_by_code
from khien.registers.models import Row
from khien.registers.selectors import Filter, RowQuery, rows_of

STATES = ("done", "done_late", "late", "in_progress", "not_started")


@dataclass(frozen=True, slots=True)
class Progress:
    """How the tasks of plans come along: by state, by clause, and of each plan (by the id of its document)."""

    counts: Mapping[str, int]
    by_clause: Mapping[str, Mapping[str, int]]
    by_plan: Mapping[int, Mapping[str, int]]
    cost: int

    @property
    def total(self) -> int:
        """Return how many tasks there are."""
        return sum(self.counts.values())


def drafts_of(units: Iterable[Unit]) -> QuerySet[PlanDraft]:
    """Return the drafts of units, newest first, each with how many tasks it has."""
    found = PlanDraft.objects.filter(unit__in=units).select_related("unit", "document")
    return found.annotate(task_count=Count("tasks"))


def draft_at(unit: Unit, number: int) -> PlanDraft:
    """Return a draft of a unit by its number.

    Raises: UnknownPlan: there is none
    """
    found = drafts_of([unit]).filter(number=number).first()
    if found is None:
        raise UnknownPlan(number=number)
    return found


def signed_plans(unit: Unit) -> list[Row]:
    """Return the plans that stand signed in the unit's register of documents, newest first."""
    query = RowQuery(filters=(Filter("is_approved", "is", True),), order="-issued_on")
    rows = rows_of([unit], register_by_code("document"), query)
    return list(rows.filter(values__kind__in=PLAN_KINDS)[:100])


def persons_of(unit: Unit) -> list[Row]:
    """Return the persons of a unit's register who have not left, by name."""
    query = RowQuery(filters=(Filter("left_on", "empty"),))
    return list(rows_of([unit], register_by_code("person"), query)[:2000])


def plan_progress(
    units: Iterable[Unit], *, today: date, since: date | None = None, until: date | None = None
) -> Progress:
    """Return how the tasks of plans come along, also for a quarter's report; one query for all units.

    Args: since, until: only what was finished between these days counts as done; all by default
    """
    rows = rows_of(units, register_by_code("plan_task"))
    counts: dict[str, int] = dict.fromkeys(STATES, 0)
    by_clause: dict[str, dict[str, int]] = {}
    by_plan: dict[int, dict[str, int]] = {}
    cost = 0
    for values in rows.values_list("values", flat=True):
        state = task_state(values, today=today)
        if state.startswith("done") and not _is_between(values["finished_on"], since, until):
            continue
        counts[state] += 1
        cost += values.get("cost") or 0
        groups = (
            by_clause.setdefault(values.get("clause_cited") or "", {}),
            by_plan.setdefault(values.get("plan") or 0, {}),
        )
        for group in groups:
            group[state] = group.get(state, 0) + 1
    return Progress(counts, by_clause, by_plan, cost)


def task_state(values: Mapping[str, object], *, today: date) -> str:
    """Return how a task of a plan stands on a day."""
    due, finished = values.get("due_on"), values.get("finished_on")
    if isinstance(finished, str) and date.fromisoformat(finished) <= today:
        return "done_late" if isinstance(due, str) and finished > due else "done"
    if isinstance(due, str) and date.fromisoformat(due) < today:
        return "late"
    has_begun = values.get("started_on") is not None or bool(values.get("progress_percent"))
    return "in_progress" if has_begun else "not_started"


def _is_between(day: str, since: date | None, until: date | None) -> bool:
    on = date.fromisoformat(day)
    return (since is None or since <= on) and (until is None or on <= until)
