"""A plan is drafted from gaps, becomes rows and duties when it is signed, and its progress is counted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from plan_cast import add, bound_unit

from khien.checks.services import assess
from khien.duties.models import Occurrence
from khien.duties.refreshing import refresh
from khien.kernel.clock import now_utc, said_day, vietnam_date
from khien.norms.library import load_library
from khien.org.models import Unit
from khien.plans.errors import PlanChangedMeanwhile, PlanRefused, PlanSettled, UnknownPlan
from khien.plans.gaps import FAILING, OVERDUE, UNKNOWN, gaps_chosen, gaps_of
from khien.plans.models import PlanDraft
from khien.plans.selectors import draft_at, plan_progress, signed_plans, task_state
from khien.plans.services import (
    TaskText,
    add_gaps,
    add_own_task,
    draft_plan,
    drop_plan,
    save_plan,
    sign_plan,
)
from khien.registers.declarations import register_by_code
from khien.registers.filing import add_attachment
from khien.registers.models import Row
from khien.registers.references import VisibleReferences
from khien.registers.services import Act, change_row
from khien.registers.values import read_row

pytestmark = pytest.mark.django_db
NOW = now_utc()
TODAY = vietnam_date(NOW)
ACT = Act("an", NOW)
SOON = TODAY + timedelta(days=30)


@pytest.fixture
def unit(tmp_path: Any, settings: Any) -> Unit:
    settings.KHIEN_DATA = tmp_path
    made = bound_unit("phuong-a", "hue", "bac-ninh")
    add(made, "budget", year=str(TODAY.year), scope="yearly_it_plan", title="KH", it_amount="1000", security_amount="1")  # fmt: skip
    assess([made], library=load_library(), now=NOW)
    refresh([made], now=NOW)
    return made


def signed(unit: Unit, *, has_file: bool = True, **more: Any) -> Row:
    raw = {"kind": "implementation_plan", "title": "Kế hoạch", "number": "12/KH", "signer": "A",
           "issued_on": said_day(TODAY - timedelta(days=2)), "is_approved": "có", **more}  # fmt: skip
    row = add(unit, "document", **raw)
    if has_file:
        add_attachment(row, b"ke hoach", name="kh.txt", act=ACT)
    return row


def drafted(unit: Unit, count: int = 2) -> PlanDraft:
    return draft_plan(unit, title="Kế hoạch khắc phục", gaps=gaps_of(unit, now=NOW)[:count], act=ACT)  # fmt: skip


def filled(draft: PlanDraft, **more: Any) -> PlanDraft:
    texts = {
        task.pk: TaskText(task.task, division="Phòng CNTT", due_on=more.get("due_on", SOON), cost=5_000_000)
        for task in draft.tasks.all()
    }  # fmt: skip
    return save_plan(draft, title=draft.title, purpose="a\n\nb", carrying_out="", tasks=texts, expected_version=draft.version, act=ACT)  # fmt: skip


def test_gaps_are_failing_controls_overdue_duties_and_what_is_not_known(unit: Unit) -> None:
    gaps = gaps_of(unit, now=NOW)
    kinds = [gap.kind for gap in gaps]
    assert {FAILING, OVERDUE, UNKNOWN} <= set(kinds)
    assert kinds == sorted(kinds, key=[FAILING, OVERDUE, "open", UNKNOWN].index)
    assert next(gap for gap in gaps if gap.source == "control:BUD-02").anchor == "hue/g4"
    assert all(gap.anchor.partition("/")[0] in ("hue", "bac-ninh") for gap in gaps)
    assert [g.source for g in gaps_chosen(unit, ["control:BUD-02", "la"], now=NOW)] == ["control:BUD-02"]  # fmt: skip


def test_a_draft_has_a_task_for_each_gap_once(unit: Unit) -> None:
    draft = drafted(unit)
    assert draft.tasks.count() == 2
    assert add_gaps(draft, gaps_of(unit, now=NOW)[:3], expected_version=1, act=ACT) == 1
    add_own_task(draft_at(unit, 1), TaskText("Mua  két sắt"), expected_version=2, act=ACT)
    assert list(draft.tasks.values_list("task", flat=True))[-1] == "Mua két sắt"
    assert draft_plan(unit, title="B", gaps=(), act=ACT).number == 2
    with pytest.raises(UnknownPlan):
        draft_at(unit, 3)


def test_two_who_write_at_once_do_not_undo_each_other(unit: Unit) -> None:
    draft = drafted(unit)
    filled(draft)
    with pytest.raises(PlanChangedMeanwhile):
        filled(draft)


def test_a_signed_plan_becomes_rows_with_who_when_clause_and_money(unit: Unit) -> None:
    draft = filled(drafted(unit))
    paper = signed(unit)
    rows = sign_plan(draft, paper, expected_version=draft.version, act=ACT)
    first = rows[0].values
    assert (first["plan"], first["division"], first["due_on"]) == (paper.pk, "Phòng CNTT", SOON.isoformat())  # fmt: skip
    assert first["cost"] == 5_000_000
    assert first["clause_cited"]
    assert first["assigned_on"] == paper.values["issued_on"]
    assert draft_at(unit, draft.number).state == PlanDraft.State.SIGNED
    with pytest.raises(PlanSettled):
        sign_plan(draft, paper, expected_version=draft.version, act=ACT)
    with pytest.raises(PlanSettled):
        drop_plan(draft, act=ACT)
    assert signed_plans(unit) == [paper]


def test_its_tasks_are_duties_and_close_by_their_day_with_evidence(unit: Unit) -> None:
    draft = filled(drafted(unit, 1))
    rows = sign_plan(draft, signed(unit), expected_version=draft.version, act=ACT)
    refresh([unit], now=NOW)
    one = Occurrence.objects.get(subject=rows[0])
    assert (one.due_on, one.state, one.duty) == (SOON, "pending", "bn-i-p3-deploy-on-schedule")
    finish(unit, rows[0], evidence="")
    refresh([unit], now=NOW)
    one.refresh_from_db()
    assert one.state == "pending"
    finish(unit, rows[0], evidence="#1")
    refresh([unit], now=NOW)
    one.refresh_from_db()
    assert one.state == "done"
    assert f"duty:{one.duty}" not in {gap.source for gap in gaps_of(unit, now=NOW)}


def finish(unit: Unit, row: Row, **raw: Any) -> None:
    row.refresh_from_db()
    values = {"finished_on": said_day(TODAY), **raw}
    draft = read_row(register_by_code("plan_task"), values, VisibleReferences([unit], home=unit), base=row.values)  # fmt: skip
    assert not draft.problems
    change_row(row, draft, expected_version=row.version, act=ACT)


def test_a_task_may_be_late_from_the_day_of_its_plan(unit: Unit) -> None:
    draft = filled(drafted(unit, 1), due_on=TODAY - timedelta(days=40))
    rows = sign_plan(draft, signed(unit), expected_version=draft.version, act=ACT)
    refresh([unit], now=NOW)
    one = Occurrence.objects.get(subject=rows[0])
    assert one.due_on == TODAY - timedelta(days=40)
    assert one.remark == "late_from_start" or one.opens_on > one.due_on


@pytest.mark.parametrize(
    "wrong",
    [{"has_file": False}, {"is_approved": "không"}, {"kind": "budget_estimate"}],
)
def test_a_paper_that_is_no_signed_plan_with_its_file_is_refused(
    unit: Unit, wrong: dict[str, Any]
) -> None:
    draft = filled(drafted(unit))
    with pytest.raises(PlanRefused):
        sign_plan(draft, signed(unit, **wrong), expected_version=draft.version, act=ACT)
    assert not Row.objects.filter(register="plan_task").exists()


def test_another_units_paper_is_refused(unit: Unit) -> None:
    draft = filled(drafted(unit))
    with pytest.raises(PlanRefused):
        sign_plan(draft, signed(bound_unit("la")), expected_version=draft.version, act=ACT)


def test_a_task_without_who_or_when_keeps_the_whole_plan_out(unit: Unit) -> None:
    draft = drafted(unit)
    with pytest.raises(PlanRefused, match="1, 2"):
        sign_plan(draft, signed(unit), expected_version=draft.version, act=ACT)
    assert not Row.objects.filter(register="plan_task").exists()


@pytest.mark.parametrize("wrong", [{"task": " "}, {"task": "x", "cost": -1}, {"task": "x", "cost": 10**17}])  # fmt: skip
def test_odd_tasks_are_refused_and_nothing_is_saved(unit: Unit, wrong: dict[str, Any]) -> None:
    draft = drafted(unit, 1)
    before = draft.tasks.get().task
    with pytest.raises(PlanRefused):
        save_plan(draft, title="Tên mới", purpose="", carrying_out="", tasks={draft.tasks.get().pk: TaskText(**wrong)}, expected_version=1, act=ACT)  # fmt: skip
    assert (draft.tasks.get().task, draft_at(unit, 1).title) == (before, "Kế hoạch khắc phục")


def test_a_person_of_another_unit_cannot_be_given_a_task(unit: Unit) -> None:
    stranger = add(bound_unit("la"), "person", full_name="Người Lạ", kind="official")  # fmt: skip
    with pytest.raises(PlanRefused):
        add_own_task(drafted(unit), TaskText("x", person=stranger), expected_version=1, act=ACT)


DAY = TODAY.isoformat()
PAST = (TODAY - timedelta(days=9)).isoformat()
LATER = (TODAY + timedelta(days=9)).isoformat()


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"due_on": DAY, "finished_on": DAY}, "done"),
        ({"due_on": PAST, "finished_on": DAY}, "done_late"),
        ({"finished_on": DAY}, "done"),
        ({"due_on": PAST}, "late"),
        ({"due_on": PAST, "finished_on": LATER}, "late"),
        ({"due_on": DAY}, "not_started"),
        ({"due_on": DAY, "started_on": DAY}, "in_progress"),
        ({"progress_percent": 10}, "in_progress"),
        ({}, "not_started"),
    ],
)
def test_how_a_task_stands(values: dict[str, Any], state: str) -> None:
    assert task_state(values, today=TODAY) == state


def test_progress_counts_by_state_and_clause_in_one_query(
    unit: Unit, django_assert_num_queries: Any
) -> None:
    draft = filled(drafted(unit, 3))
    rows = sign_plan(draft, signed(unit), expected_version=draft.version, act=ACT)
    finish(unit, rows[0], evidence="#1")
    with django_assert_num_queries(1):
        found = plan_progress([unit], today=TODAY)
    assert (found.total, found.counts["done"], found.counts["not_started"]) == (3, 1, 2)
    assert sum(sum(states.values()) for states in found.by_clause.values()) == 3
    assert found.cost == 15_000_000
    before = plan_progress([unit], today=TODAY, since=date(2020, 1, 1), until=date(2020, 3, 31))
    assert before.counts["done"] == 0
