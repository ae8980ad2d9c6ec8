"""The desk of reports of a unit, and the beginning of one."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from khien.kernel.clock import now_utc, vietnam_date
from khien.kernel.errors import KhienError
from khien.ledger.services import publish
from khien.org.models import Unit
from khien.org.roles import READ, WRITE
from khien.org.selectors import may_do
from khien.registers.models import Row
from khien.reports.definition_reading import load_definitions
from khien.reports.definitions import Definition
from khien.reports.errors import ReportIsThere
from khien.reports.periods import EVENT, ROW, Period, period_on, periods_of_year
from khien.reports.received import waiting_at
from khien.reports.written_selectors import (
    ReportQuery,
    definitions_of,
    subjects_waiting,
    written_reports,
)
from khien.reports.written_services import Order, draft_report
from khien.web import door
from khien.web.pages.report_desk import MADE_SHOWN, STATE_WORDS, desk_of, tone_of
from khien.web.pages.report_place import working_unit
from khien.web.pages.workflow_place import doing_at


@require_safe
@login_required
def index(request: HttpRequest, code: str) -> HttpResponse:
    """Show what is to be reported, by which day, what it lacks, and what was made."""
    unit = door.unit_or_404(request, code, READ)
    now = now_utc()
    today = vietnam_date(now)
    desk = desk_of(unit, now=now)
    query = ReportQuery(
        definition=request.GET.get("mau", "")[:60],
        states=[s for s in request.GET.getlist("buoc") if s in STATE_WORDS],
    )
    made = written_reports([unit], query)
    context = {
        "unit": unit,
        "desk": desk,
        "due": [(due, tone_of(due, today)) for due in desk.due],
        "made": made[:MADE_SHOWN],
        "made_count": made.count(),
        "states": STATE_WORDS,
        "query": query,
        "definitions": load_definitions(),
        "may_write": may_do(request.user, WRITE, unit),
        "waiting_here": waiting_at(unit),
        "today": today,
    }
    return render(request, "web/reports/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def begin(request: HttpRequest, code: str, definition: str) -> HttpResponse:
    """Say what a report is, and begin it: for a period, a row, or about a thing."""
    is_doing = request.method == "POST"
    unit = working_unit(request, code) if is_doing else door.unit_or_404(request, code, READ)
    chosen = load_definitions().get(definition)
    now = now_utc()
    if chosen is None or chosen not in definitions_of(unit, on=vietnam_date(now)):
        raise Http404
    rows = subjects_waiting(unit, chosen, now=now)
    said = ""
    if request.method == "POST":
        try:
            report = draft_report(
                _order(request, chosen, rows), unit, doing_at(request, unit, now=now)
            )
        except ReportIsThere as there:
            messages.info(request, str(there))
            return redirect("report-show", unit.code, there.number)
        except KhienError as refused:
            said = str(refused)
        else:
            publish(now)
            messages.success(
                request, gettext("The figures are frozen; write what only a person knows.")
            )
            return redirect("report-show", unit.code, report.number)
    context = {
        "unit": unit,
        "definition": chosen,
        "clauses": _clauses(unit, chosen, vietnam_date(now)),
        "periods": periods_around(chosen, vietnam_date(now)),
        "rows": rows,
        "said": said,
        "is_row": chosen.rhythm.every == ROW,
        "is_event": chosen.rhythm.every == EVENT,
        "may_make": may_do(request.user, chosen.maker, unit),
    }
    return render(request, "web/reports/begin.html", context, status=422 if said else 200)


def _order(request: HttpRequest, definition: Definition, rows: list[Row]) -> Order:
    number = request.POST.get("dong", "")
    return Order(
        definition,
        period=request.POST.get("ky", "")[:20],
        subject=next((row for row in rows if str(row.number) == number), None),
        title=request.POST.get("ve-viec", ""),
        takes_all=request.POST.get("ca-chua-nhan") == "co",
    )


def _clauses(unit: Unit, definition: Definition, on: date) -> list[tuple[str, str]]:
    bound = door.rules_of(unit, on=on).documents
    pairs = (clause.partition("/") for clause in definition.clauses)
    return [(document, path) for document, _, path in pairs if document in bound]


def periods_around(definition: Definition, today: date) -> list[Period]:
    """Return the periods that can be chosen: the one of today, and the four before it, newest first."""
    if not definition.rhythm.is_regular:
        return []
    here = period_on(definition.rhythm, today)
    years = (today.year - 1, today.year, today.year + 1)
    around = [p for year in years for p in periods_of_year(definition.rhythm, year)]
    before = [p for p in around if p.begins < here.begins][-4:]
    return [here, *reversed(before)]
