"""The only door through which access tokens are read, and what each lets its bearer do."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from khien.access.token_errors import TokenInvalid, TokenMistyped, TokenUnknown
from khien.access.token_models import ApiToken
from khien.access.tokens import PREFIX, digest_of, is_well_formed
from khien.kernel.clock import vietnam_date
from khien.org.models import Unit, User
from khien.org.roles import KNOW
from khien.org.selectors import all_units, visible_to


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a program acts as: its token and that token's user, never more than both may."""

    token: ApiToken

    @property
    def user(self) -> User:
        """Return the user the program acts as."""
        return self.token.user

    @property
    def name(self) -> str:
        """Return the name under which its acts go on record."""
        return f"{self.user.username} (token {self.token.pk})"[:100]

    def has_scope(self, may: str) -> bool:
        """Say whether the token was made for this; to know a unit comes with any other scope."""
        return may in self.token.scopes or (may == KNOW and bool(self.token.scopes))

    def units(self, may: str) -> QuerySet[Unit]:
        """Return the units where the token's scope, its unit and its user's roles all let do something."""
        if not self.has_scope(may):
            return Unit.objects.none()
        found = visible_to(self.user, may)
        if self.token.unit_id is not None:
            found = found.filter(pk__in=_at_or_below(self.token.unit_id))
        return found


def _at_or_below(root: int) -> list[int]:
    """Return the ids of a unit and of all below it, level by level."""
    found, level = [root], [root]
    while level:
        children = all_units().filter(parent__in=level).exclude(pk__in=found)
        level = list(children.values_list("pk", flat=True))
        found += level
    return found


def bearer_of(token: str, *, now: datetime) -> Bearer:
    """Return whom a token stands for.

    Raises: TokenMistyped: a slip in copying; TokenInvalid: unknown, expired, revoked, or a disabled user's
    """
    if not is_well_formed(token):
        raise TokenMistyped() if token.startswith(PREFIX) else TokenInvalid()
    digest = digest_of(token)
    found = ApiToken.objects.select_related("user", "unit").filter(digest=digest).first()
    # The index finds by hash, of which a guesser learns nothing; the comparison takes equal time.
    if found is None or not hmac.compare_digest(found.digest, digest) or not is_good(found, now):
        raise TokenInvalid()
    return Bearer(found)


def is_good(token: ApiToken, now: datetime) -> bool:
    """Say whether a token works at a moment."""
    user = token.user
    is_here = user.is_active and (user.ends_on is None or vietnam_date(now) <= user.ends_on)
    return is_here and token.revoked_at is None and now < token.expires_at


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """Return the tokens of a user, newest first."""
    return ApiToken.objects.filter(user=user).select_related("unit")


def all_tokens() -> QuerySet[ApiToken]:
    """Return every token; for the command line, never for a page."""
    return ApiToken.objects.select_related("user", "unit")


def token_by_number(number: int, *, user: User | None = None) -> ApiToken:
    """Return a token by its number, of one user if given.

    Raises: TokenUnknown: there is none, or it is another person's
    """
    tokens = all_tokens() if user is None else tokens_of(user)
    found = tokens.filter(pk=number).select_related("user").first() if number < 2**63 else None
    if found is None:
        raise TokenUnknown(number=number)
    return found
