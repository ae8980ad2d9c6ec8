"""The way of a text through submission and approval: where it stands, what is in the way, who may do what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from khien.adoption.force.drafting import Draft
from khien.adoption.force.selectors import publication_of
from khien.adoption.impact.selectors import measured
from khien.adoption.impact.words import summary_line
from khien.adoption.models import ImportedText, Publication
from khien.kernel.clock import vietnam_date
from khien.kernel.errors import KhienError
from khien.org.models import User
from khien.org.rights import able_to
from khien.org.roles import APPROVE, WRITE
from khien.org.selectors import may_do

State = ImportedText.State


@dataclass(frozen=True, slots=True)
class ApprovalPage:
    """All that the page shows.

    problem: what keeps it from being submitted; is_own: the leader submitted it, and another could approve
    """

    draft: Draft | None
    problem: KhienError | None
    summary: str
    publication: Publication | None
    may_submit: bool
    may_decide: bool
    may_withdraw: bool
    may_end: bool
    is_own: bool
    leaders: Sequence[str]
    today: date


def approval_page(text: ImportedText, user: User, *, now: datetime) -> ApprovalPage:
    """Return the page of a text's approval."""
    draft, problem, summary = _measured(text, now=now)
    publication = publication_of(text)
    leaders = able_to(APPROVE, text.unit)
    is_leader = may_do(user, APPROVE, text.unit)
    today = vietnam_date(now)
    is_ahead = publication is not None and publication.in_force_from > today
    others = [one for one in leaders if one.pk != user.pk]
    is_own = text.submitted_by == user.get_username() and bool(others)
    return ApprovalPage(
        draft=draft,
        problem=problem,
        summary=summary,
        publication=publication,
        may_submit=text.state == State.REVIEWING and may_do(user, WRITE, text.unit),
        may_decide=text.state == State.SUBMITTED and is_leader,
        may_withdraw=is_leader and is_ahead,
        may_end=is_leader and publication is not None and not is_ahead,
        is_own=is_own,
        leaders=[one.full_name or one.get_username() for one in leaders],
        today=today,
    )


def _measured(text: ImportedText, *, now: datetime) -> tuple[Draft | None, KhienError | None, str]:
    try:
        draft, impact = measured(text, now=now)
        return draft, None, str(summary_line(impact))
    except KhienError as problem:
        return None, problem, ""
