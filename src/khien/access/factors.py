"""Second factors: code apps, security keys and recovery codes; the only writer of them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from khien.access import events, keys_of_hardware, lockout, totp
from khien.access.errors import FactorNeeded, FactorRefused
from khien.access.models import RecoveryCode, SecondFactor
from khien.access.policy import policy_for
from khien.kernel.vietnamese import nfc
from khien.ledger import services as ledger
from khien.org.models import User

RECOVERY_CODES = 10
_NAME_MAX = 60


def factors_of(user: User) -> QuerySet[SecondFactor]:
    """Return the second factors of a user, the oldest first."""
    return SecondFactor.objects.filter(user=user)


def recovery_codes_left(user: User) -> int:
    """Return how many recovery codes a user still has."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


@transaction.atomic
def add_code_app(user: User, secret: str, code: str, *, name: str, now: datetime) -> SecondFactor:
    """Add a code app once it has shown that it makes the right codes.

    Raises: FactorRefused: the code is not the app's
    """
    step = totp.step_of(secret, code, seconds=int(now.timestamp()))
    if step is None:
        raise FactorRefused()
    return _add(user, SecondFactor.Kind.CODE_APP, name, {"secret": secret}, last=step, now=now)


@transaction.atomic
def add_key(
    user: User,
    site: keys_of_hardware.Site,
    state: Any,
    answer: Mapping[str, Any],
    *,
    name: str,
    now: datetime,
) -> SecondFactor:
    """Add a security key that answered our challenge.

    Raises: FactorRefused: the answer is not to this challenge, or of another site
    """
    kept, counter = keys_of_hardware.registered(site, state, answer)
    return _add(user, SecondFactor.Kind.KEY, name, kept, last=counter, now=now)


def _add(
    user: User,
    kind: SecondFactor.Kind,
    name: str,
    kept: Mapping[str, str],
    *,
    last: int,
    now: datetime,
) -> SecondFactor:
    said = nfc(name).strip()[:_NAME_MAX] or str(kind.value)
    factor = SecondFactor.objects.create(
        user=user, kind=kind, name=said, secret=_sealed(kept), last_step=last, added_at=now
    )
    body = {"name": said, "kind": str(kind.value)}
    ledger.record(events.FACTOR_ADDED, subject=user.username, body=body, at=now)
    return factor


@transaction.atomic
def remove(factor: SecondFactor, *, by: str, now: datetime) -> None:
    """Take a second factor away.

    Raises: FactorNeeded: it is the last one of an administrator who takes it away from themselves
    """
    user = factor.user
    rules = policy_for(user)
    is_last = not factors_of(user).exclude(pk=factor.pk).exists()
    if rules.second_factor.value and is_last and by == user.username:
        raise FactorNeeded(name=factor.name, clause=rules.second_factor.said_source)
    body = {"name": factor.name, "kind": factor.kind, "by": by}
    factor.delete()
    if is_last:
        RecoveryCode.objects.filter(user=user).delete()
    ledger.record(events.FACTOR_REMOVED, subject=user.username, body=body, at=now)


@transaction.atomic
def make_recovery_codes(user: User, *, now: datetime) -> list[str]:
    """Make a user's recovery codes anew; the old ones die.

    Returns: the codes, which are shown once and kept nowhere
    """
    RecoveryCode.objects.filter(user=user).delete()
    made = [_readable(secrets.token_bytes(8)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=_digest(user, code), made_at=now) for code in made
    )
    ledger.record(
        events.RECOVERY_CODES_MADE, subject=user.username, body={"count": len(made)}, at=now
    )
    return made


def prove_by_code(user: User, code: str, *, address: str, now: datetime) -> str:
    """Take a code of an app, or a recovery code; wrong ones count towards the lockout.

    Returns: what proved it: totp or recovery
    Raises:  FactorRefused; SignInRefused: the account is locked
    """
    if not lockout.take_a_try(user, address=address, now=now):
        raise lockout.refused()
    proof = _proof_of(user, code, now=now)
    if proof is None:
        lockout.note_wrong(user, address=address, now=now)
        raise FactorRefused()
    lockout.give_back(user)
    return proof


def prove_by_key(
    user: User,
    site: keys_of_hardware.Site,
    state: Any,
    answer: Mapping[str, Any],
    *,
    address: str,
    now: datetime,
) -> str:
    """Take the answer of a security key to our challenge.

    Returns: webauthn
    Raises:  FactorRefused: not a key of this user, not this challenge, or a copied key; SignInRefused: locked
    """
    if not lockout.take_a_try(user, address=address, now=now):
        raise lockout.refused()
    listed = list(factors_of(user).filter(kind=SecondFactor.Kind.KEY))
    try:
        place, counter = keys_of_hardware.proven(site, state, answer, [opened(f) for f in listed])
        factor = listed[place]
        if counter and counter <= factor.last_step:
            raise FactorRefused()  # a counter that stands still: the key was copied
    except FactorRefused:
        lockout.note_wrong(user, address=address, now=now)
        raise
    SecondFactor.objects.filter(pk=factor.pk).update(last_step=counter, used_at=now)
    lockout.give_back(user)
    return SecondFactor.Kind.KEY.value


@transaction.atomic
def _proof_of(user: User, code: str, *, now: datetime) -> str | None:
    for factor in factors_of(user).filter(kind=SecondFactor.Kind.CODE_APP):
        step = totp.step_of(opened(factor)["secret"], code, seconds=int(now.timestamp()))
        unused = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step or 0)
        if step is not None and unused.update(last_step=step, used_at=now):
            return SecondFactor.Kind.CODE_APP.value
    digest = _digest(user, code)
    fresh = RecoveryCode.objects.filter(user=user, digest=digest, used_at=None)
    if not fresh.update(used_at=now):
        return None
    body = {"left": recovery_codes_left(user)}
    ledger.record(events.RECOVERY_CODE_USED, subject=user.username, body=body, at=now)
    return "recovery"


def opened(factor: SecondFactor) -> dict[str, str]:
    """Return what is kept of a factor.

    Raises: FactorRefused: it was sealed with another key, of another data folder
    """
    try:
        text = _box().decrypt(factor.secret.encode())
    except InvalidToken as error:
        raise FactorRefused() from error
    kept: dict[str, str] = json.loads(text)
    return kept


def _sealed(kept: Mapping[str, str]) -> str:
    return _box().encrypt(json.dumps(dict(kept)).encode()).decode()


def _box() -> Fernet:
    key = hashlib.sha256(f"khien.access.factor:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _digest(user: User, code: str) -> str:
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    key = f"khien.access.recovery:{settings.SECRET_KEY}".encode()
    return hmac.new(key, f"{user.pk}:{plain}".encode(), hashlib.sha256).hexdigest()


def _readable(data: bytes) -> str:
    text = base64.b32encode(data).decode().rstrip("=").lower()
    return f"{text[:4]}-{text[4:8]}-{text[8:13]}"


def user_of(user_id: int) -> User | None:
    """Return an active user by key, for a sign-in that waits for its second step."""
    return User.objects.filter(pk=user_id, is_active=True).first()
