"""Machines of a unit and their facts."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from khien.checks.services import assess
from khien.facts.models import Host
from khien.facts.services import set_host_kind
from khien.kernel.clock import now_utc
from khien.ledger.services import publish
from khien.norms.library import load_library
from khien.org.roles import WRITE
from khien.web import door
from khien.web.pages.machine import findings_here, host_rows, tables_of

HOSTS_OF_PAGE = 100


@require_safe
@login_required
def machines(request: HttpRequest, code: str) -> HttpResponse:
    """List the machines of a unit."""
    unit = door.unit_or_404(request, code)
    page = Paginator(host_rows(unit), HOSTS_OF_PAGE).get_page(request.GET.get("trang"))
    pages = page.paginator.get_elided_page_range(page.number)
    return render(request, "web/machines.html", {"unit": unit, "page": page, "pages": pages})


@require_safe
@login_required
def machine(request: HttpRequest, code: str, host_uid: str) -> HttpResponse:
    """Show a machine: what was read from it, and what was found."""
    unit = door.unit_or_404(request, code)
    host = door.host_or_404(unit, host_uid)
    context = {
        "unit": unit,
        "host": host,
        "kinds": Host.Kind.values,
        "findings": findings_here(host, door.rules_of(unit)),
        "tables": tables_of(host, now=now_utc()),
    }
    return render(request, "web/machine.html", context)


@require_POST
@login_required
def set_kind(request: HttpRequest, code: str, host_uid: str) -> HttpResponse:
    """Set what a machine is used as, and assess the unit again: controls apply by it."""
    unit = door.unit_or_404(request, code, WRITE)
    host = door.host_or_404(unit, host_uid)
    kind, now = request.POST.get("loai", ""), now_utc()
    if kind not in Host.Kind.values:
        messages.error(request, gettext("This is not a kind of machine. Choose one from the list."))
    else:
        set_host_kind(host, kind, now=now, actor=request.user.get_username())
        assess([unit], library=load_library(), now=now)
        publish(now)
        messages.success(
            request, gettext("The kind of machine was saved and the unit assessed again.")
        )
    return redirect("machine", code, host_uid)
