"""One's own account: password, second factors, recovery codes, sessions."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khien.access import factors, keys_of_hardware, services, sessions, totp
from khien.access.arrival import where_from
from khien.access.errors import FactorRefused
from khien.access.models import SecondFactor
from khien.access.policy import policy_for
from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError
from khien.org.models import User
from khien.web.pages.account import AccountPage, qr_squares
from khien.web.views.sign_in import key_challenge, prove, site_of, way_onward

View = Callable[..., HttpResponse]
_NEW_SECRET, _KEY_STATE = "khien_new_secret", "khien_new_key_state"


def proven_lately(view: View) -> View:
    """Ask for the password or second factor once more before an act that changes who gets in."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if sessions.is_proven(request.session, now=now_utc()):
            return view(request, *args, **kwargs)
        return redirect(f"{reverse('prove-again')}?{urlencode({'next': request.path})}")

    return asked


@login_required
@never_cache
@require_safe
def my_account(request: HttpRequest) -> HttpResponse:
    """Show what proves who one is."""
    page = AccountPage.of(_me(request), _mark(request), now=now_utc())
    return render(request, "web/access/my_account.html", {"account": page})


@login_required
@never_cache
@sensitive_post_parameters("hien_tai", "moi", "nhac_lai")
@require_http_methods(["GET", "HEAD", "POST"])
def my_password(request: HttpRequest) -> HttpResponse:
    """Set or change one's password."""
    user, error, status = _me(request), None, 200
    asks_present = user.has_usable_password() and _mark(request)["way"] != services.LINK
    if request.method == "POST":
        try:
            _set_own_password(request, user, asks_present=asks_present)
        except KhienError as refused:
            error, status = str(refused), refused.http_status
        else:
            messages.success(request, gettext("The password is set. Other sessions were ended."))
            return redirect("my-account")
    values = {
        "rules": policy_for(user),
        "asks_present": asks_present,
        "must": _mark(request)["hold"] == sessions.HOLD_PASSWORD,
        "error": error,
    }
    return render(request, "web/access/my_password.html", values, status=status)


def _set_own_password(request: HttpRequest, user: User, *, asks_present: bool) -> None:
    now, key = now_utc(), request.session.session_key or ""
    if asks_present:
        present = request.POST.get("hien_tai", "")
        services.confirm_password(user, present, address=where_from(request).address, now=now)
    new, again = request.POST.get("moi", ""), request.POST.get("nhac_lai", "")
    services.require_same(new, again)
    services.set_password(user, new, by=user.username, now=now, keep_session=key)
    update_session_auth_hash(request, user)
    sessions.prove_again(request.session, now=now)
    sessions.move(request.session, key=request.session.session_key or "")


@login_required
@never_cache
@sensitive_post_parameters("mat_khau", "ma")
@require_http_methods(["GET", "HEAD", "POST"])
def prove_again(request: HttpRequest) -> HttpResponse:
    """Ask who is at the keyboard, before an act that changes who gets in."""
    user, error = _me(request), None
    onward = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "POST":
        try:
            _prove_once_more(request, user)
        except KhienError as refused:
            error = refused
        else:
            sessions.prove_again(request.session, now=now_utc())
            return redirect(way_onward(request, onward))
    values = {
        "onward": onward,
        "error": error,
        "has_password": user.has_usable_password(),
        "has_factor": factors.factors_of(user).exists(),
        "key_options": key_challenge(request, user),
    }
    status = error.http_status if error else 200
    return render(request, "web/access/prove_again.html", values, status=status)


def _prove_once_more(request: HttpRequest, user: User) -> None:
    password = request.POST.get("mat_khau", "")
    if password:
        address = where_from(request).address
        services.confirm_password(user, password, address=address, now=now_utc())
    else:
        prove(request, user)


@login_required
@never_cache
@proven_lately
@require_http_methods(["GET", "HEAD", "POST"])
def add_code_app(request: HttpRequest) -> HttpResponse:
    """Add a code app: show its secret as a picture, take its first code."""
    user, error = _me(request), None
    secret = request.session.setdefault(_NEW_SECRET, totp.new_secret())
    if request.method == "POST":
        name = request.POST.get("ten", "") or gettext("Code app")
        try:
            factors.add_code_app(user, secret, request.POST.get("ma", ""), name=name, now=now_utc())
        except FactorRefused as refused:
            error = refused
        else:
            del request.session[_NEW_SECRET]
            return _factor_added(request, user)
    address = totp.address_for_app(secret, user.username)
    values = {
        "squares": qr_squares(address),
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "app_address": address,
        "must": _mark(request)["hold"] == sessions.HOLD_FACTOR,
        "rule": policy_for(user).second_factor,
        "site": site_of(request),
        "error": error,
    }
    status = error.http_status if error else 200
    return render(request, "web/access/add_code_app.html", values, status=status)


@login_required
@never_cache
@proven_lately
@require_http_methods(["GET", "HEAD", "POST"])
def add_key(request: HttpRequest) -> HttpResponse:
    """Add a security key or passkey."""
    user, error, site = _me(request), None, site_of(request)
    if request.method == "POST":
        try:
            _add_key(request, user, site)
        except FactorRefused as refused:
            error = refused
        else:
            return _factor_added(request, user)
    options = ""
    if site.can_use_keys:
        keys = factors.factors_of(user).filter(kind=SecondFactor.Kind.KEY)
        known = [factors.opened(key) for key in keys]
        made, state = keys_of_hardware.begin_registration(
            site, user_id=user.pk, username=user.username, known=known
        )
        request.session[_KEY_STATE] = state
        options = json.dumps(made)
    values = {"options": options, "site": site, "error": error}
    status = error.http_status if error else 200
    return render(request, "web/access/add_key.html", values, status=status)


def _add_key(request: HttpRequest, user: User, site: keys_of_hardware.Site) -> None:
    state = request.session.pop(_KEY_STATE, None)
    try:
        answer = json.loads(request.POST.get("tra_loi_khoa", ""))
    except ValueError as error:
        raise FactorRefused() from error
    if state is None or not isinstance(answer, dict):
        raise FactorRefused()
    name = request.POST.get("ten", "") or gettext("Security key")
    factors.add_key(user, site, state, answer, name=name, now=now_utc())


def _factor_added(request: HttpRequest, user: User) -> HttpResponse:
    request.session.cycle_key()
    sessions.move(request.session, key=request.session.session_key or "")
    messages.success(request, gettext("The second factor is added."))
    return redirect("my-account" if factors.recovery_codes_left(user) else "recovery-codes")


@login_required
@require_POST
@proven_lately
def remove_factor(request: HttpRequest, index: int) -> HttpResponse:
    """Take one of one's own second factors away."""
    user = _me(request)
    factor = factors.factors_of(user).filter(pk=index).first()
    if factor is None:
        raise Http404
    factors.remove(factor, by=user.username, now=now_utc())
    messages.success(request, gettext("The second factor is removed."))
    return redirect("my-account")


@login_required
@never_cache
@proven_lately
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make recovery codes; they are shown on this answer and never again."""
    user = _me(request)
    codes = factors.make_recovery_codes(user, now=now_utc()) if request.method == "POST" else []
    values = {"codes": codes, "left": factors.recovery_codes_left(user)}
    return render(request, "web/access/recovery_codes.html", values)


@login_required
@never_cache
@require_safe
def my_sessions(request: HttpRequest) -> HttpResponse:
    """Show where one is signed in."""
    values = {
        "sessions": sessions.open_sessions(_me(request), now=now_utc()),
        "present": _mark(request)["id"],
        "rules": policy_for(_me(request)),
    }
    return render(request, "web/access/my_sessions.html", values)


@login_required
@require_POST
def end_session(request: HttpRequest, index: int) -> HttpResponse:
    """End one of one's own sessions."""
    user = _me(request)
    if not sessions.end_sessions(user, by=user.username, now=now_utc(), only=index):
        raise Http404
    messages.success(request, gettext("The session is ended."))
    return redirect("my-sessions")


@login_required
@require_POST
def end_all_sessions(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    user, key = _me(request), request.session.session_key or ""
    sessions.end_sessions(user, by=user.username, now=now_utc(), keep=key)
    messages.success(request, gettext("All other sessions are ended."))
    return redirect("my-sessions")


def _me(request: HttpRequest) -> User:
    return cast("User", request.user)


def _mark(request: HttpRequest) -> dict[str, Any]:
    return cast("dict[str, Any]", request.session[sessions.MARK])
