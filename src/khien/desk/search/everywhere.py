"""All places asked in turn, the nearest to a person's work first."""

from __future__ import annotations

from khien.desk.search import places
from khien.desk.search.field import Field, field_of
from khien.desk.search.hits import HitGroup, Sought
from khien.org.models import User
from khien.org.roles import KNOW, READ
from khien.org.selectors import visible_to


def field_seen_by(user: User) -> Field:
    """Return what a person may find."""
    return field_of(visible_to(user, KNOW), visible_to(user, READ), home=user.unit_id)


def found_everywhere(field: Field, text: str, *, limit: int, is_deep: bool) -> list[HitGroup]:
    """Return what has all the words, in groups that have hits, at most so many in each.

    Args: is_deep: the question was sent, not only being typed; then whole rows are read too
    """
    sought = Sought.read(text, limit=limit)
    if not sought.words:
        return []
    if not field.readable:
        groups = [f(sought, field) for f in (places.units, places.documents, places.clauses)]
        return [group for group in groups if group.hits]
    machines = places.machines(sought, field)
    # While one types, whole rows are read only for what looks like a number and is no machine's name.
    is_number = any(letter.isdigit() for letter in text) and not machines.hits
    persons, rows = places.persons_and_rows(sought, field, is_deep=is_deep or is_number)
    groups = [
        places.registers(sought, field),
        places.units(sought, field),
        machines,
        persons,
        rows,
        places.cases(sought, field),
        places.controls(sought, field),
        places.documents(sought, field),
        places.clauses(sought, field),
    ]
    return [group for group in groups if group.hits]
