"""A text on its way through submission, approval, withdrawal and its end; every act is one form."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from khien.adoption.force.services import (
    approve_text,
    end_text,
    return_text,
    submit_text,
    withdraw,
)
from khien.adoption.models import ImportedText
from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError
from khien.ledger.services import publish
from khien.org.models import User
from khien.org.roles import APPROVE, WRITE
from khien.web.drafts import keeps_text, take, writer_mark
from khien.web.pages.asked import day_needed
from khien.web.pages.text_approval import approval_page
from khien.web.text_door import text_or_404, version_asked


@require_safe
@login_required
def approval(request: HttpRequest, text: str) -> HttpResponse:
    """Show where a text stands and what may be done."""
    return _page(request, text_or_404(request, text))


@require_POST
@login_required
def submit(request: HttpRequest, text: str) -> HttpResponse:
    """Submit a text to the leaders."""
    found = text_or_404(request, text, WRITE)
    return _done(
        request,
        found,
        lambda user: submit_text(found, seen=version_asked(request), user=user, now=now_utc()),
        gettext("Submitted. A leader of the unit approves or gives it back."),
    )


@require_POST
@login_required
def approve(request: HttpRequest, text: str) -> HttpResponse:
    """Approve a text: it is in force from its day."""
    found = text_or_404(request, text, APPROVE)
    return _done(
        request,
        found,
        lambda user: approve_text(found, seen=version_asked(request), user=user, now=now_utc()),
        gettext("Approved. From its day on, rulebooks, checks and duties follow by themselves."),
    )


@require_POST
@keeps_text
@login_required
def give_back(request: HttpRequest, text: str) -> HttpResponse:
    """Give a text back with a note."""
    found, note = text_or_404(request, text, APPROVE), request.POST.get("y_kien", "")
    return _done(
        request,
        found,
        lambda user: return_text(
            found, note, seen=version_asked(request), user=user, now=now_utc()
        ),
        gettext("Given back with your note."),
    )


@require_POST
@login_required
def take_back(request: HttpRequest, text: str) -> HttpResponse:
    """Withdraw an approved text before its day."""
    found, note = text_or_404(request, text, APPROVE), request.POST.get("y_kien", "")
    return _done(
        request,
        found,
        lambda user: withdraw(found.code, note, user=user, now=now_utc()),
        gettext("Withdrawn; everything is as it was before the approval."),
    )


@require_POST
@login_required
def end(request: HttpRequest, text: str) -> HttpResponse:
    """Set the day on which a text in force ends."""
    found, note = text_or_404(request, text, APPROVE), request.POST.get("y_kien", "")

    def act(user: User) -> object:
        now = now_utc()
        day = day_needed(request.POST.get("ngay", ""), now.date())
        return end_text(found.code, note, on=day, user=user, now=now)

    return _done(request, found, act, gettext("The day on which it ends is recorded."))


def _done(
    request: HttpRequest, text: ImportedText, act: Callable[[User], object], said: str
) -> HttpResponse:
    user = request.user
    if not isinstance(user, User):
        raise TypeError("the view needs a signed-in person")
    try:
        act(user)
    except KhienError as refused:
        return _page(request, text_or_404(request, text.code), refused)
    publish(now_utc())
    messages.success(request, said)
    return redirect("text-approval", text.code)


def _page(
    request: HttpRequest, text: ImportedText, refused: KhienError | None = None
) -> HttpResponse:
    user = request.user
    if not isinstance(user, User):
        raise TypeError("the view needs a signed-in person")
    kept = take(request) if refused is None else None
    note = request.POST.get("y_kien", "") if kept is None else kept.get("y_kien", "")
    context = {
        "unit": text.unit,
        "text": text,
        "page": approval_page(text, user, now=now_utc()),
        "refused": refused,
        "note": note,
        "writer": writer_mark(request),
    }
    status = refused.http_status if refused is not None else 200
    return render(request, "web/force/approval.html", context, status=status)
