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
    """Return why the day is as it is, and what closes the duty; the day itself stands beside the task."""
    said = [] if is_cited else [Text(f"{shown.cited.vi}.", f"{shown.cited.en}.")]
    said += shown.notes[:1]
    said += [Text(f"Xong khi có: {one.vi}", f"Closes by: {one.en}") for one in shown.closes[:1]]
    return Text(" ".join(text.vi for text in said), " ".join(text.en for text in said))


def _same(one: Occurrence, unit: str) -> Iterable[Target]:
    """Yield what other sources would say of the same thing."""
    if one.subject is not None:
        yield row_target(unit, one.subject.register, one.subject.number)
    if getattr(one, "stands", "") == OVERDUE:
        yield control_target(unit, one.control)
