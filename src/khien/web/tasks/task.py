"""A task as the list of the day shows it, and the sources that find tasks; a later room adds its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.norms.rulebook import Rule, Rulebook
from khien.norms.selectors import rulebooks_of
from khien.org.models import Unit, User

AHEAD_DAYS = 30
ANCHORS_MAX = 2


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: `anchors` are the clauses that say so; `is_urgent`: today, though no day is given.

    count: how many things of the same kind stand behind it; where: its unit, if several are shown
    """

    source: str
    title: Text
    url: str
    due_on: date | None = None
    anchors: tuple[str, ...] = ()
    why: Text | None = None
    is_urgent: bool = False
    rank: int = 1
    where: Text | None = None


class Asked:
    """Whose tasks are asked for: a person, the units in detail, the units below only in sum, and the day."""

    def __init__(
        self,
        user: User,
        units: Sequence[Unit],
        *,
        below: Sequence[Unit] = (),
        now: datetime,
        today: date,
    ) -> None:
        self.user = user
        self.units = units
        self.below = below
        self.now = now
        self.today = today
        self.by_id = {unit.pk: unit for unit in units}

    @cached_property
    def rulebooks(self) -> Mapping[int, Rulebook]:
        """Return the rulebook of each unit in detail."""
        return rulebooks_of(self.units, library=load_library(), on=self.today)

    def anchors(self, unit_id: int, control: str) -> tuple[str, ...]:
        """Return the clauses that demand a control of a unit, the first few."""
        rulebook = self.rulebooks.get(unit_id)
        rule = rulebook.rules.get(control) if rulebook else None
        return anchors_of(rule)[:ANCHORS_MAX]

    def where(self, unit: Unit) -> Text | None:
        """Return a unit's name if several are shown."""
        return Text(unit.name_vi, unit.name_en) if len(self.units) > 1 else None


@dataclass(frozen=True, slots=True)
class Source:
    """One source of tasks: its code, its name in the list of what was looked at, and how it finds them."""

    code: str
    word: Promise
    find: Callable[[Asked], Iterable[Task]]


def anchors_of(rule: Rule | None) -> tuple[str, ...]:
    """Return the clauses that demand a control, each once, without definitions."""
    sources = rule.sources if rule else ()
    return tuple(dict.fromkeys(c.anchor for c, duty in sources if duty.modality != "info"))


def first_address(names: Iterable[str], *values: str | int) -> str:
    """Return the address of the first of these pages that exists; "" if none does."""
    for name in names:
        try:
            return reverse(name, args=values)
        except NoReverseMatch:
            continue
    return ""
