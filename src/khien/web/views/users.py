"""Users of a unit: the list, one user's page, and what an administrator does there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from khien.kernel.clock import now_utc, vietnam_date
from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.org import accounts
from khien.org.accounts import WantedRole
from khien.org.models import AccountRequest, RoleHeld, User
from khien.org.rights import requests_at, roles_ever_of
from khien.org.roles import MANAGE, ROLES
from khien.org.selectors import may_do, visible_to
from khien.registers.people import likely_person, person_of, persons_at
from khien.registers.people import link_person as tie
from khien.registers.services import Act
from khien.web import door
from khien.web.pages.asked import day_asked, day_needed, saved_words, unit_among
from khien.web.pages.user_pages import (
    ASKERS,
    SEERS,
    person,
    said_entries,
    unit_for_any,
    user_or_404,
    user_rows,
)

STATES = ("hoat-dong", "chua-vao", "khoa")
_UNIT = Text("đơn vị", "the unit")


@require_safe
@login_required
def listing(request: HttpRequest, code: str) -> HttpResponse:
    """List the users of a unit with their roles, with filters and a search."""
    unit = unit_for_any(request, code, SEERS)
    asked = {name: request.GET.get(name, "")[:100] for name in ("tim", "vai-tro", "trang-thai")}
    with_below = request.GET.get("pham-vi") == "ca-cap-duoi"
    rows = user_rows(
        person(request),
        unit,
        with_below=with_below,
        words=asked["tim"],
        role=asked["vai-tro"],
        state=asked["trang-thai"],
        today=vietnam_date(now_utc()),
    )
    context = {
        "unit": unit,
        "rows": rows,
        "with_below": with_below,
        "words": asked["tim"],
        "role": asked["vai-tro"],
        "state": asked["trang-thai"],
        "is_filtered": any(asked.values()),
        "states": STATES,
        "roles": list(ROLES),
        "open_count": requests_at([unit]).filter(state=AccountRequest.State.OPEN).count(),
        "may_ask": any(may_do(request.user, may, unit) for may in ASKERS),
    }
    return render(request, "web/org/users.html", context)


@require_safe
@login_required
def show(request: HttpRequest, code: str, username: str) -> HttpResponse:
    """Show a user: roles now and ever, requests, what is on record; and what the reader may do here."""
    unit = unit_for_any(request, code, SEERS)
    user = user_or_404(request, unit, username)
    return _user_page(request, code, user)


@require_POST
@login_required
def grant(request: HttpRequest, code: str, username: str) -> HttpResponse:
    """Grant a role directly; the ledger says who did."""

    def act(user: User) -> object:
        units = {one.code: one for one in visible_to(request.user, MANAGE)}
        wanted = WantedRole(
            request.POST.get("vai_tro", ""), day_asked(request.POST.get("den_ngay", ""))
        )
        return accounts.grant(
            user,
            wanted,
            unit_among(units, request.POST.get("don_vi", code), _UNIT),
            by=person(request),
            now=now_utc(),
            reason=request.POST.get("ly_do", ""),
            from_on=day_asked(request.POST.get("tu_ngay", "")),
        )

    return _act(request, code, username, act)


@require_POST
@login_required
def revoke(request: HttpRequest, code: str, username: str, number: int) -> HttpResponse:
    """Revoke a role at once."""

    def act(user: User) -> object:
        held = roles_ever_of(user).filter(pk=number).first()
        if held is None:
            raise Http404
        return accounts.revoke(held, by=person(request), now=now_utc())

    return _act(request, code, username, act)


@require_POST
@login_required
def disable(request: HttpRequest, code: str, username: str) -> HttpResponse:
    """Disable an account."""
    reason = request.POST.get("ly_do", "")[:300]
    return _act(
        request,
        code,
        username,
        lambda user: accounts.disable(user, by=person(request), now=now_utc(), reason=reason),
    )


@require_POST
@login_required
def enable(request: HttpRequest, code: str, username: str) -> HttpResponse:
    """Enable a disabled account."""
    return _act(
        request,
        code,
        username,
        lambda user: accounts.enable(user, by=person(request), now=now_utc()),
    )


@require_POST
@login_required
def let_go(request: HttpRequest, code: str, username: str) -> HttpResponse:
    """Record the last day of somebody who leaves."""

    def act(user: User) -> object:
        now = now_utc()
        return accounts.let_go(
            user,
            last_day=day_needed(request.POST.get("ngay_cuoi", ""), vietnam_date(now)),
            by=person(request),
            now=now,
            reason=request.POST.get("ly_do", "")[:300],
        )

    return _act(request, code, username, act)


@never_cache
@sensitive_variables("secret")
@require_POST
@login_required
def activation(request: HttpRequest, code: str, username: str) -> HttpResponse:
    """Show once the link by which a new user signs in for the first time."""
    unit = door.unit_or_404(request, code, MANAGE)
    user = user_or_404(request, unit, username)
    try:
        secret = accounts.activation_secret(user, by=person(request), now=now_utc())
    except KhienError as error:
        return _user_page(request, code, user, refused=error)
    context = {
        "unit": unit,
        "shown": user,
        "address": request.build_absolute_uri(reverse("enter", args=[secret])),
        "days": accounts.ACTIVATION_GOOD_FOR.days,
    }
    return render(request, "web/org/activation.html", context)


@require_POST
@login_required
def link_person(request: HttpRequest, code: str, username: str) -> HttpResponse:
    """Say which person of the unit's register a user is."""

    def act(user: User) -> object:
        now, by = now_utc(), person(request).username
        rows = {str(row.number): row for row in persons_at([user.unit] if user.unit else [])}
        number = request.POST.get("nguoi", "")
        if number not in rows:
            raise Http404
        return tie(user, rows[number], act=Act(by, now))

    return _act(request, code, username, act, is_at_home=True)


def _act(
    request: HttpRequest,
    code: str,
    username: str,
    act: Callable[[User], object],
    *,
    is_at_home: bool = False,
) -> HttpResponse:
    unit = door.unit_or_404(request, code, MANAGE)
    user = user_or_404(request, unit, username)
    if is_at_home and user.unit_id != unit.pk:
        raise Http404
    try:
        act(user)
    except KhienError as error:
        return _user_page(request, code, user, refused=error)
    messages.success(request, saved_words())
    return redirect("user", code, username)


def _user_page(
    request: HttpRequest, code: str, user: User, *, refused: KhienError | None = None
) -> HttpResponse:
    reader, today = person(request), vietnam_date(now_utc())
    unit = unit_for_any(request, code, SEERS)
    ever = list(roles_ever_of(user))
    managed = visible_to(reader, MANAGE).filter(ended_on=None).order_by("name_vi", "code")
    is_own, is_in_reach = reader.pk == user.pk, may_do(reader, MANAGE, unit)
    may_manage = is_in_reach and user.unit is not None and may_do(reader, MANAGE, user.unit)
    tied = person_of(user)
    seen = {one.pk for may in SEERS for one in visible_to(reader, may)}
    context = {
        "unit": unit,
        "shown": user,
        "now_held": [held for held in ever if _stands(held, today) and held.unit_id in seen],
        "ever": [held for held in ever if held.unit_id in seen],
        "today": today,
        "is_own": is_own,
        "may_revoke": is_in_reach and not is_own,
        "may_manage": may_manage and not is_own,
        "may_activate": not (user.last_login or user.has_usable_password()) and user.is_active,
        "may_ask": any(may_do(reader, may, unit) for may in ASKERS),
        "managed": managed,
        "managed_pks": {one.pk for one in managed},
        "roles": list(ROLES.values()),
        "requests": requests_at([unit]).filter(username=user.username),
        "entries": said_entries(user),
        "person": tied,
        "likely": likely_person(user) if tied is None else None,
        "persons": persons_at([unit]) if user.unit_id == unit.pk and may_manage else [],
        "values": request.POST,
        "refused": refused,
    }
    status = refused.http_status if refused else 200
    return render(request, "web/org/user.html", context, status=status)


def _stands(held: RoleHeld, today: date) -> bool:
    is_over = held.until_on is not None and held.until_on < today
    return held.revoked_at is None and not is_over
