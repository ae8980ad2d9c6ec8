"""The desk of reports: what is due with what it lacks, what is made when a thing happens, what was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from khien.kernel.language import Text
from khien.org.models import Unit
from khien.registers.models import Row
from khien.reports.definitions import Definition
from khien.reports.models import Report
from khien.reports.periods import ROW
from khien.reports.written_selectors import DueReport, due_reports, subjects_waiting

State = Report.State
STATE_WORDS: Mapping[str, Text] = {
    State.DRAFT: Text("đang soạn", "draft"),
    State.REVIEWED: Text("đã duyệt, chờ ký", "reviewed, to be signed"),
    State.SIGNED: Text("đã ký, chờ gửi", "signed, to be sent"),
    State.SENT: Text("đã gửi", "sent"),
    State.RECEIVED: Text("nơi nhận đã nhận", "received"),
    State.RETURNED: Text("bị trả lại", "returned"),
    State.CANCELLED: Text("đã hủy", "cancelled"),
}
DONE = (State.SENT, State.RECEIVED)
WAITING_SHOWN = 5
MADE_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report that is made when a thing happens, and the rows that wait for one."""

    definition: Definition
    rows: Sequence[Row]

    @property
    def first(self) -> Sequence[Row]:
        """Return the rows that are shown."""
        return self.rows[:WAITING_SHOWN]

    @property
    def left(self) -> int:
        """Return how many are not shown."""
        return len(self.rows) - len(self.first)


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on a unit's desk of reports."""

    due: Sequence[DueReport]
    waiting: Sequence[Waiting]
    others: Sequence[Definition]


def desk_of(unit: Unit, *, now: datetime) -> Desk:
    """Return the desk of a unit: regular reports by their day, reports that rows wait for, and the rest."""
    listed = due_reports(unit, now=now)
    regular = [due for due in listed if due.period is not None]
    others = [due.definition for due in listed if due.period is None]
    waiting = [
        Waiting(definition, rows)
        for definition in others
        if definition.rhythm.every == ROW and (rows := subjects_waiting(unit, definition, now=now))
    ]
    return Desk(regular, waiting, others)


def state_word(state: str) -> Text:
    """Return the word for where a report stands."""
    return STATE_WORDS.get(state, Text(state, state))


def tone_of(due: DueReport, today: date) -> str:
    """Return how pressing a due report is: "done", "late", "soon" or "calm"."""
    if due.report is not None and due.report.state in DONE:
        return "done"
    if due.is_late(today):
        return "late"
    return "soon" if due.due_on is not None and (due.due_on - today).days <= 14 else "calm"
