"""Whatever stands in the registers: building again gives the same, and each figure is what its rows say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from written_world import World

from khien.kernel.canonical import canonical_bytes
from khien.reports.comparing import changed_rows, figures_now
from khien.reports.freezing import Freezer
from khien.reports.periods import period_of
from khien.reports.standpoints import Stand
from khien.reports.written_selectors import content_of, version_at
from khien.reports.written_services import refresh_figures

pytestmark = pytest.mark.django_db

SEVERITIES = st.sampled_from(["low", "medium", "high", "urgent", None])
INCIDENTS = st.lists(
    st.tuples(st.dates(date(2026, 9, 28), date(2026, 12, 9)), SEVERITIES, st.text("ăâđ <&\"'\u00a0", max_size=8)),
    max_size=8,
)  # fmt: skip
TASKS = st.lists(
    st.tuples(st.dates(date(2026, 11, 1), date(2026, 12, 31)), st.none() | st.dates(date(2026, 9, 1), date(2026, 12, 9))),
    max_size=5,
)  # fmt: skip


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fill(world: World, incidents: list[Any], tasks: list[Any], *, confirmed: bool) -> None:
    for place, (day, severity, words) in enumerate(incidents):
        world.incident(
            title=f"Sự cố {place} {words}", detected_at=f"{day}T05:00:00Z", severity=severity
        )
    for place, (due, finished) in enumerate(tasks):
        done = str(finished) if finished else None
        world.row("plan_task", plan="KH 1", task=f"Việc {place}", due_on=str(due), finished_on=done)
    if confirmed:
        world.confirm("incident", "plan_task")


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(incidents=INCIDENTS, tasks=TASKS, confirmed=st.booleans())
def test_rebuilding_equals_building_and_figures_are_what_rows_say(
    world: World, incidents: list[Any], tasks: list[Any], confirmed: bool
) -> None:
    with undone():
        fill(world, incidents, tasks, confirmed=confirmed)
        report = world.draft()
        first = version_at(report)
        again = refresh_figures(report, seen=1, doer=world.doer())
        assert again.snapshot.content == first.snapshot.content
        assert changed_rows(again) == []
        assert figures_now(again, world.now) == ()
        figures = content_of(first)["figures"]
        inside = [severity for day, severity, _ in incidents if date(2026, 10, 1) <= day]
        known = len(inside) if inside or confirmed else None
        assert figures["incidents"]["value"] == known
        if (
            known is not None
            and "value" in figures["serious"]
            and figures["serious"]["value"] is not None
        ):
            assert figures["serious"]["value"] == sum(s in ("high", "urgent") for s in inside)
            assert figures["serious"]["unsure_count"] == sum(s is None for s in inside)
        late = sum(due <= date(2026, 12, 10) and finished is None for due, finished in tasks)
        assert figures["tasks_late"]["value"] == (late if late or confirmed else None)


def test_what_is_frozen_does_not_hang_on_the_order_of_reading(world: World) -> None:
    fill(world, [(date(2026, 11, n), "high", "") for n in (9, 3, 7)], [], confirmed=True)
    period = period_of(world.definitions["quarter"].rhythm, "2026-Q4")
    assert period is not None
    stands = [
        Stand(world.definitions["quarter"], world.hospital, period, world.now) for _ in range(2)
    ]
    first, second = (canonical_bytes(Freezer(stand).content()) for stand in stands)
    assert first == second
