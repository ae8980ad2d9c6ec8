"""Tasks stand in groups by their day; one matter is said once; words are read without tone marks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from khien.desk.search.hits import Sought
from khien.desk.targets import control_target, row_target
from khien.desk.tasks.gathered import (
    GROUP_MAX,
    SHOWN_MAX,
    group_of,
    grouped,
    tasks_of,
)
from khien.desk.tasks.task import Asked, Source, Task
from khien.kernel.clock import now_utc, vietnam_date
from khien.kernel.language import Text


def today() -> date:
    """Return the day it is now, which may change while the tests run."""
    return vietnam_date(now_utc())


ROW = row_target("x", "wifi", 1)


def task(on: date | None, source: str = "rows", **more: Any) -> Task:
    return Task(source, Text("việc", "task"), more.pop("target", ROW), due_on=on, **more)


def of_sources(*found: Task) -> list[Task]:
    asked = Asked(None, [], now=now_utc(), today=today())
    return tasks_of(asked, [Source("any", Text("nguồn", "source"), lambda _: found)])


@pytest.mark.parametrize(
    ("days", "group"),
    [(-1, "overdue"), (0, "today"), (1, "week"), (7, "week"), (8, "month"), (30, "month")],
)
def test_a_task_stands_in_the_group_of_its_day(days: int, group: str) -> None:
    assert group_of(task(today() + timedelta(days=days)), today=today()) == group


def test_what_has_no_day_is_done_when_possible_unless_it_presses() -> None:
    assert group_of(task(None), today=today()) == "sometime"
    assert group_of(task(None, is_urgent=True), today=today()) == "today"


def test_a_long_group_is_cut_and_says_how_many_are_left() -> None:
    many = [task(today()) for _ in range(GROUP_MAX + 5)]
    (group,) = grouped(many, today=today())
    assert (len(group.first), len(group.rest), group.left) == (SHOWN_MAX, GROUP_MAX - SHOWN_MAX, 5)


def test_a_forecast_about_a_row_joins_the_task_of_that_row_whose_day_is_nearest() -> None:
    near, far = today() + timedelta(days=9), today() + timedelta(days=25)
    foreseen = task(near + timedelta(days=1), "soon", anchors=("hue/D1",))
    said = of_sources(
        task(far), task(near, why=Text("Sổ, dòng 1.", "Row 1."), is_own_rule=True), foreseen
    )
    assert [one.due_on for one in said] == [far, near]
    joined = said[1]
    assert joined.why is not None
    assert joined.why.vi.startswith("Sổ, dòng 1. Từ ")
    assert "«việc» không đạt" in joined.why.vi
    assert (joined.anchors, joined.is_own_rule) == (("hue/D1",), False)
    assert said[0].why is None


@pytest.mark.parametrize("other", [row_target("x", "wifi", 2), control_target("x", "WIF-03")])
def test_a_forecast_about_something_else_stands_alone(other: Any) -> None:
    assert len(of_sources(task(today()), task(today(), "soon", target=other))) == 2


def test_words_are_read_without_tone_marks() -> None:
    assert Sought.read("  Mật   khẩu ", limit=3).words == ("mat", "khau")
