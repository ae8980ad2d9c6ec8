"""The day of a person or of units: which tasks are shown, in which groups, and what was looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from khien.checks.models import Assessment
from khien.checks.selectors import last_assessment
from khien.desk.tasks.gathered import BELOW, OF_A_PERSON, OF_UNITS, Group, grouped, tasks_of
from khien.desk.tasks.task import Asked, Source, Task
from khien.kernel.clock import now_utc, vietnam_date
from khien.org.models import Unit, User
from khien.org.roles import APPROVE, READ, WRITE
from khien.org.selectors import visible_to

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
    """Return what must be done at a unit, or at all units of a person, with what waits for the person alone."""
    own, below = ([unit], []) if unit is not None else _units_of(user)
    return _day(user, own, below)


def day_of_units(units: Iterable[Unit]) -> Day:
    """Return what must be done at units, whoever does it; where they are many, in sum."""
    asked = list(units)
    return _day(None, asked, []) if len(asked) <= DETAIL_MAX else _day(None, [], asked)


def _day(user: User | None, own: Sequence[Unit], below: Sequence[Unit]) -> Day:
    now = now_utc()
    today = vietnam_date(now)
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
