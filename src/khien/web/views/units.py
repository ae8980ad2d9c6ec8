"""The unit's own pages: overview, compliance by document, one control's evidence, the rulebook."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from khien.checks.selectors import control_states, prepare_first, totals
from khien.kernel.clock import now_utc, vietnam_date
from khien.norms.library import load_library
from khien.norms.selectors import documents_to_come
from khien.org.models import User
from khien.org.selectors import visible_to
from khien.web import door
from khien.web.navigation import start_of
from khien.web.pages.control import control_page
from khien.web.pages.document import amended_by, document_page
from khien.web.pages.overview import overview
from khien.web.pages.rules import themes_of
from khien.web.wording import VERDICT_SLUGS

_VERDICT_OF = {slug: verdict for verdict, slug in VERDICT_SLUGS.items()}


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Lead to where the person's day begins: what must be done, at one unit or at all."""
    unit = door.home_unit(request)
    if unit is None or not isinstance(request.user, User):
        return render(request, "web/no_unit.html")
    return redirect(start_of(request.user, unit))


@require_safe
@login_required
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Show how a unit stands and what to do first."""
    unit = door.unit_or_404(request, code)
    page = overview(unit, door.rules_of(unit))
    prepare_first(page.explained)
    below = visible_to(request.user).filter(parent=unit)
    return render(request, "web/overview.html", {"unit": unit, "page": page, "below": below})


@require_safe
@login_required
def documents(request: HttpRequest, code: str) -> HttpResponse:
    """List the documents that bind a unit, with their duties by verdict."""
    unit = door.unit_or_404(request, code)
    page = overview(unit, door.rules_of(unit))
    return render(request, "web/documents.html", {"unit": unit, "page": page})


@require_safe
@login_required
def compliance(request: HttpRequest, code: str, document: str) -> HttpResponse:
    """Show a document clause by clause with the unit's verdicts."""
    unit = door.unit_or_404(request, code)
    text = door.document_or_404(document)
    rulebook = door.rules_of(unit)
    if document not in rulebook.documents:
        if text.binds_by_kind:  # some of its duties bind the unit by its kind alone
            return redirect("library-document", document)
        raise Http404
    states = control_states(unit, rulebook, library=load_library())
    only = asked_verdict(request)
    page = document_page(text, states, only=only)
    context = {
        "unit": unit,
        "page": page,
        "only": only,
        "filters": filters(page.counts, only),
        "amended": amended_by(text, rulebook, load_library()),
    }
    return render(request, "web/compliance.html", context)


@require_safe
@login_required
def control(request: HttpRequest, code: str, control: str) -> HttpResponse:
    """Show one control at the unit: verdict, parameter, clauses, evidence, proof, history."""
    unit = door.unit_or_404(request, code)
    asked = door.control_or_404(control)
    day = door.asked_day(request)
    at = door.end_of(day) if day else None
    page = control_page(
        unit,
        asked,
        door.rules_of(unit, on=day),
        at=at,
        now=now_utc(),
        machine=request.GET.get("may", ""),
    )
    return render(request, "web/control.html", {"unit": unit, "page": page, "on": day})


@require_safe
@login_required
def rulebook(request: HttpRequest, code: str) -> HttpResponse:
    """Show the rulebook: controls by theme, parameters with winners and losers."""
    unit = door.unit_or_404(request, code)
    rules = door.rules_of(unit)
    states = control_states(unit, rules, library=load_library())
    words, only = request.GET.get("tim", "")[:100], asked_verdict(request)
    topic = request.GET.get("chu-de", "")
    themes = themes_of(rules, states, words=words, verdict=only, theme=topic)
    kept = {name: value for name, value in (("tim", words), ("chu-de", topic)) if value}
    context = {
        "unit": unit,
        "rules": rules,
        "in_force": {name: days[0] for name, days in rules.in_force.items()},
        "coming": documents_to_come(unit, on=vietnam_date(now_utc())),
        "themes": themes,
        "words": words,
        "only": only,
        "topic": topic,
        "base": f"?{urlencode(kept)}&" if kept else "?",
        "filters": filters(totals(states), only),
        "found": sum(len(theme.rows) for theme in themes),
    }
    return render(request, "web/rulebook.html", context)


def asked_verdict(request: HttpRequest) -> str:
    """Return the verdict named by ?ket-qua=…; "" for all."""
    return _VERDICT_OF.get(request.GET.get("ket-qua", ""), "")


def filters(counts: object, only: str) -> list[dict[str, object]]:
    """Return the filter links: verdict, its word in the address, count, whether it is chosen."""
    numbers = counts if isinstance(counts, dict) else {}
    return [
        {
            "verdict": verdict,
            "slug": slug,
            "count": numbers.get(verdict, 0),
            "is_on": verdict == only,
        }
        for verdict, slug in VERDICT_SLUGS.items()
    ]
