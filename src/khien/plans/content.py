"""What a plan says, frozen: everything its document needs and nothing it has to look up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from khien.kernel.clock import iso_utc, vietnam_date
from khien.norms.library import load_library
from khien.plans.models import PlanDraft
from khien.plans.services import cited_clause


def plan_content(draft: PlanDraft, *, now: datetime) -> dict[str, Any]:
    """Return a draft as plain values, in the order of its tasks."""
    unit = draft.unit
    tasks = [
        {
            "task": task.task,
            "clause": cited_clause(task.anchor).vi if task.anchor else "",
            "document": task.anchor.partition("/")[0],
            "division": task.division,
            "person": task.person.name if task.person else "",
            "due_on": task.due_on.isoformat() if task.due_on else "",
            "cost": task.cost,
        }
        for task in draft.tasks.select_related("person")
    ]
    library = load_library()
    bases = dict.fromkeys(str(task["document"]) for task in tasks)
    return {
        "title": draft.title,
        "number": draft.number,
        "made_at": iso_utc(now),
        "made_on": vietnam_date(now).isoformat(),
        "unit": {
            "code": unit.code,
            "name": unit.name_vi,
            "parent": unit.parent.name_vi if unit.parent else unit.parent_name_vi,
            "kind": unit.kind,
            "place": unit.place,
        },
        "purpose": draft.purpose.splitlines(),
        "carrying_out": draft.carrying_out.splitlines(),
        "bases": [code for code in bases if code in library.documents],
        "tasks": tasks,
    }
