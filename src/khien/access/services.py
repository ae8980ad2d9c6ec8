"""Checking and setting passwords: the only writer of password states."""

from __future__ import annotations

import logging
import secrets
from datetime import UTC, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from khien.access import directory, events, lockout
from khien.access.errors import DirectoryUnreachable, PasswordRefused, WrongPassword
from khien.access.models import OldPassword, PasswordState
from khien.access.passwords import faults_of
from khien.access.policy import HISTORY, WARNING_DAYS, policy_for
from khien.access.sessions import end_sessions
from khien.kernel.canonical import Json
from khien.kernel.language import Text
from khien.kernel.vietnamese import nfc
from khien.ledger import services as ledger
from khien.org.models import User

logger = logging.getLogger("khien.access")
PASSWORD_TYPED_MAX = 1000
PASSWORD, LINK, OPENID, LDAP = "password", "link", "openid", "ldap"


def check_password_of(
    username: str, password: str, *, address: str, now: datetime
) -> tuple[User, str]:
    """Return the user whose name and password these are, and the way: by password or directory.

    An unknown, disabled or locked account takes as long and says the same as a wrong password.
    Raises: SignInRefused; TooFast; DirectoryUnreachable: the user is of the directory and it does not answer
    """
    lockout.require_pace(address, now=now)
    # No name holds a NUL, and a server's database does not even take the question.
    name = nfc(username).replace("\0", "\ufffd")[:60]
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None or not lockout.take_a_try(user, address=address, now=now):
        make_password(
            password[:PASSWORD_TYPED_MAX]
        )  # the same work as for an account that is there
        if user is None:
            logger.warning("sign-in unknown address=%s", address)
        lockout.slow_down(address, now=now)
        raise lockout.refused()
    way = PASSWORD if user.has_usable_password() else LDAP
    if not _is_right(user, way, password):
        lockout.note_wrong(user, address=address, now=now)
        lockout.slow_down(address, now=now)
        raise lockout.refused()
    lockout.give_back(user)
    return user, way


def _is_right(user: User, way: str, typed: str) -> bool:
    password = nfc(typed)[:PASSWORD_TYPED_MAX]
    if way == PASSWORD:
        return user.check_password(password)
    config = directory.settings_of_directory()
    if config is None:
        make_password(password)
        return False
    try:
        return directory.accepts(config, user.username, password)
    except DirectoryUnreachable:
        lockout.give_back(user)  # the directory's trouble locks nobody out
        raise


def confirm_password(user: User, password: str, *, address: str, now: datetime) -> None:
    """Make sure that the person at the keyboard still knows the password; wrong tries count.

    Raises: WrongPassword; SignInRefused: the account is locked by now
    """
    if not lockout.take_a_try(user, address=address, now=now):
        raise lockout.refused()
    way = PASSWORD if user.has_usable_password() else LDAP
    if not _is_right(user, way, password):
        lockout.note_wrong(user, address=address, now=now)
        raise WrongPassword()
    lockout.give_back(user)


def require_same(new: str, again: str) -> None:
    """Make sure that a password typed twice is the same.

    Raises: PasswordRefused
    """
    if nfc(new) != nfc(again):
        raise PasswordRefused(
            faults=Text("hai lần nhập không giống nhau.", "the two entries differ.")
        )


@transaction.atomic
def set_password(
    user: User, password: str, *, by: str, now: datetime, keep_session: str = ""
) -> None:
    """Give a user a new password by the rules; all other sessions of the user end.

    Args:   by: the owner's name, or of the administrator who issues a first password: its owner must change it
    Raises: PasswordRefused: with every rule that is broken and its clause
    """
    faults = faults_of(password, user)
    if faults:
        raise PasswordRefused(faults=_joined(faults))
    if user.has_usable_password():
        OldPassword.objects.create(user=user, hashed=user.password, set_at=now)
        kept = OldPassword.objects.filter(user=user).values_list("pk", flat=True)[:HISTORY]
        OldPassword.objects.filter(user=user).exclude(pk__in=list(kept)).delete()
    user.set_password(nfc(password))
    user.save(update_fields=["password"])
    must_change = by != user.username
    PasswordState.objects.update_or_create(
        user=user, defaults={"set_at": now, "must_change": must_change}
    )
    body: dict[str, Json] = {"by": by, "must_change": must_change}
    ledger.record(events.PASSWORD_SET, subject=user.username, body=body, at=now)
    end_sessions(user, by=by, now=now, keep=keep_session)


def issue_password(user: User, *, by: str, now: datetime) -> str:
    """Give a user a random first password, which its owner must change at the first sign-in.

    Returns: the password, which is shown once and kept nowhere
    """
    letters = "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "!@#%+=?"
    length = max(14, policy_for(user).length.value)
    while True:
        picked = [secrets.choice(kind) for kind in letters]
        picked += [secrets.choice("".join(letters)) for _ in range(length - len(picked))]
        secrets.SystemRandom().shuffle(picked)
        made = "".join(picked)
        if not faults_of(made, user):
            break
    set_password(user, made, by=by, now=now)
    return made


def password_expires_at(user: User) -> datetime | None:
    """Return when a user's password expires; None: never, or there is none of Khiên's own."""
    days = policy_for(user).expiry_days.value
    state = PasswordState.objects.filter(user=user).first()
    if days is None or not user.has_usable_password():
        return None
    if state is None:  # a password that nobody knows the age of is too old
        return datetime.min.replace(tzinfo=UTC)
    return state.set_at + timedelta(days=days)


def must_change_password(user: User, *, now: datetime) -> bool:
    """Say whether a user may do nothing before the password is changed: a first one, or an expired one."""
    if not user.has_usable_password():
        return False
    state = PasswordState.objects.filter(user=user).first()
    expires_at = password_expires_at(user)
    return state is None or state.must_change or (expires_at is not None and expires_at <= now)


def days_until_expiry(user: User, *, now: datetime) -> int | None:
    """Return in how many days a user must have changed the password, if that is soon; for a banner."""
    expires_at = password_expires_at(user)
    if expires_at is None:
        return None
    days = (expires_at - now).days
    return days if days <= WARNING_DAYS else None


def _joined(faults: list[Text]) -> Text:
    return Text(" ".join(f.vi for f in faults), " ".join(f.en for f in faults))


@transaction.atomic
def finish_sign_in(user: User, *, way: str, factor: str, now: datetime) -> None:
    """Put a whole sign-in on record, with the wrong tries before it; a link's is recorded where it is used."""
    lockout.settle(user, now=now)
    if way != LINK:
        body: dict[str, Json] = {"way": way, "factor": factor or "-"}
        ledger.record(events.SIGNED_IN, subject=user.username, body=body, at=now)
    logger.info("sign-in user=%s way=%s factor=%s", user.username, way, factor or "-")
