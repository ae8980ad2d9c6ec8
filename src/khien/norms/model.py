"""Regulations and controls as the library states them: frozen, without a database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, TypeAlias

from khien.kernel.language import Text
from khien.norms.located_yaml import Problem

Value: TypeAlias = int | str | date | tuple[str, ...] | None
Verdict = Literal["pass", "fail", "unknown", "not_applicable"]
Decided = Literal["measured", "recorded", "stated", "not_yet"]

VERDICTS: tuple[Verdict, ...] = ("pass", "fail", "unknown", "not_applicable")
MODALITIES = ("must", "must_not", "should", "info")
EVIDENCE_MODES = ("host", "register", "log", "document", "workflow", "attest")
SIDES = ("unit", "authority", "supplier")
TIERS = ("regulation", "law", "standard")
# How sure a statement of the law is; what is not confirmed (C) is shown and never enforced.
MARKS: Mapping[str, Text] = {
    "A": Text("đã đọc điều khoản", "the article itself was read"),
    "B": Text("theo nguồn thứ cấp", "from a secondary source"),
    "C": Text("cần đối chiếu", "to be checked"),
}
UNSURE = "C"
# What a control may wait for before it can be decided, or decided in full.
WAITS: Mapping[str, Text] = {
    "logs": Text("nhật ký tập trung", "collected logs"),
    "incidents": Text("quy trình sự cố", "the incident workflow"),
    "levels": Text("hồ sơ cấp độ", "level dossiers"),
    "reports": Text("trình lập báo cáo", "the report builder"),
    "machine_facts": Text("số liệu máy sâu hơn", "deeper facts of machines"),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number or a set that a text gives to a control, and what "strictest" means for it.

    sense: max | min (of integers), union | intersection (of sets), earliest (of dates),
    ranked (by `order`), exact (texts must agree).
    """

    name: str
    type: str
    sense: str
    title: Text
    unit: str | None = None
    order: tuple[str, ...] = ()
    implied_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """One answer a check can give: its verdict and its sentence.

    decided: how this answer is known, where it is not the way of the check: a machine contradicts a statement.
    """

    code: str
    verdict: Verdict
    text: Text
    decided: Decided | None = None


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """How a control is decided: subjects it applies to, tables it needs, reasons it can give.

    applies: an SQL condition over the subject; evidence: table -> oldest age accepted, in hours;
    whole: tables of which a partial reading is not enough, because absence is what is looked for;
    subject: what one answer is about: "host", "unit", or a register, of which each row is one subject;
    statement: the control of the same theme whose check.sql decides this one too.
    """

    applies: str | None
    evidence: Mapping[str, int | None]
    reasons: Mapping[str, Reason]
    decided: Decided = "measured"
    whole: frozenset[str] = frozenset()
    subject: str = "host"
    statement: str | None = None

    @property
    def key(self) -> str:
        """Return the column by which a statement names its subject."""
        return "host_id" if self.subject == "host" else "subject_id"


@dataclass(frozen=True, slots=True)
class Control:
    """The canonical requirement that clauses of several texts share (biện pháp kiểm soát).

    waits_for: codes of WAITS; without a check, what would decide it; with one, what the rest of it needs.
    """

    id: str
    theme: str
    subject: str
    evidence: str
    severity: str
    title: Text
    why: Text
    fix: Text
    supply: Text
    parameters: Mapping[str, Parameter]
    check: CheckSpec | None
    folder: Path
    waits_for: tuple[str, ...] = ()

    @property
    def decided(self) -> Decided:
        """Return how the control is decided today; "not_yet" where no check exists."""
        return self.check.decided if self.check else "not_yet"

    @property
    def waits(self) -> tuple[Text, ...]:
        """Return what the control waits for, in words."""
        return tuple(WAITS[wait] for wait in self.waits_for)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a duty is due, as data: what its frequency and deadline say in words (lịch của nghĩa vụ).

    kind: calendar (days a recurrence rule names), once (one day), rolling (so long after the last time),
    event (a clock that a register row starts), own (the unit sets the interval), part (done with `part_of`),
    watch (no date: the control's finding watches it, of each machine or row).
    rule: RFC 5545, the days the text names; sense: before (the day itself is too late) or until (it is allowed);
    opens: from when one may act: the first day of the period or of the month, or so many days before the last.
    is_assumed: the text names no day, and the end of the period is taken.
    window: the days that a report speaks of, where they are not the period's: (month, day) to (month, day).
    """

    kind: str
    period: str = ""
    rule: str = ""
    sense: str = "until"
    opens: str | int = "period"
    is_assumed: bool = False
    window: tuple[tuple[int, int], tuple[int, int]] | None = None
    due: date | None = None
    every: int = 0
    measure: str = "month"
    each: str = ""
    register: str = ""
    starts: tuple[str, ...] = ()
    within: int | None = None
    due_field: str = ""
    where: tuple[Mapping[str, tuple[str, ...]], ...] = ()
    part_of: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """One separately checkable act that a clause demands (nghĩa vụ)."""

    id: str
    item: int
    modality: str
    actor: Text
    text: Text
    control: str
    parameters: Mapping[str, Value]
    frequency: str
    evidence: str
    side: str
    deadline: Text | None = None
    output: Text | None = None
    repeat_of: str | None = None
    schedule: Schedule | None = None
    mark: str = "A"

    @property
    def is_unsure(self) -> bool:
        """Say whether it has to be checked against the gazette before anyone is held to it (cần đối chiếu)."""
        return self.mark == UNSURE


@dataclass(frozen=True, slots=True)
class Clause:
    """One node of a regulation's text with our own statement of it (điều, khoản, điểm, …)."""

    document: str
    path: str
    kind: str
    text: Text
    duties: tuple[Duty, ...] = ()
    none: str | None = None
    mark: str = "A"

    @property
    def anchor(self) -> str:
        """Return the stable address of the clause: document/path."""
        return f"{self.document}/{self.path}"


@dataclass(frozen=True, slots=True)
class LawCitation:
    """Another text that a regulation cites, with what has become of it (văn bản được viện dẫn)."""

    key: str
    title: Text
    ended_on: date | None
    successor: str | None
    mark: str
    note: Text | None
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Amendment:
    """Clauses of another text that a text replaces or removes, with all that stands under them (sửa đổi, bãi bỏ).

    how: replaced (the amending text says what holds instead) or removed.
    """

    document: str
    clauses: tuple[str, ...]
    how: str

    def touches(self, document: str, path: str) -> bool:
        """Say whether a clause is one of those, or stands under one."""
        return document == self.document and any(
            path == one or path.startswith(f"{one}.") for one in self.clauses
        )


@dataclass(frozen=True, slots=True)
class Document:
    """A regulation (văn bản): who issued it, when it is in force, whom it binds, what it says.

    tier: regulation, or the law and the standards above it; mark: how sure its words and its validity are;
    level: the level of systems whose basic requirements a standard states;
    binds_by_kind: duties that every unit of `unit_kinds` has from the first day, also where nobody bound the text.
    """

    id: str
    kind: str
    number: str | None
    title: Text
    short: Text
    issuer: Text
    place: str
    issued_on: date | None
    in_force_from: date
    in_force_to: date | None
    in_force_note: Text | None
    binds: Text
    unit_kinds: tuple[str, ...]
    replaces: tuple[str, ...]
    citations: tuple[LawCitation, ...]
    clauses: Mapping[str, Clause]
    folder: Path
    amends: tuple[Amendment, ...] = ()
    is_own: bool = False
    tier: str = "regulation"
    mark: str = "A"
    note: Text | None = None
    binds_by_kind: tuple[str, ...] = ()
    level: int | None = None

    def duties(self) -> Iterator[tuple[Clause, Duty]]:
        """Yield every duty with its clause, in the order of the text."""
        for clause in self.clauses.values():
            for duty in clause.duties:
                yield clause, duty

    @property
    def is_unsure(self) -> bool:
        """Say whether it has to be checked whether the text still holds (hiệu lực: cần đối chiếu)."""
        return self.mark == UNSURE

    def in_force_on(self, day: date) -> bool:
        """Say whether the text is in force on a day of Viet Nam."""
        return self.in_force_from <= day and (self.in_force_to is None or day < self.in_force_to)


@dataclass(frozen=True, slots=True)
class Library:
    """All documents and controls, and the digest of the files they came from.

    disputes: where two texts contradict each other; only a unit bound by both is concerned.
    own_problems: what keeps a text of the installation's own from being in force.
    """

    documents: Mapping[str, Document]
    controls: Mapping[str, Control]
    labels: Mapping[str, Text]
    digest: str
    disputes: tuple[Problem, ...] = ()
    own_problems: tuple[Problem, ...] = ()

    @property
    def regulations(self) -> Mapping[str, Document]:
        """Return the texts that bodies issued for their units, without the law and the standards above them."""
        return {code: d for code, d in self.documents.items() if d.tier == "regulation"}

    def label(self, code: str) -> Text:
        """Return the words for a code of a parameter value or unit; the code itself if it has none."""
        return self.labels.get(code) or Text(vi=code, en=code)
