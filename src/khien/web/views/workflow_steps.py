"""Doing a step of a case, and adding rows line by line."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from khien.kernel.errors import KhienError
from khien.ledger.services import publish
from khien.org.roles import WRITE
from khien.registers.errors import InvalidRow
from khien.web import door, drafts
from khien.web.pages.workflow_case import Failed
from khien.web.pages.workflow_forms import posted_line, posted_step, uploads
from khien.web.pages.workflow_place import case_place
from khien.web.views.workflows import working_unit
from khien.workflows.errors import StepRefused
from khien.workflows.item_services import add_line, remove_line
from khien.workflows.services import StepGiven, do_step


@drafts.keeps_text
@require_POST
@login_required
def do(request: HttpRequest, code: str, number: int, step: str) -> HttpResponse:
    """Do a step; what was refused comes back with all that was typed."""
    place = case_place(request, working_unit(request, code), number)
    chosen = place.step(step)
    raw = posted_step(chosen, request.POST)
    try:
        do_step(place.case, step, StepGiven(raw, uploads(chosen, request.FILES)), place.doer)
    except KhienError as refused:
        failed = _failed(step, raw, refused)
        return place.page(failed=failed, status=refused.http_status)
    publish(place.now)
    messages.success(request, gettext("Done: %(step)s.") % {"step": str(chosen.title)})
    return redirect("workflow-case", code, number)


def _failed(
    step: str, raw: dict[str, object], refused: KhienError, *, is_line: bool = False
) -> Failed:
    is_listed = isinstance(refused, (StepRefused, InvalidRow))
    problems = refused.problems if isinstance(refused, (StepRefused, InvalidRow)) else ()
    return Failed(step, raw, problems, "" if is_listed else str(refused), is_line)


@require_POST
@login_required
def line(request: HttpRequest, code: str, number: int, step: str) -> HttpResponse:
    """Add one row to the register a step fills."""
    place = case_place(request, door.unit_or_404(request, code, WRITE), number)
    chosen = place.step(step)
    raw = posted_line(chosen, request.POST)
    try:
        row = add_line(place.case, step, raw, place.doer)
    except KhienError as refused:
        failed = _failed(step, raw, refused, is_line=True)
        return place.page(failed=failed, status=refused.http_status)
    publish(place.now)
    messages.success(request, gettext("Added: %(name)s.") % {"name": row.name})
    return redirect(f"{_case_address(code, number)}?buoc={step}#buoc-{step}")


@require_POST
@login_required
def unline(request: HttpRequest, code: str, number: int, step: str) -> HttpResponse:
    """Take a row out again; the register keeps its history."""
    place = case_place(request, door.unit_or_404(request, code, WRITE), number)
    place.step(step)
    asked = request.POST.get("dong", "")
    try:
        row = remove_line(place.case, step, int(asked) if asked.isdecimal() else 0, place.doer)
    except KhienError as refused:
        return place.page(said=str(refused), status=refused.http_status)
    publish(place.now)
    messages.success(request, gettext("Taken out: %(name)s.") % {"name": row.name})
    return redirect(f"{_case_address(code, number)}?buoc={step}#buoc-{step}")


def _case_address(code: str, number: int) -> str:
    return redirect("workflow-case", code, number).url
