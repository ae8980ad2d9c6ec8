"""khien today: what must be done at a unit, or at all, by when, and which clause says so."""

from __future__ import annotations

import argparse
from typing import Any

from khien.cli.output import painted, put, put_json, put_wrapped, say
from khien.desk.tasks.day import Day, day_of_units
from khien.desk.tasks.gathered import Group
from khien.desk.tasks.task import BY_OWN_REGISTER, Task
from khien.kernel.clock import said_day
from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.norms.wording import cited
from khien.org.selectors import all_units, unit_by_code


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: [--unit CODE] [--json]."""
    parser.add_argument("--unit", help=str(Text("mã đơn vị", "the unit's code")))
    parser.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))


def run(args: argparse.Namespace) -> int:
    """Print the tasks of one unit, or of all; of very many units what fails, in sum."""
    units = [unit_by_code(args.unit)] if args.unit else [u for u in all_units() if not u.ended_on]
    day = day_of_units(units)
    if args.json:
        put_json(
            {"groups": [_group(g) for g in day.groups], "below": [_task(t) for t in day.below]}
        )
        return 0
    _print(day)
    if not day.count and not day.below:
        say("Không có việc nào đang chờ.", "Nothing waits.")
    return 0


def _print(day: Day) -> None:
    for group in day.groups:
        put(painted(f"{group.word} ({group.count})", "bold"))
        for task in (*group.first, *group.rest):
            _print_task(task)
        if group.left:
            left = Text(f"… và {group.left} việc nữa", f"… and {group.left} more")
            put(f"  {left}")
    for task in day.below:
        _print_task(task)


def _print_task(task: Task) -> None:
    when = said_day(task.due_on) if task.due_on else ""
    put(f"  {when:<10}  {task.title}{f' · {task.where}' if task.where else ''}")
    if task.why:
        put_wrapped(str(task.why))
    said = [str(_cited(anchor)) for anchor in task.anchors]
    if task.is_own_rule:
        said.append(str(BY_OWN_REGISTER))
    if said:
        put_wrapped("; ".join(said), colour="dim")


def _cited(anchor: str) -> Text:
    document, _, path = anchor.partition("/")
    return cited(load_library().documents[document], path)


def _group(group: Group) -> dict[str, Any]:
    return {
        "group": group.code,
        "title": group.word.as_dict(),
        "count": group.count,
        "tasks": [_task(task) for task in (*group.first, *group.rest)],
    }


def _task(task: Task) -> dict[str, Any]:
    return {
        "source": task.source,
        "title": task.title.as_dict(),
        "why": task.why.as_dict() if task.why else None,
        "due_on": task.due_on.isoformat() if task.due_on else None,
        "is_urgent": task.is_urgent,
        "clauses": list(task.anchors),
        "is_own_rule": task.is_own_rule,
        "target": task.target.as_dict(),
    }
