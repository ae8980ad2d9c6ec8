"""The declarations of workflows as the program holds them: steps, what each asks, what each does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from khien.kernel.canonical import Json
from khien.kernel.language import Text
from khien.registers.declarations import Field

# Steps that every workflow ends with; the loader puts them there.
MINUTES, SIGNED = "minutes", "signed"
CASE, PREVIOUS = "case", "previous"
OWN, MONTHS, DAYS = "own", "months", "days"
Conditions = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Due:
    """By when a step is due: so long after a day; the length is a rulebook's, or the unit's own choice.

    `start` is a path to a day (`subject.started_on`, `brief.held_on`), CASE, or PREVIOUS.
    """

    start: str
    days: int
    control: str | None = None
    parameter: str | None = None

    @property
    def is_own(self) -> bool:
        """Say whether no text gives the length: it is the unit's own interval."""
        return self.parameter is None and self.days > 0


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that must stand in the registers (điều kiện): gate before, or proof after a step.

    `holds`: paths and what they must say; or `register` with `where`: a row that must (not) be there.
    """

    code: str
    title: Text
    clause: str | None
    only_if: Conditions
    holds: Conditions
    register: str | None
    where: Mapping[str, Json]
    is_absence: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """One change to a register: a row added (and known as `alias` from then on), or rows changed.

    `change` is the name of one row; `change_rows` a register, whose rows `where` finds.
    """

    add: str | None
    change: str | None
    change_rows: str | None
    where: Mapping[str, Json]
    alias: str | None
    values: Mapping[str, Json]
    only_if: Conditions


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing a step asks: a field as registers have them, its default, days it may not pass.

    `files_as`: a field for a document that may also be filed here as a new row of this kind.
    """

    field: Field
    default: Json
    not_before: str | None
    not_after: str | None
    files_as: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer that may be given about a thing of a list, and what it does."""

    code: str
    title: Text
    note: Text | None
    is_note_required: bool
    asks_day: bool
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where the things of a list come from: rows of a register, or an earlier list's, by their decision.

    `is_from_machines`: also what machines show and the register does not hold.
    """

    register: str
    where: Mapping[str, Json]
    step: str | None
    decided: tuple[str, ...]
    is_from_machines: bool


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list that a step works through (danh sách), each thing with a decision of its own."""

    title: Text
    columns: tuple[str, ...]
    sources: tuple[Source, ...]
    decisions: Mapping[str, Decision]
    is_own: bool
    may_be_empty: bool


@dataclass(frozen=True, slots=True)
class LineTable:
    """Rows that a step adds to a register, one after the other, before it closes."""

    title: Text
    register: str
    fields: tuple[str, ...]
    values: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Step:
    """One step (bước): who does it, by when, what it asks, what it does, and what proves it."""

    code: str
    title: Text
    ask: Text
    clauses: tuple[str, ...]
    who: str
    is_own: bool
    other_than: str | None
    due: Due | None
    after: tuple[str, ...]
    only_if: Conditions
    fields: Mapping[str, Asked]
    items: ItemList | None
    lines: LineTable | None
    requires: tuple[Requirement, ...]
    effects: tuple[Effect, ...]
    proof: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a case is about: a row of a register; without one, or where it may lack, words of a person."""

    register: str | None
    where: Mapping[str, Json]
    title: Text
    is_optional: bool


@dataclass(frozen=True, slots=True)
class MinutesPlan:
    """The minutes a workflow ends with: what they are about, their kinds in the registers, who signs."""

    about: Text
    document_kind: str
    minutes_kind: str
    left: Text
    right: Text
    effects: tuple[Effect, ...]


@dataclass(frozen=True)
class Workflow:
    """A workflow (quy trình) as the library declares it; `digest` is of its file."""

    code: str
    title: Text
    why: Text
    clauses: tuple[str, ...]
    place: int
    subject: Subject
    start: str
    due: Due | None
    steps: Mapping[str, Step]
    minutes: MinutesPlan
    digest: str
    path: Path

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Return the codes of the steps in their order."""
        return tuple(self.steps)

    def before(self, step: Step) -> tuple[str, ...]:
        """Return the steps that must be closed before a step: those it names, else all that stand above."""
        return step.after or self.order[: self.order.index(step.code)]
