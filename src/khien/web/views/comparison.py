"""Pages where texts are compared; each table also as a workbook."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from khien.kernel.clock import now_utc, vietnam_date
from khien.norms.comparison import (
    Comparison,
    Ended,
    Strictest,
    ended_law,
    side_by_side,
    strictest_of_all,
)
from khien.norms.library import load_library
from khien.norms.model import TIERS
from khien.web import door
from khien.web.pages.comparison import (
    compared_table,
    ended_table,
    level_page,
    level_table,
    parts_of,
    shelves,
    strictest_table,
)
from khien.web.sheets import workbook_of
from khien.web.wording import TIER_WORDS


@require_safe
@login_required
def compared(request: HttpRequest) -> HttpResponse:
    """Show two texts side by side; without both named, the form to choose them."""
    found = _comparison(request)
    context = {
        "shelves": shelves(load_library()),
        "comparison": found,
        "parts": parts_of(found) if found else (),
        "a": request.GET.get("a", ""),
        "b": request.GET.get("b", ""),
    }
    return render(request, "web/texts/compare.html", context)


@require_safe
@login_required
def compared_sheet(request: HttpRequest) -> FileResponse:
    """Send two texts side by side as a workbook."""
    found = _comparison(request)
    if found is None:
        raise Http404
    name = f"so-sanh-{found.first.id}-{found.second.id}.xlsx"
    return workbook_of(compared_table(found), name)


def _comparison(request: HttpRequest) -> Comparison | None:
    first, second = request.GET.get("a", ""), request.GET.get("b", "")
    if not first or not second:
        return None
    texts = [door.document_or_404(name) for name in (first, second)]
    return side_by_side(load_library(), texts[0].id, texts[1].id)


@require_safe
@login_required
def strictest(request: HttpRequest) -> HttpResponse:
    """Show for every parameter the strictest value of all texts, with its clause."""
    tier = _tier(request)
    context = {"rows": _strictest(tier), "tier": tier, "tiers": TIER_WORDS, "on": _today()}
    return render(request, "web/texts/compare_strictest.html", context)


@require_safe
@login_required
def strictest_sheet(request: HttpRequest) -> FileResponse:
    """Send the strictest values as a workbook."""
    return workbook_of(strictest_table(_strictest(_tier(request))), "nghiem-nhat.xlsx")


def _tier(request: HttpRequest) -> str:
    asked = request.GET.get("bac", "")
    return asked if asked in TIERS else ""


def _strictest(tier: str) -> tuple[Strictest, ...]:
    return strictest_of_all(load_library(), on=_today(), tiers=(tier,) if tier else ())


def _today() -> date:
    return vietnam_date(now_utc())


@require_safe
@login_required
def ended(request: HttpRequest) -> HttpResponse:
    """Show which clauses cite law that ended, with the successor and how sure that is."""
    context = {
        "rows": _ended(request),
        "shelves": shelves(load_library()),
        "chosen": request.GET.get("van-ban", ""),
    }
    return render(request, "web/texts/compare_ended.html", context)


@require_safe
@login_required
def ended_sheet(request: HttpRequest) -> FileResponse:
    """Send the cited law that ended as a workbook."""
    return workbook_of(ended_table(_ended(request)), "luat-het-hieu-luc.xlsx")


def _ended(request: HttpRequest) -> tuple[Ended, ...]:
    chosen = request.GET.get("van-ban", "")
    return ended_law(load_library(), door.document_or_404(chosen).id if chosen else "")


@require_safe
@login_required
def of_level(request: HttpRequest, code: str) -> HttpResponse:
    """Show what the standard of the unit's highest level would add to its rulebook or tighten in it."""
    unit = door.unit_or_404(request, code)
    page = level_page(unit, door.rules_of(unit))
    return render(request, "web/texts/compare_level.html", {"unit": unit, "page": page})


@require_safe
@login_required
def of_level_sheet(request: HttpRequest, code: str) -> FileResponse:
    """Send that as a workbook."""
    unit = door.unit_or_404(request, code)
    page = level_page(unit, door.rules_of(unit))
    if page is None:
        raise Http404
    return workbook_of(level_table(page), f"cap-do-{page.level}-{unit.code}.xlsx")
