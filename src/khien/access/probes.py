"""Measures what signing in really does: made-up passwords and wrong tries, all of it taken back afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import identify_hasher
from django.db import transaction

from khien.access import services, sessions
from khien.access.arrival import hold_of
from khien.access.errors import PasswordRefused, SignInRefused, TooFast
from khien.access.lockout import take_a_try
from khien.access.models import PasswordState, WrongTries
from khien.access.policy import CLASSES
from khien.kernel.clock import vietnam_date
from khien.org.models import Unit, User
from khien.org.roles import ADMINISTRATOR
from khien.org.services import grant_role

TRIES_MAX = 12
LENGTH_MAX = 24
AGE_MAX_DAYS = 1100
IDLE_MAX_MINUTES = 120
# No word, no row of keys: what is refused of it is refused for its length or classes alone.
_LETTERS = {"lower": "zkvqwjxp", "upper": "ZKVQWJXP", "digit": "83957462", "special": "#%!&+=?@"}


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found by trying; None: not within what was tried."""

    length: int | None
    demanded: frozenset[str]
    is_refusal: bool
    history: int
    age_days: int | None
    lockout_tries: int | None
    lockout_seconds: int | None
    must_change_first: bool
    idle_minutes: int | None
    local_factor: bool
    remote_factor: bool
    is_one_way: bool


def measure(unit: Unit, *, now: datetime) -> Measured:
    """Try out signing in with a made-up administrator of a unit; nothing of it stays."""
    with _made_up(unit, now=now) as user:
        ways = (services.PASSWORD, services.OPENID, services.LDAP)
        holds = [hold_of(user, way=way, is_local=True, now=now) for way in ways]
        remote = hold_of(user, way=services.LINK, is_local=False, now=now)
        user.set_password(_password(LENGTH_MAX))
        return Measured(
            length=_shortest(user, now=now),
            demanded=frozenset(n for n in CLASSES if not _is_taken(user, _without(n), now=now)),
            is_refusal=not _is_taken(user, _password(1), now=now),
            history=_history(user, now=now),
            age_days=_age(user, now=now),
            must_change_first=_must_change_first(user, now=now),
            idle_minutes=_idle(now=now, user=user),
            local_factor=all(hold == sessions.HOLD_FACTOR for hold in holds),
            remote_factor=remote == sessions.HOLD_FACTOR,
            is_one_way=identify_hasher(user.password).algorithm == "argon2",
            **_lock(user, now=now),
        )


@contextmanager
def _made_up(unit: Unit, *, now: datetime) -> Iterator[User]:
    with transaction.atomic():
        user = User.objects.create_user(username="khien-tu-kiem-tra-zzz", unit=unit)
        day = vietnam_date(now)
        grant_role(user, ADMINISTRATOR, unit, from_on=day, by="khien", now=now)
        yield user
        transaction.set_rollback(True)


def _password(length: int, classes: tuple[str, ...] = CLASSES) -> str:
    picked = [_LETTERS[classes[i % len(classes)]][(i // len(classes)) % 8] for i in range(length)]
    return "".join(picked)


def _without(name: str) -> str:
    return _password(LENGTH_MAX, tuple(other for other in CLASSES if other != name))


def _is_taken(user: User, password: str, *, now: datetime) -> bool:
    try:
        with transaction.atomic():
            services.set_password(user, password, by=user.username, now=now)
            raise _TakenError
    except PasswordRefused:
        return False
    except _TakenError:
        return True


class _TakenError(Exception):
    """The password was taken; thrown so that it is taken back."""


def _shortest(user: User, *, now: datetime) -> int | None:
    # From the short end up: the first length that is taken.
    lengths = (n for n in range(1, LENGTH_MAX + 1) if _is_taken(user, _password(n), now=now))
    return next(lengths, None)


def _history(user: User, *, now: datetime) -> int:
    """Return whether the password that is replaced may come back at once: 1 if not, 0 if so."""
    with _taken_back():
        services.set_password(user, _password(20), by=user.username, now=now)
        services.set_password(user, _password(21), by=user.username, now=now)
        return 0 if _is_taken(user, _password(20), now=now) else 1


def _age(user: User, *, now: datetime) -> int | None:
    with _taken_back():
        services.set_password(user, _password(20), by=user.username, now=now)
        state = PasswordState.objects.get(user=user)
        low, high = 0, AGE_MAX_DAYS
        while low < high:
            days = (low + high) // 2
            state.set_at = now - timedelta(days=days)
            state.save(update_fields=["set_at"])
            if services.must_change_password(user, now=now):
                high = days
            else:
                low = days + 1
        return low if low < AGE_MAX_DAYS else None


def _must_change_first(user: User, *, now: datetime) -> bool:
    with _taken_back():
        services.issue_password(user, by="khien", now=now)
        return (
            hold_of(user, way=services.PASSWORD, is_local=True, now=now) == sessions.HOLD_PASSWORD
        )


def _lock(user: User, *, now: datetime) -> dict[str, int | None]:
    """Guess wrongly until the account is locked; which try was refused unchecked says where the lock is."""
    with _taken_back():
        services.set_password(user, _password(20), by=user.username, now=now)
        for number in range(1, TRIES_MAX + 1):
            with suppress(SignInRefused, TooFast):
                services.check_password_of(user.username, "sai", address="192.0.2.1", now=now)
            tries = WrongTries.objects.filter(user=user).first()
            if tries is None or tries.locked_until is None:
                continue
            if not take_a_try(user, address="192.0.2.1", now=now):
                seconds = int((tries.locked_until - now).total_seconds())
                return {"lockout_tries": number, "lockout_seconds": seconds}
    return {"lockout_tries": None, "lockout_seconds": None}


def _idle(*, user: User, now: datetime) -> int | None:
    """Let a made-up session rest minute by minute until it is over."""
    mark: dict[str, object] = {}
    with _taken_back():
        sessions.open_session(
            user,
            mark,
            key="",
            way=services.PASSWORD,
            factor="",
            address="",
            agent="",
            hold="",
            now=now,
        )
    for minutes in range(1, IDLE_MAX_MINUTES + 1):
        if sessions.is_over(mark, now=now + timedelta(minutes=minutes, seconds=1)):
            return minutes
    return None


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        point = transaction.savepoint()
        yield
        transaction.savepoint_rollback(point)
