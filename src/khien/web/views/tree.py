"""The unit tree, on any day, and the history of one unit."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from khien.kernel.clock import now_utc, vietnam_date
from khien.org import history as past
from khien.org.models import ENDINGS
from khien.org.roles import KNOW, MANAGE
from khien.org.selectors import may_do, visible_to
from khien.web import door


@require_safe
@login_required
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Show a unit with all below it as they stood on a day, who holds which role, and a search."""
    unit = door.unit_or_404(request, code, KNOW)
    day = door.asked_day(request)
    on = day or vietnam_date(now_utc())
    words = request.GET.get("tim", "").strip()[:100]
    with_ended = bool(request.GET.get("ket-thuc")) or unit.ended_on is not None
    tops = past.tree_on(request.user, on, with_ended=with_ended)
    top = past.part_of(tops, unit)
    found = 0
    if top is not None:
        nodes = list(top.walk())
        held = past.holders_on([node.unit for node in nodes], on)
        for node in nodes:
            node.roles = held.get(node.unit.pk, [])
        found = past.find_in(top, words) if words else len(nodes)
    first = past.states_of(unit).last()
    known = set(visible_to(request.user, KNOW).values_list("pk", flat=True))
    context = {
        "unit": unit,
        "top": top,
        "on": day,
        "today": vietnam_date(now_utc()),
        "words": words,
        "found": found,
        "with_ended": with_ended,
        "first": first,
        "above": [one for one in reversed(past.ancestors(unit)) if one.pk in known],
        "may_manage": may_do(request.user, MANAGE, unit),
    }
    return render(request, "web/org/tree.html", context)


@require_safe
@login_required
def history(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a unit was called, where it stood, who came before and after, and which decision said so."""
    unit = door.unit_or_404(request, code, KNOW)
    known = set(visible_to(request.user, KNOW).values_list("pk", flat=True))
    context = {
        "unit": unit,
        "states": list(past.states_of(unit)),
        "endings": ENDINGS,
        "predecessors": past.predecessors(unit),
        "successors": past.successors(unit),
        "known": known,
        "may_manage": may_do(request.user, MANAGE, unit),
    }
    return render(request, "web/org/history.html", context)
