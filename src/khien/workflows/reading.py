"""Loading of all workflow declarations at once, with every mistake reported, each with file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from khien.norms.field_reader import FieldReader
from khien.norms.library import LIBRARY, broken_library, load_library
from khien.norms.located_yaml import Located, Problem, read_located
from khien.norms.model import Library
from khien.org.roles import APPROVE, WRITE
from khien.registers.declarations import Register, load_registers
from khien.workflows.closing_steps import closing_steps
from khien.workflows.declarations import MINUTES, SIGNED, MinutesPlan, Step, Subject, Workflow
from khien.workflows.errors import UnknownWorkflow
from khien.workflows.step_reading import StepReader, read_due, read_where
from khien.workflows.words_reading import Known, check_clauses

_KEYS = (
    "workflow", "title", "why", "clauses", "place", "subject", "start", "due", "steps", "minutes",
)  # fmt: skip


@cache
def load_workflows(folder: Path = LIBRARY) -> Mapping[str, Workflow]:
    """Return the workflows of a library folder by code, in the order they are shown.

    Raises: BrokenLibrary: a declaration is wrong; the error lists all that are, with their lines
    """
    workflows, problems = read_workflows(folder, load_library(folder), load_registers(folder))
    if problems:
        raise broken_library(problems)
    return workflows


def workflow_by_code(code: str) -> Workflow:
    """Return a workflow of the library.

    Raises: UnknownWorkflow: the library has none of this code
    """
    found = load_workflows().get(code)
    if found is None:
        raise UnknownWorkflow(workflow=code, known=", ".join(load_workflows()))
    return found


def read_workflows(
    folder: Path, library: Library, registers: Mapping[str, Register]
) -> tuple[dict[str, Workflow], list[Problem]]:
    """Read all declarations of a library folder and list everything wrong with them."""
    problems: list[Problem] = []
    anchors = {
        c.anchor for document in library.documents.values() for c in document.clauses.values()
    }
    found: list[Workflow] = []
    for path in sorted((folder / "workflows").glob("*.yaml")):
        source = read_located(path)
        if isinstance(source, Problem):
            problems.append(source)
            continue
        known = Known(registers, library.controls, anchors)
        found.append(_read_workflow(source, problems, known))
    found.sort(key=lambda workflow: (workflow.place, workflow.code))
    problems.sort(key=lambda problem: (str(problem.path), problem.line))
    return {workflow.code: workflow for workflow in found}, problems


def _read_workflow(source: Located, problems: list[Problem], known: Known) -> Workflow:
    reader = FieldReader(source, (), problems)
    reader.allow_only(_KEYS)
    code = reader.text("workflow")
    if code != source.path.stem:
        reader.note("phải trùng tên tệp", "must equal the file's name", at="workflow")
    subject = _read_subject(reader, known)
    known.begin(subject.register)
    steps = _read_steps(reader, known)
    minutes = _read_minutes(reader, known)
    clauses = reader.words("clauses")
    if not clauses:
        reader.note("cần ít nhất một điều khoản", "needs at least one clause", at="clauses")
    check_clauses(reader, "clauses", clauses, known)
    return Workflow(
        code=code,
        title=reader.bilingual("title"),
        why=reader.bilingual("why"),
        clauses=clauses,
        place=reader.integer("place") or 0,
        subject=subject,
        start=reader.choice("start", (WRITE, APPROVE), default=WRITE),
        due=read_due(reader, known) if "due" in reader.data else None,
        steps={**steps, **closing_steps()},
        minutes=minutes,
        digest=hashlib.sha256(source.path.read_bytes()).hexdigest(),
        path=source.path,
    )


def _read_subject(reader: FieldReader, known: Known) -> Subject:
    if "subject" not in reader.data:
        reader.note("thiếu", "is missing", at="subject")
    inner = reader.child("subject") if "subject" in reader.data else reader
    inner_keys = ("register", "where", "vi", "en", "optional")
    if inner is not reader:
        inner.allow_only(inner_keys)
    register = inner.text("register", required=False) or None
    if register is not None:
        known.check_register(inner, register, at="register")
    where = read_where(inner, register, known) if inner is not reader else {}
    title = inner.bilingual() if inner is not reader else reader.bilingual("title")
    return Subject(register, where, title, inner.data.get("optional") is True)


def _read_steps(reader: FieldReader, known: Known) -> dict[str, Step]:
    if not isinstance(reader.data.get("steps"), Mapping):
        reader.note("cần ít nhất một bước", "needs at least one step", at="steps")
        return {}
    inner = reader.child("steps")
    steps: dict[str, Step] = {}
    for code in inner.data:
        if code in (MINUTES, SIGNED):
            inner.note("bước này có sẵn", "this step is there already", at=code)
        step = StepReader(inner.child(code), code, known).read()
        steps[code] = step
        known.end_step(step)
    return steps


def _read_minutes(reader: FieldReader, known: Known) -> MinutesPlan:
    if "minutes" not in reader.data:
        reader.note("thiếu: quy trình kết thúc bằng biên bản", "is missing: a workflow ends in its minutes",
                    at="minutes")  # fmt: skip
        return MinutesPlan(
            reader.bilingual("title"), "other", "other", *(reader.bilingual("title"),) * 2, ()
        )
    inner = reader.child("minutes")
    inner.allow_only(("about", "document", "minutes", "left", "right", "effects"))
    kinds = {name: known.choices_of(name, "kind") for name in ("document", "minutes")}
    known.allow_minutes()
    return MinutesPlan(
        about=inner.bilingual("about"),
        document_kind=inner.choice("document", kinds["document"]),
        minutes_kind=inner.choice("minutes", kinds["minutes"]),
        left=inner.bilingual("left"),
        right=inner.bilingual("right"),
        effects=StepReader(inner, SIGNED, known).effects("effects"),
    )
