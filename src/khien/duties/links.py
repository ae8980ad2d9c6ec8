"""Secret addresses under which calendar programs read duties: made, revoked, and opened."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from khien.duties import events
from khien.duties.errors import LinkRefused, UnknownCalendarLink
from khien.duties.models import CalendarLink, Occurrence
from khien.duties.selectors import occurrences
from khien.kernel.canonical import Json
from khien.kernel.clock import vietnam_date
from khien.ledger import services as ledger
from khien.org.errors import NotAllowed
from khien.org.models import Unit, User
from khien.org.roles import READ, WRITE
from khien.org.selectors import may_do, visible_to
from khien.registers.services import Act

LINKS_MAX = 10
# What was done stays in the calendar for a while, marked as done.
DONE_DAYS = 60
_SECRET_BYTES = 32
_READ_EVERY = timedelta(hours=1)
_State = Occurrence.State


@transaction.atomic
def make_link(user: User, unit: Unit | None, *, act: Act) -> tuple[CalendarLink, str]:
    """Make an address for a user: of one unit, or of all that the user answers for.

    Returns: the link and its secret, which is told this once only
    Raises:  NotAllowed: the user may not read the unit; LinkRefused: there are too many already
    """
    if unit is not None and not may_do(user, READ, unit):
        raise NotAllowed(unit=unit.name_vi)
    User.objects.select_for_update().get(pk=user.pk)
    if links_of(user).count() >= LINKS_MAX:
        raise LinkRefused(limit=LINKS_MAX)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    link = CalendarLink.objects.create(
        user=user, unit=unit, secret_sha256=_digest(secret), made_at=act.now
    )
    _record(events.LINK_MADE, link, act)
    return link, secret


@transaction.atomic
def revoke_link(link: CalendarLink, *, act: Act) -> CalendarLink:
    """Revoke an address: calendar programs read nothing from it any more."""
    standing = CalendarLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if standing.revoked_at is None:
        standing.revoked_at = act.now
        standing.save(update_fields=["revoked_at"])
        _record(events.LINK_REVOKED, standing, act)
    return standing


def links_of(user: User) -> QuerySet[CalendarLink]:
    """Return the addresses of a user that still work, newest first."""
    return CalendarLink.objects.filter(user=user, revoked_at=None).select_related("unit")


def opened(secret: str, *, now: datetime) -> CalendarLink:
    """Return the link of a secret, and note that it is in use.

    Raises: UnknownCalendarLink: nobody made it, it was revoked, its owner is disabled or may no longer read
    """
    found = CalendarLink.objects.filter(secret_sha256=_digest(secret), revoked_at=None)
    link = found.select_related("user", "unit").first()
    if link is None or not link.user.is_active:
        raise UnknownCalendarLink()
    if link.unit is not None and not may_do(link.user, READ, link.unit):
        raise UnknownCalendarLink()
    if link.read_at is None or not timedelta() <= now - link.read_at < _READ_EVERY:
        CalendarLink.objects.filter(pk=link.pk).update(read_at=now)
    return link


def occurrences_behind(link: CalendarLink, *, now: datetime) -> QuerySet[Occurrence]:
    """Return what a link shows: what waits, and what was done lately, as far as its owner may read today."""
    since = vietnam_date(now) - timedelta(days=DONE_DAYS)
    recent = Q(state__in=(_State.DONE, _State.DONE_LATE), due_on__gte=since)
    if link.unit is not None:
        shown = occurrences([link.unit], now=now)
    else:
        user = link.user
        at_work = visible_to(user, WRITE).values("pk")
        own = Q(person=user) | Q(person=None, unit__in=at_work)
        shown = occurrences(visible_to(user, READ), now=now).filter(own)
    return shown.filter(Q(state=_State.PENDING) | recent)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _record(kind: str, link: CalendarLink, act: Act) -> None:
    scope = link.unit.code if link.unit is not None else link.user.username
    body: dict[str, Json] = {"by": act.by, "scope": scope, "link": link.pk}
    ledger.record(kind, subject=link.user.username, body=body, at=act.now)
