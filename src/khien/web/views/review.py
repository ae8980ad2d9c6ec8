"""One clause of a unit's own text under review: confirmed, found without a duty, taken back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khien.adoption.models import ImportedText
from khien.adoption.review.drafts import controls_known
from khien.adoption.review.errors import UnknownClause
from khien.adoption.review.selectors import (
    clause_at,
    decision_at,
    next_undecided,
    own_controls_of,
)
from khien.adoption.review.services import (
    change_own_control,
    confirm_clause,
    confirm_nothing,
    reopen_clause,
    write_own_control,
)
from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError
from khien.ledger.services import publish
from khien.norms.library import load_library
from khien.norms.text.model import Node
from khien.norms.wording import clause_name
from khien.org.roles import READ, WRITE
from khien.org.selectors import may_do
from khien.web.pages.review_clause import clause_page
from khien.web.pages.review_form import typed_duty, typed_schedule
from khien.web.pages.review_own import own_page, typed_own
from khien.web.text_door import act_of, text_or_404


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def clause(request: HttpRequest, text: str, path: str) -> HttpResponse:
    """Show a clause with what is suggested; confirm a duty on POST."""
    is_post = request.method == "POST"
    found = text_or_404(request, text, WRITE if is_post else READ)
    node = _node(found, path)
    if not is_post:
        return _page(request, found, node)
    known = controls_known(load_library(), own_controls_of(found))
    duty = typed_duty(request.POST, known.get(request.POST.get("bien-phap", "")))
    held = decision_at(found, path)
    duties = [dict(one) for one in held.duties] if held and not held.is_stale else []
    index = min(_number(request, "vi-tri"), len(duties))
    duties[index : index + 1] = [] if request.POST.get("viec") == "bo" else [duty]
    try:
        confirm_clause(
            found, path, duties, expected_version=_number(request, "ban"), act=act_of(request)
        )
    except KhienError as refused:
        return _page(request, found, node, refused)
    publish(now_utc())
    if request.POST.get("viec") == "them":
        messages.success(request, gettext("Confirmed. Now the clause's next duty."))
        return redirect(f"{_address(found, path)}?them=1")
    if request.POST.get("viec") == "bo":
        return redirect("text-clause", found.code, path)
    title = str(known[duty["control"]].title)
    said = gettext("%(clause)s is confirmed: %(control)s.")
    messages.success(request, said % {"clause": _name(path), "control": title})
    return _onward(found, path)


@require_safe
@login_required
def schedule(request: HttpRequest, text: str, path: str) -> HttpResponse:
    """Say when a duty is due by the words that stand in its form now."""
    found = text_or_404(request, text, READ)
    _node(found, path)
    known = controls_known(load_library(), own_controls_of(found))
    context = {
        "schedule": typed_schedule(request.GET, known.get(request.GET.get("bien-phap", ""))),
        "deadline": request.GET.get("han", "").strip(),
    }
    return render(request, "web/review/schedule.html", context)


@require_POST
@login_required
def nothing(request: HttpRequest, text: str, path: str) -> HttpResponse:
    """Record that a clause demands nothing."""
    found = text_or_404(request, text, WRITE)
    node, reason = _node(found, path), request.POST.get("ly-do", "")
    try:
        confirm_nothing(
            found, path, reason, expected_version=_number(request, "ban"), act=act_of(request)
        )
    except KhienError as refused:
        return _page(request, found, node, refused)
    publish(now_utc())
    messages.success(request, gettext("%(clause)s demands nothing.") % {"clause": _name(path)})
    return _onward(found, path)


@require_POST
@login_required
def reopen(request: HttpRequest, text: str, path: str) -> HttpResponse:
    """Take back what was decided about a clause; it waits again."""
    found = text_or_404(request, text, WRITE)
    node = _node(found, path)
    try:
        reopen_clause(found, path, expected_version=_number(request, "ban"), act=act_of(request))
    except KhienError as refused:
        return _page(request, found, node, refused)
    publish(now_utc())
    messages.success(request, gettext("%(clause)s waits again.") % {"clause": _name(path)})
    return redirect("text-clause", found.code, path)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_control(request: HttpRequest, text: str, path: str) -> HttpResponse:
    """Write a control of the unit's own for a clause that none of the library's fits."""
    found, error = text_or_404(request, text, WRITE), None
    node, code = _node(found, path), request.GET.get("ma", "")
    if request.method == "POST":
        words, act = typed_own(request.POST), act_of(request)
        try:
            if code:
                made = change_own_control(found, code, words, act=act)
            else:
                made = write_own_control(found, words, act=act)
        except KhienError as refused:
            error = refused
        else:
            publish(now_utc())
            said = gettext("%(control)s is written. Confirm that the clause demands it.")
            messages.success(request, said % {"control": made.code})
            return redirect(f"{_address(found, path)}?chon={made.code}")
    page = own_page(found, node, code, request.POST if error else None)
    context = {"text": found, "unit": found.unit, "page": page, "error": error}
    status = error.http_status if error else 200
    return render(request, "web/review/own_control.html", context, status=status)


@require_safe
@login_required
def go_on(request: HttpRequest, text: str) -> HttpResponse:
    """Go to the first clause that waits, or to the overview where none does."""
    return _onward(text_or_404(request, text, READ), request.GET.get("sau", ""))


def _page(
    request: HttpRequest, text: ImportedText, node: Node, error: KhienError | None = None
) -> HttpResponse:
    typed = request.POST if error is not None and "bien-phap" in request.POST else None
    is_open = text.state == ImportedText.State.REVIEWING
    context = {
        "text": text,
        "unit": text.unit,
        "page": clause_page(request, text, node, typed),
        "error": error,
        "may_write": is_open and may_do(request.user, WRITE, text.unit),
    }
    status = error.http_status if error else 200
    return render(request, "web/review/clause.html", context, status=status)


def _node(text: ImportedText, path: str) -> Node:
    try:
        return clause_at(text, path)
    except UnknownClause as error:
        raise Http404 from error


def _onward(text: ImportedText, after: str) -> HttpResponse:
    path = next_undecided(text, after)
    return redirect("text-clause", text.code, path) if path else redirect("text-review", text.code)


def _address(text: ImportedText, path: str) -> str:
    return redirect("text-clause", text.code, path).url


def _name(path: str) -> str:
    name = str(clause_name(path))
    return name[:1].upper() + name[1:]


def _number(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
