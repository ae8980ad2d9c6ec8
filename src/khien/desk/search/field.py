"""What a search may look at: units one knows, units one reads, and the unit in hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from khien.desk.search.hits import NOWHERE
from khien.kernel.language import Text
from khien.org.models import Unit


@dataclass(frozen=True, slots=True)
class Field:
    """Units by key: those that may be named, those that may be read; and the unit in hand."""

    known: Mapping[int, Unit]
    readable: Mapping[int, Unit]
    home: Unit | None

    def name_of(self, unit_id: int) -> Text:
        """Return a unit's name where several are seen; nothing where there is but one."""
        unit = self.readable[unit_id]
        return Text(unit.name_vi, unit.name_en) if len(self.readable) > 1 else NOWHERE


def field_of(known: Iterable[Unit], readable: Iterable[Unit], *, home: int | None) -> Field:
    """Return what may be found by who knows some units and reads some of them.

    Args: home: the key of the unit one works for; controls and registers are those of that unit
    """
    named = {unit.pk: unit for unit in known}
    read = {unit.pk for unit in readable}
    open_ones = {pk: unit for pk, unit in named.items() if pk in read}
    return Field(named, open_ones, open_ones.get(home or 0) or next(iter(open_ones.values()), None))
