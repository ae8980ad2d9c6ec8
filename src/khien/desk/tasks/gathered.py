"""All sources of tasks, asked in turn, and their tasks put into groups by when they are due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from khien.desk.targets import Target
from khien.desk.tasks import (
    from_bundles,
    from_duties,
    from_findings,
    from_people,
    from_registers,
    from_suppliers,
    from_texts,
)
from khien.desk.tasks.task import ANCHORS_MAX, Asked, Source, Task
from khien.kernel.clock import said_day
from khien.kernel.language import Text

# A later room adds its own source here.
OF_UNITS: tuple[Source, ...] = (
    Source("own", Text("việc chờ riêng bạn", "what waits for you alone"), from_people.own),
    Source("duties", Text("nghĩa vụ theo kỳ", "duties by their days"), from_duties.due),
    Source("failing", Text("biện pháp không đạt", "controls that fail"), from_findings.failing),
    Source("soon", Text("điều sắp không đạt", "what will fail soon"), from_findings.soon),
    Source("rows", Text("ngày hạn trong sổ", "days in registers"), from_registers.rows),
    Source(
        "confirm",
        Text("xác nhận sổ đầy đủ", "confirmations of registers"),
        from_registers.confirmations_to_renew,
    ),
    Source(
        "suppliers",
        Text("nhà cung cấp chưa khắc phục", "repairs awaited of suppliers"),
        from_suppliers.awaited,
    ),
    Source(
        "bundles",
        Text("gói gửi, nhận giữa các đơn vị", "bundles between instances"),
        from_bundles.to_look_at,
    ),
    Source("texts", Text("văn bản của đơn vị", "the unit's own texts"), from_texts.on_their_way),
    Source("steps", Text("bước quy trình", "steps of processes"), from_people.steps),
    Source(
        "requests", Text("đề nghị tài khoản", "requests for accounts"), from_people.account_requests
    ),
    Source(
        "unknown",
        Text("sổ quyết định điều chưa rõ", "registers that would decide what is unknown"),
        from_findings.registers_to_keep,
    ),
)
OF_A_PERSON = OF_UNITS[:1]
_SAID_BY_DUTIES = ("failing", "soon", "rows")
BELOW = Source("below", Text("đơn vị cấp dưới", "units below"), from_findings.failing_below)
SHOWN_MAX = 6
GROUP_MAX = 60
GROUPS: tuple[tuple[str, Text], ...] = (
    ("overdue", Text("Quá hạn", "Overdue")),
    ("today", Text("Hôm nay", "Today")),
    ("week", Text("Trong 7 ngày", "Within 7 days")),
    ("month", Text("Trong 30 ngày", "Within 30 days")),
    ("sometime", Text("Khi có thể", "When possible")),
)


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks that are due in the same time: the first few, the rest, and how many there are in all."""

    code: str
    word: Text
    first: Sequence[Task]
    rest: Sequence[Task]
    count: int

    @property
    def left(self) -> int:
        """Return how many are not shown at all."""
        return self.count - len(self.first) - len(self.rest)


def tasks_of(asked: Asked, sources: Iterable[Source] = OF_UNITS) -> list[Task]:
    """Return all tasks of the sources; what stands in a register and is foreseen to fail is said once."""
    found = _without_doubles([task for source in sources for task in source.find(asked)])
    once = {(task.title.vi, task.target, task.due_on, task.where): task for task in found}
    return _with_forecasts_joined(list(once.values()))


def _without_doubles(tasks: Sequence[Task]) -> list[Task]:
    """Leave out what a duty with a day says already: its control that fails, the row that it is about."""
    said = {target for task in tasks for target in task.instead_of}
    return [task for task in tasks if task.source not in _SAID_BY_DUTIES or task.target not in said]


def _with_forecasts_joined(tasks: Sequence[Task]) -> list[Task]:
    """Join what is foreseen about a row to the task of that row, the one whose day is nearest."""
    found, rows = list(tasks), dict[Target, list[int]]()
    for place, task in enumerate(tasks):
        if task.source == "rows":
            rows.setdefault(task.target, []).append(place)
    joined = set[int]()
    for place, task in enumerate(tasks):
        if task.source == "soon" and task.target in rows:
            nearest = min(rows[task.target], key=lambda at: _days_apart(found[at], task))
            found[nearest] = _joined(found[nearest], task)
            joined.add(place)
    return [task for place, task in enumerate(found) if place not in joined]


def _days_apart(one: Task, other: Task) -> int:
    return abs(((one.due_on or date.max) - (other.due_on or date.max)).days)


def _joined(row: Task, foreseen: Task) -> Task:
    """Return the task of a row that also names the control that will fail, and since when."""
    day = said_day(foreseen.due_on) if foreseen.due_on else ""
    said = Text(
        f"Từ {day} biện pháp «{foreseen.title.vi}» không đạt.",
        f"From {day} the control “{foreseen.title.en}” fails.",
    )
    why = row.why or Text("", "")
    anchors = tuple(dict.fromkeys(row.anchors + foreseen.anchors))[:ANCHORS_MAX]
    return replace(
        row,
        why=Text(f"{why.vi} {said.vi}".strip(), f"{why.en} {said.en}".strip()),
        anchors=anchors,
        is_own_rule=not anchors,
        rank=min(row.rank, foreseen.rank),
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
            groups.append(Group(code, word, first, rest, len(members)))
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
