"""All places asked in turn, the nearest to a person's work first."""

from __future__ import annotations

from khien.org.models import User
from khien.org.roles import KNOW, READ
from khien.org.selectors import visible_to
from khien.web.search import places
from khien.web.search.hits import HitGroup, Sought


def found_everywhere(user: User, text: str, *, limit: int) -> list[HitGroup]:
    """Return what has all the words, in groups that have hits, at most so many in each."""
    sought = Sought.read(text, limit=limit)
    if not sought.words:
        return []
    known = {unit.pk: unit for unit in visible_to(user, KNOW)}
    readable = {unit.pk: unit for unit in visible_to(user, READ)}
    home = readable.get(user.unit_id or 0) or next(iter(readable.values()), None)
    field = places.Field(user, known, readable, home)
    persons, rows = places.persons_and_rows(sought, field) if readable else ((), ())
    groups = [
        places.pages(sought, field),
        places.units(sought, field),
        places.machines(sought, field) if readable else None,
        persons or None,
        rows or None,
        places.cases(sought, field) if readable else None,
        places.controls(sought, field),
        places.documents(sought, field),
        places.clauses(sought, field),
    ]
    return [group for group in groups if isinstance(group, HitGroup) and group.hits]
