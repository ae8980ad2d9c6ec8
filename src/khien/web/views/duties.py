"""Duties of a unit: calendar, list, one occurrence and what may be done about it, the board of units."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from khien.duties.models import Occurrence
from khien.duties.selectors import occurrence_at
from khien.duties.services import ask_set_aside, decide_set_aside, hand_over, set_interval
from khien.kernel.clock import now_utc, vietnam_date
from khien.kernel.errors import KhienError
from khien.ledger.services import publish
from khien.org.errors import NotAllowed
from khien.org.models import Unit, User
from khien.org.rights import user_by_name
from khien.org.roles import APPROVE, KNOW, READ, WRITE
from khien.org.selectors import may_do, visible_to
from khien.registers.services import Act
from khien.web import door
from khien.web.pages.duty_calendar import asked_month, month_page, year_page
from khien.web.pages.duty_list import Wanted, board_of, duty_list
from khien.web.pages.duty_page import duty_page
from khien.web.pages.heat_map import below
from khien.web.paging import asked_page, page_links


@require_safe
@login_required
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """Show a month of a unit's duties, or a year in months."""
    unit, now = door.unit_or_404(request, code), now_utc()
    first = asked_month(request.GET.get("thang", ""), today=vietnam_date(now))
    if request.GET.get("xem") == "nam":
        year = year_page(unit, first.year, now=now)
        return render(request, "web/duties/year.html", {"unit": unit, "page": year})
    month = month_page(unit, first, now=now)
    return render(request, "web/duties/month.html", {"unit": unit, "page": month})


@require_safe
@login_required
def listing(request: HttpRequest, code: str) -> HttpResponse:
    """List a unit's duties, narrowed by state, document, role, person, theme."""
    unit = door.unit_or_404(request, code)
    wanted = Wanted.read(request.GET, number=asked_page(request))
    page = duty_list(unit, wanted, now=now_utc())
    context = {"unit": unit, "page": page, "pages": page_links(request, page.page_count)}
    return render(request, "web/duties/list.html", context)


@require_safe
@login_required
def board(request: HttpRequest, code: str) -> HttpResponse:
    """Show a unit and those below it: who is late, what comes next, what was escalated."""
    unit = door.unit_or_404(request, code)
    units = below(unit, list(visible_to(request.user, READ)))
    context = {"unit": unit, "page": board_of(units, now=now_utc())}
    return render(request, "web/duties/board.html", context)


@require_safe
@login_required
def one(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show one occurrence; who answers for it sees it without a reader's role."""
    unit, occurrence = _found(request, code, number)
    return _page(request, unit, occurrence)


def _found(request: HttpRequest, code: str, number: int) -> tuple[Unit, Occurrence]:
    unit = door.unit_or_404(request, code, KNOW)
    if may_do(request.user, READ, unit):
        return unit, occurrence_at([unit], number, now=now_utc())
    occurrence = _own(request, unit, number)
    if occurrence is None:
        raise NotAllowed(unit=unit.name_vi)
    return unit, occurrence


def _own(request: HttpRequest, unit: Unit, number: int) -> Occurrence | None:
    try:
        found = occurrence_at([unit], number, now=now_utc())
    except KhienError:
        return None
    return found if found.person == request.user else None


def _page(
    request: HttpRequest, unit: Unit, occurrence: Occurrence, error: KhienError | None = None
) -> HttpResponse:
    may_write = may_do(request.user, WRITE, unit)
    may_approve = may_do(request.user, APPROVE, unit)
    page = duty_page(occurrence, may_write=may_write or may_approve, today=vietnam_date(now_utc()))
    context = {
        "unit": unit,
        "page": page,
        "error": error,
        "may_write": may_write,
        "may_approve": may_approve,
        "may_hand_over": may_write or may_approve,
        "may_read": may_do(request.user, READ, unit),
        "typed": request.POST,
    }
    return render(
        request, "web/duties/one.html", context, status=error.http_status if error else 200
    )


@require_POST
@login_required
def hand_over_one(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Make somebody else answer for a duty."""
    unit = _unit_for_either(request, code)

    def act(occurrence: Occurrence) -> str:
        person = user_by_name(request.POST.get("nguoi", ""))
        reason = request.POST.get("ly_do", "")
        hand_over(unit, occurrence.duty, person, reason=reason, act=_act(request))
        return gettext("The duty was handed over; the person is told.")

    return _done(request, unit, number, act)


@require_POST
@login_required
def interval(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Set how often the unit does what the text asks regularly."""
    unit = door.unit_or_404(request, code, WRITE)

    def act(occurrence: Occurrence) -> str:
        every = request.POST.get("so", "")
        set_interval(
            unit,
            occurrence.duty,
            every=int(every) if every.isascii() and every.isdigit() and len(every) < 5 else 0,
            measure=request.POST.get("don_vi_do", ""),
            decision=request.POST.get("can_cu", ""),
            act=_act(request),
        )
        return gettext("The interval is set; the days that follow from it stand in the calendar.")

    return _done(request, unit, number, act)


@require_POST
@login_required
def set_aside(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Ask a leader that an occurrence not apply this time."""
    unit = door.unit_or_404(request, code, WRITE)

    def act(occurrence: Occurrence) -> str:
        ask_set_aside(occurrence, reason=request.POST.get("ly_do", ""), act=_act(request))
        return gettext("The request waits for the leader.")

    return _done(request, unit, number, act)


@require_POST
@login_required
def decide(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Answer a request that an occurrence not apply."""
    unit = door.unit_or_404(request, code, APPROVE)

    def act(occurrence: Occurrence) -> str:
        waiting = duty_page(occurrence, may_write=False, today=vietnam_date(now_utc())).open_request
        if waiting is None:
            return gettext("No request waits any more.")
        decide_set_aside(
            waiting,
            is_approved=request.POST.get("quyet_dinh") == "dong-y",
            answer=request.POST.get("tra_loi", ""),
            leader=cast("User", request.user),
            act=_act(request),
        )
        return gettext("The answer is on record.")

    return _done(request, unit, number, act)


def _unit_for_either(request: HttpRequest, code: str) -> Unit:
    """Return a unit at which the person writes or approves."""
    unit = door.unit_or_404(request, code, KNOW)
    if not (may_do(request.user, WRITE, unit) or may_do(request.user, APPROVE, unit)):
        raise NotAllowed(unit=unit.name_vi)
    return unit


def _done(
    request: HttpRequest, unit: Unit, number: int, act: Callable[[Occurrence], str]
) -> HttpResponse:
    """Do something about an occurrence; a refusal is shown on its page, with what was typed."""
    occurrence = occurrence_at([unit], number, now=now_utc())
    try:
        said = act(occurrence)
    except KhienError as refused:
        return _page(request, unit, occurrence, refused)
    publish(now_utc())
    messages.success(request, said)
    return redirect("duty", unit.code, number)


def _act(request: HttpRequest) -> Act:
    return Act(request.user.get_username(), now_utc())
