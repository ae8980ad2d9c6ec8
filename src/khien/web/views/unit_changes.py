"""Changes of the unit tree: a form, a preview of whom it touches, and only then the change itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from khien.kernel.clock import now_utc, vietnam_date
from khien.kernel.errors import KhienError
from khien.org.kinds import UNIT_KINDS
from khien.org.models import User
from khien.org.roles import MANAGE
from khien.org.structure import refusal_of
from khien.web import door
from khien.web.pages import unit_change
from khien.web.pages.asked import saved_words
from khien.web.pages.unit_change import Desk, Plan, desk_of

_METHODS = ["GET", "HEAD", "POST"]
_KEPT = ("ten", "ten_anh", "loai", "dia_danh", "ma", "cap_tren", "ke_thua", "tu_ngay")
_KEPT_DECISION = ("so", "ngay_ky", "co_quan")


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of change: its words, its fields, and how a form becomes a plan."""

    title: Promise
    lead: Promise
    fields: str
    plan: Callable[[Desk, QueryDict], Plan]
    is_final: bool = False


RENAME = Change(
    gettext_lazy("Rename the unit"),
    gettext_lazy("A new name by decision; what was recorded under the old name stays as it is."),
    "web/org/fields_rename.html",
    unit_change.plan_rename,
)
MOVE = Change(
    gettext_lazy("Move under another unit"),
    gettext_lazy("The unit moves with all below it. Who sees it changes with its place."),
    "web/org/fields_move.html",
    unit_change.plan_move,
)
MERGE = Change(
    gettext_lazy("Merge or split"),
    gettext_lazy(
        "The unit ends and others succeed it. It stays readable for the successor's people; units below "
        "and users move to the first successor."
    ),
    "web/org/fields_merge.html",
    unit_change.plan_merge,
    is_final=True,
)
END = Change(
    gettext_lazy("End the unit"),
    gettext_lazy("For a unit that nobody succeeds. Units below it are moved or ended first."),
    "web/org/fields_end.html",
    unit_change.plan_end,
    is_final=True,
)
FOUND = Change(
    gettext_lazy("Found a unit below"),
    gettext_lazy("A new unit that starts on a day, below this one."),
    "web/org/fields_found.html",
    unit_change.plan_found,
)


@require_http_methods(_METHODS)
@login_required
def rename(request: HttpRequest, code: str) -> HttpResponse:
    """Rename a unit."""
    return _change(request, code, RENAME)


@require_http_methods(_METHODS)
@login_required
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Move a unit under another."""
    return _change(request, code, MOVE)


@require_http_methods(_METHODS)
@login_required
def merge(request: HttpRequest, code: str) -> HttpResponse:
    """End units and let others succeed them."""
    return _change(request, code, MERGE)


@require_http_methods(_METHODS)
@login_required
def end(request: HttpRequest, code: str) -> HttpResponse:
    """End a unit that nobody succeeds."""
    return _change(request, code, END)


@require_http_methods(_METHODS)
@login_required
def found(request: HttpRequest, code: str) -> HttpResponse:
    """Found a unit below this one."""
    return _change(request, code, FOUND)


def _change(request: HttpRequest, code: str, change: Change) -> HttpResponse:
    unit = door.unit_or_404(request, code, MANAGE)
    user, now = request.user, now_utc()
    if not isinstance(user, User):
        raise TypeError("the door lets only users pass")
    desk = desk_of(unit, user, now=now, today=vietnam_date(now))
    context = {
        "unit": unit,
        "change": change,
        "desk": desk,
        "kinds": UNIT_KINDS,
        "values": _values(request, desk, change),
        "ticked": request.POST.getlist("cung"),
        "also": request.POST.getlist("ke_thua_khac"),
    }
    if request.method != "POST":
        return render(request, "web/org/change.html", context)
    try:
        plan = change.plan(desk, request.POST)
        if request.POST.get("xac_nhan"):
            plan.do()
            messages.success(request, saved_words())
            return redirect("tree" if change is FOUND else "unit-history", code)
        refused = refusal_of(plan.do)
    except KhienError as error:
        refused = error
    if refused is not None:
        context["refused"] = refused
        return render(request, "web/org/change.html", context, status=refused.http_status)
    if request.POST.get("sua"):
        return render(request, "web/org/change.html", context)
    context |= {"plan": plan, "effects": plan.effects, "sent": _sent(request.POST)}
    return render(request, "web/org/change_preview.html", context)


def _values(request: HttpRequest, desk: Desk, change: Change) -> dict[str, str]:
    """Return what stands in the fields: what was sent, else what is so now."""
    if request.method == "POST":
        return {name: request.POST.get(name, "")[:300] for name in (*_KEPT, *_KEPT_DECISION)}
    values = {"tu_ngay": desk.today.isoformat()}
    if change is RENAME:
        one = desk.unit
        values |= {"ten": one.name_vi, "ten_anh": one.name_en, "loai": one.kind}
        values |= {"dia_danh": one.place}
    if change is FOUND:
        values |= {"loai": "office", "dia_danh": desk.unit.place}
    return values


def _sent(post: QueryDict) -> list[tuple[str, str]]:
    """Return every field that was sent, for the form that confirms."""
    skipped = {"csrfmiddlewaretoken", "xac_nhan", "sua"}
    return [(name, value) for name in post if name not in skipped for value in post.getlist(name)]
