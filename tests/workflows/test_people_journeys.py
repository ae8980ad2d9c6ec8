"""Joiner, leaver, account review, training: each run from start to minutes, and what the controls say then."""

from __future__ import annotations

import pytest
from workflow_cast import TODAY, Stage

from khien.registers.models import Row
from khien.workflows.errors import (
    ItemsUndecided,
    NotYours,
    RequirementsNotMet,
    StepNotReady,
    StepRefused,
)
from khien.workflows.models import CaseItem, WorkflowCase
from khien.workflows.selectors import open_steps, tasks_for


def joined(stage: Stage) -> WorkflowCase:
    """Run the joiner's workflow up to its minutes."""
    case = stage.start("joiner", stage.staff_row)
    stage.do(
        case, "brief", held_on=TODAY, channel="briefing", documents_taught="Quy chế số 05/QC-UBND"
    )
    stage.do(case, "acknowledge", stage.staff, text="Tôi cam kết", stated_on=TODAY, valid_until="2027-11-16")  # fmt: skip
    stage.do(case, "request", username="moi.lv", place="machine", rights="soạn thảo văn bản", is_admin=False)  # fmt: skip
    stage.do(case, "approve", stage.leader, approved_by=stage.leader_row.pk, approved_on=TODAY)
    stage.do(case, "issue", issued_by=stage.officer_row.pk, issued_on=TODAY, notified_on=TODAY, notify_channel="phone", is_change_forced=True)  # fmt: skip
    return case


def test_a_joiner_is_briefed_bound_and_gets_an_account_that_passes(stage: Stage) -> None:
    assert stage.verdict("PPL-02", stage.staff_row).startswith("unknown")
    assert stage.verdict("CON-01", stage.staff_row) in ("fail not_signed", "unknown not_signed")
    case = stage.end(joined(stage))
    assert case.state == WorkflowCase.State.FINISHED
    account = Row.objects.get(pk=case.rows["account"])
    assert stage.verdict("PPL-02", stage.staff_row) == "pass briefed"
    assert stage.verdict("CON-01", stage.staff_row) == "pass undertaken"
    assert stage.verdict("ACC-03", account).startswith("pass issued")
    assert stage.verdict("ACC-04", account) == "pass approved"


def test_an_account_cannot_be_issued_before_it_was_approved(stage: Stage) -> None:
    case = stage.start("joiner", stage.staff_row)
    with pytest.raises(StepNotReady, match="Phổ biến quy định"):
        stage.do(case, "issue", issued_by=stage.officer_row.pk, notify_channel="email")
    assert not Row.objects.filter(register="account").exists()


def test_the_officer_cannot_approve_and_nobody_approves_what_they_asked_for(stage: Stage) -> None:
    case = stage.start("joiner", stage.staff_row)
    stage.do(case, "brief", held_on=TODAY, channel="briefing", documents_taught="Quy chế")
    stage.do(case, "acknowledge", stage.staff, text="x", stated_on=TODAY, valid_until="2027-01-01")
    stage.do(case, "request", username="a", place="machine", rights="x", is_admin=False)
    with pytest.raises(NotYours, match="lãnh đạo"):
        stage.do(case, "approve", approved_by=stage.leader_row.pk, approved_on=TODAY)
    with pytest.raises(RequirementsNotMet, match="khác với người được cấp"):
        stage.do(case, "approve", stage.leader, approved_by=stage.staff_row.pk, approved_on=TODAY)


def test_an_officer_who_confirms_for_a_joiner_must_file_the_signed_paper(stage: Stage) -> None:
    case = stage.start("joiner", stage.staff_row)
    stage.do(case, "brief", held_on=TODAY, channel="briefing", documents_taught="Quy chế")
    given = {"text": "x", "stated_on": TODAY, "valid_until": "2027-01-01"}
    with pytest.raises(RequirementsNotMet, match="bản cam kết đã ký"):
        stage.do(case, "acknowledge", **given)
    stage.do(case, "acknowledge", **given, signed_copy__number="3/CK", signed_copy__issued_on=TODAY)
    filed = Row.objects.get(register="document", values__kind="acknowledgement")
    assert Row.objects.get(register="statement").values["signed_copy"] == filed.pk


def test_a_forced_change_of_the_first_password_is_not_optional(stage: Stage) -> None:
    case = stage.start("joiner", stage.staff_row)
    stage.do(case, "brief", held_on=TODAY, channel="briefing", documents_taught="Quy chế")
    stage.do(case, "acknowledge", stage.staff, text="x", stated_on=TODAY, valid_until="2027-01-01")
    stage.do(case, "request", username="a", place="machine", rights="x", is_admin=False)
    stage.do(case, "approve", stage.leader, approved_by=stage.leader_row.pk, approved_on=TODAY)
    with pytest.raises(RequirementsNotMet, match="đổi mật khẩu"):
        stage.do(case, "issue", issued_by=stage.officer_row.pk, issued_on=TODAY, notified_on=TODAY, notify_channel="email", is_change_forced=False)  # fmt: skip


def test_a_joiner_sees_the_own_undertaking_as_a_task(stage: Stage) -> None:
    case = stage.start("joiner", stage.staff_row)
    stage.do(case, "brief", held_on=TODAY, channel="briefing", documents_taught="Quy chế")
    [task] = tasks_for(stage.staff, stage.now.date())
    assert (task.step, task.address, task.clause) == ("acknowledge", "my-tasks", "do-son/D4.k1")
    assert tasks_for(stage.officer, stage.now.date()) == []
    [step] = open_steps([stage.unit], stage.now.date())
    assert (step.step, step.case_number, step.may) == ("acknowledge", case.number, "write")


def leaver_account(stage: Stage) -> Row:
    return stage.row(
        "account", username="moi.lv", place="machine", holder=stage.staff_row.pk, is_shared=False,
        is_admin=False, issued_on="2026-11-03",
    )  # fmt: skip


THINGS = dict.fromkeys(
    ("access_card", "keys", "id_card", "storage", "mail", "computer", "equipment", "software"), "returned"
)  # fmt: skip


def left(stage: Stage) -> WorkflowCase:
    """Run the leaver's workflow up to its minutes."""
    account = leaver_account(stage)
    stage.row("token", serial="TK1", holder=stage.staff_row.pk, kind="personal", status="in_use")
    stage.row("endpoint", endpoint_name="PC-12", kind="desktop", is_personal=False, holder=stage.staff_row.pk)  # fmt: skip
    case = stage.start("leaver", stage.staff_row)
    stage.do(case, "decision", kind="resigned", effective_on=TODAY)
    stage.do(case, "notify", operator_notified_on=TODAY)
    stage.decide(case, "accounts", "disable", [account.name])
    stage.do(case, "accounts", accounts_disabled_on=TODAY)
    stage.do(case, "rights", entry_rights_removed_on=TODAY)
    stage.decide(case, "signature", "revoke")
    stage.do(case, "signature", has_signature=True, signature_revoked_on=TODAY)
    stage.decide(case, "things", "returned")
    stage.do(case, "things", **THINGS)
    stage.do(case, "records", records_kept_at="Kho lưu trữ tầng 2")
    stage.do(
        case, "secrecy", secrecy_undertaking__number="7/CK", secrecy_undertaking__issued_on=TODAY
    )
    return case


def test_a_leaver_leaves_nothing_alive_and_the_handover_passes(stage: Stage) -> None:
    stage.paper("leaver_procedure")
    case = left(stage)
    handover = Row.objects.get(pk=case.__class__.objects.get(pk=case.pk).rows["handover"])
    assert stage.verdict("PPL-03", handover) != "pass handed_back"
    stage.end(case)
    assert stage.verdict("PPL-03", handover) == "pass handed_back"
    assert stage.verdict("PPL-04", handover) == "pass revoked"
    assert stage.verdict("PPL-05", handover) == "pass undertaken"
    token, endpoint = (Row.objects.get(register=r) for r in ("token", "endpoint"))
    assert token.values["status"] == "revoked"
    assert "holder" not in endpoint.values
    assert Row.objects.get(pk=stage.staff_row.pk).values["leaving_kind"] == "resigned"


def test_a_leaver_keeps_no_account_whatever_is_decided(stage: Stage) -> None:
    leaver_account(stage)
    case = stage.start("leaver", stage.staff_row)
    stage.do(case, "decision", kind="retired", effective_on=TODAY)
    with pytest.raises(ItemsUndecided, match="1 mục"):
        stage.do(case, "accounts", accounts_disabled_on=TODAY)
    stage.decide(case, "accounts", "keep", note="còn cần")
    with pytest.raises(RequirementsNotMet, match="đang dùng được"):
        stage.do(case, "accounts", accounts_disabled_on=TODAY)
    assert "reviewed_on" not in Row.objects.get(register="account").values  # nothing half done


def test_who_changes_post_keeps_accounts_and_signs_no_secrecy_undertaking(stage: Stage) -> None:
    leaver_account(stage)
    case = stage.start("leaver", stage.staff_row)
    stage.do(case, "decision", kind="post_changed", effective_on=TODAY)
    stage.decide(case, "accounts", "change_rights", note="chỉ đọc")
    stage.do(case, "accounts", accounts_disabled_on=TODAY)
    assert Row.objects.get(register="account").values["rights"] == "chỉ đọc"
    assert "left_on" not in Row.objects.get(pk=stage.staff_row.pk).values
    for step, raw in (
        ("notify", {"operator_notified_on": TODAY}),
        ("rights", {"entry_rights_removed_on": TODAY}),
        ("signature", {"has_signature": False}),
        ("things", THINGS),
        ("records", {"records_kept_at": "tại chỗ"}),
    ):
        stage.do(case, step, **raw)
    stage.end(case)


def test_a_review_decides_every_account_and_turns_the_control(stage: Stage) -> None:
    assert stage.verdict("ACC-05").startswith("unknown")
    mine = leaver_account(stage)
    lost = stage.row("account", username="cu", place="system", is_shared=False, is_admin=False)
    case = stage.start("account_review", title="Quý IV/2026")
    stage.decide(case, "decide", "keep", [mine.name])
    with pytest.raises(ItemsUndecided):
        stage.do(case, "decide")
    stage.decide(case, "decide", "unknown", [lost.name], note="đã hỏi các phòng")
    stage.do(case, "decide")
    with pytest.raises(StepNotReady, match="chưa rõ của ai"):
        stage.do(case, "result", reviewed_on=TODAY, reviewer=stage.officer_row.pk)
    stage.decide(case, "follow_up", "disable")
    stage.do(case, "follow_up")
    stage.do(case, "result", reviewed_on=TODAY, reviewer=stage.officer_row.pk)
    stage.end(case)
    assert stage.verdict("ACC-05") == "pass in_time"
    mine.refresh_from_db()
    lost.refresh_from_db()
    assert (mine.values["reviewed_on"], lost.values["disabled_on"]) == (TODAY, TODAY)


def test_a_training_reaches_each_person_of_its_groups(stage: Stage) -> None:
    stage.paper("training_plan")
    before = stage.verdict("TRN-02")
    case = stage.start("training", title="Tập huấn quý IV")
    plan = {"kind": "training", "topics": ["malware"], "plan__number": "9/KH", "plan__issued_on": TODAY, "plan__signer": "Trần Lan"}  # fmt: skip
    stage.do(case, "plan", groups=["technical", "managers", "users"], **plan)
    stage.do(case, "session", held_on=TODAY, channel="classroom")
    stage.decide(case, "attendance", "attended", ["Nguyễn An", "Trần Lan"])
    stage.decide(case, "attendance", "absent", ["Lê Văn Mới"])
    stage.do(case, "attendance")
    stage.decide(case, "follow_up", "made_up")
    stage.do(case, "follow_up")
    own = CaseItem.objects.get(case=case, step="acknowledge", name="Lê Văn Mới")
    [task] = tasks_for(stage.staff, stage.now.date())
    assert task.step == "acknowledge"
    stage.decide(case, "acknowledge", "acknowledged", [own.name], user=stage.staff)
    with pytest.raises(NotYours):
        stage.decide(case, "acknowledge", "acknowledged", ["Nguyễn An"], user=stage.staff)
    stage.decide(case, "acknowledge", "acknowledged", ["Nguyễn An", "Trần Lan"])
    stage.do(case, "acknowledge")
    stage.end(case)
    results = {row.values["person"]: row.values["result"] for row in Row.objects.filter(register="attendance")}  # fmt: skip
    assert results[stage.staff_row.pk] == "made_up"
    assert all("acknowledged_on" in row.values for row in Row.objects.filter(register="attendance"))
    assert before != "pass all_groups"
    assert stage.verdict("TRN-02") == "pass all_groups"


def test_a_campaign_waits_until_everybodys_group_is_known(stage: Stage) -> None:
    stage.row("person", full_name="Không Nhóm", kind="official")
    case = stage.start("training", title="Đợt 1")
    with pytest.raises(RequirementsNotMet, match="nhóm tập huấn"):
        stage.do(case, "plan", kind="training", groups=["users"], topics=["malware"], plan__number="9/KH", plan__issued_on=TODAY)  # fmt: skip


def test_a_day_that_has_not_come_is_refused_with_its_field(stage: Stage) -> None:
    case = stage.start("joiner", stage.staff_row)
    with pytest.raises(StepRefused) as refused:
        stage.do(case, "brief", held_on="2027-01-01", channel="briefing")
    assert {problem.field for problem in refused.value.problems} == {"held_on", "documents_taught"}
