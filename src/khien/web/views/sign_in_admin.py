"""What an administrator does about sign-ins of users in reach: unlock, end sessions, issue passwords."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from khien.access import selectors, services, sessions
from khien.access.factors import factors_of, remove
from khien.access.lockout import unlock
from khien.kernel.clock import now_utc
from khien.org.accounts import must_hold_nothing_beyond
from khien.org.models import User
from khien.web.views.my_account import proven_lately


@login_required
@never_cache
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    """List the users in reach with the state of their sign-in."""
    if not selectors.may_manage_sign_ins(cast("User", request.user)):
        raise Http404
    rows = selectors.sign_in_states(cast("User", request.user), now=now_utc())
    return render(request, "web/access/users.html", {"rows": rows})


@login_required
@never_cache
@proven_lately
@require_http_methods(["GET", "HEAD", "POST"])
def user(request: HttpRequest, index: int) -> HttpResponse:
    """Show one user's sign-in, and act on it."""
    me = cast("User", request.user)
    state = selectors.sign_in_state(me, index, now=now_utc())
    if state is None:
        raise Http404
    issued = ""
    if request.method == "POST":
        issued = _act(request, me, state.user)
        if not issued:
            return redirect("sign-in-user", index=index)
        state = selectors.sign_in_state(me, index, now=now_utc())
    return render(request, "web/access/user.html", {"state": state, "issued": issued})


def _act(request: HttpRequest, me: User, whom: User) -> str:
    """Do what the form asks; return a password that was issued, to be shown once."""
    now, by = now_utc(), me.username
    if whom != me and request.POST.get("viec", "") in ("bo-yeu-to", "cap-mat-khau"):
        must_hold_nothing_beyond(whom, by=me)
    match request.POST.get("viec", ""):
        case "mo-khoa":
            unlock(whom, by=by, now=now)
            messages.success(request, gettext("The account is unlocked."))
        case "ket-thuc-phien":
            sessions.end_sessions(whom, by=by, now=now)
            messages.success(request, gettext("The sessions are ended."))
        case "bo-yeu-to" if whom != me:
            for factor in factors_of(whom):
                remove(factor, by=by, now=now)
            sessions.end_sessions(whom, by=by, now=now)
            messages.success(request, gettext("The second factors are removed."))
        case "cap-mat-khau" if whom != me:
            return services.issue_password(whom, by=by, now=now)
        case _:
            raise Http404
    return ""
