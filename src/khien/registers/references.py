"""What references of rows may mean: units, rows of other registers and machines that a person may see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from khien.kernel.canonical import Json
from khien.kernel.vietnamese import search_key
from khien.org.models import Unit
from khien.registers.declarations import Field, Register
from khien.registers.models import Row
from khien.registers.values import Candidate, Values, name_key_of

_NUMBER = re.compile(r"#?(\d{1,9})|#(\d{1,9}) .*")
_SHOWN_MAX = 6


def register_of(field: Field) -> str | None:
    """Return the register a reference points into; None for units and machines."""
    if field.type == "row":
        return field.of
    return field.type if field.type in ("person", "document") else None


class VisibleReferences:
    """Finds references among the units a person may see, those of the own unit first.

    Args: units: visible ones; home: the unit whose row is written; hosts: names of machines by their id
    """

    def __init__(
        self,
        units: Iterable[Unit],
        *,
        home: Unit | None = None,
        hosts: Mapping[str, str] | None = None,
    ) -> None:
        self._units = list(units)
        self._home = home.pk if home is not None else None
        self._hosts = hosts or {}
        self._found: dict[tuple[str, str], Sequence[Candidate]] = {}
        self._held: dict[tuple[str, int], bool] = {}

    def find(self, field: Field, text: str) -> Sequence[Candidate]:
        """Return what a text may mean at a field, by name or by row number (#12)."""
        place = (register_of(field) or field.type, text)
        if place not in self._found:
            self._found[place] = self._look_up(field, text)
        return self._found[place]

    def holds(self, field: Field, value: int) -> bool:
        """Say whether a stored value names a unit or row that may be seen."""
        register = register_of(field)
        if register is None:
            return field.type == "unit" and value in {unit.pk for unit in self._units}
        if (register, value) not in self._held:
            rows = Row.objects.filter(pk=value, register=register, unit__in=self._units)
            self._held[register, value] = rows.exists()
        return self._held[register, value]

    def _look_up(self, field: Field, text: str) -> Sequence[Candidate]:
        register = register_of(field)
        if register is not None:
            return self._rows(register, text)
        if field.type == "unit":
            wanted = search_key(text)
            return [c for words, c in self._unit_words if wanted in words]
        wanted = search_key(text)
        return [
            Candidate(uid, name)
            for uid, name in self._hosts.items()
            if text == uid or search_key(name) == wanted
        ]

    @cached_property
    def _unit_words(self) -> list[tuple[frozenset[str], Candidate]]:
        return [
            (
                frozenset(search_key(word) for word in (unit.code, unit.name_vi, unit.name_en)),
                Candidate(unit.pk, unit.name_vi),
            )
            for unit in self._units
        ]

    def _rows(self, register: str, text: str) -> Sequence[Candidate]:
        active = Row.objects.filter(register=register, unit__in=self._units, is_retired=False)
        by_name = active.filter(name_key=name_key_of(text))
        found = self._nearest(by_name.values_list("pk", "unit_id", "number", "name"))
        number = _NUMBER.fullmatch(text)
        if number is None or found:
            return found
        by_number = active.filter(number=int(number[1] or number[2]))
        return self._nearest(by_number.values_list("pk", "unit_id", "number", "name"))

    def _nearest(self, rows: Iterable[tuple[int, int, int, str]]) -> Sequence[Candidate]:
        """Return rows of the own unit if there are any, else those of other units."""
        listed = list(rows)
        own = [row for row in listed if row[1] == self._home]
        return [
            Candidate(pk, f"#{number} {name}")
            for pk, _, number, name in (own or listed)[:_SHOWN_MAX]
        ]


def reference_labels(
    register: Register,
    many_values: Iterable[Values],
    *,
    is_numbered: bool = False,
    hosts: Mapping[str, str] | None = None,
) -> dict[tuple[str, Json], str]:
    """Return what references of rows are called, by field code and value.

    Args: is_numbered: with the row's number in front, as files need to name a row without doubt
    """
    wanted: dict[str, set[int]] = {}
    known = dict(hosts or {})
    labels: dict[tuple[str, Json], str] = {}
    references = [field for field in register.fields.values() if field.is_reference]
    listed = list(many_values) if references else []
    for field in references:
        kept = {value for values in listed if isinstance(value := values.get(field.code), int)}
        wanted.setdefault(register_of(field) or field.type, set()).update(kept)
    names = {place: _names(place, ids, is_numbered) for place, ids in wanted.items() if ids}
    for field in references:
        labels.update(
            ((field.code, pk), name)
            for pk, name in names.get(register_of(field) or field.type, {}).items()
        )
        if field.type == "host":
            labels.update(((field.code, uid), name) for uid, name in known.items())
    return labels


def _names(place: str, ids: set[int], is_numbered: bool) -> dict[int, str]:
    if place == "unit":
        units = Unit.objects.filter(pk__in=ids)
        return dict(units.values_list("pk", "code" if is_numbered else "name_vi"))
    found: dict[int, str] = {}
    listed = sorted(ids)
    for start in range(0, len(listed), 5_000):
        rows = Row.objects.filter(register=place, pk__in=listed[start : start + 5_000])
        for pk, number, name in rows.values_list("pk", "number", "name"):
            found[pk] = f"#{number} {name}" if is_numbered else name
    return found
