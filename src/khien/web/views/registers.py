"""Registers of a unit: all of them, one as a list, as a file, on paper; statements that it is complete."""

from __future__ import annotations

import io

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from khien.checks.selectors import control_states
from khien.checks.services import assess
from khien.facts.selectors import hosts_of
from khien.kernel.clock import now_utc, vietnam_date
from khien.kernel.language import Text, current_language
from khien.ledger.services import publish
from khien.norms.library import load_library
from khien.org.roles import WRITE
from khien.registers.declarations import load_registers
from khien.registers.exports import export_csv, export_xlsx
from khien.registers.models import Row
from khien.registers.selectors import confirmations_of, page_of, rows_of
from khien.registers.services import confirm_complete
from khien.registers.values import read_day_of
from khien.web import door, drafts
from khien.web.pages.register_list import (
    PRINTED_COLUMNS_MAX,
    Asked,
    asked,
    columns_of,
    hosts_named,
    shown_rows,
)
from khien.web.pages.register_place import Place, place_or_404
from khien.web.pages.registers import clauses_asking, controls_reading, groups_of, is_old

PRINTED_ROWS_MAX = 2_000
CONFIRMATIONS_SHOWN = 12
_CONFIRMED_ON = Text("Đầy đủ đến ngày", "Complete as of")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@login_required
def registers(request: HttpRequest, code: str) -> HttpResponse:
    """List all registers of a unit by group."""
    unit = door.unit_or_404(request, code)
    rules, now = door.rules_of(unit), now_utc()
    states = control_states(unit, rules, library=load_library())
    words = request.GET.get("tim", "")[:100]
    groups = groups_of(unit, documents=rules.documents, states=states, now=now, words=words)
    context = {
        "unit": unit,
        "groups": groups,
        "words": words,
        "register_count": len(load_registers()),
        "drafts": drafts.waiting(request),
    }
    return render(request, "web/registers/index.html", context)


@require_GET
@login_required
def show(request: HttpRequest, code: str, register: str) -> HttpResponse:
    """Show a register as a list: found, narrowed, ordered, page by page."""
    place = place_or_404(request, code, register)
    wanted = asked(place.register, request.GET, place.references)
    page = page_of(rows_of([place.unit], place.register, wanted.query), wanted.page)
    columns = columns_of(place.register)
    rows = shown_rows(place.register, page.rows, columns, hosts=_host_names(place, page.rows))
    context = place.context(
        asked=wanted,
        page=page,
        rows=rows,
        columns=columns,
        pages=_pages(wanted, page.number, page.page_count),
    )
    if request.headers.get("HX-Request"):
        return render(request, "web/registers/table.html", context)
    return render(request, "web/registers/list.html", context | _surroundings(place, wanted))


def _surroundings(place: Place, wanted: Asked) -> dict[str, object]:
    """Return what stands around the table: clauses, checks, confirmations, a row just taken out."""
    today = vietnam_date(now_utc())
    rules = door.rules_of(place.unit)
    stated = list(confirmations_of(place.unit, place.register)[:CONFIRMATIONS_SHOWN])
    taken_out = place.request.GET.get("vua-dua-ra", "")
    return {
        "clauses": clauses_asking(place.register, rules.documents),
        "controls": [c for c in controls_reading(place.register) if c in rules.rules],
        "confirmations": stated,
        "is_confirmation_old": is_old(stated[0] if stated else None, today),
        "today": today,
        "wanted_fields": [f for f in place.register.fields.values() if f.is_wanted],
        "taken_out": int(taken_out) if taken_out.isdecimal() and len(taken_out) < 10 else None,
        "has_host_facts": any(f.host_fact for f in place.register.fields.values()),
        "files_query": wanted.address(),
    }


def _host_names(place: Place, rows: list[Row]) -> dict[str, str]:
    named = hosts_named(place.register, rows)
    if not named:
        return {}
    found = hosts_of([place.unit]).filter(host_uid__in=named)
    return dict(found.values_list("host_uid", "name"))


def _pages(wanted: Asked, number: int, count: int) -> list[tuple[int, str]]:
    """Return (number, address) of the pages offered: first, last, and those near this one; 0 for a gap."""
    near = sorted({1, count, *range(max(1, number - 2), min(count, number + 2) + 1)})
    shown: list[tuple[int, str]] = []
    for at in near:
        if shown and at - shown[-1][0] > 1:
            shown.append((0, ""))
        shown.append((at, wanted.address(trang=str(at) if at > 1 else "")))
    return shown if count > 1 else []


@require_safe
@login_required
def as_file(request: HttpRequest, code: str, register: str, file_format: str) -> HttpResponseBase:
    """Send the rows a list shows as a file that can be changed and imported again."""
    place = place_or_404(request, code, register)
    if file_format not in ("xlsx", "csv"):
        raise Http404
    wanted = asked(place.register, request.GET, place.references)
    rows = rows_of([place.unit], place.register, wanted.query)
    name = f"so-{place.register.code}-{place.unit.code}-{vietnam_date(now_utc()).isoformat()}"
    if file_format == "csv":
        lines = export_csv(place.register, rows, language=current_language())
        encoded = (line.encode("utf-8-sig" if not at else "utf-8") for at, line in enumerate(lines))
        response = StreamingHttpResponse(encoded, content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return response
    return _workbook(place, rows, f"{name}.xlsx")


@require_safe
@login_required
def template(request: HttpRequest, code: str, register: str) -> HttpResponseBase:
    """Send the empty workbook of a register."""
    place = place_or_404(request, code, register)
    return _workbook(place, rows_of([], place.register), f"mau-so-{place.register.code}.xlsx")


def _workbook(place: Place, rows: QuerySet[Row], name: str) -> FileResponse:
    target = io.BytesIO()
    export_xlsx(place.register, rows, target, language=current_language())
    target.seek(0)
    return FileResponse(target, content_type=_XLSX, as_attachment=True, filename=name)


@require_safe
@login_required
def printed(request: HttpRequest, code: str, register: str) -> HttpResponse:
    """Show the rows of a list as a form to print and sign."""
    place = place_or_404(request, code, register)
    wanted = asked(place.register, request.GET, place.references)
    found = rows_of([place.unit], place.register, wanted.query)
    page = page_of(found, 1, size=PRINTED_ROWS_MAX)
    columns = columns_of(place.register, most=PRINTED_COLUMNS_MAX)
    rows = shown_rows(place.register, page.rows, columns, hosts=_host_names(place, page.rows))
    context = place.context(
        asked=wanted, page=page, rows=rows, columns=columns, today=vietnam_date(now_utc())
    )
    return render(request, "web/registers/print.html", context)


@require_POST
@login_required
def confirm(request: HttpRequest, code: str, register: str) -> HttpResponse:
    """Record that somebody says the register is complete."""
    place = place_or_404(request, code, register, WRITE)
    day, problem = read_day_of(_CONFIRMED_ON, request.POST.get("ngay", ""))
    if day is None:
        messages.error(request, str(problem.text) if problem else "")
        return redirect("register-show", code, register)
    act = place.act()
    confirm_complete(
        place.unit, place.register, confirmed_on=day, act=act, note=request.POST.get("ghi-chu", "")
    )
    publish(act.now)
    messages.success(request, gettext("It is on record that the register is complete."))
    return redirect("register-show", code, register)


@require_POST
@login_required
def reassess(request: HttpRequest, code: str, register: str) -> HttpResponse:
    """Assess the unit again with what its registers say now."""
    place = place_or_404(request, code, register, WRITE)
    now = now_utc()
    assess([place.unit], library=load_library(), now=now)
    publish(now)
    messages.success(
        request, gettext("The unit was assessed again with what its registers say now.")
    )
    return redirect(f"{reverse('register-show', args=[code, register])}#kiem-tra")
