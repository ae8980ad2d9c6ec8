"""Duties of higher law that every unit of some kinds has, also where nobody bound the text to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from khien.duties.comparing import Bound
from khien.duties.windows import Reach
from khien.norms.model import Library
from khien.org.models import Unit


def bound_by_kind(library: Library, units: Iterable[Unit]) -> Iterator[Bound]:
    """Yield for each unit the texts whose named duties bind it by its kind, since the text came into force.

    A text that an installation put into force itself binds only whom its approval names.
    """
    texts = [one for one in library.documents.values() if one.binds_by_kind and not one.is_own]
    for unit in units:
        for text in texts:
            if unit.kind in text.unit_kinds:
                days = [day for day in (text.in_force_to, unit.ended_on) if day is not None]
                reach = Reach(text.in_force_from, min(days, default=None))
                yield Bound(unit, text.id, reach, only=text.binds_by_kind)
