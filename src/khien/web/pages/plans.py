"""Plans as pages: drafts and signed plans with their progress, one draft with its tasks, gaps to choose from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import QueryDict

from khien.kernel.clock import vietnam_date
from khien.kernel.language import Text
from khien.org.models import Unit
from khien.plans.errors import PlanRefused
from khien.plans.gaps import KINDS, Gap, gaps_of
from khien.plans.models import PlanDraft, PlanTask
from khien.plans.selectors import (
    STATES,
    Progress,
    drafts_of,
    persons_of,
    plan_progress,
    signed_plans,
)
from khien.plans.services import TaskText, cited_clause
from khien.registers.declarations import register_by_code
from khien.registers.models import Row
from khien.registers.values import read_day_of

_GROUP_MAX = 60
_NUMBER = re.compile(r"[0-9]{1,18}")
_DUE = Text("Hạn hoàn thành", "Due on")


@dataclass(frozen=True, slots=True)
class GapGroup:
    """The gaps of one kind."""

    code: str
    word: Text
    gaps: Sequence[Gap]
    left: int


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """How the tasks of one plan, or by one clause, come along."""

    name: str
    row: Row | None
    counts: Sequence[int]
    total: int


@dataclass(frozen=True, slots=True)
class PlansPage:
    """The plans of a unit: drafts, and the tasks of signed ones."""

    drafts: Sequence[PlanDraft]
    progress: Progress
    by_plan: Sequence[ProgressLine]
    by_clause: Sequence[ProgressLine]

    @property
    def in_all(self) -> list[tuple[str, int]]:
        """Return how many tasks stand how."""
        return [(state, self.progress.counts[state]) for state in STATES]


@dataclass(frozen=True, slots=True)
class TaskShown:
    """One task of a draft as the form shows it."""

    task: PlanTask
    clause: Text
    text: str
    division: str
    person: str
    due_on: str
    cost: str


@dataclass(frozen=True, slots=True)
class DraftPage:
    """One draft: its tasks, who may do them, gaps still open, signed papers to join it to."""

    draft: PlanDraft
    tasks: Sequence[TaskShown]
    persons: Sequence[Row]
    groups: Sequence[GapGroup]
    papers: Sequence[Row]
    cost: int
    title: str
    purpose: str
    carrying_out: str

    @property
    def is_open(self) -> bool:
        """Say whether it may still be changed."""
        return self.draft.state == PlanDraft.State.DRAFT


def plans_page(unit: Unit, *, now: datetime) -> PlansPage:
    """Put the page of a unit's plans together."""
    progress = plan_progress([unit], today=vietnam_date(now))
    names = {row.pk: row for row in signed_plans(unit)}
    by_plan = [
        _line(names[pk].name if pk in names else f"#{pk}", counts, names.get(pk))
        for pk, counts in progress.by_plan.items()
    ]
    by_clause = [
        _line(name or str(_NO_CLAUSE), counts, None) for name, counts in progress.by_clause.items()
    ]
    return PlansPage(
        drafts=list(drafts_of([unit])),
        progress=progress,
        by_plan=sorted(by_plan, key=lambda line: line.name),
        by_clause=sorted(by_clause, key=lambda line: (-line.counts[2], line.name)),
    )


_NO_CLAUSE = Text("không dẫn điều khoản", "no clause")


def _line(name: str, counts: Mapping[str, int], row: Row | None) -> ProgressLine:
    numbers = [counts.get(state, 0) for state in STATES]
    return ProgressLine(name, row, numbers, sum(numbers))


def gap_groups(unit: Unit, *, now: datetime, without: Sequence[str] = ()) -> list[GapGroup]:
    """Return the gaps of a unit by kind, without those a draft has already."""
    held = set(without)
    found: dict[str, list[Gap]] = {}
    for gap in gaps_of(unit, now=now):
        if gap.source not in held:
            found.setdefault(gap.kind, []).append(gap)
    return [
        GapGroup(code, KINDS[code], gaps[:_GROUP_MAX], max(0, len(gaps) - _GROUP_MAX))
        for code, gaps in found.items()
    ]


def draft_page(draft: PlanDraft, *, now: datetime, typed: QueryDict | None = None) -> DraftPage:
    """Put the page of a draft together; what was typed into a refused form stays."""
    tasks = list(draft.tasks.select_related("person", "row"))
    is_open = draft.state == PlanDraft.State.DRAFT
    return DraftPage(
        draft=draft,
        tasks=[_shown(task, typed) for task in tasks],
        persons=persons_of(draft.unit) if is_open else [],
        groups=gap_groups(draft.unit, now=now, without=[t.source for t in tasks])
        if is_open
        else [],
        papers=signed_plans(draft.unit) if is_open else [],
        cost=sum(task.cost or 0 for task in tasks),
        title=_kept(typed, "ten", draft.title),
        purpose=_kept(typed, "muc-dich", draft.purpose),
        carrying_out=_kept(typed, "to-chuc", draft.carrying_out),
    )


def _kept(typed: QueryDict | None, name: str, stored: str) -> str:
    return stored if typed is None else typed.get(name, stored)


def _shown(task: PlanTask, typed: QueryDict | None) -> TaskShown:
    due_on = f"{task.due_on:%d/%m/%Y}" if task.due_on else ""
    cost = "" if task.cost is None else f"{task.cost:,}".replace(",", ".")
    return TaskShown(
        task=task,
        clause=cited_clause(task.anchor) if task.anchor else Text("", ""),
        text=_kept(typed, f"viec-{task.pk}", task.task),
        division=_kept(typed, f"phong-{task.pk}", task.division),
        person=_kept(typed, f"nguoi-{task.pk}", str(task.person_id or "")),
        due_on=_kept(typed, f"han-{task.pk}", due_on),
        cost=_kept(typed, f"tien-{task.pk}", cost),
    )


def typed_tasks(draft: PlanDraft, typed: QueryDict) -> dict[int, TaskText | None]:
    """Return what a form says of each task of a draft; None: to be taken out.

    Raises: PlanRefused: a day or a sum cannot be read
    """
    persons = {str(row.pk): row for row in persons_of(draft.unit)}
    found: dict[int, TaskText | None] = {}
    for place, pk in enumerate(draft.tasks.values_list("pk", flat=True), start=1):
        if f"viec-{pk}" not in typed:
            continue
        is_out = typed.get(f"bo-{pk}") == "1"
        found[pk] = None if is_out else _typed(typed, f"-{pk}", persons, place)
    return found


def own_task(draft: PlanDraft, typed: QueryDict) -> TaskText:
    """Return the task that a person wrote anew.

    Raises: PlanRefused: a day or a sum cannot be read
    """
    return _typed(typed, "", {str(row.pk): row for row in persons_of(draft.unit)}, 0)


def _typed(typed: QueryDict, mark: str, persons: Mapping[str, Row], place: int) -> TaskText:
    return TaskText(
        task=typed.get(f"viec{mark}", ""),
        division=typed.get(f"phong{mark}", ""),
        person=persons.get(typed.get(f"nguoi{mark}", "")),
        due_on=_day(typed.get(f"han{mark}", ""), place),
        cost=_sum(typed.get(f"tien{mark}", ""), place),
    )


def _day(text: str, place: int) -> date | None:
    if not text.strip():
        return None
    day, problem = read_day_of(_DUE, text)
    if problem is not None:
        raise PlanRefused(_at(place, problem.text))
    return day


def _sum(text: str, place: int) -> int | None:
    if not text.strip():
        return None
    bare = text.replace(".", "").replace(" ", "").replace("\u00a0", "")
    if not bare.isascii() or not _NUMBER.fullmatch(bare):
        field = register_by_code("plan_task").fields["cost"]
        wrong = Text(
            f"«{field.title.vi}»: «{text[:40]}» không phải số tiền.",
            f"“{field.title.en}”: “{text[:40]}” is no sum of money.",
        )
        raise PlanRefused(_at(place, wrong))
    return int(bare)


def _at(place: int, text: Text) -> Text:
    if not place:
        return text
    return Text(f"nhiệm vụ {place}: {text.vi}", f"task {place}: {text.en}")
