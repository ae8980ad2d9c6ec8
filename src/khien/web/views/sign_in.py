"""Signing in by password, one-time link and second factor; signing out; the page that says how."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khien.access import factors, keys_of_hardware, sessions
from khien.access.arrival import needs_second_step, where_from
from khien.access.config import load_access_settings
from khien.access.errors import FactorRefused
from khien.access.models import SecondFactor
from khien.access.services import LINK, check_password_of, finish_sign_in
from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError
from khien.org.errors import LinkRefused
from khien.org.models import User
from khien.org.services import use_sign_in_link

PENDING = "khien_pending"
_PENDING_SECONDS = 300
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask for one press of a button, then sign in: a preview of the link must not use it up."""
    if request.method != "POST":
        return render(request, "web/enter.html")
    try:
        user = use_sign_in_link(secret, now=now_utc())
    except LinkRefused as error:
        return render(request, "web/enter_refused.html", {"error": error}, status=error.http_status)
    return go_on(request, user, way=LINK, onward="/")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    mark = request.session.get(sessions.MARK)
    if isinstance(mark, dict) and isinstance(request.user, User):
        sessions.close(mark["id"], by=request.user.username, now=now_utc())
    logout(request)
    return redirect("sign-in-needed")


@never_cache
@require_safe
def sign_in_needed(request: HttpRequest) -> HttpResponse:
    """Show the ways to sign in."""
    return _sign_in_page(request, onward=request.GET.get("next", ""))


@never_cache
@sensitive_post_parameters("mat_khau")
@sensitive_variables("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Take a name and a password."""
    if request.method != "POST":
        return _sign_in_page(request, onward=request.GET.get("next", ""))
    username, onward = request.POST.get("ten", "").strip(), request.POST.get("next", "")
    password = request.POST.get("mat_khau", "")
    address = where_from(request).address
    try:
        user, way = check_password_of(username, password, address=address, now=now_utc())
    except KhienError as error:
        return _sign_in_page(request, onward=onward, username=username, error=error)
    return go_on(request, user, way=way, onward=onward)


@never_cache
@sensitive_post_parameters("ma")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Take the second factor of a sign-in that has begun."""
    pending, user = _pending(request)
    if user is None:
        request.session.pop(PENDING, None)
        return redirect("sign-in-needed")
    error: KhienError | None = None
    if request.method == "POST":
        try:
            proof = prove(request, user)
        except KhienError as refused:
            error = refused
        else:
            return _come_in(request, user, way=pending["way"], factor=proof, onward=pending["next"])
    values = {"error": error, "key_options": key_challenge(request, user)}
    return render(request, "web/access/second_step.html", values, status=_status(error))


def go_on(request: HttpRequest, user: User, *, way: str, onward: str) -> HttpResponse:
    """Let a user in whose first proof was right, or ask for the second."""
    if not needs_second_step(user, way=way, is_local=where_from(request).is_local):
        return _come_in(request, user, way=way, factor="", onward=onward)
    request.session.flush()
    stamp = int(now_utc().timestamp())
    request.session[PENDING] = {"user": user.pk, "way": way, "at": stamp, "next": onward}
    return redirect("sign-in-factor")


def prove(request: HttpRequest, user: User) -> str:
    """Take a code or the answer of a key from a form.

    Raises: FactorRefused; SignInRefused: the account is locked
    """
    address, now = where_from(request).address, now_utc()
    answer = request.POST.get("tra_loi_khoa", "")
    if not answer:
        return factors.prove_by_code(user, request.POST.get("ma", ""), address=address, now=now)
    state = request.session.pop("khien_key_state", None)
    try:
        said = json.loads(answer)
    except ValueError as error:
        raise FactorRefused() from error
    if state is None or not isinstance(said, dict):
        raise FactorRefused()
    return factors.prove_by_key(user, site_of(request), state, said, address=address, now=now)


def key_challenge(request: HttpRequest, user: User) -> str:
    """Return what the page hands to the browser for a security key; nothing if none can be used here."""
    keys = factors.factors_of(user).filter(kind=SecondFactor.Kind.KEY)
    site = site_of(request)
    if not keys or not site.can_use_keys:
        return ""
    options, state = keys_of_hardware.begin_proof(site, [factors.opened(key) for key in keys])
    request.session["khien_key_state"] = state
    return json.dumps(options)


def site_of(request: HttpRequest) -> keys_of_hardware.Site:
    """Return where this request thinks the pages are; the host is one of ALLOWED_HOSTS."""
    host = request.get_host()
    return keys_of_hardware.Site(host.rsplit(":", 1)[0], f"{request.scheme}://{host}")


def way_onward(request: HttpRequest, asked: str) -> str:
    """Return where to go after signing in: an address of this house, or the first page."""
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_ours else "/"


def _come_in(
    request: HttpRequest, user: User, *, way: str, factor: str, onward: str
) -> HttpResponse:
    request.khien_way, request.khien_factor = way, factor  # type: ignore[attr-defined]
    request.session.pop(PENDING, None)
    login(request, user, backend=_BACKEND)
    finish_sign_in(user, way=way, factor=factor, now=now_utc())
    return redirect(way_onward(request, onward))


def _pending(request: HttpRequest) -> tuple[dict[str, Any], User | None]:
    kept = request.session.get(PENDING)
    if not isinstance(kept, dict) or now_utc().timestamp() - kept["at"] > _PENDING_SECONDS:
        return {}, None
    return kept, factors.user_of(kept["user"])


def _sign_in_page(
    request: HttpRequest, *, onward: str, username: str = "", error: KhienError | None = None
) -> HttpResponse:
    openid = load_access_settings().openid
    values = {
        "onward": onward,
        "username": username,
        "error": error,
        "provider": openid.name if openid else "",
        "is_local": where_from(request).is_local,
    }
    return render(request, "web/sign_in_needed.html", values, status=_status(error))


def _status(error: KhienError | None) -> int:
    return error.http_status if error else 200
