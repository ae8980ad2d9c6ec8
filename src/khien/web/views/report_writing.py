"""One report: its page, writing its texts, taking its figures anew."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khien.kernel.errors import KhienError
from khien.ledger.services import publish
from khien.reports.written_services import refresh_figures, write_texts
from khien.web import drafts
from khien.web.pages.report_place import place_or_404
from khien.web.pages.report_sheet import typed_texts


@require_safe
@login_required
def show(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show a report: what to write, what its figures are, what it looks like, what comes next."""
    place = place_or_404(request, code, number)
    kept = drafts.take(request)
    return place.page(typed=typed_texts(kept, kept) if kept else None)


@drafts.keeps_text
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def write(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Keep what was written; where another person wrote in the same place, both are shown."""
    place = place_or_404(request, code, number, is_doing=request.method == "POST")
    if request.method != "POST":
        kept = drafts.take(request)
        return place.page(typed=typed_texts(kept, kept) if kept else None)
    typed = typed_texts(request.POST, request.POST)
    try:
        write_texts(place.report, typed, seen=place.seen, doer=place.doer)
    except KhienError as refused:
        return place.page(typed=typed, refused=refused, act="write")
    publish(place.now)
    messages.success(request, gettext("What you wrote is kept."))
    return redirect("report-show", code, number)


@require_POST
@login_required
def refresh(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take the figures anew as the registers stand now; the texts stay."""
    place = place_or_404(request, code, number, is_doing=True)
    try:
        refresh_figures(place.report, seen=place.seen, doer=place.doer)
    except KhienError as refused:
        return place.page(refused=refused, act="refresh")
    publish(place.now)
    messages.success(
        request, gettext("The figures are those of the registers now; the texts stayed.")
    )
    return redirect("report-show", code, number)
