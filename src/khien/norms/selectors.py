"""The only door through which the rulebooks of units are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.db.models import Q

from khien.norms.errors import NotBound
from khien.norms.model import Library
from khien.norms.models import Binding
from khien.norms.rulebook import Rulebook, build_rulebook
from khien.org.models import Unit


def documents_binding(units: Iterable[Unit], *, on: date) -> dict[int, tuple[str, ...]]:
    """Return for each unit's key the documents bound to it on a day, in the order of names."""
    return {pk: tuple(days) for pk, days in bound_days(units, on=on).items()}


def bound_days(units: Iterable[Unit], *, on: date) -> dict[int, dict[str, date]]:
    """Return for each unit's key the documents bound to it on a day, each with the day it was bound from."""
    ids = [unit.pk for unit in units]
    bound: dict[int, dict[str, date]] = {pk: {} for pk in ids}
    in_time = Q(bound_to=None) | Q(bound_to__gt=on)
    rows = Binding.objects.filter(in_time, bound_from__lte=on, unit__in=ids).order_by("document")
    for unit_id, document, day in rows.values_list("unit_id", "document", "bound_from"):
        bound[unit_id][document] = day
    return bound


def documents_to_come(unit: Unit, *, on: date) -> dict[str, date]:
    """Return the documents that will bind a unit after a day, the nearest first, each with its day."""
    rows = Binding.objects.filter(unit=unit, bound_from__gt=on).order_by("bound_from", "document")
    return dict(rows.values_list("document", "bound_from"))


def built_rulebook(library: Library, documents: tuple[str, ...], *, on: date) -> Rulebook:
    """Return the rulebook of documents on a day; kept, since every page of a unit asks for the same one.

    A text of the installation's own that no longer reads is left out: the library tells it, and the rest binds.
    """
    documents = tuple(name for name in documents if name in library.documents)
    key = (library.digest, documents, on)
    kept = _KEPT.get(key)
    if kept is None or kept[0] is not library:
        while len(_KEPT) >= _KEPT_MAX:
            _KEPT.pop(next(iter(_KEPT)), None)
        kept = _KEPT[key] = (library, build_rulebook(library, documents, on=on))
    return kept[1]


# Filled by several threads at once; the worst that comes of it is a rulebook built twice.
_KEPT: dict[tuple[str, tuple[str, ...], date], tuple[Library, Rulebook]] = {}
_KEPT_MAX = 64


def rulebook_of(unit: Unit, *, library: Library, on: date) -> Rulebook:
    """Return the rulebook of one unit on a day.

    Raises: NotBound: no document binds it then
    """
    bound = bound_days([unit], on=on)[unit.pk]
    if not bound:
        raise NotBound(unit=unit.code, day=f"{on:%d/%m/%Y}")
    return _bound_later(built_rulebook(library, tuple(bound), on=on), bound)


def rulebooks_of(units: Iterable[Unit], *, library: Library, on: date) -> dict[int, Rulebook]:
    """Return the rulebooks of many units; units bound by the same on the same days share one."""
    shared: dict[tuple[tuple[str, date], ...], Rulebook] = {}
    found: dict[int, Rulebook] = {}
    for unit, bound in bound_days(units, on=on).items():
        key = tuple(bound.items())
        if key not in shared:
            shared[key] = _bound_later(built_rulebook(library, tuple(bound), on=on), bound)
        found[unit] = shared[key]
    return found


def _bound_later(rulebook: Rulebook, bound: Mapping[str, date]) -> Rulebook:
    """Return the rulebook of a unit that a text in force binds only from a later day."""
    in_force = {
        document: (max(begins, bound[document]), ends)
        for document, (begins, ends) in rulebook.in_force.items()
    }
    return rulebook if in_force == rulebook.in_force else replace(rulebook, in_force=in_force)
