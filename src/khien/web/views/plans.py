"""Money for security, and the clocks of suppliers, of one unit."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from khien.kernel.clock import now_utc, vietnam_date
from khien.web import door
from khien.web.pages.money import money_page
from khien.web.pages.suppliers import supplier_page


@require_safe
@login_required
def money(request: HttpRequest, code: str) -> HttpResponse:
    """Show the share of security in the IT money of a unit."""
    unit = door.unit_or_404(request, code)
    page = money_page(unit, door.rules_of(unit), today=vietnam_date(now_utc()))
    return render(request, "web/plans/money.html", {"unit": unit, "page": page})


@require_safe
@login_required
def suppliers(request: HttpRequest, code: str) -> HttpResponse:
    """Show the clocks of a unit's suppliers; HTMX asks for the running ones alone."""
    unit = door.unit_or_404(request, code)
    page = supplier_page(unit, door.rules_of(unit), now=now_utc())
    template = "web/plans/clocks.html" if _asks_for_clocks(request) else "web/plans/suppliers.html"
    return render(request, template, {"unit": unit, "page": page})


def _asks_for_clocks(request: HttpRequest) -> bool:
    return request.headers.get("HX-Target") == "dong-ho"
