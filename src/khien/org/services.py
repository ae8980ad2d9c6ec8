"""The only writer of units, users and sign-in links."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from khien.kernel.vietnamese import nfc
from khien.ledger import services as ledger
from khien.org import events
from khien.org.errors import LinkRefused, UnitRefused
from khien.org.models import SignInLink, Unit, User

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
) -> Unit:
    """Register a unit, or return the one that has the code already.

    Raises: UnitRefused: a code that cannot stand in an address, or an empty name
    """
    if not _CODE.fullmatch(code) or not name_vi.strip():
        raise UnitRefused(unit=code)
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
        body = {"name": name_vi, "kind": kind}
        ledger.record(events.UNIT_REGISTERED, subject=code, body=body, at=now)
    return unit


@transaction.atomic
def make_sign_in_link(user: User, *, now: datetime) -> str:
    """Make a one-time link's secret for a user, good for 15 minutes; older unused ones die.

    Returns: the secret, which is shown once and kept nowhere
    """
    SignInLink.objects.filter(user=user, used_at=None).delete()
    secret = secrets.token_urlsafe(32)
    SignInLink.objects.create(
        user=user,
        secret_sha256=_digest(secret),
        made_at=now,
        expires_at=now + timedelta(minutes=LINK_MINUTES),
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
    if link is None or not link.user.is_active:
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
    return user


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
