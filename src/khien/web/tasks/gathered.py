"""All sources of tasks, asked in turn, and their tasks put into groups by when they are due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from khien.web.tasks import from_findings, from_people, from_registers
from khien.web.tasks.task import Asked, Source, Task

# A later room adds its own source here.
OF_UNITS: tuple[Source, ...] = (
    Source("own", gettext_lazy("what waits for you alone"), from_people.own),
    Source("failing", gettext_lazy("controls that fail"), from_findings.failing),
    Source("soon", gettext_lazy("what will fail soon"), from_findings.soon),
    Source("rows", gettext_lazy("days in registers"), from_registers.rows),
    Source(
        "confirm",
        gettext_lazy("confirmations of registers"),
        from_registers.confirmations_to_renew,
    ),
    Source("steps", gettext_lazy("steps of processes"), from_people.steps),
    Source("requests", gettext_lazy("requests for accounts"), from_people.account_requests),
    Source(
        "unknown",
        gettext_lazy("registers that would decide what is unknown"),
        from_findings.registers_to_keep,
    ),
)
OF_A_PERSON = OF_UNITS[:1]
BELOW = Source("below", gettext_lazy("units below"), from_findings.failing_below)
SHOWN_MAX = 6
GROUP_MAX = 60
GROUPS: tuple[tuple[str, Promise], ...] = (
    ("overdue", gettext_lazy("Overdue")),
    ("today", gettext_lazy("Today")),
    ("week", gettext_lazy("Within 7 days")),
    ("month", gettext_lazy("Within 30 days")),
    ("sometime", gettext_lazy("When possible")),
)


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks that are due in the same time: the first few, the rest, and how many there are in all."""

    code: str
    word: str
    first: Sequence[Task]
    rest: Sequence[Task]
    count: int

    @property
    def left(self) -> int:
        """Return how many are not shown at all."""
        return self.count - len(self.first) - len(self.rest)


def tasks_of(asked: Asked, sources: Iterable[Source] = OF_UNITS) -> list[Task]:
    """Return all tasks of the sources; what stands in a register and is foreseen to fail is said once."""
    found = [task for source in sources for task in source.find(asked)]
    return list(
        {(task.title.vi, task.url, task.due_on, task.where): task for task in found}.values()
    )


def grouped(tasks: Iterable[Task], *, today: date) -> list[Group]:
    """Return tasks in groups by when they are due, the most pressing first; empty groups are absent."""
    found: dict[str, list[Task]] = {}
    for task in tasks:
        found.setdefault(group_of(task, today=today), []).append(task)
    groups = []
    for code, word in GROUPS:
        members = sorted(found.get(code, ()), key=_order)
        if members:
            first, rest = members[:SHOWN_MAX], members[SHOWN_MAX:GROUP_MAX]
            groups.append(Group(code, str(word), first, rest, len(members)))
    return groups


def group_of(task: Task, *, today: date) -> str:
    """Return in which group a task stands."""
    if task.due_on is None:
        return "today" if task.is_urgent else "sometime"
    if task.due_on < today:
        return "overdue"
    if task.due_on == today:
        return "today"
    return "week" if task.due_on <= today + timedelta(days=7) else "month"


def _order(task: Task) -> tuple[date, int, str]:
    return (task.due_on or date.max, task.rank, task.title.vi)
