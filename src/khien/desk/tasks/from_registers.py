"""Tasks from registers: rows with a day that comes, registers whose confirmation runs out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from khien.checks.scoping import CONFIRMED_DAYS
from khien.desk.targets import register_target, row_target
from khien.desk.tasks.task import AHEAD_DAYS, Asked, Task
from khien.kernel.clock import said_day
from khien.kernel.language import Text
from khien.registers.declarations import load_registers
from khien.registers.due import rows_due
from khien.registers.selectors import confirmations


def rows(asked: Asked) -> Iterable[Task]:
    """Find rows with something due: a request to answer, a contract that ends, a review that is due."""
    until = asked.today + timedelta(days=AHEAD_DAYS)
    for due in rows_due(asked.units, until, today=asked.today):
        unit, title = due.row.unit, due.field.title
        anchors = asked.binding(unit, (due.field.clause, *due.register.clauses))
        yield Task(
            source="rows",
            title=Text(f"{title.vi}: {due.row.name}", f"{title.en}: {due.row.name}"),
            target=row_target(unit.code, due.register.code, due.row.number),
            due_on=due.on,
            anchors=anchors,
            why=Text(
                f"{due.register.title.vi}, dòng {due.row.number}.",
                f"{due.register.title.en}, row {due.row.number}.",
            ),
            where=asked.where(unit),
            is_own_rule=not anchors,
        )


def confirmations_to_renew(asked: Asked) -> Iterable[Task]:
    """Find registers confirmed as complete so long ago that it soon counts no more."""
    registers = load_registers()
    until = asked.today + timedelta(days=AHEAD_DAYS)
    for (unit_id, code), confirmation in confirmations(asked.units).items():
        ends_on = confirmation.confirmed_on + timedelta(days=CONFIRMED_DAYS)
        register = registers.get(code)
        if register is None or ends_on > until:
            continue
        unit, day = asked.by_id[unit_id], said_day(confirmation.confirmed_on)
        anchors = asked.binding(unit, register.clauses)
        yield Task(
            source="confirm",
            title=Text(
                f"Xác nhận lại {register.title.vi[:1].lower()}{register.title.vi[1:]} đã đầy đủ",
                f"Confirm again that the register is complete: {register.title.en}",
            ),
            target=register_target(unit.code, code),
            due_on=ends_on,
            anchors=anchors,
            why=Text(
                f"Xác nhận ngày {day} chỉ có giá trị một năm.",
                f"The confirmation of {day} counts for a year only.",
            ),
            where=asked.where(unit),
            is_own_rule=not anchors,
        )
