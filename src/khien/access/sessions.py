"""Sessions of users: opened, kept within the rules, ended by their owner, an administrator or time."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from khien.access import events
from khien.access.models import SignedIn
from khien.access.policy import SESSION_HOURS, policy_for
from khien.kernel.canonical import Json
from khien.ledger import services as ledger
from khien.org.models import User

MARK = "khien"
REFRESH_SECONDS = 60
# Not every page writes that a session was used: it ends so much before its idle minutes, never after.
TOUCH_SECONDS = 15
PROVEN_MINUTES = 10
# What holds a session back: it may open only the page that ends the hold.
HOLD_PASSWORD, HOLD_FACTOR = "password", "factor"
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@transaction.atomic
def open_session(  # noqa: PLR0913  # one keyword for each thing that is shown of a session
    user: User,
    mark: MutableMapping[str, Any],
    *,
    key: str,
    way: str,
    factor: str,
    address: str,
    agent: str,
    hold: str,
    now: datetime,
) -> SignedIn:
    """Remember a session that has just begun, and mark it so that it obeys the rules.

    Args: mark: the session's own store; way: password, link, openid or ldap; factor: kind of second factor or ""
    """
    opened = SignedIn.objects.create(
        user=user,
        session_key=key,
        way=way,
        factor=factor,
        address=address[:45],
        device=said_device(agent),
        started_at=now,
        seen_at=now,
    )
    stamp = int(now.timestamp())
    mark[MARK] = {
        "id": opened.pk,
        "way": way,
        "hold": hold,
        "started": stamp,
        "seen": stamp,
        "fresh": stamp,
        "proven": stamp,
        "idle": policy_for(user).idle_minutes.value,
    }
    return opened


def is_over(mark: MutableMapping[str, Any], *, now: datetime) -> bool:
    """Say whether a session is past its idle minutes or its whole length; one without a mark is."""
    kept = mark.get(MARK)
    if not isinstance(kept, dict):
        return True
    stamp = int(now.timestamp())
    is_idle = stamp - int(kept["seen"]) > int(kept["idle"]) * 60
    return is_idle or stamp - int(kept["started"]) > SESSION_HOURS * 3600


def is_stale(mark: MutableMapping[str, Any], *, now: datetime) -> bool:
    """Say whether it is time to look again at what the rules say of a session."""
    return bool(int(now.timestamp()) - mark[MARK]["fresh"] >= REFRESH_SECONDS)


def touch(mark: MutableMapping[str, Any], *, now: datetime) -> None:
    """Note that a session was used; a note of a moment ago stands."""
    if int(now.timestamp()) - mark[MARK]["seen"] < TOUCH_SECONDS:
        return
    mark[MARK] = {**mark[MARK], "seen": int(now.timestamp())}


def refresh(user: User, mark: MutableMapping[str, Any], *, hold: str, now: datetime) -> None:
    """Bring a session up to the rules of the day, and show when it was seen."""
    stamp = int(now.timestamp())
    mark[MARK] = {
        **mark[MARK],
        "fresh": stamp,
        "hold": hold,
        "idle": policy_for(user).idle_minutes.value,
    }
    SignedIn.objects.filter(pk=mark[MARK]["id"]).update(seen_at=now)


def move(mark: MutableMapping[str, Any], *, key: str) -> None:
    """Follow a session to its new key."""
    SignedIn.objects.filter(pk=mark[MARK]["id"]).update(session_key=key)


def prove_again(mark: MutableMapping[str, Any], *, now: datetime) -> None:
    """Note that the person at the keyboard has just proven who they are."""
    mark[MARK] = {**mark[MARK], "proven": int(now.timestamp())}


def is_proven(mark: MutableMapping[str, Any], *, now: datetime) -> bool:
    """Say whether the person proved who they are a short while ago."""
    return bool(int(now.timestamp()) - mark[MARK]["proven"] <= PROVEN_MINUTES * 60)


def open_sessions(user: User, *, now: datetime) -> QuerySet[SignedIn]:
    """Return the sessions of a user that still live, the last used first."""
    alive = Session.objects.filter(expire_date__gt=now).values("session_key")
    return SignedIn.objects.filter(user=user, ended_at=None, session_key__in=alive)


@transaction.atomic
def end_sessions(
    user: User, *, by: str, now: datetime, keep: str = "", only: int | None = None
) -> int:
    """End sessions of a user: all, all but one key, or one.

    Returns: how many were ended
    """
    ending = open_sessions(user, now=now).exclude(session_key=keep)
    if only is not None:
        ending = ending.filter(pk=only)
    found = list(ending.values_list("pk", "session_key"))
    if not found:
        return 0
    Session.objects.filter(session_key__in=[key for _, key in found]).delete()
    SignedIn.objects.filter(pk__in=[pk for pk, _ in found]).update(ended_at=now, ended_by=by)
    body: dict[str, Json] = {"by": by, "count": len(found)}
    ledger.record(events.SESSIONS_ENDED, subject=user.username, body=body, at=now)
    return len(found)


def close(session_id: int, *, by: str, now: datetime) -> None:
    """Note that a session was left by its owner or ran out."""
    SignedIn.objects.filter(pk=session_id, ended_at=None).update(ended_at=now, ended_by=by)


def forget_old(*, now: datetime, days: int = 400) -> None:
    """Drop what is told of sessions long ended."""
    SignedIn.objects.filter(seen_at__lt=now - timedelta(days=days)).delete()


def said_device(agent: str) -> str:
    """Return browser and system in a few words; what a browser says of itself is not trusted further."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    words = " · ".join(word for word in (browser, system) if word)
    return words or re.sub(r"[^\w ./-]", "", agent)[:60]
