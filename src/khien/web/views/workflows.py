"""Processes of a unit: what is open, starting one, one case, its minutes, cancelling it."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khien.kernel.clock import now_utc, vietnam_date
from khien.kernel.errors import KhienError
from khien.ledger.services import publish
from khien.org.models import Unit
from khien.org.roles import APPROVE, READ, WRITE
from khien.org.selectors import may_do
from khien.reports.minutes_services import minutes_file
from khien.web import door, drafts
from khien.web.pages.register_form import new_token
from khien.web.pages.workflow_forms import binding_clauses
from khien.web.pages.workflow_place import case_place, doing_at
from khien.workflows.declarations import Workflow
from khien.workflows.models import WorkflowCase
from khien.workflows.reading import load_workflows, workflow_by_code
from khien.workflows.selectors import cases_of, open_views, subjects_for
from khien.workflows.services import Beginning, cancel_case, start_case

FINISHED_SHOWN = 50


@require_safe
@login_required
def index(request: HttpRequest, code: str) -> HttpResponse:
    """Show a unit's processes: those that are open, those that can be started, those that ended."""
    unit = door.unit_or_404(request, code)
    now = now_utc()
    rulebook = door.rules_of(unit)
    kinds = [(w, binding_clauses(w, rulebook.documents)) for w in load_workflows().values()]
    closed = cases_of([unit]).exclude(state=WorkflowCase.State.OPEN)[:FINISHED_SHOWN]
    context = {
        "unit": unit,
        "views": open_views([unit], now=now, today=vietnam_date(now)),
        "kinds": kinds,
        "closed": [(case, load_workflows().get(case.workflow)) for case in closed],
        "may_write": may_do(request.user, WRITE, unit),
        "today": vietnam_date(now),
    }
    return render(request, "web/workflows/index.html", context)


@drafts.keeps_text
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def start(request: HttpRequest, code: str, workflow: str) -> HttpResponse:
    """Start a process: choose what it is about; a form sent twice starts one."""
    unit = door.unit_or_404(request, code, WRITE)
    chosen = workflow_by_code(workflow)
    now = now_utc()
    rows = subjects_for(unit, chosen, now=now)
    said = ""
    if request.method == "POST":
        number = request.POST.get("doi-tuong", "")
        subject = next((row for row in rows if str(row.number) == number), None)
        token = request.POST.get("lan-gui", "")
        beginning = Beginning(
            subject, request.POST.get("ve-viec", ""), _submission(request, unit, token)
        )
        try:
            case = start_case(chosen, unit, beginning, doing_at(request, unit, now=now))
        except KhienError as refused:
            said = str(refused)
        else:
            publish(now)
            return redirect("workflow-case", unit.code, case.number)
    context = _start_context(unit, chosen) | {
        "rows": rows,
        "said": said,
        "sent_number": request.POST.get("doi-tuong", ""),
        "sent_title": request.POST.get("ve-viec", ""),
        "token": request.POST.get("lan-gui") or new_token(),
        "writer": drafts.writer_mark(request),
    }
    return render(request, "web/workflows/start.html", context, status=422 if said else 200)


def _start_context(unit: Unit, workflow: Workflow) -> dict[str, object]:
    rulebook = door.rules_of(unit)
    return {
        "unit": unit,
        "workflow": workflow,
        "clauses": binding_clauses(workflow, rulebook.documents),
    }


def _submission(request: HttpRequest, unit: Unit, token: str) -> str | None:
    """Return what makes one form one: its token, for this person and unit only."""
    if not token:
        return None
    said = f"{request.user.pk}/{unit.pk}/workflow/{token}"
    return hashlib.sha256(said.encode()).hexdigest()[:40]


@require_safe
@login_required
def case(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show a case: its steps, what each asks, what was given, its minutes."""
    unit = door.unit_or_404(request, code, READ)
    return case_place(request, unit, number).page(asked=request.GET.get("buoc", ""))


@require_POST
@login_required
def cancel(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Cancel a case, with the reason; nothing is deleted."""
    unit = door.unit_or_404(request, code, WRITE)
    place = case_place(request, unit, number)
    try:
        cancel_case(place.case, reason=request.POST.get("ly-do", ""), doer=place.doer)
    except KhienError as refused:
        return place.page(said=str(refused), status=refused.http_status)
    publish(place.now)
    messages.success(request, gettext("The case was cancelled; all that was recorded is kept."))
    return redirect("workflow-case", unit.code, number)


@require_POST
@login_required
def minutes(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Send the minutes as a Word file; a POST, because the first time is put on record."""
    unit = door.unit_or_404(request, code, READ)
    place = case_place(request, unit, number)
    made = minutes_file(place.case, now=place.now, actor=request.user.get_username())
    publish(place.now)
    response = HttpResponse(made.content, content_type=made.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{made.file_name}"'
    return response


def working_unit(request: HttpRequest, code: str) -> Unit:
    """Return a unit at which the person may do steps: as who writes, or as who approves.

    Raises: Http404, NotAllowed: the door's answers
    """
    unit = door.unit_or_404(request, code, READ)
    return unit if may_do(request.user, APPROVE, unit) else door.unit_or_404(request, code, WRITE)
