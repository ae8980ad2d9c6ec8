"""What follows from events elsewhere: a session begins, a user is disabled."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from khien.access.arrival import hold_of, where_from
from khien.access.services import LINK
from khien.access.sessions import end_sessions, open_session
from khien.kernel.clock import now_utc
from khien.org.models import User
from khien.org.signals import user_disabled


@receiver(user_logged_in, dispatch_uid="access.session_begins")
def remember_session(request: HttpRequest, user: User, **rest: Any) -> None:
    """Mark every session that begins, however it began; one without a mark is never let in."""
    del rest
    now, place = now_utc(), where_from(request)
    way = str(getattr(request, "khien_way", LINK))
    factor = str(getattr(request, "khien_factor", ""))
    if not request.session.session_key:
        request.session.create()
    open_session(
        user,
        request.session,
        key=request.session.session_key or "",
        way=way,
        factor=factor,
        address=place.address,
        agent=place.agent,
        hold=hold_of(user, way=way, is_local=place.is_local, now=now),
        now=now,
    )


@receiver(user_disabled, dispatch_uid="access.user_disabled")
def end_sessions_of_disabled(user: User, **rest: Any) -> None:
    """End the sessions of a user who was disabled."""
    del rest
    end_sessions(user, by="khien", now=now_utc())
