"""Search over everything from one box."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
@login_required
def results(request: HttpRequest) -> HttpResponse:
    """Show what has all the words: grouped, and only what the person may see."""
    words = request.GET.get("q", "")[:100].strip()
    return render(request, "web/search.html", {"words": words})
