"""Duties on the calendar: what is due when, who answers, own intervals, what does not apply this time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema
from ninja.responses import Status

from khien.api.door import READ, Call
from khien.api.operations import Words, operation, words
from khien.api.paging import Cursor, Limit, page_by_key
from khien.duties.errors import SetAsideRefused
from khien.duties.models import Occurrence
from khien.duties.proofs import load_proofs
from khien.duties.selectors import (
    Asked,
    counts,
    intervals_missing,
    intervals_of,
    occurrence_at,
    occurrences,
    open_set_asides,
)
from khien.duties.services import ask_set_aside, decide_set_aside, hand_over, set_interval
from khien.duties.shown import Shown, shown_of
from khien.kernel.clock import now_utc, vietnam_date
from khien.org.errors import UnknownUser
from khien.org.models import Unit
from khien.org.rights import user_by_name
from khien.org.roles import APPROVE, KNOW, WRITE
from khien.org.selectors import may_do
from khien.registers.services import Act

router = Router(tags=["duties"])
DUTIES = "/units/{code}/duties"
_PLAIN = (
    "duty", "period", "control", "kind", "opens_on", "due_on", "due_at", "act_on", "role", "proof_on",
)  # fmt: skip


class DutyOut(Schema):
    """One time at which a duty is due.

    `due_on`: the last day the text allows; `act_on`: the last working day until then.
    """

    number: int
    duty: str
    period: str
    clause: str
    control: str
    kind: str
    title: Words
    stands: str
    opens_on: date
    due_on: date
    due_at: datetime | None
    act_on: date
    role: str
    person: str | None
    proof: Words | None
    proof_on: date | None


class DutyDetail(DutyOut):
    """With what to know about its days, and what closes it."""

    notes: list[Words]
    closes: list[Words]
    parts: list[Words]
    reason: Words | None


class DutyPage(Schema):
    """Duties in the order they were put on the calendar, and the cursor of the next page."""

    items: list[DutyOut]
    next: str | None


class IntervalOut(Schema):
    """How often a unit does what a text asks regularly; `every` null: not set yet."""

    duty: str
    every: int | None
    measure: str | None
    from_on: date | None
    decision: str


class IntervalIn(Schema):
    """An interval: every so many months or days, and the ground for it."""

    every: int
    measure: str = "month"
    decision: str = ""


class ChargeIn(Schema):
    """Who answers from today on; `duty` empty: for all without a person of their own."""

    person: str
    duty: str = ""
    reason: str = ""


class ChargeOut(Schema):
    """Who answers for a duty, since when."""

    duty: str
    person: str
    from_on: date


class SetAsideIn(Schema):
    """Why an occurrence should not apply this time."""

    reason: str


class DecisionIn(Schema):
    """A leader's yes or no."""

    is_approved: bool
    answer: str = ""


@operation(router, f"GET {DUTIES}", READ, "Nghĩa vụ theo kỳ", gives=DutyPage)
def list_duties(
    request: Call,
    code: str,
    cursor: Cursor,
    limit: Limit,
    stands: Annotated[
        list[str], Query([], description="upcoming, open, due_soon, overdue, done …")
    ],
    since: Annotated[date | None, Query(None, description="Hạn từ ngày / due not before")],
    until: Annotated[date | None, Query(None, description="Hạn đến ngày / due not after")],
) -> DutyPage:
    """The duties of a unit on the calendar."""
    asked = Asked(stands=stands, since=since, until=until)
    found = occurrences([request.auth.unit(code)], asked, now=now_utc())
    shown, following = page_by_key(found, cursor=cursor, limit=limit)
    return DutyPage(items=[DutyOut(**_told(_shown(one))) for one in shown], next=following)


@operation(
    router,
    "GET /units/{code}/duty-counts",
    READ,
    "Số nghĩa vụ theo tình trạng",
    gives=dict[str, int],
)
def count_duties(request: Call, code: str) -> dict[str, int]:
    """How many duties of a unit stand how."""
    unit = request.auth.unit(code)
    return counts([unit], now=now_utc()).get(unit.pk, {})


@operation(router, f"GET {DUTIES}/{{occurrence}}", READ, "Một kỳ nghĩa vụ", gives=DutyDetail)
def show_duty(request: Call, code: str, occurrence: int) -> DutyDetail:
    """One duty on the calendar: why its days are so, what closes it, what closed it."""
    return _detail(_one(request, code, occurrence))


@operation(
    router, f"POST {DUTIES}/{{occurrence}}/set-aside", WRITE, "Đề nghị không áp dụng kỳ này", gives=DutyDetail
)  # fmt: skip
def ask_to_set_aside(request: Call, code: str, occurrence: int, body: SetAsideIn) -> DutyDetail:
    """Ask that an occurrence not apply; a leader decides."""
    one = _one(request, code, occurrence)
    ask_set_aside(one, reason=body.reason, act=_act(request))
    return _detail(_one(request, code, occurrence))


@operation(
    router, f"POST {DUTIES}/{{occurrence}}/set-aside-decision", APPROVE, "Quyết định miễn kỳ này", gives=DutyDetail
)  # fmt: skip
def decide_to_set_aside(request: Call, code: str, occurrence: int, body: DecisionIn) -> DutyDetail:
    """Say yes or no to a request that an occurrence not apply."""
    one = _one(request, code, occurrence)
    waiting = open_set_asides([one.unit]).filter(occurrence=one).first()
    if waiting is None:
        raise SetAsideRefused(
            why_vi="không có đề nghị nào đang chờ.", why_en="no request waits for an answer."
        )
    decide_set_aside(
        waiting, is_approved=body.is_approved, answer=body.answer, leader=request.auth.user,
        act=_act(request),
    )  # fmt: skip
    return _detail(_one(request, code, occurrence))


@operation(
    router,
    "GET /units/{code}/duty-intervals",
    READ,
    "Chu kỳ do đơn vị đặt",
    gives=list[IntervalOut],
)
def list_intervals(request: Call, code: str) -> list[IntervalOut]:
    """The intervals a unit set itself, and those it has not set yet."""
    return _intervals(request.auth.unit(code))


@operation(
    router, "PUT /units/{code}/duty-intervals/{duty}", WRITE, "Đặt chu kỳ", gives=list[IntervalOut]
)
def set_one_interval(request: Call, code: str, duty: str, body: IntervalIn) -> list[IntervalOut]:
    """Set how often a unit does what a text asks regularly."""
    unit = request.auth.unit(code)
    set_interval(
        unit,
        duty,
        every=body.every,
        measure=body.measure,
        decision=body.decision,
        act=_act(request),
    )
    return _intervals(unit)


@operation(
    router, "POST /units/{code}/duty-charges", WRITE, "Giao người phụ trách", gives={201: ChargeOut}
)
def hand_over_duty(request: Call, code: str, body: ChargeIn) -> Status[ChargeOut]:
    """Make somebody answer for a duty from today on."""
    unit = request.auth.unit(code)
    person = user_by_name(body.person)
    if not may_do(person, KNOW, unit):
        raise UnknownUser(username=body.person)  # as for a name that nobody has
    charge = hand_over(unit, body.duty, person, reason=body.reason, act=_act(request))
    return Status(201, ChargeOut(duty=charge.duty, person=person.username, from_on=charge.from_on))


def _act(request: Call) -> Act:
    return Act(request.auth.name, now_utc())


def _one(request: Call, code: str, number: int) -> Occurrence:
    return occurrence_at([request.auth.unit(code)], number, now=now_utc())


def _shown(one: Occurrence) -> Shown:
    return shown_of(one, rules=load_proofs())


def _detail(one: Occurrence) -> DutyDetail:
    shown = _shown(one)
    return DutyDetail(
        **_told(shown),
        notes=[words(text) for text in shown.notes],
        closes=[words(text) for text in shown.closes],
        parts=[words(text) for text in shown.parts],
        reason=words(shown.reason) if shown.reason else None,
    )


def _told(shown: Shown) -> dict[str, Any]:
    one = shown.occurrence
    return {name: getattr(one, name) for name in _PLAIN} | {
        "number": one.pk,
        "clause": f"{one.document}/{one.clause}",
        "title": words(shown.title),
        "stands": getattr(one, "stands", one.state),
        "person": one.person.username if one.person is not None else None,
        "proof": words(shown.proof) if shown.proof else None,
    }


def _intervals(unit: Unit) -> list[IntervalOut]:
    given = [
        IntervalOut(
            duty=duty, every=chosen[-1].every, measure=chosen[-1].measure, from_on=chosen[-1].from_on,
            decision=chosen[-1].decision,
        )
        for (_, duty), chosen in intervals_of([unit]).items()
    ]  # fmt: skip
    missing = intervals_missing([unit], on=vietnam_date(now_utc()))
    return given + [
        IntervalOut(duty=duty, every=None, measure=None, from_on=None, decision="")
        for _, duty in missing
    ]
