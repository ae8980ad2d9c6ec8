"""What must be done, by when, and which clause says so."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from khien.desk.tasks.day import day_of
from khien.org.models import User
from khien.web import door


@require_safe
@login_required
def everywhere(request: HttpRequest) -> HttpResponse:
    """Show what must be done at all units of a person."""
    return render(request, "web/today.html", {"page": day_of(_user(request))})


@require_safe
@login_required
def unit_today(request: HttpRequest, code: str) -> HttpResponse:
    """Show what must be done at one unit."""
    unit = door.unit_or_404(request, code)
    return render(request, "web/today.html", {"unit": unit, "page": day_of(_user(request), unit)})


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user
