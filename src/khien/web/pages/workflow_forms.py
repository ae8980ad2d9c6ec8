"""The form of a step: fields as registers show them, papers that may be filed along, rows line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict

from khien.kernel.canonical import Json
from khien.kernel.language import Text
from khien.org.models import Unit
from khien.registers.declarations import Field, Register, register_by_code
from khien.registers.errors import FieldProblem
from khien.web.pages.register_form import (
    Candidates,
    FormField,
    candidates_of,
    form_of,
    posted,
    typed,
)
from khien.workflows.declarations import Step, Workflow
from khien.workflows.given import PAPER_PARTS, defaults
from khien.workflows.services import Upload
from khien.workflows.world import World

FILE = "file"


@dataclass(frozen=True, slots=True)
class PaperField:
    """A field for a paper: one that stands in the register, or a new one filed here with its file."""

    pick: FormField
    parts: tuple[FormField, ...]

    @property
    def file_name(self) -> str:
        """Return the name under which the form sends the file."""
        return f"{self.pick.name}.{FILE}"

    @property
    def is_new(self) -> bool:
        """Say whether a new paper was being written: its part of the form stands open."""
        return (
            any(part.value or part.problems for part in self.parts)
            or not self.pick.candidates.words
        )


@dataclass(frozen=True, slots=True)
class StepForm:
    """The form of one step as it is shown."""

    fields: tuple[FormField | PaperField, ...]
    problems: tuple[FieldProblem, ...]


@dataclass(frozen=True, slots=True)
class Circle:
    """What references of a form may be filled with: the units the person sees, the machines of this one."""

    unit: Unit
    units: Sequence[Unit]
    hosts: Mapping[str, str]

    def candidates(self, register: Register) -> dict[str, Candidates]:
        """Return what references of a register's form may be filled with; never asked for more of."""
        found = candidates_of(register, self.units, home=self.unit, hosts=self.hosts)
        return {place: replace(one, is_cut=False) for place, one in found.items()}


def as_register(fields: Mapping[str, Field]) -> Register:
    """Return fields as a register of their own, so that its form shows them."""
    return replace(register_by_code("document"), code="step", fields=dict(fields), key=(), dates=())


def step_form(
    step: Step,
    world: World,
    circle: Circle,
    *,
    raw: Mapping[str, object] | None = None,
    problems: Sequence[FieldProblem] = (),
) -> StepForm:
    """Return the form of a step: with what was typed, else with what the declaration proposes."""
    register = as_register({code: asked.field for code, asked in step.fields.items()})
    given = raw if raw is not None else typed(register, defaults(step, world), circle.hosts)
    candidates = circle.candidates(register)
    form = form_of(register, given, candidates=candidates, problems=problems)
    by_name = {one.name: one for one in (*form.main, *form.more)}
    shown = tuple(
        by_name[code] if asked.files_as is None
        else PaperField(by_name[code], _paper_parts(asked.field, given, problems))
        for code, asked in step.fields.items()
    )  # fmt: skip
    return StepForm(shown, tuple(problems))


def _paper_parts(
    field: Field, given: Mapping[str, object], problems: Sequence[FieldProblem]
) -> tuple[FormField, ...]:
    document = register_by_code("document")
    fields = {
        f"{field.code}.{part}": replace(document.fields[part], code=f"{field.code}.{part}", is_required=False)
        for part in PAPER_PARTS
    }  # fmt: skip
    form = form_of(as_register(fields), given, candidates={}, problems=problems)
    by_name = {one.name: one for one in (*form.main, *form.more)}
    return tuple(by_name[name] for name in fields)


def posted_step(step: Step, data: QueryDict) -> dict[str, object]:
    """Return what the form of a step sent, as it was typed."""
    register = as_register({code: asked.field for code, asked in step.fields.items()})
    raw = posted(register, data)
    for code, asked in step.fields.items():
        if asked.files_as is not None:
            raw.update({f"{code}.{part}": data.get(f"{code}.{part}", "") for part in PAPER_PARTS})
    return raw


def uploads(step: Step, files: Mapping[str, object]) -> dict[str, Upload]:
    """Return the files that came with a step, by the field of their paper."""
    found = {}
    for name, file in files.items():
        field = name.removesuffix(f".{FILE}")
        content = getattr(file, "read", bytes)()
        if content and (field in step.fields or name == FILE):
            found[field] = Upload(str(getattr(file, "name", "")), content)
    return found


def line_form(
    step: Step,
    circle: Circle,
    *,
    raw: Mapping[str, object] | None = None,
    problems: Sequence[FieldProblem] = (),
) -> StepForm | None:
    """Return the form that adds one row; none where the step adds none."""
    if step.lines is None:
        return None
    declared = register_by_code(step.lines.register).fields
    register = as_register({code: declared[code] for code in step.lines.fields})
    form = form_of(register, raw or {}, candidates=circle.candidates(register), problems=problems)
    by_name = {one.name: one for one in (*form.main, *form.more)}
    return StepForm(tuple(by_name[code] for code in step.lines.fields), tuple(problems))


def posted_line(step: Step, data: QueryDict) -> dict[str, object]:
    """Return what the form of a line sent."""
    declared = register_by_code(step.lines.register).fields if step.lines else {}
    codes = step.lines.fields if step.lines else ()
    return posted(as_register({code: declared[code] for code in codes}), data)


def said_pairs(
    fields: Iterable[Field], values: Mapping[str, Json], said: Mapping[str, str]
) -> list[tuple[Text, str]]:
    """Return what was given, as title and words."""
    return [
        (f.title, said[f.code])
        for f in fields
        if values.get(f.code) is not None and said.get(f.code)
    ]


def binding_clauses(workflow: Workflow, documents: Iterable[str]) -> list[tuple[str, str]]:
    """Return the clauses of a workflow that bind a unit, as document and path."""
    return bound(workflow.clauses, documents)


def bound(clauses: Iterable[str], documents: Iterable[str]) -> list[tuple[str, str]]:
    """Return those of some clauses that bind, as document and path."""
    held = set(documents)
    pairs = (clause.partition("/") for clause in clauses)
    return [(document, path) for document, _, path in pairs if document in held]
