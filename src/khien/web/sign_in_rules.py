"""Every request obeys the rules of signing in: time limits, what must be done first, who looked at what."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from khien.access import sessions
from khien.access.arrival import hold_of, where_from
from khien.kernel.clock import now_utc
from khien.org.models import User

looked = logging.getLogger("khien.looked")
_PAGE_OF = {sessions.HOLD_PASSWORD: "my-password", sessions.HOLD_FACTOR: "add-code-app"}
# Addresses that are secrets themselves: the log names the page only.
_SECRET_PLACES = {"enter": "vao", "calendar-feed": "lich"}
_ALWAYS = {"leave", "language", "theme", "sign-in-needed", "sign-in", "sign-in-factor"}
_OPEN_TO = {
    sessions.HOLD_PASSWORD: {*_ALWAYS, "my-password"},
    sessions.HOLD_FACTOR: {*_ALWAYS, "add-code-app", "add-key", "prove-again", "my-password"},
}


class SignInRules:
    """Ends sessions that are over, holds back those that owe something, and logs who looked at what."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Judge the session, pass the request on, and write one line about it."""
        user = request.user
        if isinstance(user, User):
            if sessions.is_over(request.session, now=now_utc()):
                _leave(request)
            else:
                sessions.touch(request.session, now=now_utc())
        response = self.get_response(request)
        match = request.resolver_match
        if isinstance(user, User) and match is not None:
            shown = _SECRET_PLACES.get(match.url_name or "", request.path)
            looked.info(
                "user=%s address=%s %s %s %s",
                user.username,
                where_from(request).address,
                request.method,
                shown,
                response.status_code,
            )
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Send a session that owes a password or a factor to the page where it is given."""
        del view, args, kwargs
        user = request.user
        if not isinstance(user, User) or sessions.MARK not in request.session:
            return None
        _refresh(request, user)
        hold = request.session[sessions.MARK]["hold"]
        match = request.resolver_match
        if not hold or match is None or match.url_name in _OPEN_TO[hold]:
            return None
        return redirect(_PAGE_OF[hold])


def _refresh(request: HttpRequest, user: User) -> None:
    now = now_utc()
    mark = request.session[sessions.MARK]
    if not mark["hold"] and not sessions.is_stale(request.session, now=now):
        return
    hold = hold_of(user, way=mark["way"], is_local=where_from(request).is_local, now=now)
    sessions.refresh(user, request.session, hold=hold, now=now)


def _leave(request: HttpRequest) -> None:
    mark = request.session.get(sessions.MARK)
    if isinstance(mark, dict):
        sessions.close(mark["id"], by="-", now=now_utc())
    logout(request)
