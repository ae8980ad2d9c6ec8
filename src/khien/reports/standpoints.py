"""What a report looks at: a unit, its period, the row it is about, whose rows count, on which day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from khien.kernel.canonical import Json
from khien.kernel.clock import VIETNAM, iso_utc, said_day, vietnam_date
from khien.org.history import predecessors, states_of
from khien.org.models import ENDINGS, Unit, UnitState
from khien.registers.models import Row
from khien.reports.definitions import Definition, Division
from khien.reports.periods import Period


@dataclass(frozen=True, slots=True)
class Heir:
    """A unit that ended within the period and whose rows until then count for its successor."""

    unit: Unit
    until: date


@dataclass(frozen=True)
class Stand:
    """Where a report stands: everything that does not come out of registers."""

    definition: Definition
    unit: Unit
    period: Period
    now: datetime
    subject: Row | None = None
    title: str = ""
    takes_all: bool = False

    @cached_property
    def today(self) -> date:
        """Return the day on which the report is made."""
        return vietnam_date(self.now)

    @cached_property
    def until(self) -> date:
        """Return the last day of which the report can know anything."""
        return min(self.period.ends, self.today)

    @cached_property
    def state(self) -> UnitState | None:
        """Return how the unit stood on the day: its name, kind and parent then."""
        states = states_of(self.unit)
        standing = states.filter(from_on__lte=self.today).exclude(what__in=ENDINGS)
        return standing.first() or states.last()

    @cached_property
    def parent(self) -> Unit | None:
        """Return the unit above, as of the day."""
        return self.state.parent if self.state is not None else self.unit.parent

    @cached_property
    def unit_name(self) -> str:
        """Return the unit's name of the day."""
        return self.state.name_vi if self.state is not None else self.unit.name_vi

    @property
    def division(self) -> Division | None:
        """Return the part of the unit in whose name the paper goes; None: the unit itself."""
        found = self.definition.division
        kind = self.state.kind if self.state is not None else self.unit.kind
        return found if found is not None and kind in found.of else None

    @cached_property
    def speaker(self) -> str:
        """Return the name in which the paper speaks: the unit's, or that of its part."""
        if self.division is None:
            return self.unit_name
        place = self.state.place if self.state is not None else self.unit.place
        return self.division.name.vi.replace("{place}", place).strip()

    @cached_property
    def parent_name(self) -> str:
        """Return the name of the body above; of one that no unit of this instance is, as it was typed."""
        above = self.parent
        if above is None:
            return self.unit.parent_name_vi
        standing = states_of(above).filter(from_on__lte=self.today).first()
        return standing.name_vi if standing is not None else above.name_vi

    @cached_property
    def heirs(self) -> tuple[Heir, ...]:
        """Return the units that merged into this one within the period, also by way of others."""
        found: dict[int, Heir] = {}
        waiting = [self.unit]
        while waiting:
            for link in predecessors(waiting.pop()):
                inside = self.period.begins < link.on <= self.until
                if inside and link.predecessor_id not in found:
                    found[link.predecessor_id] = Heir(link.predecessor, link.on)
                    waiting.append(link.predecessor)
        return tuple(found.values())

    def meaning(self, given: Json) -> Json:
        """Return what a value of a condition stands for: $today, $from, $row.system; others as they are."""
        if not isinstance(given, str) or not given.startswith("$"):
            return given
        head, _, code = given[1:].partition(".")
        if head == "row":
            if self.subject is None:
                return None
            value: Json = self.subject.values.get(code) if code else self.subject.pk
            return value
        days = {"today": self.today, "from": self.period.begins, "to": self.until}
        if head == "year":
            return self.period.ends.year if self.period.ends < date.max else self.today.year
        return days[head].isoformat()

    def words(self) -> Mapping[str, str]:
        """Return what the words of sentences stand for, apart from figures and fields."""
        return {
            "period": self.period.label.vi,
            "from": said_day(self.period.begins),
            "to": said_day(self.period.ends),
            "today": said_day(self.today),
            "year": str(self.meaning("$year")),
            "unit": self.speaker,
            "parent": self.parent_name,
            "title": self.title,
            "row": self.subject.name if self.subject is not None else "",
        }

    @property
    def made_at(self) -> str:
        """Return the moment as it is stored."""
        return iso_utc(self.now)

    def moments(self) -> tuple[datetime, datetime]:
        """Return the first moment of the period, and the first one after what can be known."""
        first = max(self.period.begins, date(1970, 1, 1))
        after = self.until + timedelta(days=1)
        return _midnight(first), _midnight(after)

    @property
    def end_moment(self) -> datetime | None:
        """Return the end of the period where it is past; None: now."""
        if self.period.ends >= self.today:
            return None
        return _midnight(self.period.ends + timedelta(days=1)) - timedelta(microseconds=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)
