"""The only door through which units are read."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from khien.org.errors import UnknownUnit
from khien.org.models import Unit, User


def unit_by_code(code: str) -> Unit:
    """Return a unit by its code.

    Raises: UnknownUnit: nobody registered it
    """
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        known = ", ".join(Unit.objects.values_list("code", flat=True)[:20]) or "–"
        raise UnknownUnit(unit=code, known=known)
    return unit


def visible_to(user: User | AnonymousUser) -> QuerySet[Unit]:
    """Return the units a user may see: the own unit and all below; nothing for strangers or the inactive."""
    if not isinstance(user, User) or not user.is_active or user.unit_id is None:
        return Unit.objects.none()
    return Unit.objects.filter(pk__in=_subtree(user.unit_id))


def _subtree(root_id: int) -> set[int]:
    found, frontier = {root_id}, {root_id}
    while frontier:
        below = Unit.objects.filter(parent_id__in=frontier).values_list("pk", flat=True)
        frontier = set(below) - found
        found |= frontier
    return found


def users_of(units: Iterable[Unit]) -> QuerySet[User]:
    """Return the users of units."""
    return User.objects.filter(unit__in=units)


def all_units() -> QuerySet[Unit]:
    """Return every unit; for jobs and the command line, never for a page."""
    return Unit.objects.all()
