"""The only door through which the rulebooks of units are read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from khien.norms.errors import NotBound
from khien.norms.model import Library
from khien.norms.models import Binding
from khien.norms.rulebook import Rulebook, build_rulebook
from khien.org.models import Unit


def documents_binding(units: Iterable[Unit], *, on: date) -> dict[int, tuple[str, ...]]:
    """Return for each unit's key the documents bound to it on a day, in the order of names."""
    ids = [unit.pk for unit in units]
    bound: dict[int, list[str]] = {pk: [] for pk in ids}
    in_time = Q(bound_to=None) | Q(bound_to__gt=on)
    rows = Binding.objects.filter(in_time, bound_from__lte=on, unit__in=ids)
    for unit_id, document in rows.order_by("document").values_list("unit_id", "document"):
        bound[unit_id].append(document)
    return {pk: tuple(names) for pk, names in bound.items()}


def built_rulebook(library: Library, documents: tuple[str, ...], *, on: date) -> Rulebook:
    """Return the rulebook of documents on a day; kept, since every page of a unit asks for the same one."""
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
    documents = documents_binding([unit], on=on)[unit.pk]
    if not documents:
        raise NotBound(unit=unit.code, day=f"{on:%d/%m/%Y}")
    return built_rulebook(library, documents, on=on)


def rulebooks_of(units: Iterable[Unit], *, library: Library, on: date) -> dict[int, Rulebook]:
    """Return the rulebooks of many units; units bound by the same documents share one."""
    bound = documents_binding(units, on=on)
    return {unit: built_rulebook(library, documents, on=on) for unit, documents in bound.items()}
