"""Times are kept in UTC and said in Vietnam time; the hour now comes from the caller."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7), "ICT")


def now_utc() -> datetime:
    """Return the time now, aware, in UTC; only entry points call this and hand it down."""
    return datetime.now(UTC)


def vietnam_date(moment: datetime) -> date:
    """Return the day it is in Viet Nam at an aware moment."""
    return moment.astimezone(VIETNAM).date()


def said_day(day: date) -> str:
    """Return a day as dd/mm/yyyy."""
    return f"{day:%d/%m/%Y}"


def said_moment(moment: datetime) -> str:
    """Return an aware moment as HH:MM dd/mm/yyyy in Vietnam time."""
    return f"{moment.astimezone(VIETNAM):%H:%M %d/%m/%Y}"


def iso_utc(moment: datetime) -> str:
    """Return an aware moment as ISO 8601 in UTC, to the second, ending in Z."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def parse_iso(text: str) -> datetime:
    """Return the aware moment of an ISO 8601 text that carries its zone.

    Raises: ValueError: not ISO 8601, or without a zone
    """
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        raise ValueError(f"a moment needs its time zone: {text}")
    return moment.astimezone(UTC)
