"""Tasks from findings: what fails, what would decide the unknown, what will fail soon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from khien.checks.catalogue import load_checks
from khien.checks.selectors import TurningSoon, turning_soon
from khien.checks.standing import StandingRow, controls_standing, standing_rows
from khien.desk.targets import (
    Target,
    control_everywhere_target,
    control_target,
    register_target,
    row_target,
)
from khien.desk.tasks.task import AHEAD_DAYS, ANCHORS_MAX, Asked, Task
from khien.facts.register_tables import REGISTER_PREFIX
from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.org.models import Unit
from khien.registers.beside import places_of_rows
from khien.registers.declarations import Register, load_registers

_RANKS = {"high": 0, "medium": 1, "low": 2}
_BELOW_MAX = 12


def failing(asked: Asked) -> Iterable[Task]:
    """Find controls that fail at the units: one task each, the severe ones today."""
    controls = load_library().controls
    for row in standing_rows(asked.units, "fail"):
        control = controls.get(row.control)
        if control is None:
            continue
        unit = asked.by_id[row.unit_id]
        yield Task(
            source="failing",
            title=_with_count(control.title, row),
            target=control_target(unit.code, control.id),
            anchors=asked.anchors(unit.pk, control.id),
            why=control.fix,
            is_urgent=control.severity == "high",
            rank=_RANKS[control.severity],
            where=asked.where(unit),
        )


def _with_count(title: Text, row: StandingRow) -> Text:
    if row.subject_count < 2:
        return title
    return Text(
        f"{title.vi}: {row.subject_count} trường hợp không đạt",
        f"{title.en}: {row.subject_count} cases fail",
    )


def failing_below(asked: Asked) -> Iterable[Task]:
    """Find controls that fail at most units below: one task for all units together."""
    controls = load_library().controls
    for row in controls_standing(asked.below, "fail", limit=_BELOW_MAX):
        control = controls.get(row.control)
        if control is not None:
            yield Task(
                source="below",
                title=Text(
                    f"{control.title.vi}: {row.unit_count} đơn vị không đạt",
                    f"{control.title.en}: {row.unit_count} units fail",
                ),
                target=control_everywhere_target(control.id),
                why=control.why,
                rank=_RANKS[control.severity],
            )


def registers_to_keep(asked: Asked) -> Iterable[Task]:
    """Find registers that would decide what is unknown: one task for each register of a unit."""
    checks, registers = load_checks(), load_registers()
    waiting: dict[tuple[int, str], list[str]] = {}
    for row in standing_rows(asked.units, "unknown"):
        check = checks.get(row.control)
        for table in check.spec.evidence if check else ():
            code = table.removeprefix(REGISTER_PREFIX)
            if table.startswith(REGISTER_PREFIX) and code in registers:
                waiting.setdefault((row.unit_id, code), []).append(row.control)
    for (unit_id, code), controls in waiting.items():
        yield _register_task(asked, asked.by_id[unit_id], registers[code], controls)


def _register_task(asked: Asked, unit: Unit, register: Register, controls: list[str]) -> Task:
    n, anchors = len(controls), asked.binding(unit, register.clauses)
    return Task(
        source="unknown",
        title=Text(
            f"Hoàn thiện {_lower(register.title.vi)}", f"Complete the register: {register.title.en}"
        ),
        target=register_target(unit.code, register.code),
        anchors=anchors,
        why=Text(
            f"{register.why.vi} Sổ này quyết định {n} biện pháp đang chưa rõ.",
            f"{register.why.en} It decides {n} controls that are unknown.",
        ),
        rank=_RANKS["low"] + max(1, 30 - n),  # what decides most comes first
        where=asked.where(unit),
        is_own_rule=not anchors,
    )


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def soon(asked: Asked) -> Iterable[Task]:
    """Find what passes today and will fail within the days ahead."""
    until = asked.today + timedelta(days=AHEAD_DAYS)
    found = turning_soon(asked.units, until, library=load_library(), rulebooks=asked.rulebooks)
    places = places_of_rows(int(turning.subject) for turning in found if _is_row(turning))
    for turning in found:
        yield Task(
            source="soon",
            title=turning.control.title,
            target=_target_of(turning, places),
            due_on=turning.turns_on,
            anchors=turning.anchors[:ANCHORS_MAX],
            why=turning.sentence,
            rank=_RANKS[turning.control.severity],
            where=asked.where(turning.unit),
        )


def _is_row(turning: TurningSoon) -> bool:
    return turning.subject_kind in load_registers() and turning.subject.isdecimal()


def _target_of(turning: TurningSoon, places: Mapping[int, tuple[int, str, int]]) -> Target:
    """Return the row that will fail where it is a row, else the control."""
    place = places.get(int(turning.subject)) if _is_row(turning) else None
    if place is None or place[0] != turning.unit.pk:
        return control_target(turning.unit.code, turning.control.id)
    return row_target(turning.unit.code, *place[1:])
