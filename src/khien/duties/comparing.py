"""How the occurrences that should be there differ from those that are; pure, one place for what may change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from khien.duties.deciding import Wanted
from khien.duties.evidence import Found
from khien.duties.models import Occurrence
from khien.duties.plan import DutyPlan
from khien.duties.windows import Reach, Window
from khien.org.models import Unit

_State = Occurrence.State
UNIT_ENDED = "unit_ended"
DOCUMENT_ENDED = "document_ended"
CLAUSE_AMENDED = "clause_amended"
SCHEDULE_CHANGED = "schedule_changed"
ROW_GONE = "row_gone"
CREATED, CLOSED, REOPENED, REPLACED, CHANGED = (
    "created",
    "closed",
    "reopened",
    "replaced",
    "changed",
)
_DONE = (_State.DONE, _State.DONE_LATE)
# Of these the dates follow from facts in registers; of the others from the text, whose past is not judged anew.
_FACTUAL = ("event", "rolling")
_ROLLING = ("rolling", "own")


class Had(NamedTuple):
    """One stored occurrence, as much of it as a refresh needs."""

    pk: int
    unit: int
    duty: str
    period: str
    state: str
    opens_on: date
    due_on: date
    due_at: datetime | None
    act_on: date
    remark: str
    kind: str
    subject: int | None
    proof: str
    proof_row: int | None
    proof_version: int | None
    proof_on: date | None
    proof_at: datetime | None


@dataclass(frozen=True, slots=True)
class Bound:
    """One unit and one text that binds it, and for how long.

    only: the duties it has of the text, where it has not all of them; is_amended: another text of the unit
    stands in the place of the clause for some time.
    """

    unit: Unit
    document: str
    reach: Reach
    only: tuple[str, ...] | None = None
    is_amended: bool = False

    def has(self, duty: str) -> bool:
        """Say whether a duty of the text is one the unit has."""
        return self.only is None or duty in self.only


@dataclass(frozen=True, slots=True)
class Created:
    """An occurrence to make."""

    plan: DutyPlan
    unit: int
    wanted: Wanted
    state: str


@dataclass(frozen=True, slots=True)
class Change:
    """A stored occurrence that changes: what is done, and its fields anew."""

    had: Had
    what: str
    fields: Mapping[str, object]


@dataclass(slots=True)
class Compared:
    """All that a refresh would write."""

    created: list[Created] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Say whether nothing would be written."""
        return not self.created and not self.changes


Key = tuple[int, str]
Asked = tuple[DutyPlan, Bound, Sequence[Wanted]]


def compare(
    wanted: Mapping[Key, Asked],
    existing: Iterable[Had],
    *,
    made_since: date,
    until: date,
    today: date,
) -> Compared:
    """Return what must be written so that what is stored becomes what is wanted.

    Args: wanted: by unit id and duty; made_since: older ones are not made, unless they stand now;
          until: the last day that was looked at, so that what lies beyond is not missing
    """
    stored: dict[Key, dict[str, Had]] = {}
    for had in existing:
        stored.setdefault((had.unit, had.duty), {})[had.period] = had
    compared = Compared()
    for key, (plan, bound, asked) in wanted.items():
        left = stored.pop(key, {})
        fresh: list[Wanted] = []
        for one in asked:
            if one.window.key in left:
                _compare_one(compared, left.pop(one.window.key), one, today)
            else:
                fresh.append(one)
        fresh = _moved(compared, plan, left, fresh)
        for one in fresh:
            # What was missed before anybody looked cannot be acted on.
            is_new = one.window.due_on >= made_since and not one.is_missed
            if one.is_lasting or is_new:
                compared.created.append(Created(plan, bound.unit.pk, one, _state_of(one)))
        for had in left.values():
            _let_go(compared, had, bound, until=until, today=today)
    for gone in stored.values():
        for had in gone.values():
            _let_go(compared, had, None, until=until, today=today)
    return compared


def _moved(
    compared: Compared, plan: DutyPlan, left: dict[str, Had], fresh: list[Wanted]
) -> list[Wanted]:
    """Move a rolling occurrence that waits to its new anchor, where something was done again early."""
    if plan.schedule.kind not in _ROLLING or not left:
        return fresh
    waiting = {had.subject: had for had in left.values() if had.state == _State.PENDING}
    stay = []
    for one in fresh:
        had = waiting.pop(one.window.subject, None) if one.found is None else None
        if had is None:
            stay.append(one)
            continue
        del left[had.period]
        fields = {"period": one.window.key, **_dates_of(one.window)}
        compared.changes.append(Change(had, CHANGED, fields))
    return stay


def _compare_one(compared: Compared, had: Had, one: Wanted, today: date) -> None:
    if had.state == _State.NOT_APPLICABLE:
        return
    fields: dict[str, object] = {}
    if had.kind in _FACTUAL or (had.due_on >= today and had.state not in _DONE):
        dates = _dates_of(one.window)
        fields = {name: value for name, value in dates.items() if getattr(had, name) != value}
    what = CHANGED
    if one.found is not None:
        due_on = fields.get("due_on", had.due_on)
        due_at = fields.get("due_at", had.due_at)
        state = _closed_state(one.found, due_on, due_at)
        if had.state not in _DONE:
            what = CLOSED
        if had.state != state or not _is_same_proof(had, one.found):
            fields |= {"state": state, **proof_fields(one.found)}
    elif had.state in _DONE and had.proof == Occurrence.Proof.FINDING:
        pass  # what a control was found to be at a time stays true of that time
    else:
        state = _State.MISSED if one.is_missed else _State.PENDING
        if had.state != state:
            what = CHANGED if had.state == _State.PENDING else REOPENED
            fields |= {"state": state, **NO_PROOF}
    if fields:
        compared.changes.append(Change(had, what, fields))


def _let_go(compared: Compared, had: Had, bound: Bound | None, *, until: date, today: date) -> None:
    """Replace an occurrence that is no longer wanted; what was done or overdue by its own law stays."""
    if had.state != _State.PENDING:
        return
    ends = bound.reach.ends if bound is not None else None
    if had.kind not in _FACTUAL and had.due_on < min(today, ends or today):
        return
    is_bound = bound is not None and (ends is None or had.due_on < ends)
    if is_bound and had.kind == "calendar" and had.due_on > until:
        return
    fields = {"state": _State.REPLACED, "reason": _reason(had, bound)}
    compared.changes.append(Change(had, REPLACED, fields))


def _reason(had: Had, bound: Bound | None) -> str:
    if bound is None:
        return DOCUMENT_ENDED
    ends = bound.reach.ends
    if bound.is_amended and not bound.reach.holds_on(had.due_on) and bound.unit.ended_on != ends:
        return CLAUSE_AMENDED
    if ends is not None and had.due_on >= ends:
        return UNIT_ENDED if bound.unit.ended_on == ends else DOCUMENT_ENDED
    return ROW_GONE if had.subject is not None else SCHEDULE_CHANGED


def _dates_of(window: Window) -> dict[str, object]:
    return {
        "opens_on": window.opens_on,
        "due_on": window.due_on,
        "due_at": window.due_at,
        "act_on": window.act_on,
        "remark": window.remark,
    }


def _state_of(one: Wanted) -> str:
    if one.found is not None:
        return _closed_state(one.found, one.window.due_on, one.window.due_at)
    return _State.MISSED if one.is_missed else _State.PENDING


def _closed_state(found: Found, due_on: object, due_at: object) -> str:
    if isinstance(due_at, datetime) and found.at is not None:
        return _State.DONE if found.at <= due_at else _State.DONE_LATE
    return _State.DONE if isinstance(due_on, date) and found.on <= due_on else _State.DONE_LATE


def _is_same_proof(had: Had, found: Found) -> bool:
    said = (had.proof, had.proof_row, had.proof_on, had.proof_at)
    return said == (found.kind, found.row, found.on, found.at) and (
        found.row is None or had.proof_version == found.version
    )


NO_PROOF: Mapping[str, object] = {
    "proof": "",
    "proof_row_id": None,
    "proof_version": None,
    "proof_finding_id": None,
    "proof_on": None,
    "proof_at": None,
    "reason": "",
    "closed_at": None,
}


def proof_fields(found: Found) -> dict[str, object]:
    """Return the fields of an occurrence that say what closed it."""
    return {
        "proof": found.kind,
        "proof_row_id": found.row,
        "proof_version": found.version,
        "proof_finding_id": found.finding,
        "proof_on": found.on,
        "proof_at": found.at,
    }
