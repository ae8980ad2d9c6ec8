"""The board of received reports: who sent, who is late, who was reminded; accepting and returning one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from khien.kernel.clock import now_utc, vietnam_date
from khien.kernel.errors import KhienError
from khien.ledger.services import publish
from khien.org.models import Unit
from khien.org.roles import READ, REVIEW
from khien.org.selectors import may_do
from khien.reports.definition_reading import load_definitions
from khien.reports.definitions import Definition
from khien.reports.errors import UnknownWrittenReport
from khien.reports.models import Report
from khien.reports.periods import Period, period_of, period_on
from khien.reports.received import boards_of, report_received, waiting_at
from khien.reports.step_services import receive_report, remind_units, return_report
from khien.reports.written_selectors import received_board
from khien.web import door
from khien.web.pages.report_board import board_of
from khien.web.pages.report_place import ReportPlace
from khien.web.pages.report_sheet import sheet_of
from khien.web.pages.workflow_place import doing_at
from khien.web.views.report_desk import periods_around


@require_safe
@login_required
def index(request: HttpRequest, code: str) -> HttpResponse:
    """Show which reports units below make, and what was sent here and waits for an answer."""
    unit = door.unit_or_404(request, code, READ)
    today = vietnam_date(now_utc())
    boards = [(one, period_on(one.rhythm, today)) for one in boards_of(unit, on=today)]
    context = {"unit": unit, "boards": boards, "waiting": waiting_at(unit), "today": today}
    return render(request, "web/reports/boards.html", context)


@require_safe
@login_required
def show(request: HttpRequest, code: str, definition: str) -> HttpResponse:
    """Show one report of a period over all units below."""
    unit = door.unit_or_404(request, code, READ)
    chosen, period = _asked(request, definition)
    lines = received_board(unit, chosen, period, now=now_utc())
    context = {
        "unit": unit,
        "definition": chosen,
        "period": period,
        "periods": periods_around(chosen, vietnam_date(now_utc())),
        "board": board_of(lines),
        "may_review": may_do(request.user, REVIEW, unit),
        "today": vietnam_date(now_utc()),
    }
    return render(request, "web/reports/board.html", context)


@require_POST
@login_required
def remind(request: HttpRequest, code: str, definition: str) -> HttpResponse:
    """Remind the units that were ticked, or all that are missing."""
    unit = door.unit_or_404(request, code, REVIEW)
    chosen, period = _asked(request, definition)
    now = now_utc()
    ticked = set(request.POST.getlist("don-vi"))
    board = board_of(received_board(unit, chosen, period, now=now))
    units = [line.below.unit for line in board.missing if line.below.unit.code in ticked]
    if units:
        note = request.POST.get("loi-nhac", "")
        remind_units(units, chosen, period, unit, doing_at(request, unit, now=now), note)
        publish(now)
        said = ngettext("{n} unit was reminded.", "{n} units were reminded.", len(units))
        messages.success(request, said.format(n=len(units)))
    else:
        messages.info(
            request, gettext("Tick the units to remind; those that sent are not reminded.")
        )
    return redirect(f"{request.path.removesuffix('nhac/')}?ky={period.key}")


@require_safe
@login_required
def received(request: HttpRequest, code: str, sender: str, number: int) -> HttpResponse:
    """Show a report that a unit below sent here."""
    unit = door.unit_or_404(request, code, READ)
    return _received_page(request, unit, _sent_here(unit, sender, number))


@require_POST
@login_required
def answer(request: HttpRequest, code: str, sender: str, number: int, act: str) -> HttpResponse:
    """Accept a report that was sent here, or give it back with remarks."""
    unit = door.unit_or_404(request, code, REVIEW)
    report = _sent_here(unit, sender, number)
    place = ReportPlace(request, report.unit, report, now_utc())
    note = request.POST.get("y-kien", "")
    try:
        if act == "nhan":
            today = vietnam_date(place.now)
            receive_report(report, received_on=today, doer=place.doer, seen=place.seen, note=note)
            said = gettext("The report was accepted; its figures count in the summary.")
        elif act == "tra-lai":
            return_report(report, note, seen=place.seen, doer=place.doer)
            said = gettext("The report was given back with your remarks.")
        else:
            raise Http404
    except KhienError as refused:
        return _received_page(request, unit, report, refused)
    publish(place.now)
    messages.success(request, said)
    return redirect("report-boards", unit.code)


def _received_page(
    request: HttpRequest, unit: Unit, report: Report, refused: KhienError | None = None
) -> HttpResponse:
    context = {
        "unit": unit,
        "report": report,
        "sheet": sheet_of(report),
        "may_review": may_do(request.user, REVIEW, unit),
        "refused": refused,
    }
    status = refused.http_status if refused else 200
    return render(request, "web/reports/received.html", context, status=status)


def _sent_here(unit: Unit, sender: str, number: int) -> Report:
    try:
        return report_received(unit, sender, number)
    except UnknownWrittenReport as unknown:
        raise Http404 from unknown


def _asked(request: HttpRequest, definition: str) -> tuple[Definition, Period]:
    chosen = load_definitions().get(definition)
    if chosen is None or not chosen.rhythm.is_regular:
        raise Http404
    key = request.GET.get("ky") or request.POST.get("ky", "")
    found = period_of(chosen.rhythm, key[:20]) if key else None
    return chosen, found or period_on(chosen.rhythm, vietnam_date(now_utc()))
