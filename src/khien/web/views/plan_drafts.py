"""Plans of a unit: begin one from the gaps, write it, take it as a file, record that it was signed."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError
from khien.ledger.services import publish
from khien.org.models import Unit
from khien.org.roles import READ, WRITE
from khien.org.selectors import may_do
from khien.plans.gaps import gaps_chosen
from khien.plans.models import PlanDraft
from khien.plans.selectors import draft_at, signed_plans
from khien.plans.services import (
    add_gaps,
    add_own_task,
    draft_plan,
    drop_plan,
    save_plan,
    sign_plan,
)
from khien.registers.services import Act
from khien.reports.plan_files import plan_file
from khien.web import door
from khien.web.pages.plans import draft_page, gap_groups, own_task, plans_page, typed_tasks


@require_safe
@login_required
def index(request: HttpRequest, code: str) -> HttpResponse:
    """Show a unit's drafts, and how the tasks of its signed plans come along."""
    unit = door.unit_or_404(request, code, READ)
    context = {
        "unit": unit,
        "page": plans_page(unit, now=now_utc()),
        "may_write": may_do(request.user, WRITE, unit),
    }
    return render(request, "web/plans/index.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Choose gaps and begin a plan from them."""
    unit, now, error = door.unit_or_404(request, code, WRITE), now_utc(), None
    if request.method == "POST":
        try:
            gaps = gaps_chosen(unit, request.POST.getlist("viec"), now=now)
            draft = draft_plan(
                unit, title=request.POST.get("ten", ""), gaps=gaps, act=_act(request)
            )
        except KhienError as refused:
            error = refused
        else:
            publish(now)
            return redirect("plan", unit.code, draft.number)
    context = {
        "unit": unit,
        "groups": gap_groups(unit, now=now),
        "error": error,
        "typed": request.POST,
        "chosen": set(request.POST.getlist("viec")),
    }
    return render(
        request, "web/plans/begin.html", context, status=error.http_status if error else 200
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show a draft; save what was written on POST."""
    unit = door.unit_or_404(request, code, WRITE if request.method == "POST" else READ)
    draft = draft_at(unit, number)
    if request.method != "POST":
        return _page(request, unit, draft)

    def act(seen: int) -> str:
        save_plan(
            draft,
            title=request.POST.get("ten", ""),
            purpose=request.POST.get("muc-dich", ""),
            carrying_out=request.POST.get("to-chuc", ""),
            tasks=typed_tasks(draft, request.POST),
            expected_version=seen,
            act=_act(request),
        )
        return gettext("The plan is saved.")

    return _done(request, unit, draft, act)


@require_POST
@login_required
def add(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Add gaps, or a task of the unit's own, to a draft."""
    unit = door.unit_or_404(request, code, WRITE)
    draft = draft_at(unit, number)

    def act(seen: int) -> str:
        if request.POST.get("loai") == "rieng":
            add_own_task(
                draft, own_task(draft, request.POST), expected_version=seen, act=_act(request)
            )
        else:
            gaps = gaps_chosen(unit, request.POST.getlist("chon"), now=now_utc())
            add_gaps(draft, gaps, expected_version=seen, act=_act(request))
        return gettext("Added to the plan.")

    return _done(request, unit, draft, act)


@require_POST
@login_required
def sign(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Record that the plan was signed: its tasks enter the register."""
    unit = door.unit_or_404(request, code, WRITE)
    draft = draft_at(unit, number)

    def act(seen: int) -> str:
        chosen = request.POST.get("van-ban", "")
        paper = next((row for row in signed_plans(unit) if str(row.pk) == chosen), None)
        if paper is None:
            raise Http404
        rows = sign_plan(draft, paper, expected_version=seen, act=_act(request))
        return gettext("%(count)d tasks entered the register; they are duties from now on.") % {
            "count": len(rows)
        }

    return _done(request, unit, draft, act)


@require_POST
@login_required
def drop(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Give a draft up."""
    unit = door.unit_or_404(request, code, WRITE)
    draft = draft_at(unit, number)

    def act(_seen: int) -> str:
        drop_plan(draft, act=_act(request))
        return gettext("The draft was given up.")

    return _done(request, unit, draft, act)


@require_safe
@login_required
def file(request: HttpRequest, code: str, number: int, file_format: str) -> HttpResponse:
    """Hand a draft out as a file to edit, number and sign."""
    unit = door.unit_or_404(request, code, READ)
    name, media_type, content = plan_file(draft_at(unit, number), file_format, now=now_utc())
    answer = HttpResponse(content, content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _page(
    request: HttpRequest, unit: Unit, draft: PlanDraft, error: KhienError | None = None
) -> HttpResponse:
    context = {
        "unit": unit,
        "page": draft_page(draft, now=now_utc(), typed=request.POST if error else None),
        "error": error,
        "may_write": may_do(request.user, WRITE, unit),
    }
    return render(
        request, "web/plans/draft.html", context, status=error.http_status if error else 200
    )


def _done(
    request: HttpRequest, unit: Unit, draft: PlanDraft, act: Callable[[int], str]
) -> HttpResponse:
    """Do something about a draft as it was seen; a refusal is shown on its page."""
    seen = request.POST.get("ban", "")
    try:
        said = act(int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0)
    except KhienError as refused:
        return _page(request, unit, draft, refused)
    publish(now_utc())
    messages.success(request, said)
    return redirect("plan", unit.code, draft.number)


def _act(request: HttpRequest) -> Act:
    return Act(request.user.get_username(), now_utc())
