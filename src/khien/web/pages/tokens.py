"""Access tokens as a page: those there are, and the form of a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict

from khien.access.token_models import ApiToken
from khien.access.token_selectors import is_good, tokens_of
from khien.access.token_services import DAYS_MAX, DAYS_USUAL
from khien.access.token_words import SCOPE_WORDS
from khien.kernel.language import Text
from khien.org.models import Unit, User
from khien.org.roles import KNOW, READ
from khien.org.selectors import visible_to

SHOWN_MAX = 100


@dataclass(frozen=True, slots=True)
class TokenShown:
    """One token: whether it still works, and why not."""

    token: ApiToken
    is_good: bool
    is_revoked: bool


@dataclass(frozen=True, slots=True)
class ScopeChoice:
    """One scope to tick."""

    code: str
    text: Text
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class TokenPage:
    """Everything the page of tokens shows."""

    tokens: tuple[TokenShown, ...]
    scopes: tuple[ScopeChoice, ...]
    units: tuple[Unit, ...]
    name: str
    days: str
    unit: str
    days_max: int = DAYS_MAX


def token_page(user: User, *, now: datetime, typed: QueryDict | None) -> TokenPage:
    """Put the page of a user's tokens together; what was typed into a refused form stays."""
    ticked = typed.getlist("pham_vi") if typed is not None else [READ]
    given = typed or QueryDict()
    return TokenPage(
        tokens=tuple(
            TokenShown(token, is_good(token, now), token.revoked_at is not None)
            for token in tokens_of(user).select_related("user")[:SHOWN_MAX]
        ),
        scopes=tuple(ScopeChoice(c, text, c in ticked) for c, text in SCOPE_WORDS.items()),
        units=tuple(visible_to(user, KNOW)),
        name=given.get("ten", ""),
        days=given.get("so_ngay", str(DAYS_USUAL)),
        unit=given.get("don_vi", ""),
    )
