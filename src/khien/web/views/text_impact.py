"""What a text will change before it does: as a page and as a document."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from khien.adoption.impact.paper import impact_file
from khien.adoption.impact.selectors import measured
from khien.adoption.review.selectors import undecided
from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError
from khien.web.pages.text_impact import impact_page
from khien.web.text_door import text_or_404


@require_safe
@login_required
def impact(request: HttpRequest, text: str) -> HttpResponse:
    """Show what a text will change; what keeps it from being measured is said instead."""
    found = text_or_404(request, text)
    context = {
        "unit": found.unit,
        "text": found,
        "left": len(undecided(found)),
    }
    try:
        draft, told = measured(found, now=now_utc(), is_whole=False)
    except KhienError as refused:
        return render(request, "web/force/impact.html", context | {"refused": refused})
    page = impact_page(told, draft.library)
    return render(request, "web/force/impact.html", context | {"page": page, "impact": told})


@require_safe
@login_required
def paper(request: HttpRequest, text: str) -> HttpResponse:
    """Hand out the impact as a document to edit, number and sign."""
    found = text_or_404(request, text)
    draft, told = measured(found, now=now_utc(), is_whole=False)
    name, media_type, content = impact_file(told, found.unit, now=now_utc(), library=draft.library)
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response
