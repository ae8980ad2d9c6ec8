"""Wrong tries: an account is locked after as many as the rules allow, an address is slowed down."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from khien.access import events
from khien.access.errors import SignInRefused, TooFast
from khien.access.models import AddressPace, WrongTries
from khien.access.policy import LOCKOUT_MINUTES, LOCKOUT_TRIES, policy_for
from khien.kernel.canonical import Json
from khien.kernel.clock import iso_utc
from khien.ledger import services as ledger
from khien.org.models import User

logger = logging.getLogger("khien.access")
ADDRESS_TRIES = 30
ADDRESS_MINUTES = 15


def refused() -> SignInRefused:
    """Return the one answer to every failed sign-in; it tells nothing about the account."""
    return SignInRefused(tries=LOCKOUT_TRIES, minutes=LOCKOUT_MINUTES)


@transaction.atomic
def take_a_try(user: User, *, address: str, now: datetime) -> bool:
    """Count a try before it is checked, so that tries at the same time cannot exceed the limit.

    Returns: whether it may be checked; False while the account is locked
    """
    WrongTries.objects.get_or_create(user=user)
    tries = WrongTries.objects.select_for_update().get(user=user)
    if tries.locked_until is not None and tries.locked_until > now:
        return False
    rules = policy_for(user)
    if tries.locked_until is not None:
        tries.count, tries.locked_until = 0, None
    tries.count += 1
    tries.total += 1
    tries.last_at, tries.last_address = now, address
    if tries.count >= rules.lockout_tries.value:
        tries.locked_until = now + timedelta(minutes=rules.lockout_minutes.value)
    tries.save()
    return True


@transaction.atomic
def give_back(user: User) -> None:
    """Take back a counted try that was right."""
    tries = WrongTries.objects.select_for_update().get(user=user)
    tries.count, tries.total = max(0, tries.count - 1), max(0, tries.total - 1)
    tries.locked_until = None
    tries.save(update_fields=["count", "total", "locked_until"])


@transaction.atomic
def note_wrong(user: User, *, address: str, now: datetime) -> None:
    """Put a lock on record when the try just counted was wrong and the last one allowed."""
    logger.warning("sign-in wrong user=%s address=%s", user.username, address)
    tries = WrongTries.objects.get(user=user)
    if tries.locked_until is None or tries.last_at != now:
        return
    body: dict[str, Json] = {
        "count": tries.count,
        "until": iso_utc(tries.locked_until),
        "address": address,
    }
    ledger.record(events.LOCKED, subject=user.username, body=body, at=now)


@transaction.atomic
def settle(user: User, *, now: datetime) -> None:
    """Forget wrong tries after a whole sign-in; how many there were goes on record, as one entry."""
    tries = WrongTries.objects.select_for_update().filter(user=user).first()
    if tries is None:
        return
    if tries.total:
        body: dict[str, Json] = {"count": tries.total, "address": tries.last_address or "-"}
        ledger.record(events.WRONG_TRIES, subject=user.username, body=body, at=now)
    tries.count, tries.total, tries.locked_until = 0, 0, None
    tries.save(update_fields=["count", "total", "locked_until"])


@transaction.atomic
def unlock(user: User, *, by: str, now: datetime) -> None:
    """Open a locked account at once."""
    tries = WrongTries.objects.select_for_update().filter(user=user).first()
    if tries is None or tries.locked_until is None or tries.locked_until <= now:
        return
    tries.count, tries.locked_until = 0, None
    tries.save(update_fields=["count", "locked_until"])
    ledger.record(events.UNLOCKED, subject=user.username, body={"by": by}, at=now)


def require_pace(address: str, *, now: datetime) -> None:
    """Let no address try without end.

    Raises: TooFast: more wrong tries than an office makes by mistake
    """
    since = now - timedelta(minutes=ADDRESS_MINUTES)
    if AddressPace.objects.filter(
        address=address, since__gt=since, count__gte=ADDRESS_TRIES
    ).exists():
        raise TooFast(minutes=ADDRESS_MINUTES)


@transaction.atomic
def slow_down(address: str, *, now: datetime) -> None:
    """Count a wrong try of an address; old counts start anew."""
    old = now - timedelta(minutes=ADDRESS_MINUTES)
    AddressPace.objects.filter(since__lte=old).delete()
    AddressPace.objects.get_or_create(address=address, defaults={"since": now})
    AddressPace.objects.filter(address=address).update(count=F("count") + 1)
