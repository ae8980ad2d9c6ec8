"""Reading of what a person gives for a step: each field by its type, days within their bounds, new papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from khien.kernel.canonical import Json
from khien.kernel.clock import said_day
from khien.kernel.language import Text
from khien.registers import refusals as no
from khien.registers.declarations import register_by_code
from khien.registers.errors import FieldProblem
from khien.registers.values import RowDraft, read_row, read_value
from khien.workflows.declarations import Asked, Step
from khien.workflows.doers import Doer
from khien.workflows.progress import day_of
from khien.workflows.world import World

# What is asked of a paper that is filed together with a step; keys are `<field>.<part>`.
PAPER_PARTS = ("number", "issued_on", "signer")
_PLACE = Text("«{label}»: {why}.", "“{label}”: {why}.")
_TOO_EARLY = Text("không được trước ngày {day}", "must not be before {day}")
_TOO_LATE = Text("không được sau ngày {day}", "must not be after {day}")


@dataclass(frozen=True, slots=True)
class Given:
    """What was read for a step: values, papers to file first, and everything that is wrong."""

    values: dict[str, Json]
    papers: Mapping[str, RowDraft]
    problems: tuple[FieldProblem, ...]


def read_given(step: Step, raw: Mapping[str, object], world: World, doer: Doer) -> Given:
    """Read what was given for a step, with all problems in the order of its fields."""
    values: dict[str, Json] = {}
    papers: dict[str, RowDraft] = {}
    problems: list[FieldProblem] = []
    for code, asked in step.fields.items():
        paper = _paper(asked, raw, world, doer)
        if paper is not None:
            papers[code] = paper
            problems.extend(_inside(code, problem) for problem in paper.problems)
            continue
        value, problem = read_value(asked.field, raw.get(code), doer.references)
        if problem is not None:
            problems.append(problem)
        elif value is not None:
            values[code] = value
        elif asked.field.is_required:
            problems.append(_said(asked, no.REQUIRED))
    world.own = values
    problems.extend(_days_out_of_bounds(step, values, world))
    return Given(values, papers, tuple(problems))


def defaults(step: Step, world: World) -> dict[str, Json]:
    """Return what a form starts with: what the declaration proposes, as the case stands."""
    given = {code: world.value(asked.default) for code, asked in step.fields.items()}
    return {code: value for code, value in given.items() if value is not None}


def _paper(asked: Asked, raw: Mapping[str, object], world: World, doer: Doer) -> RowDraft | None:
    """Return the draft of a paper that is filed with the step; None where an existing one is named."""
    if asked.files_as is None or raw.get(asked.field.code):
        return None
    parts = {part: raw.get(f"{asked.field.code}.{part}") for part in PAPER_PARTS}
    if not any(parts.values()):
        return None
    system = world.case.subject_id if _is_about_system(world) else None
    draft = {
        "kind": asked.files_as,
        "title": f"{asked.field.title.vi}: {world.case.title}"[:300],
        "is_approved": True,
        "system": system,
        **parts,
    }
    known = {code: value for code, value in draft.items() if value not in (None, "")}
    return read_row(register_by_code("document"), known, doer.references)


def _is_about_system(world: World) -> bool:
    subject = world.row(world.case.subject_id)
    return subject is not None and subject.register == "system"


def _inside(code: str, problem: FieldProblem) -> FieldProblem:
    return FieldProblem(f"{code}.{problem.field}" if problem.field else code, problem.text)


def _days_out_of_bounds(step: Step, values: Mapping[str, Json], world: World) -> list[FieldProblem]:
    problems: list[FieldProblem] = []
    for code, asked in step.fields.items():
        given = day_of(values.get(code))
        low = day_of(world.value(asked.not_before)) if asked.not_before else None
        high = day_of(world.value(asked.not_after)) if asked.not_after else None
        if given is not None and low is not None and given < low:
            problems.append(_said(asked, _TOO_EARLY.fill({"day": said_day(low)})))
        if given is not None and high is not None and given > high:
            problems.append(_said(asked, _TOO_LATE.fill({"day": said_day(high)})))
    return problems


def _said(asked: Asked, why: Text) -> FieldProblem:
    label = asked.field.title
    return FieldProblem(
        asked.field.code,
        Text(
            vi=_PLACE.vi.format(label=label.vi, why=why.vi),
            en=_PLACE.en.format(label=label.en, why=why.en),
        ),
    )
