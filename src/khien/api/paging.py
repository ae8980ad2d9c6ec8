"""Lists in pages of bounded size, gone through by an opaque cursor."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from typing import Annotated, Any, Final, TypeVar

from django.db.models import Model, QuerySet
from ninja import Query

from khien.api.errors import BadCursor

Thing = TypeVar("Thing", bound=Model)
LIMIT_MAX: Final = 200
_CURSOR_MAX: Final = 2_000

Limit = Annotated[
    int, Query(50, ge=1, le=LIMIT_MAX, description="Số mục một trang / items a page, 1–200")
]
Cursor = Annotated[
    str | None,
    Query(None, max_length=_CURSOR_MAX, description="`next` của trang trước / of the page before"),
]


def cursor_of(*place: str | int) -> str:
    """Return the cursor of a place in a list."""
    packed = json.dumps(place, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def place_of(cursor: str | None, *kinds: type) -> tuple[Any, ...] | None:
    """Return the place that a cursor names; None without a cursor.

    Args:   kinds: the types of its parts, in order
    Raises: BadCursor: it names no such place
    """
    if cursor is None:
        return None
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        place = json.loads(packed.decode("utf-8"))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise BadCursor() from error
    fits = isinstance(place, list) and len(place) == len(kinds)
    if not fits or any(type(part) is not kind for part, kind in zip(place, kinds, strict=True)):
        raise BadCursor()
    if any(isinstance(part, int) and abs(part) >= 2**63 for part in place):
        raise BadCursor()
    return tuple(place)


def page_by_key(
    things: QuerySet[Thing], *, cursor: str | None, limit: int, newest_first: bool = False
) -> tuple[list[Thing], str | None]:
    """Return one page of what a selector gave, in the order of keys, and the cursor of the next page.

    Raises: BadCursor: the cursor is of another list
    """
    place = place_of(cursor, int)
    sign, compare = ("-", "lt") if newest_first else ("", "gt")
    if place is not None:
        things = things.filter(**{f"pk__{compare}": place[0]})
    found = list(things.order_by(f"{sign}pk")[: limit + 1])
    return cut(found, limit, lambda thing: cursor_of(thing.pk))


Item = TypeVar("Item")


def cut(
    found: list[Item], limit: int, place: Callable[[Item], str]
) -> tuple[list[Item], str | None]:
    """Return at most `limit` of what was found, and the cursor of what follows, if anything does."""
    shown = found[:limit]
    return shown, place(shown[-1]) if len(found) > limit else None
