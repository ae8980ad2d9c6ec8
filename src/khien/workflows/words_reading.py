"""Checking of the words of a declaration: registers, fields, steps, paths and clauses that must exist."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from khien.kernel.canonical import Json
from khien.norms.field_reader import FieldReader
from khien.norms.model import Control
from khien.registers.declarations import Field, Register
from khien.workflows.closing_steps import closing_steps
from khien.workflows.conditions import IN_WORDS, TESTS
from khien.workflows.declarations import SIGNED, Step

# What every step may read besides rows, steps and its own fields.
ALWAYS = (
    "today", "year_later", "now", "me", "by", "note", "on", "item", "unit", "title", "number",
)  # fmt: skip
ROW_TYPES = ("person", "document", "row")


@dataclass(slots=True)
class Known:
    """What words may mean at a place of one declaration; grows as its steps are read."""

    registers: Mapping[str, Register]
    controls: Mapping[str, Control]
    anchors: Collection[str]
    # Names of rows that exist by now, each with its register; fields of steps by step.
    rows: dict[str, str] = field(default_factory=dict)
    steps: dict[str, Mapping[str, Field]] = field(default_factory=dict)
    lists: dict[str, Collection[str]] = field(default_factory=dict)
    own: dict[str, Field] = field(default_factory=dict)
    item: str | None = None

    def begin(self, subject: str | None) -> None:
        """Start a declaration whose cases are about rows of a register."""
        self.rows = {"subject": subject} if subject else {}

    def end_step(self, step: Step) -> None:
        """Remember what later steps may read of a step."""
        self.steps[step.code] = {code: asked.field for code, asked in step.fields.items()}
        if step.items is not None:
            self.lists[step.code] = tuple(step.items.decisions)
        self.own, self.item = {}, None

    def allow_minutes(self) -> None:
        """From here on the minutes have been filed and may be named."""
        self.rows.update(minutes="minutes", minutes_document="document")
        signed = closing_steps()[SIGNED].fields
        self.own, self.item = {code: asked.field for code, asked in signed.items()}, None

    def choices_of(self, register: str, code: str) -> tuple[str, ...]:
        """Return the choices of a field of a register; none where it is not there."""
        found = self.registers.get(register)
        return tuple(found.fields[code].choices) if found and code in found.fields else ()

    def check_register(self, reader: FieldReader, register: str, *, at: str) -> None:
        """Note a register that is not declared."""
        if register not in self.registers:
            reader.note(f"không có sổ «{register}»", f"there is no register «{register}»", at=at)

    def check_path(self, reader: FieldReader, path: str, *, at: str | None = None) -> None:
        """Note a path that leads nowhere: `subject.level`, `brief.held_on`, `rows.account`, `today`, a field."""
        if not self._leads_somewhere(path.split(".")):
            reader.note(f"«{path}» không chỉ vào đâu", f"«{path}» leads nowhere", at=at)

    def _leads_somewhere(self, parts: list[str]) -> bool:
        head, rest = parts[0], parts[1:]
        if head == "rows":
            if not rest or rest[0] not in self.rows:
                return False
            return self._has_field(self.rows[rest[0]], rest[1:])
        if head == "last":
            return len(rest) == 2 and self._has_field(rest[0], rest[1:])
        if head == "subject":
            return "subject" in self.rows and self._has_field(self.rows["subject"], rest)
        if head == "item" and self.item is not None:
            return rest in ([], ["source"], ["name"]) or self._has_field(self.item, rest)
        if head in self.steps:
            counted = self.lists.get(head, ())
            known = (*self.steps[head], *counted, "on", "by", "count")
            return len(rest) == 1 and rest[0] in known
        return not rest and (head in self.own or head in ALWAYS)

    def _has_field(self, register: str, rest: list[str]) -> bool:
        if not rest:
            return True
        found = self.registers.get(register)
        return found is None or (len(rest) == 1 and rest[0] in found.fields)

    def check_value(self, reader: FieldReader, value: Json, *, at: str | None = None) -> None:
        """Note wrong paths ($…) and unknown tests in a value or a test."""
        if isinstance(value, str):
            for path in [value[1:]] if value.startswith("$") else IN_WORDS.findall(value):
                self.check_path(reader, path, at=at)
        elif isinstance(value, Mapping):
            for name, inner in value.items():
                note_unknown_test(reader, name, TESTS, at=at)
                self.check_value(reader, inner, at=at)
        elif isinstance(value, (list, tuple)):
            for inner in value:
                self.check_value(reader, inner, at=at)


def note_unknown_test(
    reader: FieldReader, name: str, tests: Collection[str], *, at: str | None = None
) -> None:
    """Note a test that is none of those known."""
    if name not in tests:
        known = ", ".join(tests)
        reader.note(
            f"không có phép thử «{name}»; có: {known}",
            f"there is no test «{name}»; known: {known}",
            at=at,
        )


def check_clauses(reader: FieldReader, at: str, clauses: Collection[str], known: Known) -> None:
    """Note clauses that no document of the library has."""
    for clause in clauses:
        if clause not in known.anchors:
            reader.note(f"không có điều khoản «{clause}»", f"there is no clause «{clause}»", at=at)
