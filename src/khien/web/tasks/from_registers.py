"""Tasks from registers: rows with a day that comes, registers whose confirmation runs out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from khien.checks.scoping import CONFIRMED_DAYS
from khien.kernel.language import Text
from khien.registers.declarations import load_registers
from khien.registers.due import rows_due
from khien.registers.selectors import confirmations
from khien.web.tasks.from_findings import register_address
from khien.web.tasks.task import AHEAD_DAYS, Asked, Task


def rows(asked: Asked) -> Iterable[Task]:
    """Find rows with something due: a request to answer, a contract that ends, a review that is due."""
    until = asked.today + timedelta(days=AHEAD_DAYS)
    for due in rows_due(asked.units, until, today=asked.today):
        unit, title = due.row.unit, due.field.title
        yield Task(
            source="rows",
            title=Text(f"{title.vi}: {due.row.name}", f"{title.en}: {due.row.name}"),
            url=register_address(unit, due.register.code, due.row.number),
            due_on=due.on,
            anchors=(due.field.clause or due.register.clauses[0],),
            why=Text(
                f"{due.register.title.vi}, dòng {due.row.number}.",
                f"{due.register.title.en}, row {due.row.number}.",
            ),
            where=asked.where(unit),
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
        unit = asked.by_id[unit_id]
        yield Task(
            source="confirm",
            title=Text(
                f"Xác nhận lại {register.title.vi[:1].lower()}{register.title.vi[1:]} đã đầy đủ",
                f"Confirm again that the register is complete: {register.title.en}",
            ),
            url=register_address(unit, code),
            due_on=ends_on,
            anchors=register.clauses[:1],
            why=Text(
                f"Xác nhận ngày {confirmation.confirmed_on:%d/%m/%Y} chỉ có giá trị một năm.",
                f"The confirmation of {confirmation.confirmed_on:%d/%m/%Y} counts for a year only.",
            ),
            where=asked.where(unit),
        )
