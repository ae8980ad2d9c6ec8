"""How units stand: by theme, by unit and theme, over time, and one control at all units."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from khien.checks.standing import theme_matrix
from khien.kernel.clock import now_utc, vietnam_date
from khien.org.models import Unit
from khien.org.selectors import visible_to
from khien.web import door
from khien.web.pages.heat_map import PAGE_SIZE, Wanted, below, heat_map, one_control
from khien.web.pages.overview import theme_totals
from khien.web.pages.trend import SPANS, trend_of
from khien.web.paging import asked_page, page_links


@require_safe
@login_required
def by_theme(request: HttpRequest, code: str) -> HttpResponse:
    """Show how each theme stands at a unit, now or at the end of a past day."""
    unit = door.unit_or_404(request, code)
    day = door.asked_day(request)
    themes = theme_totals(theme_matrix([unit], on=day).get(unit.pk, {}))
    return render(request, "web/by_theme.html", {"unit": unit, "themes": themes, "on": day})


@require_safe
@login_required
def unit_heat_map(request: HttpRequest, code: str) -> HttpResponse:
    """Show a unit and those below it by themes."""
    unit = door.unit_or_404(request, code)
    return _heat_map(request, below(unit, _readable(request)), unit)


@require_safe
@login_required
def whole_heat_map(request: HttpRequest) -> HttpResponse:
    """Show all units of a person by themes."""
    units = _readable(request)
    if not units:
        raise Http404
    return _heat_map(request, units, None)


def _heat_map(request: HttpRequest, units: Sequence[Unit], unit: Unit | None) -> HttpResponse:
    wanted = Wanted.read(request.GET, number=asked_page(request), on=door.asked_day(request))
    page = heat_map(units, wanted)
    context = {
        "unit": unit,
        "page": page,
        "wanted": wanted,
        "on": wanted.on,
        "pages": page_links(request, page.page_count),
    }
    is_part = request.headers.get("HX-Target") == "ban-do"
    return render(request, "web/parts/heat_table.html" if is_part else "web/heat_map.html", context)


@require_safe
@login_required
def unit_trend(request: HttpRequest, code: str) -> HttpResponse:
    """Show how the controls of a unit, or of it and all below, stood over time."""
    unit = door.unit_or_404(request, code)
    span = request.GET.get("khoang", "")
    span = span if span in SPANS else "12-thang"
    with_below = below(unit, _readable(request))
    is_wide = request.GET.get("gom") == "cap-duoi" and len(with_below) > 1
    units = with_below if is_wide else [unit]
    page = trend_of(units, days=SPANS[span], today=vietnam_date(now_utc()))
    context = {
        "unit": unit,
        "page": page,
        "span": span,
        "is_wide": is_wide,
        "below": len(with_below),
    }
    return render(request, "web/trend.html", context)


@require_safe
@login_required
def control_everywhere(request: HttpRequest, control: str) -> HttpResponse:
    """Show how one control stands at every unit of a person."""
    asked = door.control_or_404(control)
    rows = one_control(_readable(request), asked.id)
    page_count = -(-len(rows) // PAGE_SIZE)
    number = min(max(1, asked_page(request)), max(1, page_count))
    context = {
        "control": asked,
        "rows": rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        "number": number,
        "pages": page_links(request, page_count),
    }
    return render(request, "web/control_everywhere.html", context)


def _readable(request: HttpRequest) -> list[Unit]:
    return list(visible_to(request.user).filter(ended_on=None))
