"""Requests for accounts and roles at a unit: asked, decided by somebody else, taken back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khien.kernel.clock import now_utc, vietnam_date
from khien.kernel.errors import KhienError
from khien.org import accounts
from khien.org.models import AccountRequest, Unit, User
from khien.org.rights import able_to, is_own, requests_at, standing_roles, users_at
from khien.org.roles import APPROVE, ROLES, STAFF
from khien.org.selectors import may_do
from khien.web import door
from khien.web.pages.asked import roles_asked, saved_words, typed
from khien.web.pages.user_pages import ASKERS, SEERS, person, unit_for_any

_FIELDS = ("ten_dang_nhap", "ho_ten", "thu", "ly_do")
_SHOWN_MAX = 100


@require_safe
@login_required
def listing(request: HttpRequest, code: str) -> HttpResponse:
    """List the requests at a unit: those to decide first."""
    return _list(request, unit_for_any(request, code, SEERS))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for an account, or for other roles of one that is there (?nguoi=…)."""
    unit = unit_for_any(request, code, ASKERS)
    about = _about(request, unit)
    refused: KhienError | None = None
    if request.method == "POST":
        try:
            _ask(request, unit, about)
        except KhienError as error:
            refused = error
        else:
            messages.success(request, saved_words())
            return redirect("account-requests", code)
    context = {
        "unit": unit,
        "about": about,
        "roles": [_role_line(request, code, about, unit) for code in ROLES],
        "values": typed(request, *_FIELDS),
        "deciders": able_to(APPROVE, unit),
        "refused": refused,
    }
    status = refused.http_status if refused else 200
    return render(request, "web/org/account_request.html", context, status=status)


@require_POST
@login_required
def decide(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Approve or refuse a request."""
    unit = door.unit_or_404(request, code, APPROVE)
    asked = _request_or_404(unit, number)
    by, now, answer = person(request), now_utc(), request.POST.get("tra_loi", "")
    try:
        if request.POST.get("quyet_dinh") == "duyet":
            accounts.approve_request(asked, by=by, now=now, answer=answer)
        else:
            accounts.refuse_request(asked, by=by, now=now, answer=answer)
    except KhienError as error:
        return _list(request, unit, refused=error, at=number)
    messages.success(request, saved_words())
    return redirect("account-requests", code)


@require_POST
@login_required
def withdraw(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take back one's own request."""
    unit = unit_for_any(request, code, ASKERS)
    asked = _request_or_404(unit, number)
    try:
        accounts.withdraw_request(asked, by=person(request), now=now_utc())
    except KhienError as error:
        return _list(request, unit, refused=error, at=number)
    messages.success(request, saved_words())
    return redirect("account-requests", code)


def _ask(request: HttpRequest, unit: Unit, about: User | None) -> AccountRequest:
    roles, reason = roles_asked(request.POST), request.POST.get("ly_do", "")
    by, now = person(request), now_utc()
    if about is not None:
        return accounts.request_roles(unit, about, roles=roles, reason=reason, by=by, now=now)
    return accounts.request_account(
        unit,
        username=request.POST.get("ten_dang_nhap", "").strip().lower(),
        full_name=request.POST.get("ho_ten", ""),
        email=request.POST.get("thu", "")[:254],
        roles=roles,
        reason=reason,
        by=by,
        now=now,
    )


def _about(request: HttpRequest, unit: Unit) -> User | None:
    """Return whose roles are to change; None for a new account.

    Raises: Http404: nobody of this unit
    """
    username = request.GET.get("nguoi", "")
    if not username:
        return None
    user = users_at([unit]).filter(username=username).first()
    if user is None:
        raise Http404
    return user


def _role_line(
    request: HttpRequest, code: str, about: User | None, unit: Unit
) -> dict[str, object]:
    """Return one role of the form: ticked as it was sent, else as it is held now."""
    if request.method == "POST":
        ticked = code in request.POST.getlist("vai_tro")
        until = request.POST.get(f"den_{code}", "")[:10]
    elif about is not None:
        today = vietnam_date(now_utc())
        standing = standing_roles([about], on=today).get(about.pk, [])
        held = next((h for h in standing if h.role == code and h.unit_id == unit.pk), None)
        ticked = held is not None
        until = held.until_on.isoformat() if held and held.until_on else ""
    else:
        ticked, until = code == STAFF, ""
    return {"role": ROLES[code], "ticked": ticked, "until": until}


def _request_or_404(unit: Unit, number: int) -> AccountRequest:
    found = requests_at([unit]).filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise Http404
    return found


def _list(
    request: HttpRequest, unit: Unit, *, refused: KhienError | None = None, at: int = 0
) -> HttpResponse:
    reader = person(request)
    among = able_to(APPROVE, unit)
    may_decide = may_do(reader, APPROVE, unit)
    rows = [
        {
            "request": one,
            "is_open": one.state == AccountRequest.State.OPEN,
            "is_mine": one.asked_by_id == reader.pk,
            "may_decide": may_decide and not is_own(one, reader, among=among),
            "roles": [accounts.WantedRole.read(role) for role in one.roles],
        }
        for one in requests_at([unit])[:_SHOWN_MAX]
    ]
    context = {
        "unit": unit,
        "waiting": [row for row in rows if row["is_open"]],
        "settled": [row for row in rows if not row["is_open"]],
        "may_ask": any(may_do(reader, may, unit) for may in ASKERS),
        "deciders": among,
        "refused": refused,
        "at": at,
        "answer": request.POST.get("tra_loi", ""),
    }
    status = refused.http_status if refused else 200
    return render(request, "web/org/account_requests.html", context, status=status)
