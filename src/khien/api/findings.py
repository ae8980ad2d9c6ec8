"""Findings: how each control stands now or stood on a past day, with its sentence and its history."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, cast

from ninja import Query, Router, Schema
from ninja.responses import Status

from khien.api.door import READ, Call, moment_of, rules_of
from khien.api.errors import NothingHere
from khien.api.operations import Words, operation, words
from khien.api.paging import (
    LIMIT_MAX,
    Cursor,
    Limit,
    cursor_of,
    cut,
    page_by_key,
    place_of,
)
from khien.api.units import On
from khien.checks.listing import FindingQuery, findings_after, shown_findings
from khien.checks.selectors import ControlState, control_states, finding_history
from khien.checks.services import assess
from khien.checks.shown import Shown
from khien.kernel.clock import now_utc
from khien.norms.library import load_library
from khien.norms.model import Control
from khien.norms.wording import cited_by_anchor
from khien.org.models import Unit
from khien.org.roles import WRITE

router = Router(tags=["findings"])
VerdictWord = Literal["pass", "fail", "unknown", "not_applicable"]
OneVerdict = Annotated[
    VerdictWord | None, Query(None, description="Chỉ kết luận này / only this verdict")
]
OneControl = Annotated[
    str | None, Query(None, max_length=20, description="Chỉ biện pháp này / only this control")
]
OneSubject = Annotated[
    str | None, Query(None, max_length=64, description="Chỉ đối tượng này / only this subject")
]


class FindingOut(Schema):
    """What was known of one control at one subject, from a moment until another."""

    unit: str
    control: str
    subject_kind: str
    subject: str
    subject_name: str
    verdict: VerdictWord
    known: str
    reason: str
    sentence: Words
    from_at: datetime
    to_at: datetime | None


class FindingPage(Schema):
    """Findings, and the cursor of the next page."""

    items: list[FindingOut]
    next: str | None


class ClauseOut(Schema):
    """A clause by its anchor and by its name."""

    anchor: str
    cited: Words


class ControlOut(Schema):
    """How one control stands at a unit."""

    control: str
    title: Words
    theme: str
    severity: str
    verdict: VerdictWord
    known: str
    counts: dict[str, int]
    clauses: list[str]


class ControlDetail(ControlOut):
    """One control at a unit with what leads to its verdict: the 200 weightiest findings, worst first."""

    why: Words
    fix: Words
    supply: Words
    cited: list[ClauseOut]
    findings: list[FindingOut]


class AssessmentOut(Schema):
    """One run of all checks."""

    as_of: datetime
    unit_count: int
    host_count: int
    opened_count: int
    closed_count: int
    ledger_index: int | None


@operation(
    router,
    "GET /findings",
    READ,
    "Kết quả của mọi đơn vị bạn đọc được, hiện tại hoặc vào một ngày đã qua",
    gives=FindingPage,
)
def list_findings(  # each is a part of the request
    request: Call,
    on: On,
    verdict: OneVerdict,
    control: OneControl,
    subject: OneSubject,
    cursor: Cursor,
    limit: Limit,
) -> FindingPage:
    """Findings of every unit you may read, now or on a past day."""
    query = FindingQuery(verdict or "", control or "", subject or "", moment_of(on))
    return _page(list(request.auth.units()), query, cursor, limit)


@operation(
    router,
    "GET /units/{code}/findings",
    READ,
    "Kết quả của một đơn vị, hiện tại hoặc vào một ngày đã qua",
    gives=FindingPage,
)
def list_unit_findings(  # noqa: PLR0913  # each is a part of the request
    request: Call,
    code: str,
    on: On,
    verdict: OneVerdict,
    control: OneControl,
    subject: OneSubject,
    cursor: Cursor,
    limit: Limit,
) -> FindingPage:
    """Findings of one unit, now or on a past day."""
    query = FindingQuery(verdict or "", control or "", subject or "", moment_of(on))
    return _page([request.auth.unit(code)], query, cursor, limit)


def _page(units: list[Unit], query: FindingQuery, cursor: str | None, limit: int) -> FindingPage:
    place = place_of(cursor, int, int)
    listed = findings_after(
        units, query, place=(place[0], place[1]) if place else None, size=limit + 1
    )
    found, following = cut(listed, limit, lambda one: cursor_of(one.unit_id, one.pk))
    shown = shown_findings(found, library=load_library(), at=query.at)
    return FindingPage(items=[_finding_out(one) for one in shown], next=following)


def _finding_out(shown: Shown, unit: Unit | None = None) -> FindingOut:
    finding = shown.finding
    return FindingOut(
        unit=(unit or finding.unit).code,
        control=finding.control,
        subject_kind=finding.subject_kind,
        subject=finding.subject,
        subject_name=shown.host.name if shown.host else finding.subject,
        verdict=cast("VerdictWord", finding.verdict),
        known=finding.known,
        reason=finding.reason,
        sentence=words(shown.sentence),
        from_at=finding.from_at,
        to_at=finding.to_at,
    )


@operation(
    router,
    "GET /units/{code}/controls",
    READ,
    "Tình trạng từng biện pháp của đơn vị",
    gives=list[ControlOut],
)
def list_controls(request: Call, code: str, on: On, verdict: OneVerdict) -> list[ControlOut]:
    """How each control stands at a unit."""
    unit, at = request.auth.unit(code), moment_of(on)
    states = control_states(unit, rules_of(unit, on=on), library=load_library(), at=at)
    return [_control_out(state) for state in states.values() if verdict in (None, state.verdict)]


@operation(
    router,
    "GET /units/{code}/controls/{control}",
    READ,
    "Một biện pháp: kết luận, lý do, điều khoản, cách làm",
    gives=ControlDetail,
)
def show_control(request: Call, code: str, control: str, on: On) -> ControlDetail:
    """One control: verdict, reasons, clauses, what to do."""
    unit, at = request.auth.unit(code), moment_of(on)
    library = load_library()
    state = control_states(unit, rules_of(unit, on=on), library=library, at=at).get(control)
    if state is None:
        raise NothingHere()
    return ControlDetail(
        **_control_out(state).model_dump(),
        why=words(state.control.why),
        fix=words(state.control.fix),
        supply=words(state.control.supply),
        cited=[
            ClauseOut(anchor=anchor, cited=words(cited_by_anchor(library, anchor)))
            for anchor in state.anchors
        ],
        findings=[_finding_out(shown, unit) for shown in state.some(LIMIT_MAX)],
    )


def _control_out(state: ControlState) -> ControlOut:
    control: Control = state.control
    return ControlOut(
        control=control.id,
        title=words(control.title),
        theme=control.theme,
        severity=control.severity,
        verdict=state.verdict,
        known=state.known,
        counts=dict(state.counts),
        clauses=list(state.anchors),
    )


@operation(
    router,
    "GET /units/{code}/controls/{control}/history",
    READ,
    "Các khoảng thời gian của một biện pháp",
    gives=FindingPage,
)
def list_control_history(
    request: Call, code: str, control: str, cursor: Cursor, limit: Limit
) -> FindingPage:
    """The intervals of one control."""
    history = finding_history(request.auth.unit(code), control).select_related("unit")
    found, following = page_by_key(history, cursor=cursor, limit=limit, newest_first=True)
    shown = shown_findings(found, library=load_library(), at=None)
    return FindingPage(items=[_finding_out(one) for one in shown], next=following)


@operation(
    router,
    "POST /units/{code}/assessments",
    WRITE,
    "Đánh giá lại đơn vị",
    gives={201: AssessmentOut},
)
def make_assessment(request: Call, code: str) -> Status[AssessmentOut]:
    """Assess a unit again."""
    unit = request.auth.unit(code)
    made = assess([unit], library=load_library(), now=now_utc())
    return Status(201, AssessmentOut.from_orm(made))
