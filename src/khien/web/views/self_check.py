"""Khiên judged by its own controls, as a page for administrators."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khien.access.selectors import unit_to_check
from khien.access.self_check import check_khien, record_check
from khien.kernel.clock import now_utc
from khien.org.models import User


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def self_check(request: HttpRequest) -> HttpResponse:
    """Run the self-check by the rulebook of the administrator's unit; a press of the button runs it."""
    unit = unit_to_check(cast("User", request.user))
    if unit is None:
        raise Http404
    done = None
    if request.method == "POST":
        now = now_utc()
        done = check_khien(unit, now=now)
        record_check(done, now=now)
    return render(request, "web/access/self_check.html", {"checked": unit, "done": done})
