"""Persons of the register and users of Khiên: which is which, for whoever shows or checks both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import QuerySet

from khien.org.models import Unit, User
from khien.registers.beside import person_of
from khien.registers.filing import link_person
from khien.registers.models import PersonOfUser, Row

PERSONS = "person"

__all__ = ["PERSONS", "likely_person", "link_person", "person_of", "persons_at", "users_of_persons"]


def persons_at(units: Iterable[Unit]) -> QuerySet[Row]:
    """Return the persons in the registers of units, by name."""
    return Row.objects.filter(unit__in=units, register=PERSONS, is_retired=False)


def users_of_persons(persons: Iterable[Row]) -> Mapping[int, list[User]]:
    """Return the users that persons are, by the row's key; a person may have several accounts."""
    found: dict[int, list[User]] = {}
    links = PersonOfUser.objects.filter(row__in=persons).select_related("user")
    for link in links.order_by("user__username"):
        found.setdefault(link.row_id, []).append(link.user)
    return found


def likely_person(user: User) -> Row | None:
    """Return the one person at the user's unit with the same e-mail address or else the same name."""
    if user.unit is None:
        return None
    rows = list(persons_at([user.unit]))
    for field, value in (("email", user.email), ("full_name", user.full_name)):
        same = [row for row in rows if value and row.values.get(field) == value]
        if len(same) == 1:
            return same[0]
    return None


def left_and_still_active(units: Iterable[Unit], *, on: date) -> list[tuple[Row, User]]:
    """Return persons who had left by a day while an account of theirs is still open."""
    rows = {row.pk: row for row in persons_at(units)}
    gone = {pk for pk, row in rows.items() if (row.values.get("left_on") or "9") <= str(on)}
    links = PersonOfUser.objects.filter(row__in=gone, user__is_active=True).select_related("user")
    return [(rows[link.row_id], link.user) for link in links.order_by("user__username")]
