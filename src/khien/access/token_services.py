"""The only writer of access tokens."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from khien.access.token_errors import TokenRefused
from khien.access.token_events import TOKEN_MADE, TOKEN_REVOKED
from khien.access.token_models import ApiToken
from khien.access.tokens import digest_of, hint_of, new_token
from khien.kernel.canonical import Json
from khien.kernel.clock import iso_utc
from khien.kernel.language import Text
from khien.kernel.vietnamese import nfc
from khien.ledger import services as ledger
from khien.org.models import Unit, User
from khien.org.roles import CAPABILITIES, KNOW
from khien.org.selectors import may_do

DAYS_MAX: Final = 366
DAYS_USUAL: Final = 90
TOKENS_MAX: Final = 50
_USED_EVERY: Final = timedelta(minutes=1)

_NO_NAME = Text(
    "đặt tên (nhiều nhất 100 ký tự) để sau này biết mã dùng ở đâu",
    "give it a name (at most 100 letters), so that you know later where it is used",
)
_NO_SCOPE = Text(
    "chọn ít nhất một phạm vi trong: {known}", "choose at least one scope among: {known}"
)
_BAD_DAYS = Text("thời hạn từ 1 đến {limit} ngày", "it lasts from 1 to {limit} days")
_NO_UNIT = Text(
    "bạn không có vai trò nào tại đơn vị «{unit}»", "you hold no role at the unit “{unit}”"
)
_TOO_MANY = Text(
    "đã có {limit} mã còn hạn; thu hồi bớt mã không dùng",
    "there are {limit} good tokens already; revoke those not in use",
)
_INACTIVE = Text("người dùng đã bị khóa", "the user is disabled")


@transaction.atomic
def make_token(
    user: User,
    *,
    name: str,
    scopes: Collection[str],
    days: int,
    by: str,
    now: datetime,
    unit: Unit | None = None,
) -> tuple[ApiToken, str]:
    """Make a token for a user.

    Args:    scopes: capabilities it may use as far as the user's roles have them; days: 1 to 366;
             unit: narrows it to this unit and those below
    Returns: the token, and its secret, which is shown once and kept nowhere
    Raises:  TokenRefused: no name, scope or limit, a unit that is not the user's, too many tokens
    """
    name = nfc(" ".join(name.split()))
    _must_be_sound(user, name, scopes, days, unit)
    if (
        ApiToken.objects.filter(user=user, revoked_at=None, expires_at__gt=now).count()
        >= TOKENS_MAX
    ):
        raise TokenRefused(_TOO_MANY.fill({"limit": TOKENS_MAX}))
    secret = new_token()
    token = ApiToken.objects.create(
        user=user,
        name=name,
        scopes=[scope for scope in CAPABILITIES if scope in scopes],
        unit=unit,
        digest=digest_of(secret),
        hint=hint_of(secret),
        made_at=now,
        made_by=by,
        expires_at=now + timedelta(days=days),
    )
    body: dict[str, Json] = {
        "number": token.pk,
        "scopes": ", ".join(token.scopes),
        "within": unit.code if unit else None,
        "expires": iso_utc(token.expires_at),
        "by": by,
    }
    ledger.record(TOKEN_MADE, subject=user.username, body=body, at=now)
    return token, secret


def _must_be_sound(
    user: User, name: str, scopes: Collection[str], days: int, unit: Unit | None
) -> None:
    if not user.is_active:
        raise TokenRefused(_INACTIVE)
    if not name or len(name) > 100:
        raise TokenRefused(_NO_NAME)
    if not scopes or not set(scopes) <= set(CAPABILITIES):
        raise TokenRefused(_NO_SCOPE.fill({"known": ", ".join(CAPABILITIES)}))
    if not 1 <= days <= DAYS_MAX:
        raise TokenRefused(_BAD_DAYS.fill({"limit": DAYS_MAX}))
    if unit is not None and not may_do(user, KNOW, unit):
        raise TokenRefused(_NO_UNIT.fill({"unit": unit.code}))


@transaction.atomic
def revoke_token(token: ApiToken, *, by: str, now: datetime) -> None:
    """End a token at once; it stays on record."""
    current = ApiToken.objects.select_for_update().select_related("user").get(pk=token.pk)
    if current.revoked_at is not None:
        return
    current.revoked_at, current.revoked_by = now, by
    current.save(update_fields=["revoked_at", "revoked_by"])
    body: dict[str, Json] = {"number": current.pk, "by": by}
    ledger.record(TOKEN_REVOKED, subject=current.user.username, body=body, at=now)


def note_use(token: ApiToken, *, now: datetime) -> None:
    """Keep when a token was last used, to the minute; not worth a record."""
    if token.used_at is None or now - token.used_at >= _USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used_at=now)
