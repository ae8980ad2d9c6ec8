"""Search over everything from one box: a page, and the same as a part while one types."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from khien.desk.search.hits import GROUP_MAX, GROUP_MAX_PAGE
from khien.org.models import User
from khien.web.pages.found import found_by

# While one types, a single letter fits everything and says nothing.
TYPED_MIN = 2


@require_safe
@login_required
def results(request: HttpRequest) -> HttpResponse:
    """Show what has all the words: grouped, and only what the person may see."""
    words = request.GET.get("q", "")[:100].strip()
    is_part = request.headers.get("HX-Target") == "tim-thay"
    user = request.user if isinstance(request.user, User) else User()
    if is_part and len(words) < TYPED_MIN:
        return render(request, "web/parts/hits.html", {"groups": [], "words": ""})
    limit = GROUP_MAX if is_part else GROUP_MAX_PAGE
    groups = found_by(user, words, limit=limit, is_deep=not is_part)
    context = {
        "words": words,
        "groups": groups,
        "count": sum(len(group.hits) for group in groups),
        "is_part": is_part,
    }
    return render(request, "web/parts/hits.html" if is_part else "web/search.html", context)
