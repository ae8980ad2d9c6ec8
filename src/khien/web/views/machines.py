"""Machines of a unit and their facts."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from khien.checks.machines import MachineQuery, machines_found, page_of_machines
from khien.checks.services import assess
from khien.facts.models import Host
from khien.facts.services import set_host_kind
from khien.kernel.clock import now_utc
from khien.ledger.services import publish
from khien.norms.library import load_library
from khien.org.roles import WRITE
from khien.org.selectors import may_do
from khien.web import door
from khien.web.pages.machine import findings_here, tables_of
from khien.web.paging import asked_page, page_links
from khien.web.views.units import asked_verdict


@require_safe
@login_required
def machines(request: HttpRequest, code: str) -> HttpResponse:
    """List the machines of a unit, found by words, kind, verdict and silence."""
    unit = door.unit_or_404(request, code)
    query = _asked(request)
    found = machines_found([unit], query, now=now_utc())
    page = page_of_machines(found, asked_page(request))
    context = {
        "unit": unit,
        "page": page,
        "query": query,
        "kinds": Host.Kind.values,
        "pages": page_links(request, page.page_count),
        "is_filtered": query != MachineQuery(),
    }
    is_part = request.headers.get("HX-Target") == "cac-may"
    return render(
        request, "web/parts/machine_rows.html" if is_part else "web/machines.html", context
    )


def _asked(request: HttpRequest) -> MachineQuery:
    kind = request.GET.get("loai", "")
    return MachineQuery(
        words=request.GET.get("tim", "")[:100],
        kind=kind if kind in Host.Kind.values else "",
        verdict=asked_verdict(request),
        is_silent=request.GET.get("im-lang") == "co",
    )


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
        "tables": tables_of(host, now=now_utc(), opened=request.GET.get("bang", "")),
        "may_write": may_do(request.user, WRITE, unit),
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
