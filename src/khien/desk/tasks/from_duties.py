"""Tasks from duties on the calendar: what is overdue, and what must be done within the days ahead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from khien.desk.targets import Target, control_target, duty_target, row_target
from khien.desk.tasks.task import AHEAD_DAYS, Asked, Task
from khien.duties.models import Occurrence
from khien.duties.proofs import load_proofs
from khien.duties.selectors import OVERDUE, UNDONE, occurrences
from khien.duties.selectors import Asked as AskedDuties
from khien.duties.shown import Shown, shown_of
from khien.kernel.language import Text
from khien.norms.library import load_library

_RANKS = {"high": 0, "medium": 1, "low": 2}
_MAX = 200


def due(asked: Asked) -> Iterable[Task]:
    """Find duties to act on: a task stands for what its control or its register row says of the same thing."""
    library, rules = load_library(), load_proofs()
    until = asked.today + timedelta(days=AHEAD_DAYS)
    found = occurrences(asked.units, AskedDuties(stands=UNDONE), now=asked.now)
    for one in found.filter(act_on__lte=until)[:_MAX]:
        shown = shown_of(one, rules=rules, library=library)
        unit = asked.by_id[one.unit_id]
        control = library.controls.get(one.control)
        yield Task(
            source="duties",
            title=shown.title,
            target=duty_target(unit.code, one.pk),
            due_on=one.due_on if getattr(one, "stands", "") == OVERDUE else one.act_on,
            anchors=(f"{one.document}/{one.clause}",) if one.document in library.documents else (),
            why=_why(shown, is_cited=one.document in library.documents),
            rank=_RANKS[control.severity] if control else 1,
            where=asked.where(unit),
            instead_of=tuple(_same(one, unit.code)),
        )


def _why(shown: Shown, *, is_cited: bool) -> Text:
    said = [shown.when, *(() if is_cited else (shown.cited,)), *shown.notes[:1]]
    vi, en = (". ".join(getattr(text, name).rstrip(".") for text in said) for name in ("vi", "en"))
    return Text(f"{vi[:1].upper()}{vi[1:]}.", f"{en[:1].upper()}{en[1:]}.")


def _same(one: Occurrence, unit: str) -> Iterable[Target]:
    """Yield what other sources would say of the same thing."""
    if one.subject is not None:
        yield row_target(unit, one.subject.register, one.subject.number)
    if getattr(one, "stands", "") == OVERDUE:
        yield control_target(unit, one.control)
