"""Whom to call: the contact points of a unit, for everybody who works there."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from khien.org.roles import KNOW
from khien.web import door
from khien.web.pages.contacts import contacts_of


@require_safe
@login_required
def contacts(request: HttpRequest, code: str) -> HttpResponse:
    """List the contact points of a unit: its own first, then authorities and responders."""
    unit = door.unit_or_404(request, code, KNOW)
    return render(request, "web/contacts.html", {"unit": unit, "contacts": contacts_of(unit)})
