"""The definitions of reports as the program holds them: who makes them for whom, when, and what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from khien.kernel.canonical import Json
from khien.kernel.language import Text
from khien.reports.periods import Rhythm

Conditions = Mapping[str, Json]
# Among conditions: a list of conditions of which one is enough.
ANY = "any"

# Kinds of official documents: the name that stands over them, and its short form in the number.
# Source: Nghị định 30/2020, Phụ lục III. A công văn has no name of its own.
KINDS: Mapping[str, tuple[Text, str]] = {
    "report": (Text("Báo cáo", "Report"), "BC"),
    "minutes": (Text("Biên bản", "Minutes"), "BB"),
    "letter": (Text("Công văn", "Official letter"), ""),
    "submission": (Text("Tờ trình", "Submission"), "TTr"),
    "notice": (Text("Thông báo", "Notice"), "TB"),
    "plan": (Text("Kế hoạch", "Plan"), "KH"),
    "decision": (Text("Quyết định", "Decision"), "QĐ"),
    "slip": (Text("Phiếu báo", "Slip"), "PB"),
}
# What a figure is made of; exactly one of these words stands in its declaration.
SOURCES = ("count", "sum", "list", "share", "findings", "duties", "cases", "reports")
# What a part of a section is; exactly one of these words stands in its declaration.
PARTS = ("heading", "text", "sentence", "figure", "table", "fields", "units")
SOME, NONE, UNKNOWN = "some", "none", "unknown"
LEFT_NAME, RIGHT_NAME = "left_name", "right_name"
# A word in a sentence that stands for something: {period}, {row.title}, {row.system.level}.
IN_WORDS = re.compile(r"\{([a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*){0,2})\}")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure (số liệu), declared once: what is counted, where, under which conditions.

    `of` is a register for count, register.field for sum and list, report.figure for reports, a workflow
    for cases, a verdict for findings, a state for duties; `within`: the field whose day lies in the period.
    """

    code: str
    title: Text
    source: str
    of: str
    field: str | None
    where: Conditions
    within: str | None
    unit: Text | None
    parts: tuple[str, ...] = ()
    controls: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    state: str = ""
    counts: str = "controls"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of a table: a field of the register, or several in one cell, under its own or another title.

    A field may be one of the row that a field refers to: `system.level`. `if_known`: a line that is left out
    where the field says nothing.
    """

    field: str
    title: Text
    more: tuple[str, ...] = ()
    if_known: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields whose values stand in one cell."""
        return (self.field, *self.more)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a section: a heading, free text, a sentence, figures, a table, fields of the row, units.

    `code` is the text's, `label` what the document says before it; `words` the sentence, the text to begin
    with, or what an empty table says; `figures` what a figure or units part shows; `only_if`: figures, or
    fields of the row, and what must be known of them.
    """

    kind: str
    title: Text
    code: str = ""
    words: str = ""
    label: str = ""
    is_required: bool = False
    figures: tuple[str, ...] = ()
    register: str = ""
    columns: tuple[TableColumn, ...] = ()
    where: Conditions = ()  # type: ignore[assignment]  # none
    within: str | None = None
    order: str | None = None
    report: str = ""
    only_if: Mapping[str, str] = ()  # type: ignore[assignment]  # none


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a document, with or without a title; an annex stands on pages of its own."""

    title: Text | None
    parts: tuple[Part, ...]
    is_annex: bool


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom (nơi nhận), resolved on the day: a body the texts name, the unit above, a leader, a row's value.

    `clause`: only for units that its document binds; `is_copy`: named among who receives, not addressed.
    """

    authority: tuple[str, ...]
    is_parent: bool
    is_leader: bool
    row: tuple[str, ...]
    words: Text | None
    clause: str | None
    via: Text | None
    is_copy: bool


@dataclass(frozen=True, slots=True)
class CitedLaw:
    """A text outside the library that asks for the report, with its days and its mark of confidence."""

    title: Text
    mark: str
    begins: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class Division:
    """A part of the unit in whose name a paper goes (phòng, công an phường), and what its head is called.

    `of`: kinds of units whose part it is; of others the unit itself speaks. `stands_alone`: a body of its own
    under the same name, which does not stand below the unit. `{place}` in its name is the unit's place.
    """

    name: Text
    head: str
    of: tuple[str, ...]
    stands_alone: bool


@dataclass(frozen=True, slots=True)
class Definition:
    """A report, notice, letter or minutes (mẫu báo cáo) as the library declares it; `digest` is of its file."""

    code: str
    place: int
    title: Text
    why: Text
    kind: str
    subject: Text
    clauses: tuple[str, ...]
    law: tuple[CitedLaw, ...]
    duties: tuple[str, ...]
    unit_kinds: tuple[str, ...]
    maker: str
    rhythm: Rhythm
    due: tuple[int, int] | None
    about: str | None
    about_where: Conditions
    to: tuple[Addressee, ...]
    files_as: str
    minutes_as: str
    signer: str
    signer_title: str
    division: Division | None
    urgency: str
    parties: tuple[Text, ...]
    guidance: Text | None
    opening: str
    closing: str
    figures: Mapping[str, Figure]
    sections: tuple[Section, ...]
    sets: Mapping[str, Mapping[str, Json]]
    digest: str
    path: Path

    def texts(self) -> Iterator[Part]:
        """Yield the parts a person writes, in the order of the document."""
        for section in self.sections:
            yield from (part for part in section.parts if part.kind == "text")

    @property
    def documents(self) -> tuple[str, ...]:
        """Return the documents whose clauses it answers."""
        return tuple(dict.fromkeys(clause.partition("/")[0] for clause in self.clauses))

    @property
    def paths_of_row(self) -> tuple[str, ...]:
        """Return the fields of the row it is about that it says: in sentences, lines and conditions."""
        sentences = [self.subject.vi, self.opening, self.closing]
        fields: list[str] = []
        for part in (part for section in self.sections for part in section.parts):
            sentences.append(part.words)
            fields.extend(code for code in part.only_if if code.startswith("row."))
            if part.kind == "fields":
                fields.extend(f"row.{code}" for column in part.columns for code in column.fields)
        fields.extend(word for text in sentences for word in IN_WORDS.findall(text))
        paths = (path.partition(".")[2] for path in fields if path.startswith("row."))
        return tuple(dict.fromkeys(paths))

    @property
    def registers(self) -> tuple[str, ...]:
        """Return the registers that its figures and tables read."""
        counted = [f.of for f in self.figures.values() if f.source in ("count", "sum", "list")]
        shown = [p.register for s in self.sections for p in s.parts if p.kind == "table"]
        about = [self.about] if self.about else []
        return tuple(dict.fromkeys([*counted, *shown, *about]))
