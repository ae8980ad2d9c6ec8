"""The rules of running a workflow: order, double submit, two persons at once, closing, dates, the record."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from workflow_cast import CLOSING, TODAY, Stage

from khien.kernel.errors import KhienError
from khien.ledger.models import LedgerEntry
from khien.registers.models import Row
from khien.workflows.errors import (
    AlreadyDecided,
    CaseIsClosed,
    ItemsAppeared,
    NotYours,
    StepAlreadyDone,
    StepRefused,
    SubjectTaken,
)
from khien.workflows.item_services import Choice, decide_items, refresh_list
from khien.workflows.models import CaseItem, StepDone, WorkflowCase
from khien.workflows.reading import load_workflows, workflow_by_code
from khien.workflows.selectors import open_steps, subjects_for, view_of
from khien.workflows.services import Beginning, cancel_case, start_case

BRIEF = {"held_on": TODAY, "channel": "briefing", "documents_taught": "Quy chế"}


def accounts(stage: Stage, count: int) -> list[Row]:
    return [
        stage.row("account", username=f"u{n:03d}", place="system", is_shared=False, is_admin=False)
        for n in range(count)
    ]


def test_a_form_sent_twice_starts_one_case(stage: Stage) -> None:
    workflow = workflow_by_code("repair")
    beginning = Beginning(None, "PC-02", "a" * 32)
    first = start_case(workflow, stage.unit, beginning, stage.doer())
    assert start_case(workflow, stage.unit, beginning, stage.doer()).pk == first.pk
    assert WorkflowCase.objects.count() == 1


def test_a_step_sent_twice_is_done_once_and_another_answer_is_refused(stage: Stage) -> None:
    case = stage.start("joiner", stage.staff_row)
    first = stage.do(case, "brief", **BRIEF)
    assert stage.do(case, "brief", **BRIEF).pk == first.pk
    with pytest.raises(StepAlreadyDone, match="phu-trach"):
        stage.do(case, "brief", **(BRIEF | {"channel": "online"}))
    assert Row.objects.filter(register="training").count() == 1
    assert StepDone.objects.count() == 1


def test_one_person_has_one_open_case_of_a_workflow(stage: Stage) -> None:
    case = stage.start("joiner", stage.staff_row)
    with pytest.raises(SubjectTaken, match=f"hồ sơ {case.number}"):
        stage.start("joiner", stage.staff_row)
    free = subjects_for(stage.unit, workflow_by_code("joiner"), now=stage.now)
    assert stage.staff_row not in free
    assert stage.officer_row in free


def test_staff_start_nothing_and_a_row_of_another_register_is_no_subject(stage: Stage) -> None:
    with pytest.raises(NotYours):
        start_case(
            workflow_by_code("repair"), stage.unit, Beginning(None, "x"), stage.doer(stage.staff)
        )
    with pytest.raises(StepRefused):
        stage.start("go_live", stage.staff_row)
    with pytest.raises(StepRefused):
        stage.start("repair", title="  ")


def test_the_second_to_decide_sees_the_decision_of_the_first(stage: Stage) -> None:
    accounts(stage, 2)
    case = stage.start("account_review", title="Q4")
    seen = {item.pk: item.version for item in CaseItem.objects.filter(case=case)}
    decide_items(case, "decide", Choice("keep", seen), stage.doer())
    with pytest.raises(AlreadyDecided, match="giữ") as refused:
        decide_items(case, "decide", Choice("disable", seen), stage.doer())
    assert stage.officer.username in str(refused.value)
    assert set(CaseItem.objects.values_list("decision", flat=True)) == {"keep"}
    again = dict.fromkeys(seen, 1)
    assert decide_items(case, "decide", Choice("disable", again), stage.doer()) == 2


def test_a_decision_that_needs_a_note_gets_none_without_it(stage: Stage) -> None:
    accounts(stage, 1)
    case = stage.start("account_review", title="Q4")
    with pytest.raises(StepRefused, match="Quyền mới"):
        stage.decide(case, "decide", "change_rights")
    with pytest.raises(StepRefused, match="chưa tới"):
        stage.decide(case, "decide", "disable", on=date(2027, 1, 1))
    with pytest.raises(StepRefused, match="Chọn một quyết định"):
        stage.decide(case, "decide", "forget")


def test_an_account_made_meanwhile_is_not_overlooked(stage: Stage) -> None:
    accounts(stage, 1)
    case = stage.start("account_review", title="Q4")
    stage.decide(case, "decide", "keep")
    stage.row("account", username="new", place="mail", is_shared=False, is_admin=False)
    with pytest.raises(ItemsAppeared, match="1 mục"):
        stage.do(case, "decide")
    assert refresh_list(case, "decide", stage.doer()) == 1
    stage.decide(case, "decide", "keep")
    stage.do(case, "decide")


def test_five_hundred_accounts_are_reviewed_with_few_records(stage: Stage) -> None:
    accounts(stage, 500)
    case = stage.start("account_review", title="Q4")
    assert stage.decide(case, "decide", "keep") == 500
    before = LedgerEntry.objects.count()
    stage.do(case, "decide")
    assert LedgerEntry.objects.count() - before == 2  # the rows changed at once, and the step
    row = Row.objects.filter(register="account").first()
    assert row is not None
    assert row.values["reviewed_on"] == TODAY


def test_a_cancelled_case_keeps_what_it_did_and_takes_nothing_more(stage: Stage) -> None:
    case = stage.start("joiner", stage.staff_row)
    stage.do(case, "brief", **BRIEF)
    with pytest.raises(StepRefused, match="lý do"):
        cancel_case(case, reason=" ", doer=stage.doer())
    cancel_case(case, reason="nhầm người", doer=stage.doer())
    with pytest.raises(CaseIsClosed):
        stage.do(case, "acknowledge", text="x", stated_on=TODAY, valid_until="2027-01-01", signed_copy__issued_on=TODAY, signed_copy__number="1")  # fmt: skip
    assert Row.objects.filter(register="attendance").exists()
    assert open_steps([stage.unit], stage.now.date()) == []
    assert stage.start("joiner", stage.staff_row).number == case.number + 1


def test_a_finished_case_cannot_be_cancelled(stage: Stage) -> None:
    case = stage.start("repair", title="PC-02")
    stage.do(
        case, "storage", device="PC-02", fault="x", storage_measure="none", storage_done_on=TODAY
    )
    stage.do(case, "out", repairer="A", supervisor="B", out_on=TODAY)
    stage.do(case, "back", back_on=TODAY, checked="tốt")
    case = stage.end(case)
    with pytest.raises(CaseIsClosed):
        cancel_case(case, reason="x", doer=stage.doer())


def test_the_interval_of_a_text_and_the_units_own_are_told_apart(stage: Stage) -> None:
    stage.row(
        "account_review", reviewed_on="2026-10-01", is_complete=True, reviewer=stage.officer_row.pk
    )
    review = stage.start("account_review", title="Q4")
    assert review.due_on == date(2027, 1, 1)  # the three months of Do Son
    joiner = stage.start("joiner", stage.staff_row)
    [first] = [s for s in view_of(joiner, now=stage.now).states if s.standing == "now"]
    assert first.due is not None
    assert (first.due.on, first.due.is_own) == (date(2026, 12, 2), True)


def test_a_refused_step_leaves_no_trace(stage: Stage) -> None:
    case = stage.start("joiner", stage.staff_row)
    stage.row(
        "training",
        title="Phổ biến quy định cho người mới: Lê Văn Mới",
        kind="newcomer",
        held_on=TODAY,
    )
    before = LedgerEntry.objects.count()
    with pytest.raises(KhienError, match="trùng"):
        stage.do(case, "brief", **BRIEF)
    assert LedgerEntry.objects.count() == before
    assert not StepDone.objects.exists()


def test_every_act_stands_in_the_ledger_without_personal_data(stage: Stage) -> None:
    case = stage.start("joiner", stage.staff_row)
    stage.do(case, "brief", **BRIEF)
    lines = [
        bytes(e.line).decode() for e in LedgerEntry.objects.filter(kind__startswith="workflows.")
    ]
    assert len(lines) == 2
    assert not [line for line in lines if "Lê Văn Mới" in line]


def test_minutes_wait_for_every_step(stage: Stage) -> None:
    case = stage.start("repair", title="PC-02")
    with pytest.raises(KhienError, match="Tháo hoặc xóa"):
        stage.do(case, "minutes", **CLOSING)


def test_the_library_declares_the_workflows_of_the_issue() -> None:
    assert list(load_workflows()) == [
        "joiner", "leaver", "account_review", "training", "disposal", "repair", "decommission",
        "acceptance", "go_live",
    ]  # fmt: skip
    for workflow in load_workflows().values():
        assert list(workflow.steps)[-2:] == ["minutes", "signed"]
        assert workflow.clauses


def test_what_waits_is_found_with_few_queries(stage: Stage) -> None:
    for n in range(30):
        person = stage.row(
            "person", full_name=f"Người {n}", kind="official", staff_code=f"X{n}", started_on=TODAY
        )
        stage.start("joiner", person)
    with CaptureQueriesContext(connection) as queries:
        steps = open_steps([stage.unit], stage.now.date())
    assert len(steps) == 30
    assert len(queries) <= 6
