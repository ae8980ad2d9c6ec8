"""Tasks from clocks of suppliers: a repair that is awaited, by the hour that the bound texts allow."""

from __future__ import annotations

from collections.abc import Iterable

from khien.desk.targets import Target
from khien.desk.tasks.task import ANCHORS_MAX, Asked, Task
from khien.kernel.clock import said_moment, vietnam_date
from khien.kernel.language import Text
from khien.plans.suppliers import open_clocks


def awaited(asked: Asked) -> Iterable[Task]:
    """Find repairs that are awaited at the units and have a limit."""
    for clock in open_clocks(asked.units, today=asked.today, now=asked.now):
        if clock.due_at is None:
            continue
        unit = clock.row.unit
        service, due = clock.row.values.get("service", ""), said_moment(clock.due_at)
        is_over = clock.state == "broken_open"
        yield Task(
            source="suppliers",
            title=Text(
                f"Đòi nhà cung cấp khắc phục: {service}", f"Press the supplier to repair: {service}"
            ),
            target=Target("suppliers", (("unit", unit.code),)),
            due_on=vietnam_date(clock.due_at),
            anchors=clock.anchors[:ANCHORS_MAX],
            why=Text(
                f"{clock.supplier}, hạn {due}{', đã quá hạn' if is_over else ''}.",
                f"{clock.supplier}, due {due}{', over already' if is_over else ''}.",
            ),
            is_urgent=True,
            rank=0,
            where=asked.where(unit),
        )
