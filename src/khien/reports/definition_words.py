"""Checking of the words of a definition: registers, fields, figures, paths and clauses that must exist."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from khien.kernel.canonical import Json
from khien.norms.field_reader import FieldReader
from khien.norms.model import Library
from khien.registers.declarations import Field, Register
from khien.reports.definitions import ANY, IN_WORDS, Conditions, Figure
from khien.workflows.words_reading import note_unknown_test

# Words that may stand in {} in a sentence, besides figures and the fields of the row it is about.
WORDS = ("period", "from", "to", "today", "year", "unit", "parent", "title", "row", "addressee")
# What a condition may be compared with, after a $.
VALUES = ("from", "to", "today", "year", "row")
TESTS = ("filled", "empty", "not", "min", "max")
DAYS = ("date", "moment")


@dataclass
class Known:
    """What words may mean in one definition; grows as it is read."""

    library: Library
    registers: Mapping[str, Register]
    workflows: frozenset[str]
    about: str | None = None
    figures: dict[str, Figure] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)

    @cached_property
    def anchors(self) -> frozenset[str]:
        """Return the clauses that exist, as document/path."""
        documents = self.library.documents.values()
        return frozenset(c.anchor for document in documents for c in document.clauses.values())

    @cached_property
    def duties(self) -> frozenset[str]:
        """Return the ids of all duties."""
        documents = self.library.documents.values()
        return frozenset(duty.id for document in documents for _, duty in document.duties())

    @cached_property
    def authorities(self) -> tuple[str, ...]:
        """Return the names of bodies that texts use and the register of authorities resolves."""
        return self.choices_of("authority", "stands_for")

    def choices_of(self, register: str, code: str) -> tuple[str, ...]:
        """Return the choices of a field of a register; none where it is not there."""
        found = self.registers.get(register)
        return tuple(found.fields[code].choices) if found and code in found.fields else ()

    def check_register(self, reader: FieldReader, register: str, *, at: str) -> None:
        """Note a register that is not declared."""
        if register not in self.registers:
            reader.note(f"không có sổ «{register}»", f"there is no register «{register}»", at=at)

    def check_field(self, reader: FieldReader, register: str, code: str, *, at: str) -> None:
        """Note a field that a register does not have; `system.level` is a field of the row it refers to."""
        code, _, inner = code.partition(".")
        found = self.registers.get(register)
        if found is not None and inner and code in found.fields:
            self._check_inner(reader, found.fields[code], inner, at=at)
        if found is not None and code not in found.fields:
            reader.note(
                f"sổ «{register}» không có trường «{code}»",
                f"register «{register}» has no field «{code}»",
                at=at,
            )

    def _check_inner(self, reader: FieldReader, field: Field, code: str, *, at: str) -> None:
        register = _referred(field)
        if register is None:
            reader.note(
                f"«{field.code}» không chỉ đến dòng của sổ nào",
                f"«{field.code}» refers to no row",
                at=at,
            )
        else:
            self.check_field(reader, register, code, at=at)

    def check_clause(self, reader: FieldReader, clause: str, *, at: str) -> None:
        """Note a clause that no document of the library has."""
        if clause not in self.anchors:
            reader.note(f"không có điều khoản «{clause}»", f"there is no clause «{clause}»", at=at)

    def check_path(self, reader: FieldReader, path: str, *, at: str) -> None:
        """Note a path that leads nowhere: `row.title` where the report is about no row."""
        head, _, code = path.partition(".")
        if head != "row" or self.about is None:
            reader.note(f"«{path}» không chỉ vào đâu", f"«{path}» leads nowhere", at=at)
        elif code:
            self.check_field(reader, self.about, code, at=at)

    def sentence(self, reader: FieldReader, at: str, *, required: bool = False) -> str:
        """Return a sentence whose every {word} means something; empty where it is absent."""
        text = reader.text(at, required=required)
        self.check_words(reader, text, at=at)
        return text

    def check_words(self, reader: FieldReader, text: str, *, at: str) -> None:
        """Note each {word} of a sentence that means nothing here."""
        for word in IN_WORDS.findall(text):
            if word.startswith("row"):
                self.check_path(reader, word, at=at)
            elif word not in WORDS and word not in self.figures:
                reader.note(f"«{{{word}}}» không có nghĩa", f"«{{{word}}}» means nothing", at=at)
        if re.search(r"[{}]", IN_WORDS.sub("", text)):
            reader.note("dấu { } không đúng chỗ", "a { or } that is not in its place", at=at)

    def check_figure(self, reader: FieldReader, code: str, *, at: str) -> None:
        """Note a figure that is not declared above."""
        if code not in self.figures:
            reader.note(f"không có số liệu «{code}»", f"there is no figure «{code}»", at=at)

    def conditions(self, reader: FieldReader, register: str) -> Conditions:
        """Return the conditions on fields of a register."""
        if "where" not in reader.data:
            return {}
        inner = reader.child("where")
        self._check_conditions(inner, register)
        return dict(inner.data)

    def _check_conditions(self, inner: FieldReader, register: str) -> None:
        for code, test in inner.data.items():
            if code == ANY:
                for one in inner.children(ANY):
                    self._check_conditions(one, register)
                continue
            self.check_field(inner, register, code, at=code)
            self._check_test(inner, test, at=code)
            self._check_choice(inner, register, code, test)

    def _check_choice(self, reader: FieldReader, register: str, code: str, test: Json) -> None:
        choices = self.choices_of(register, code)
        given = test if isinstance(test, list) else [test]
        for one in given:
            if choices and isinstance(one, str) and one not in choices:
                reader.note(f"không có lựa chọn «{one}»", f"there is no choice «{one}»", at=code)

    def _check_test(self, reader: FieldReader, test: Json, *, at: str) -> None:
        if isinstance(test, str) and test.startswith("$"):
            head = test[1:].partition(".")[0]
            if head not in VALUES:
                words = ", ".join(f"${value}" for value in VALUES)
                reader.note(f"«{test}»: chỉ có {words}", f"«{test}»: known are {words}", at=at)
            elif head == "row":
                self.check_path(reader, test[1:], at=at)
        elif isinstance(test, Mapping):
            for name, inner in test.items():
                note_unknown_test(reader, name, TESTS, at=at)
                self._check_test(reader, inner, at=at)
        elif isinstance(test, (list, tuple)):
            for inner in test:
                self._check_test(reader, inner, at=at)

    def within(self, reader: FieldReader, register: str) -> str | None:
        """Return the field whose day must lie in the period; None where time does not matter."""
        code = reader.text("within", required=False) or None
        found = self.registers.get(register)
        if code is None or found is None:
            return code
        self.check_field(reader, register, code, at="within")
        if code in found.fields and found.fields[code].type not in DAYS:
            reader.note(f"«{code}» không phải là ngày", f"«{code}» is not a date", at="within")
        return code


def _referred(field: Field) -> str | None:
    """Return the register a field refers to, as `registers.references` knows it, which needs a database."""
    if field.type == "row":
        return field.of
    return field.type if field.type in ("person", "document") else None
