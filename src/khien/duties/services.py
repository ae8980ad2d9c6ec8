"""The writer of what people decide about duties: who answers, how often, what does not apply this time."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from khien.duties import events
from khien.duties.errors import (
    IntervalRefused,
    OccurrenceSettled,
    PersonRefused,
    SetAsideRefused,
    UnknownDuty,
)
from khien.duties.models import Charge, Occurrence, SetAside, UnitInterval
from khien.duties.plan import DutyPlan, plan_of
from khien.duties.proofs import load_proofs
from khien.duties.refreshing import refresh
from khien.kernel.clock import vietnam_date
from khien.kernel.language import Text
from khien.ledger import services as ledger
from khien.norms.library import load_library
from khien.org.errors import NotAllowed
from khien.org.models import Unit, User
from khien.org.roles import APPROVE, KNOW
from khien.org.selectors import may_do
from khien.registers.cleaning import one_line
from khien.registers.services import Act

MEASURES: Mapping[str, Text] = {"month": Text("tháng", "month(s)"), "day": Text("ngày", "day(s)")}
EVERY_MAX: Mapping[str, int] = {"month": 60, "day": 1830}
_State = Occurrence.State
_NO_REASON = Text("cần ghi lý do.", "a reason is needed.")
_WAITING = Text("đã có một đề nghị đang chờ lãnh đạo.", "a request already waits for a leader.")
_DECIDED = Text("đề nghị này đã được trả lời.", "this request has been answered.")


def known_duty(duty: str) -> DutyPlan:
    """Return a dated duty of the library by its id.

    Raises: UnknownDuty: there is none, or it has no date, clock or interval
    """
    plan = plan_of(load_library(), load_proofs(), duty)
    if plan is None:
        raise UnknownDuty(duty=duty)
    return plan


@transaction.atomic
def hand_over(unit: Unit, duty: str, person: User, *, reason: str, act: Act) -> Charge:
    """Make somebody answer for a duty of a unit from today on; what waits and what comes goes to them.

    Args:   duty: its id; empty for every duty of the unit without a person of its own
    Raises: UnknownDuty; PersonRefused: the account is disabled or has nothing to do with the unit
    """
    if duty:
        known_duty(duty)
    _must_fit(person, unit)
    today = vietnam_date(act.now)
    standing = (
        Charge.objects.select_for_update().filter(unit=unit, duty=duty, until_on=None).first()
    )
    if standing is not None and standing.person_id == person.pk:
        return standing
    said = one_line(reason)[:300]
    body = {
        "unit": unit.code, "duty": duty or "*", "person": person.username, "reason": said or "–",
        "by": act.by,
    }  # fmt: skip
    index = ledger.record(events.HANDED_OVER, subject=unit.code, body=dict(body), at=act.now)
    if standing is not None:
        standing.until_on = today
        standing.save(update_fields=["until_on"])
    charge = Charge.objects.create(
        unit=unit, duty=duty, person=person, from_on=today, reason=said, by=act.by, at=act.now,
        ledger_index=index,
    )  # fmt: skip
    _pass_on(unit, duty, person)
    return charge


def _must_fit(person: User, unit: Unit) -> None:
    why = None
    if not person.is_active:
        why = Text("tài khoản đã khóa.", "the account is disabled.")
    elif unit.ended_on is not None:
        why = Text("đơn vị đã kết thúc.", "the unit has ended.")
    elif not may_do(person, KNOW, unit):
        why = Text("người này không có vai trò ở đơn vị.", "the person holds no role at the unit.")
    if why is not None:
        raise PersonRefused(person=person.username, why_vi=why.vi, why_en=why.en)


def _pass_on(unit: Unit, duty: str, person: User) -> None:
    waiting = Occurrence.objects.filter(unit=unit, state=_State.PENDING)
    if duty:
        waiting.filter(duty=duty).update(person=person)
        return
    own = Charge.objects.filter(unit=unit, until_on=None).exclude(duty="")
    waiting.exclude(duty__in=own.values("duty")).update(person=person)


@transaction.atomic
def set_interval(
    unit: Unit, duty: str, *, every: int, measure: str, decision: str, act: Act
) -> UnitInterval:
    """Set how often a unit does what a text asks regularly, without a number; its occurrences follow at once.

    Args:   every: ≥ 1; measure: month or day; decision: the paper or reason behind it
    Raises: UnknownDuty; IntervalRefused: the text gives its own days, or the number is out of reason
    """
    plan = known_duty(duty)
    _must_be_own(plan, every, measure)
    today, said = vietnam_date(act.now), one_line(decision)[:300]
    standing = (
        UnitInterval.objects.select_for_update().filter(unit=unit, duty=duty, until_on=None).first()
    )
    if standing is not None and (standing.every, standing.measure) == (every, measure):
        return standing
    word = MEASURES[measure]
    body = {
        "unit": unit.code, "duty": duty, "every_vi": f"{every} {word.vi}", "every_en": f"{every} {word.en}",
        "decision": said or "–", "by": act.by,
    }  # fmt: skip
    index = ledger.record(events.INTERVAL_SET, subject=unit.code, body=dict(body), at=act.now)
    if standing is not None:
        standing.until_on = today
        standing.save(update_fields=["until_on"])
    interval = UnitInterval.objects.create(
        unit=unit, duty=duty, every=every, measure=measure, from_on=today, decision=said, by=act.by,
        at=act.now, ledger_index=index,
    )  # fmt: skip
    refresh([unit], now=act.now)
    return interval


def _must_be_own(plan: DutyPlan, every: int, measure: str) -> None:
    why = None
    if plan.schedule.kind != "own":
        why = Text("văn bản đã nêu hạn.", "the text gives its own days.")
    elif measure not in MEASURES or not 1 <= every <= EVERY_MAX[measure]:
        why = Text("chu kỳ phải từ 1 ngày đến 60 tháng.", "it must be between 1 day and 60 months.")
    if why is not None:
        raise IntervalRefused(duty=plan.duty.id, why_vi=why.vi, why_en=why.en)


@transaction.atomic
def ask_set_aside(occurrence: Occurrence, *, reason: str, act: Act) -> SetAside:
    """Ask that an occurrence not apply this time; a leader says yes or no.

    Raises: OccurrenceSettled: it is done or replaced; SetAsideRefused: no reason, or a request waits already
    """
    standing = _waiting_occurrence(occurrence.pk)
    said = one_line(reason)[:500]
    if not said:
        raise _refused(_NO_REASON)
    if standing.set_asides.filter(state=SetAside.State.OPEN).exists():
        raise _refused(_WAITING)
    body = {**_told(standing), "reason": said, "by": act.by}
    index = ledger.record(
        events.SET_ASIDE_ASKED, subject=standing.unit.code, body=dict(body), at=act.now
    )
    return SetAside.objects.create(
        occurrence=standing, reason=said, asked_by=act.by, asked_at=act.now, ledger_index=index
    )


@transaction.atomic
def decide_set_aside(
    request: SetAside, *, is_approved: bool, answer: str, leader: User, act: Act
) -> SetAside:
    """Answer a request that an occurrence not apply; yes takes it off the calendar with its reason.

    Raises: NotAllowed: not a leader of the unit; SetAsideRefused: answered already; OccurrenceSettled
    """
    standing = (
        SetAside.objects.select_for_update(of=("self",))
        .select_related("occurrence__unit")
        .get(pk=request.pk)
    )
    unit = standing.occurrence.unit
    if not may_do(leader, APPROVE, unit):
        raise NotAllowed(unit=unit.name_vi)
    if standing.state != SetAside.State.OPEN:
        raise _refused(_DECIDED)
    occurrence = _waiting_occurrence(standing.occurrence_id) if is_approved else standing.occurrence
    said = one_line(answer)[:300]
    body = {
        **_told(occurrence),
        "answer_vi": "đồng ý" if is_approved else "không đồng ý",
        "answer_en": "agreed" if is_approved else "did not agree",
        "answer": said,
        "by": act.by,
    }
    ledger.record(events.SET_ASIDE_DECIDED, subject=unit.code, body=dict(body), at=act.now)
    standing.state = SetAside.State.APPROVED if is_approved else SetAside.State.REFUSED
    standing.decided_by, standing.decided_at, standing.answer = act.by, act.now, said
    standing.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    if is_approved:
        occurrence.state, occurrence.reason = _State.NOT_APPLICABLE, standing.reason
        occurrence.closed_at = act.now
        occurrence.save(update_fields=["state", "reason", "closed_at"])
    return standing


def _waiting_occurrence(pk: int) -> Occurrence:
    found = Occurrence.objects.select_for_update(of=("self",)).select_related("unit").get(pk=pk)
    if found.state not in (_State.PENDING, _State.MISSED):
        raise OccurrenceSettled(
            period=found.period, duty=found.duty, state=found.get_state_display()
        )
    return found


def _told(occurrence: Occurrence) -> dict[str, str]:
    return {"unit": occurrence.unit.code, "duty": occurrence.duty, "period": occurrence.period}


def _refused(why: Text) -> SetAsideRefused:
    return SetAsideRefused(why_vi=why.vi, why_en=why.en)
