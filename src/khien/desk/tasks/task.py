"""A task as the list of the day shows it, and the sources that find tasks; a later room adds its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from khien.desk.targets import Target
from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.norms.rulebook import Rule, Rulebook
from khien.norms.selectors import rulebooks_of
from khien.org.models import Unit, User

AHEAD_DAYS = 30
ANCHORS_MAX = 2
BY_OWN_REGISTER = Text("theo sổ của đơn vị", "by the unit's own register")


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: `anchors` are the clauses that say so; `is_urgent`: today, though no day is given.

    where: its unit, if several are shown; is_own_rule: its register asks for it, no clause that binds the unit;
    instead_of: what other sources lead to for the same thing; tasks of theirs are left out
    """

    source: str
    title: Text
    target: Target
    due_on: date | None = None
    anchors: tuple[str, ...] = ()
    why: Text | None = None
    is_urgent: bool = False
    rank: int = 1
    where: Text | None = None
    is_own_rule: bool = False
    instead_of: tuple[Target, ...] = ()


class Asked:
    """Whose tasks are asked for: a person (or nobody), units in detail, units below only in sum, and the day."""

    def __init__(
        self,
        user: User | None,
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

    def binding(self, unit: Unit, clauses: Iterable[str | None]) -> tuple[str, ...]:
        """Return the first of some clauses that stands in a text binding the unit, if one does."""
        rulebook = self.rulebooks.get(unit.pk)
        if rulebook is None:
            rulebook = rulebooks_of([unit], library=load_library(), on=self.today).get(unit.pk)
        documents = rulebook.documents if rulebook else ()
        found = (c for c in clauses if c and c.partition("/")[0] in documents)
        return tuple(found)[:1]

    def where(self, unit: Unit) -> Text | None:
        """Return a unit's name if several are shown."""
        return Text(unit.name_vi, unit.name_en) if len(self.units) > 1 else None


@dataclass(frozen=True, slots=True)
class Source:
    """One source of tasks: its code, its name in the list of what was looked at, and how it finds them."""

    code: str
    word: Text
    find: Callable[[Asked], Iterable[Task]]


def anchors_of(rule: Rule | None) -> tuple[str, ...]:
    """Return the clauses that demand a control, each once, without definitions."""
    sources = rule.sources if rule else ()
    return tuple(
        dict.fromkeys(
            c.anchor for c, duty in sources if duty.modality != "info" and not duty.is_unsure
        )
    )
