"""The list a step works through: filtered, and decided one by one or many at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from khien.kernel.errors import KhienError
from khien.ledger.services import publish
from khien.org.roles import READ, WRITE
from khien.registers.declarations import register_by_code
from khien.registers.refusals import Refused
from khien.registers.scalars import read_scalar
from khien.web import door
from khien.web.pages.workflow_list import DAY_FIELD, list_page
from khien.web.pages.workflow_place import CasePlace, case_place
from khien.web.views.workflows import working_unit
from khien.workflows.item_services import Choice, decide_items, refresh_list
from khien.workflows.selectors import undecided_versions

UNDECIDED = "chua"
ALL_UNDECIDED = "tat-ca"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def items(request: HttpRequest, code: str, number: int, step: str) -> HttpResponse:
    """Show the list of a step, and take a decision about the things that were chosen."""
    unit = (
        working_unit(request, code)
        if request.method == "POST"
        else door.unit_or_404(request, code, READ)
    )
    place = case_place(request, unit, number)
    if place.step(step).items is None:
        raise Http404
    if request.method != "POST":
        return _shown(place, step)
    try:
        choice = _choice(place, step, request.POST)
        count = decide_items(place.case, step, choice, place.doer)
    except KhienError as refused:
        return _shown(place, step, said=str(refused), status=refused.http_status)
    publish(place.now)
    said = ngettext("%(n)s item decided.", "%(n)s items decided.", count) % {"n": count}
    if request.htmx:  # type: ignore[attr-defined]
        return _shown(place, step, done=said)
    messages.success(request, said)
    return redirect(request.get_full_path())


def _choice(place: CasePlace, step: str, data: QueryDict) -> Choice:
    """Return the decision that was sent: of one thing by its own button, of those ticked, or of all undecided."""
    alone, _, decision = data.get("mot", "").partition(":")
    if alone.isdecimal():
        return Choice(decision, _seen(data, [alone]))
    if data.get("pham-vi") == ALL_UNDECIDED:
        seen: Mapping[int, int] = undecided_versions(place.case, step, search=data.get("tim", ""))
    else:
        seen = _seen(data, data.getlist("muc"))
    return Choice(
        data.get("quyet-dinh", ""), seen, data.get("ghi-chu", ""), _day(data.get("ngay", ""))
    )


def _seen(data: QueryDict, chosen: list[str]) -> dict[int, int]:
    versions = {int(one): data.get(f"ban-{one}", "") for one in chosen if one.isdecimal()}
    return {pk: int(version) if version.isdecimal() else -1 for pk, version in versions.items()}


def _day(text: str) -> date | None:
    try:
        value = read_scalar(DAY_FIELD, text)
    except Refused:
        return None
    return date.fromisoformat(value) if isinstance(value, str) else None


def _shown(
    place: CasePlace, step: str, *, said: str = "", done: str = "", status: int = 200
) -> HttpResponse:
    asked = place.request.GET
    only = asked.get("loc")
    page = list_page(
        place.view,
        place.step(step),
        place.doer,
        only="" if only == UNDECIDED else only,
        search=asked.get("tim", "")[:100],
        number=int(asked.get("trang", "1")) if asked.get("trang", "1").isdecimal() else 1,
    )
    context = {
        "unit": place.unit, "case": place.case, "page": page, "said": said, "done": done,
        "sent": place.request.POST, "loc": only or "", "tim": asked.get("tim", ""),
        "today": place.now, "register": register_by_code(page.register),
    }  # fmt: skip
    return render(place.request, "web/workflows/items.html", context, status=status)


@require_POST
@login_required
def refresh(request: HttpRequest, code: str, number: int, step: str) -> HttpResponse:
    """Add to the list what came up since it was made."""
    place = case_place(request, door.unit_or_404(request, code, WRITE), number)
    place.step(step)
    try:
        count = refresh_list(place.case, step, place.doer)
    except KhienError as refused:
        return _shown(place, step, said=str(refused), status=refused.http_status)
    said = ngettext("%(n)s item was added.", "%(n)s items were added.", count) % {"n": count}
    messages.info(request, said if count else gettext("Nothing new came up."))
    return redirect(reverse("workflow-items", args=[code, number, step]))
