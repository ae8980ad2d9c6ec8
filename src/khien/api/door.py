"""The door of every operation: token, rate, scope, size; then units only through what the token may see."""

from __future__ import annotations

import logging
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja.security.base import AuthBase

from khien.access.arrival import where_from
from khien.access.token_errors import TokenInvalid
from khien.access.token_selectors import Bearer, bearer_of
from khien.access.token_services import note_use
from khien.access.tokens import PREFIX
from khien.api.errors import (
    BodyTooLarge,
    DayNotReached,
    NothingHere,
    ScopeTooNarrow,
    TokenInAddress,
    TooManyRequests,
    WrongMediaType,
)
from khien.api.rate import RateLimit
from khien.kernel.clock import VIETNAM, now_utc, said_day, vietnam_date
from khien.norms.library import load_library
from khien.norms.rulebook import Rulebook
from khien.norms.selectors import built_rulebook, documents_binding
from khien.org.errors import NotAllowed
from khien.org.models import Unit, User
from khien.org.roles import KNOW, READ

looked = logging.getLogger("khien.looked")

JSON_MAX = 2 * 2**20
JSON = "application/json"
FORM = "multipart/form-data"
RATE = RateLimit()
_READING = ("GET", "HEAD", "OPTIONS")


class Caller:
    """Who calls, and the one capability that the operation asks for."""

    def __init__(self, bearer: Bearer, may: str) -> None:
        self.bearer, self.may = bearer, may

    @property
    def user(self) -> User:
        """Return the user the program acts as."""
        return self.bearer.user

    @property
    def name(self) -> str:
        """Return the name that goes on record: the user's, because the user answers for the program."""
        return self.user.username

    def units(self, may: str | None = None) -> QuerySet[Unit]:
        """Return the units where the caller may do what the operation does, or something else."""
        return self.bearer.units(may or self.may)

    def unit(self, code: str) -> Unit:
        """Return a unit where the caller may do what the operation does.

        Raises: NothingHere: it does not exist or is none of their business; NotAllowed: it is known, but the
                user's roles there are not enough
        """
        unit = self.units().filter(code=code).select_related("parent").first()
        if unit is not None:
            return unit
        known = self.units(KNOW).filter(code=code).first()
        if known is None:
            raise NothingHere()
        raise NotAllowed(unit=known.name_vi)


class Call(HttpRequest):
    """A request that came through the door."""

    auth: Caller


class Door(AuthBase):
    """Lets a request in to one operation, or says in a problem why not."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, may: str, *, body_max: int = JSON_MAX, takes: str = JSON) -> None:
        self.may, self.body_max, self.takes = may, body_max, takes
        super().__init__()

    def __call__(self, request: HttpRequest) -> Caller:
        """Return the caller.

        Raises: TokenInAddress, TokenInvalid, TooManyRequests, ScopeTooNarrow, BodyTooLarge, WrongMediaType
        """
        if any(PREFIX in word for words in request.GET.lists() for word in (words[0], *words[1])):
            raise TokenInAddress()
        now = now_utc()
        bearer = bearer_of(_sent_token(request), now=now)
        wait = RATE.wait_of(bearer.token.pk)
        if wait:
            raise TooManyRequests(limit=RATE.per_minute, seconds=wait)
        note_use(bearer.token, now=now)
        if not bearer.has_scope(self.may):
            raise ScopeTooNarrow(scope=self.may)
        self._must_take(request)
        # Source: the rulebook's audit of access; the web pages keep the same line.
        looked.info(
            "user=%s token=%d address=%s %s %s",
            bearer.user.username,
            bearer.token.pk,
            where_from(request).address,
            request.method,
            request.path,
        )
        return Caller(bearer, self.may)

    def _must_take(self, request: HttpRequest) -> None:
        if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path:
            raise NothingHere()
        length = request.META.get("CONTENT_LENGTH") or "0"
        size = int(length) if length.isdecimal() else 0
        if size > self.body_max:
            raise BodyTooLarge(limit=self.body_max)
        given = request.content_type or ""
        if size and request.method not in _READING and given != self.takes:
            raise WrongMediaType(wanted=self.takes, given=given[:100])


def _sent_token(request: HttpRequest) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise TokenInvalid()
    return token.strip()


def rules_of(unit: Unit, *, on: date | None = None) -> Rulebook:
    """Return the rulebook of a unit on a day, today by default; an empty one if nothing binds it."""
    day = on or vietnam_date(now_utc())
    documents = documents_binding([unit], on=day)[unit.pk]
    return built_rulebook(load_library(), documents, on=day)


def moment_of(day: date | None) -> datetime | None:
    """Return the last moment of a past day in Viet Nam; None for now.

    Raises: DayNotReached
    """
    if day is None:
        return None
    if day > vietnam_date(now_utc()):
        raise DayNotReached(day=said_day(day))
    return datetime.combine(day, time.max, tzinfo=VIETNAM) - timedelta(microseconds=999_999)


__all__ = ["FORM", "JSON", "KNOW", "READ", "Call", "Caller", "Door", "moment_of", "rules_of"]
