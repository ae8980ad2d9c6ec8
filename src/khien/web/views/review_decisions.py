"""The review of a unit's own text as a whole: how far it is, sweeps of sure suggestions, all decisions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khien.adoption.models import ImportedText
from khien.adoption.review import services
from khien.adoption.review.clauses import Chapter
from khien.adoption.review.errors import UnknownClause
from khien.adoption.review.selectors import chapter_at, missing_controls, progress_of, sweeps_of
from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError
from khien.ledger.services import publish
from khien.org.roles import READ, WRITE
from khien.org.selectors import may_do
from khien.web.pages.review_list import decision_list
from khien.web.pages.review_sweep import sweep_page
from khien.web.paging import page_links
from khien.web.text_door import act_of, text_or_404


@require_safe
@login_required
def overview(request: HttpRequest, text: str) -> HttpResponse:
    """Show how far the review has come, chapter by chapter."""
    return _overview(request, text_or_404(request, text, READ))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sweep(request: HttpRequest, text: str, chapter: str) -> HttpResponse:
    """Show the sure suggestions of a chapter; confirm exactly those on POST."""
    is_post, error = request.method == "POST", None
    found = text_or_404(request, text, WRITE if is_post else READ)
    part = _chapter(found, chapter)
    if is_post:
        try:
            seen = request.POST.get("da-xem", "")
            written = services.sweep(found, part, seen=seen, act=act_of(request))
        except KhienError as refused:
            error = refused
        else:
            publish(now_utc())
            count = len(written)
            said = ngettext(
                "%(count)d suggestion is confirmed.", "%(count)d suggestions are confirmed.", count
            )
            messages.success(request, said % {"count": count})
            return redirect("text-review", found.code)
    context = {
        "text": found,
        "unit": found.unit,
        "page": sweep_page(found, part),
        "error": error,
        "may_write": _may_write(request, found),
    }
    status = error.http_status if error else 200
    return render(request, "web/review/sweep.html", context, status=status)


@require_POST
@login_required
def undo_sweep(request: HttpRequest, text: str) -> HttpResponse:
    """Take back a whole sweep."""
    found, given = text_or_404(request, text, WRITE), request.POST.get("luot", "")
    version = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    try:
        count = services.undo_sweep(found, version, act=act_of(request))
    except KhienError as refused:
        return _overview(request, found, refused)
    publish(now_utc())
    said = ngettext("%(count)d clause waits again.", "%(count)d clauses wait again.", count)
    messages.success(request, said % {"count": count})
    return redirect("text-review", found.code)


@require_POST
@login_required
def claim(request: HttpRequest, text: str, chapter: str) -> HttpResponse:
    """Take a chapter for review, take it over, or give it back."""
    found, asked = text_or_404(request, text, WRITE), request.POST.get("viec", "")
    part, act = _chapter(found, chapter), act_of(request)
    try:
        if asked == "thoi":
            services.release_chapter(found, part, act=act)
        else:
            services.claim_chapter(found, part, act=act, takes_over=asked == "thay")
    except KhienError as refused:
        return _overview(request, found, refused)
    publish(now_utc())
    said = gettext("Given back.") if asked == "thoi" else gettext("You review this chapter.")
    messages.success(request, said)
    return redirect("text-review", found.code)


@require_safe
@login_required
def decisions(request: HttpRequest, text: str) -> HttpResponse:
    """List all decisions: who, when, how."""
    found = text_or_404(request, text, READ)
    page = decision_list(found, request.GET)
    context = {
        "text": found,
        "unit": found.unit,
        "page": page,
        "pages": page_links(request, page.page_count),
    }
    return render(request, "web/review/decisions.html", context)


def _overview(
    request: HttpRequest, text: ImportedText, error: KhienError | None = None
) -> HttpResponse:
    progress = progress_of(text)
    context = {
        "text": text,
        "unit": text.unit,
        "progress": progress,
        "sweeps": sweeps_of(text),
        "missing": missing_controls(progress.fed),
        "error": error,
        "me": request.user.get_username(),
        "may_write": _may_write(request, text),
    }
    status = error.http_status if error else 200
    return render(request, "web/review/overview.html", context, status=status)


def _chapter(text: ImportedText, path: str) -> Chapter:
    try:
        return chapter_at(text, path)
    except UnknownClause as error:
        raise Http404 from error


def _may_write(request: HttpRequest, text: ImportedText) -> bool:
    is_open = text.state == ImportedText.State.REVIEWING
    return is_open and may_do(request.user, WRITE, text.unit)
