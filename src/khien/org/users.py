"""The only writer of users: made, disabled, enabled, leaving; without asking who may (accounts does)."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from khien.kernel.canonical import Json
from khien.kernel.clock import said_day, vietnam_date
from khien.kernel.vietnamese import nfc
from khien.ledger import services as ledger
from khien.org import events
from khien.org.errors import AddressRefused, UnitHasEnded, UsernameTaken, UserRefused
from khien.org.models import RoleHeld, SignInLink, Unit, User
from khien.org.services import revoke_role
from khien.org.signals import user_disabled

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")


def checked_name(username: str, full_name: str) -> tuple[str, str]:
    """Return a user name and a full name as they are kept.

    Raises: UserRefused: a name that cannot stand in an address, or no full name
    """
    name = nfc(" ".join(full_name.split()))[:120]
    if not USERNAME.fullmatch(username) or not name:
        raise UserRefused(username=username[:60])
    return username, name


@transaction.atomic
def make_user(
    username: str, *, full_name: str, email: str, unit: Unit, by: str, now: datetime
) -> User:
    """Make a user at home in a unit, without password and without roles.

    Raises: UserRefused; UsernameTaken; UnitHasEnded
    """
    username, full_name = checked_name(username, full_name)
    if unit.ended_on is not None:
        raise UnitHasEnded(unit=unit.name_vi, day=said_day(unit.ended_on))
    if User.objects.filter(username=username).exists():
        raise UsernameTaken(username=username)
    user = User.objects.create_user(username, full_name=full_name, email=email.strip(), unit=unit)
    body: dict[str, Json] = {"unit": unit.code, "by": by}
    ledger.record(events.USER_REGISTERED, subject=username, body=body, at=now)
    return user


@transaction.atomic
def change_address(user: User, email: str, *, by: str, now: datetime) -> User:
    """Give a user another e-mail address, or none; the record says that it changed, not which it is.

    Raises: AddressRefused: not an e-mail address
    """
    address = email.strip()
    try:
        if address:
            validate_email(address)
    except ValidationError as error:
        raise AddressRefused(address=address[:100]) from error
    current = User.objects.select_for_update().get(pk=user.pk)
    if current.email != address:
        current.email = address
        current.save(update_fields=["email"])
        ledger.record(events.USER_ADDRESS_CHANGED, subject=user.username, body={"by": by}, at=now)
    return current


@transaction.atomic
def disable_user(user: User, *, by: str, now: datetime, reason: str = "") -> User:
    """Disable an account at once: unused links die, and whoever keeps sessions ends them."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        return user
    user.is_active = False
    user.save(update_fields=["is_active"])
    SignInLink.objects.filter(user=user, used_at=None).delete()
    body: dict[str, Json] = {"by": by, "reason": nfc(reason)[:300]}
    ledger.record(events.USER_DISABLED, subject=user.username, body=body, at=now)
    user_disabled.send(sender=User, user=user)
    return user


@transaction.atomic
def enable_user(user: User, *, by: str, now: datetime) -> User:
    """Enable a disabled account; roles that ended meanwhile stay ended."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_active:
        return user
    user.is_active, user.ends_on = True, None
    user.save(update_fields=["is_active", "ends_on"])
    ledger.record(events.USER_ENABLED, subject=user.username, body={"by": by}, at=now)
    return user


@transaction.atomic
def let_go(user: User, *, last_day: date, by: str, now: datetime, reason: str = "") -> User:
    """End all roles of somebody who leaves after a day; where that day is past, also the account.

    Roles work up to and on the last day and stop by themselves; `disable_leavers` closes the account.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    user.ends_on = last_day
    user.save(update_fields=["ends_on"])
    body: dict[str, Json] = {"on": last_day.isoformat(), "by": by, "reason": nfc(reason)[:300]}
    ledger.record(events.USER_LEAVES, subject=user.username, body=body, at=now)
    for held in RoleHeld.objects.filter(user=user, revoked_at=None):
        if last_day < held.from_on or last_day < vietnam_date(now):
            revoke_role(held, by=by, now=now)
        elif held.until_on is None or held.until_on > last_day:
            held.until_on = last_day
            held.save(update_fields=["until_on"])
    if last_day < vietnam_date(now):
        return disable_user(user, by=by, now=now, reason=reason)
    return user


@transaction.atomic
def disable_leavers(*, now: datetime) -> list[User]:
    """Disable the accounts whose last day is past; run daily, and again without harm."""
    today = vietnam_date(now)
    left = User.objects.filter(Q(ends_on__lt=today), is_active=True).order_by("pk")
    return [disable_user(user, by="khien", now=now) for user in left]
