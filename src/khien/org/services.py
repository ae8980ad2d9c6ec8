"""The only writer of units, users and sign-in links."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import date, datetime, time, timedelta

from django.db import transaction

from khien.kernel.canonical import Json
from khien.kernel.clock import VIETNAM, said_day, vietnam_date
from khien.kernel.vietnamese import nfc
from khien.ledger import services as ledger
from khien.org import events
from khien.org.decisions import NO_DECISION, Decision
from khien.org.errors import (
    DayRefused,
    LinkRefused,
    NotYetThere,
    RoleRefused,
    UnitHasEnded,
    UnitRefused,
)
from khien.org.models import REGISTERED, RoleHeld, SignInLink, Unit, UnitState, User
from khien.org.roles import ADMINISTRATOR, OFFICER, ROLES

LINK_MINUTES = 15
_CODE = re.compile(r"[-a-zA-Z0-9_]{1,40}")


@transaction.atomic
def register_unit(  # noqa: PLR0913  # one keyword for each column of the unit
    code: str,
    *,
    name_vi: str,
    name_en: str,
    kind: str,
    place: str,
    now: datetime,
    parent: Unit | None = None,
    parent_name_vi: str = "",
    is_demonstration: bool = False,
    from_on: date | None = None,
    decision: Decision = NO_DECISION,
    by: str = "khien",
) -> Unit:
    """Register a unit, or return the one that has the code already.

    Args:   from_on: the day it was founded, today by default
    Raises: UnitRefused: a code that cannot stand in an address, or an empty name
            DayRefused, UnitHasEnded, NotYetThere: founded in the future, or under a unit not there that day
    """
    if not _CODE.fullmatch(code) or not name_vi.strip():
        raise UnitRefused(unit=code)
    founded = from_on or vietnam_date(now)
    if not Unit.objects.filter(code=code).exists():
        _must_be_possible(code, parent, founded, today=vietnam_date(now), is_told=bool(from_on))
    unit, is_new = Unit.objects.get_or_create(
        code=code,
        defaults={
            "name_vi": nfc(name_vi),
            "name_en": nfc(name_en),
            "kind": kind,
            "place": nfc(place),
            "parent": parent,
            "parent_name_vi": nfc(parent_name_vi),
            "is_demonstration": is_demonstration,
        },
    )
    if is_new:
        UnitState.objects.create(
            unit=unit,
            from_on=founded,
            name_vi=unit.name_vi,
            name_en=unit.name_en,
            kind=kind,
            place=unit.place,
            parent=parent,
            what=REGISTERED,
            decision=str(decision),
            recorded_at=now,
            by=by,
        )
        body: dict[str, Json] = {"name": unit.name_vi, "kind": kind}
        if from_on:
            above = parent.code if parent else None
            body |= {"from": founded.isoformat(), "by": by, "above": above}
            body |= {"decision": decision.body()}
        ledger.record(events.UNIT_REGISTERED, subject=code, body=body, at=now)
    return unit


def _must_be_possible(
    code: str, parent: Unit | None, founded: date, *, today: date, is_told: bool
) -> None:
    if founded > today:
        raise DayRefused(unit=code, day=said_day(founded), since="–")
    if parent is None:
        return
    parent = Unit.objects.get(pk=parent.pk)
    if parent.ended_on is not None:
        raise UnitHasEnded(unit=parent.name_vi, day=said_day(parent.ended_on))
    first = UnitState.objects.filter(unit=parent).order_by("from_on").first()
    if is_told and first is not None and founded < first.from_on:
        raise NotYetThere(unit=parent.name_vi, day=said_day(first.from_on))


@transaction.atomic
def make_sign_in_link(
    user: User, *, now: datetime, good_for: timedelta = timedelta(minutes=LINK_MINUTES)
) -> str:
    """Make a one-time link's secret for a user, good for 15 minutes unless said; older unused ones die.

    Returns: the secret, which is shown once and kept nowhere
    """
    SignInLink.objects.filter(user=user, used_at=None).delete()
    secret = secrets.token_urlsafe(32)
    SignInLink.objects.create(
        user=user,
        secret_sha256=_digest(secret),
        made_at=now,
        expires_at=now + good_for,
    )
    return secret


@transaction.atomic
def use_sign_in_link(secret: str, *, now: datetime) -> User:
    """Take a link's secret and return its user; the link is dead from then on.

    Raises: LinkRefused: used, expired or never made (the same answer for all three)
    """
    link = (
        SignInLink.objects.select_for_update()
        .select_related("user")
        .filter(secret_sha256=_digest(secret), used_at=None, expires_at__gt=now)
        .first()
    )
    if link is None or not link.user.is_active or _has_left(link.user, now):
        raise LinkRefused()
    link.used_at = now
    link.save(update_fields=["used_at"])
    ledger.record(events.SIGNED_IN, subject=link.user.username, body={"by": "link"}, at=now)
    return link.user


@transaction.atomic
def ensure_officer(unit: Unit, *, now: datetime) -> User:
    """Return the unit's first user, made without any password if there is none."""
    user = User.objects.filter(unit=unit).order_by("pk").first()
    if user is None:
        user = User.objects.create_user(username=f"phu-trach-{unit.code}"[:60], unit=unit)
        body = {"unit": unit.code}
        ledger.record(events.USER_REGISTERED, subject=user.username, body=body, at=now)
        for role in (OFFICER, ADMINISTRATOR):
            grant_role(user, role, unit, from_on=vietnam_date(now), by="khien", now=now)
    return user


@transaction.atomic
def grant_role(  # noqa: PLR0913  # one keyword for each thing a grant says
    user: User,
    role: str,
    unit: Unit,
    *,
    from_on: date,
    by: str,
    now: datetime,
    until_on: date | None = None,
    reason: str = "",
) -> RoleHeld:
    """Let a user hold a role at a unit, or return the grant that stands already.

    Args:   until_on: the last day; roles that must end need one
    Raises: RoleRefused: no such role, an end before its start, or none where there must be one
    """
    known = ROLES.get(role)
    if known is None or (until_on and until_on < from_on) or (known.must_end and not until_on):
        raise RoleRefused(role=str(known.title) if known else role)
    _close_expired(user, role, unit, today=vietnam_date(now))
    held, is_new = RoleHeld.objects.get_or_create(
        user=user,
        unit=unit,
        role=role,
        revoked_at=None,
        defaults={
            "from_on": from_on,
            "until_on": until_on,
            "reason": nfc(reason),
            "granted_by": by,
            "granted_at": now,
        },
    )
    if is_new:
        body: dict[str, Json] = {
            "role": role,
            "unit": unit.code,
            "from": from_on.isoformat(),
            "until": until_on.isoformat() if until_on else None,
            "by": by,
        }
        ledger.record(events.ROLE_GRANTED, subject=user.username, body=body, at=now)
    user.__dict__.pop("_roles_on", None)
    return held


def _close_expired(user: User, role: str, unit: Unit, *, today: date) -> None:
    """Close a grant that ended by its date, so that the role can be granted again."""
    expired = RoleHeld.objects.filter(
        user=user, unit=unit, role=role, revoked_at=None, until_on__lt=today
    )
    for held in expired:
        if held.until_on is not None:
            held.revoked_at = datetime.combine(
                held.until_on + timedelta(days=1), time.min, tzinfo=VIETNAM
            )
            held.save(update_fields=["revoked_at"])


@transaction.atomic
def revoke_role(held: RoleHeld, *, by: str, now: datetime) -> None:
    """End a grant at once; it stays on record."""
    current = RoleHeld.objects.select_for_update().select_related("user", "unit").get(pk=held.pk)
    if current.revoked_at is not None:
        return
    current.revoked_at, current.revoked_by = now, by
    current.save(update_fields=["revoked_at", "revoked_by"])
    body: dict[str, Json] = {"role": current.role, "unit": current.unit.code, "by": by}
    ledger.record(events.ROLE_REVOKED, subject=current.user.username, body=body, at=now)


def _has_left(user: User, now: datetime) -> bool:
    return user.ends_on is not None and user.ends_on < vietnam_date(now)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
