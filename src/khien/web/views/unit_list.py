"""All units a person sees, found by a word, each with how it stands; the way from one unit to another."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from khien.org.models import User
from khien.web.pages.unit_list import unit_list
from khien.web.paging import asked_page, page_links


@require_safe
@login_required
def units(request: HttpRequest) -> HttpResponse:
    """List the units a person sees; each leads to the page in hand, at that unit."""
    words = request.GET.get("tim", "")[:100]
    user = request.user if isinstance(request.user, User) else User()
    page = unit_list(
        user, words=words, place=request.GET.get("trang", ""), number=asked_page(request, "so")
    )
    context = {
        "page": page,
        "words": words,
        "asked": request.GET.get("trang", ""),
        "pages": page_links(request, page.page_count, name="so"),
    }
    part = "web/parts/unit_rows.html" if request.headers.get("HX-Target") == "cac-don-vi" else ""
    return render(request, part or "web/units.html", context)
