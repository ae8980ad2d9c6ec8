"""Tasks cite only clauses that bind the unit and lead to what they are about; a search stays inside its field."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from khien.checks.models import Turning
from khien.desk.search.everywhere import found_everywhere
from khien.desk.search.field import field_of
from khien.desk.targets import row_target
from khien.desk.tasks.day import day_of_units
from khien.desk.tasks.task import Task
from khien.kernel.clock import now_utc, vietnam_date
from khien.norms.library import load_library
from khien.norms.services import bind_document
from khien.org.models import Unit
from khien.org.services import register_unit
from khien.registers.declarations import load_registers
from khien.registers.models import Confirmation, Row

pytestmark = pytest.mark.django_db


def today() -> date:
    """Return the day it is now, which may change while the tests run."""
    return vietnam_date(now_utc())


SOON = today() + timedelta(days=3)


def unit(code: str, *documents: str) -> Unit:
    made = register_unit(
        code,
        name_vi=f"Đơn vị {code}",
        name_en=f"Unit {code}",
        kind="ward",
        place="X",
        now=now_utc(),
    )
    for document in documents:
        bind_document(
            made, document, library=load_library(), bound_from=date(2021, 1, 1), now=now_utc()
        )
    return made


def row(unit: Unit, register: str, **values: Any) -> Row:
    return Row.objects.create(
        unit=unit, register=register, number=7, values=values, name="Công ty Đồng Tâm",
        name_key="cong ty dong tam", search_key="cong ty dong tam", created_at=now_utc(),
        changed_at=now_utc(), changed_by="x",
    )  # fmt: skip


def tasks(unit: Unit, source: str) -> list[Task]:
    return [
        task
        for group in day_of_units([unit]).groups
        for task in (*group.first, *group.rest)
        if task.source == source
    ]


def documents_of(task: Task) -> set[str]:
    return {anchor.partition("/")[0] for anchor in task.anchors}


def test_a_row_cites_the_clause_of_its_register_where_that_text_binds() -> None:
    bound = unit("a", "do-son")
    row(bound, "request", due_on=SOON.isoformat())
    (task,) = tasks(bound, "rows")
    assert task.anchors == load_registers()["request"].clauses[:1]
    assert not task.is_own_rule
    assert task.target == row_target("a", "request", 7)


@pytest.mark.parametrize("others", [("binh-dinh", "bac-ninh", "hue"), ("hue",), ()])
def test_a_text_that_does_not_bind_the_unit_is_never_cited(others: tuple[str, ...]) -> None:
    bound = unit("b", *others)
    row(bound, "request", due_on=SOON.isoformat())
    for code in load_registers():
        Confirmation.objects.create(
            unit=bound, register=code, confirmed_on=today() - timedelta(days=360),
            confirmed_at=now_utc(), by="an", row_count=0, ledger_index=0,
        )  # fmt: skip
    found = [*tasks(bound, "rows"), *tasks(bound, "confirm")]
    assert len(found) > 10
    for task in found:
        assert documents_of(task) <= set(others)
        assert task.is_own_rule == (not task.anchors)
    (request,) = tasks(bound, "rows")
    clauses = [c for c in load_registers()["request"].clauses if c.partition("/")[0] in others]
    assert bool(request.anchors) == bool(clauses)


def test_what_will_fail_leads_to_its_row_and_stands_once_with_the_rows_own_day() -> None:
    bound = unit("c", "do-son", "binh-dinh")
    control = load_library().controls["WIF-03"]
    assert control.check is not None
    wifi = row(bound, "wifi", ssid="BV")
    turning = {"unit": bound, "control": "WIF-03", "reason": "overdue", "turns_on": SOON}
    Turning.objects.create(subject_kind="wifi", subject=str(wifi.pk), **turning)
    (task,) = tasks(bound, "soon")
    assert task.target == row_target("c", "wifi", 7)
    assert task.title == control.title
    due = row(bound, "request", due_on=SOON.isoformat())
    Turning.objects.create(subject_kind="request", subject=str(due.pk), **turning)
    (said,) = tasks(bound, "rows")
    assert said.why is not None
    assert control.title.vi in said.why.vi
    assert [one.target.kind for one in tasks(bound, "soon")] == ["row"]


def test_a_search_finds_nothing_outside_its_field() -> None:
    own, other = unit("d", "hue"), unit("e", "hue")
    row(own, "supplier")
    row(other, "supplier")

    def targets(known: list[Unit], readable: list[Unit]) -> set[str]:
        field = field_of(known, readable, home=None)
        groups = found_everywhere(field, "dong tam", limit=20, is_deep=True)
        return {str(dict(hit.target.keys)["unit"]) for group in groups for hit in group.hits}

    assert targets([own, other], [own, other]) == {"d", "e"}
    assert targets([own, other], [own]) == {"d"}
    assert targets([own], [own, other]) == {"d"}
    assert targets([own], []) == set()
