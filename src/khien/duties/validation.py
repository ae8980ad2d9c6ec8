"""All that is wrong with what the library says about days: schedules, proofs, holidays, reminders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from khien.duties.holidays import read_years
from khien.duties.plan import DATED, UNCOVERED, ways
from khien.duties.proofs import ProofRules, read_proofs
from khien.duties.reminding import read_reminding
from khien.norms.contradictions import duty_line
from khien.norms.located_yaml import Problem
from khien.norms.model import Clause, Duty, Library, Schedule
from khien.registers.declarations import Register

Found = tuple[Clause, Duty, str]


def duty_problems(
    folder: Path, library: Library, registers: Mapping[str, Register]
) -> list[Problem]:
    """Return the problems of a library folder, in the order of files and lines."""
    problems: list[Problem] = []
    read_years(folder, problems)
    read_reminding(folder, problems)
    rules = read_proofs(folder, library, registers, problems)
    if rules is not None:
        problems.extend(schedule_problems(library, rules, registers))
    return sorted(problems, key=lambda problem: (str(problem.path), problem.line))


def schedule_problems(
    library: Library, rules: ProofRules, registers: Mapping[str, Register], *, only: str = ""
) -> Iterator[Problem]:
    """Yield what is wrong with the schedules of duties, of all texts or of one only."""
    found = [one for one in ways(library, rules) if not only or one[0].document == only]
    dated = {(clause.document, duty.id) for clause, duty, way in found if way in DATED}
    for clause, duty, way in found:
        if way == UNCOVERED:
            yield _problem(
                library, clause, duty,
                "có kỳ, có hạn mà chưa có «schedule», hoặc chưa có cách khép trong proofs.yaml",
                "has a period or a day but no «schedule», or nothing in proofs.yaml that closes it",
            )  # fmt: skip
        schedule = duty.schedule
        if schedule is None:
            continue
        if schedule.kind == "part" and (clause.document, schedule.part_of) not in dated:
            yield _problem(
                library, clause, duty,
                f"trong văn bản không có nghĩa vụ có hạn {schedule.part_of}",
                f"the text has no dated duty {schedule.part_of}",
            )  # fmt: skip
        for vi, en in _missing(schedule, registers):
            yield _problem(library, clause, duty, vi, en)


def _missing(schedule: Schedule, registers: Mapping[str, Register]) -> Iterator[tuple[str, str]]:
    for name in (schedule.register, schedule.each):
        if name and name not in registers:
            yield f"không có sổ {name}", f"there is no such register: {name}"
    register = registers.get(schedule.register)
    if register is None:
        return
    named = [
        *schedule.starts,
        schedule.due_field,
        *(name for one in schedule.where for name in one),
    ]
    for name in named:
        if name and name not in register.fields:
            yield f"sổ không có trường {name}", f"the register has no field {name}"


def _problem(library: Library, clause: Clause, duty: Duty, vi: str, en: str) -> Problem:
    document = library.documents[clause.document]
    line = duty_line(document, duty.id, "schedule")
    return Problem(document.folder / "clauses.yaml", line, f"{duty.id}: {vi}", f"{duty.id}: {en}")
