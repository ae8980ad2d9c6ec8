"""Duties of higher law that bind units beside their own texts, until that law is in the library in whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from khien.duties.proofs import ProofRule, read_rule
from khien.kernel.language import Text
from khien.norms.field_reader import FieldReader
from khien.norms.library import LIBRARY, broken_library
from khien.norms.located_yaml import Problem, read_located
from khien.norms.model import SIDES, Clause, Duty, Schedule
from khien.norms.read_schedule import read_schedule
from khien.norms.wording import clause_name
from khien.org.roles import ROLES
from khien.registers.declarations import Register, load_registers

_MARKS = ("A", "B", "C")
_DOCUMENT_KEYS = (
    "id", "number", "short", "title", "mark", "note", "in_force_from", "in_force_to", "unit_kinds",
    "duties",
)  # fmt: skip
_DUTY_KEYS = (
    "id", "clause", "side", "actor", "vi", "en", "schedule", "role", "proofs",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LawDuty:
    """One duty of a law text, with what closes it and whose work it is."""

    clause: Clause
    duty: Duty
    role: str
    rules: tuple[ProofRule, ...]


@dataclass(frozen=True, slots=True)
class LawText:
    """A text of higher law (luật, nghị định) that binds every unit of some kinds from a day on.

    mark: how sure its content is (A the article was read, B from a secondary source, C to be checked).
    """

    id: str
    number: str
    short: Text
    title: Text
    mark: str
    note: Text | None
    in_force_from: date
    in_force_to: date | None
    unit_kinds: tuple[str, ...]
    duties: tuple[LawDuty, ...]

    def cited(self, path: str) -> Text:
        """Return a clause with the text's short name."""
        name = clause_name(path)
        return Text(f"{name.vi} ({self.short.vi})", f"{name.en} ({self.short.en})")


@cache
def load_law(folder: Path = LIBRARY) -> Mapping[str, LawText]:
    """Return the law texts of a library folder by id, loaded once per process.

    Raises: BrokenLibrary: the file is wrong; the error lists all mistakes with their lines
    """
    problems: list[Problem] = []
    found = read_law_texts(folder, load_registers(folder), problems)
    if problems:
        raise broken_library(problems)
    return found


def read_law_texts(
    folder: Path, registers: Mapping[str, Register], problems: list[Problem]
) -> dict[str, LawText]:
    """Read law.yaml and note everything wrong with it."""
    source = read_located(folder / "duties" / "law.yaml")
    if isinstance(source, Problem):
        problems.append(source)
        return {}
    reader = FieldReader(source, (), problems)
    reader.allow_only(("documents",))
    texts = [_read_text(one, registers) for one in reader.children("documents")]
    return {text.id: text for text in texts}


def _read_text(reader: FieldReader, registers: Mapping[str, Register]) -> LawText:
    reader.allow_only(_DOCUMENT_KEYS)
    document = reader.text("id")
    return LawText(
        id=document,
        number=reader.text("number"),
        short=reader.bilingual("short"),
        title=reader.bilingual("title"),
        mark=reader.choice("mark", _MARKS),
        note=reader.optional_bilingual("note"),
        in_force_from=reader.day("in_force_from", required=True) or date.max,
        in_force_to=reader.day("in_force_to"),
        unit_kinds=reader.words("unit_kinds"),
        duties=tuple(_read_duty(one, document, registers) for one in reader.children("duties")),
    )


def _read_duty(reader: FieldReader, document: str, registers: Mapping[str, Register]) -> LawDuty:
    reader.allow_only(_DUTY_KEYS)
    text = reader.bilingual()
    duty = Duty(
        id=reader.text("id"),
        item=1,
        modality="must",
        actor=reader.bilingual("actor"),
        text=text,
        control="",
        parameters={},
        frequency="yearly",
        evidence="document",
        side=reader.choice("side", SIDES),
        schedule=_schedule(reader),
    )
    clause = Clause(document, reader.text("clause"), "dieu", text, (duty,))
    rules = tuple(read_rule(one, registers, ()) for one in reader.children("proofs"))
    return LawDuty(clause, duty, reader.choice("role", tuple(ROLES)), rules)


def _schedule(reader: FieldReader) -> Schedule:
    if "schedule" in reader.data:
        return read_schedule(reader.child("schedule"))
    reader.note("thiếu", "is missing", at="schedule")
    return Schedule("watch")


def law_duties(texts: Mapping[str, LawText]) -> Iterator[LawDuty]:
    """Yield the duties of law texts, in the order of the file."""
    for text in texts.values():
        yield from text.duties
