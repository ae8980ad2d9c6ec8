"""The day of a person: whose tasks are shown, in which groups, and what was looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from khien.checks.models import Assessment
from khien.checks.selectors import last_assessment
from khien.kernel.clock import now_utc, vietnam_date
from khien.org.models import Unit, User
from khien.org.roles import APPROVE, READ, WRITE
from khien.org.selectors import visible_to
from khien.web.tasks.gathered import BELOW, OF_A_PERSON, OF_UNITS, Group, grouped, tasks_of
from khien.web.tasks.task import Asked, Source, Task

# With more units than this a person looks after them in sum, not task by task.
DETAIL_MAX = 12


@dataclass(frozen=True, slots=True)
class Day:
    """What must be done: groups of tasks, tasks of the units below in sum, and what was looked at."""

    groups: Sequence[Group]
    below: Sequence[Task]
    below_count: int
    sources: Sequence[Source]
    assessment: Assessment | None
    is_reader: bool

    @property
    def count(self) -> int:
        """Return how many tasks there are."""
        return sum(group.count for group in self.groups)


def day_of(user: User, unit: Unit | None = None) -> Day:
    """Return what must be done at a unit, or at all units of a person."""
    now = now_utc()
    today = vietnam_date(now)
    own, below = ([unit], []) if unit is not None else _units_of(user)
    asked = Asked(user, own, below=below, now=now, today=today)
    sources = OF_UNITS if own else OF_A_PERSON
    return Day(
        groups=grouped(tasks_of(asked, sources), today=today),
        below=tasks_of(asked, (BELOW,)) if below else (),
        below_count=len(below),
        sources=sources,
        assessment=last_assessment(own[0]) if own else None,
        is_reader=bool(own or below),
    )


def _units_of(user: User) -> tuple[list[Unit], list[Unit]]:
    """Return the units a person works for, and those looked after from above."""
    at_work = set(visible_to(user, WRITE).values_list("pk", flat=True))
    at_work |= set(visible_to(user, APPROVE).values_list("pk", flat=True))
    readable = list(visible_to(user, READ).filter(ended_on=None))
    own = [unit for unit in readable if unit.pk in at_work][:DETAIL_MAX]
    chosen = {unit.pk for unit in own}
    return own, [unit for unit in readable if unit.pk not in chosen]
