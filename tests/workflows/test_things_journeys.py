"""Disposal, repair, decommission, acceptance, going live: each to its minutes, and what the controls say then."""

from __future__ import annotations

import pytest
from workflow_cast import TODAY, Stage

from khien.registers.models import Row
from khien.workflows.errors import RequirementsNotMet, StepNotReady, StepRefused
from khien.workflows.models import WorkflowCase


def disposed(stage: Stage, kind: str = "disposal") -> WorkflowCase:
    """Run a disposal up to its minutes."""
    device = stage.row(
        "endpoint", endpoint_name="PC-07", kind="desktop", is_personal=False, serial="SN7"
    )
    case = stage.start("disposal", device)
    stage.do(case, "device", device="PC-07", serial="SN7", kind=kind)
    stage.do(case, "approve", stage.leader, approved_on=TODAY)
    stage.do(case, "wipe", wipe_method="destroyed", wiped_on=TODAY, wiped_by=stage.officer_row.pk, witness="Trần Lan", data_checked_on=TODAY)  # fmt: skip
    stage.do(case, "dispose", disposed_on=TODAY, receiver="Công ty thu gom")
    return case


def test_a_disk_is_erased_before_it_leaves_and_the_control_passes(stage: Stage) -> None:
    stage.paper("disposal_procedure")
    stage.complete("disposal")
    case = stage.end(disposed(stage))
    row = Row.objects.get(pk=case.rows["disposal"])
    assert stage.verdict("DSP-02", row) == "pass wiped"
    assert stage.verdict("DSP-01") == "pass in_order"
    assert Row.objects.get(register="endpoint").values["retired_on"] == TODAY


def test_formatting_is_not_erasing_and_nothing_leaves_before_it(stage: Stage) -> None:
    case = stage.start("disposal", title="Ổ cứng di động 1 TB")
    stage.do(case, "device", device="Ổ cứng", kind="disposal")
    with pytest.raises(StepNotReady, match="Lãnh đạo đồng ý"):
        stage.do(case, "dispose", disposed_on=TODAY)
    stage.do(case, "approve", stage.leader, approved_on=TODAY)
    with pytest.raises(RequirementsNotMet, match="định dạng lại"):
        stage.do(case, "wipe", wipe_method="format", wiped_on=TODAY, wiped_by="a", witness="b")
    stage.do(case, "wipe", wipe_method="degauss", wiped_on=TODAY, wiped_by="a", witness="b")
    with pytest.raises(StepRefused, match="trước ngày"):
        stage.do(case, "dispose", disposed_on="2026-11-15")
    assert not Row.objects.filter(register="disposal").exists()


def repaired(stage: Stage) -> WorkflowCase:
    """Run a repair up to its minutes."""
    case = stage.start("repair", title="Máy in HP M404")
    stage.do(case, "storage", device="Máy in HP M404", fault="kẹt giấy", storage_measure="removed", storage_done_on=TODAY)  # fmt: skip
    stage.do(case, "out", repairer="Công ty A", supervisor=stage.officer_row.pk, out_on=TODAY, is_repairer_authorised=True)  # fmt: skip
    stage.do(case, "back", back_on=TODAY, checked="đã quét mã độc, không phát hiện")
    return case


def test_a_machine_goes_to_repair_without_its_disk(stage: Stage) -> None:
    case = stage.start("repair", title="PC-02")
    with pytest.raises(RequirementsNotMet, match="bộ phận lưu trữ"):
        stage.do(case, "storage", device="PC-02", fault="hỏng", storage_measure="left_in", storage_done_on=TODAY)  # fmt: skip
    case = stage.end(repaired(stage))
    row = Row.objects.get(pk=case.rows["repair"])
    assert stage.verdict("DSP-03", row) == "pass removed_or_wiped"
    assert row.values["report"] == case.rows["minutes_document"]


def ended(stage: Stage) -> tuple[WorkflowCase, Row]:
    """Run a decommissioning up to its minutes."""
    system = stage.row("system", system_name="Một cửa cũ", catalogue="one_stop", stage="operating")
    body = stage.row(
        "authority", body_name="UBND thành phố", stands_for=["ubnd_tinh"], used_from="2026-01-01"
    )
    case = stage.start("decommission", system)
    stage.do(case, "reason", reason="hết hạn", replacement="Hệ thống mới", is_hosted=False)
    with pytest.raises(RequirementsNotMet, match="xóa dữ liệu"):
        stage.do(case, "list")
    stage.line(case, "list", section="erase_data", asset="SRV-1", content="CSDL", backup_folders="/bk", method="ghi đè 3 lần", is_unrecoverable="có")  # fmt: skip
    stage.line(case, "list", section="remove_software", asset="SRV-1", software="Phần mềm một cửa", method="gỡ cài đặt")  # fmt: skip
    stage.line(case, "list", section="dispose", asset="SRV-1", disposal_method="thanh lý")
    stage.do(case, "list")
    with pytest.raises(StepNotReady):
        stage.do(case, "dispose", disposed_on=TODAY)
    stage.do(case, "plan", stage.leader, plan__number="5/KH", plan__issued_on=TODAY, plan__signer="Trần Lan", authority=body.pk, sent_on=TODAY)  # fmt: skip
    with pytest.raises(StepNotReady, match="chấp thuận"):
        stage.do(case, "dispose", disposed_on=TODAY)
    stage.do(case, "consent", consent__number="88/CV", consent__issued_on=TODAY, consented_on=TODAY)
    stage.do(case, "archive", recovered_on=TODAY, archived_on=TODAY, archive_place="Ổ lưu trữ số 3")
    stage.decide(case, "erase", "done")
    stage.do(case, "erase")
    stage.decide(case, "dispose", "disposed")
    stage.do(case, "dispose", disposed_on=TODAY)
    return case, system


def test_assets_of_a_dead_system_go_only_after_consent_and_erasing(stage: Stage) -> None:
    case, system = ended(stage)
    stage.end(case)
    assert stage.verdict("DSP-04", system) == "pass complete"
    system.refresh_from_db()
    assert (system.values["stage"], system.values["stopped_on"]) == ("stopped", TODAY)


def accepted(stage: Stage, system: Row) -> WorkflowCase:
    """Run the acceptance of outsourced software up to its minutes."""
    supplier = stage.row("supplier", supplier_name="Công ty Phần mềm B", services=["software"], started_on="2026-01-01")  # fmt: skip
    case = stage.start("acceptance", system)
    papers = {
        f"{field}__{part}": value
        for field in ("contract_paper", "contract_minutes", "undertaking", "secrecy_undertaking")
        for part, value in (("number", f"{field}/2026"), ("issued_on", "2026-11-02"))
    }
    stage.do(case, "contract", number="01/HĐ", contract_title="Xây dựng", supplier=supplier.pk, signed_on="2026-11-02", **papers)  # fmt: skip
    stage.do(
        case, "source", source_received_on=TODAY, source_place="Kho mã nguồn", source_version="1.2"
    )
    plan = {"plan__number": "6/KH", "plan__issued_on": TODAY, "section": "Phòng VH-XH", "developer": "Công ty B"}  # fmt: skip
    with pytest.raises(RequirementsNotMet, match="giám sát"):
        stage.do(case, "plan", supervisor="Công ty B", **plan)
    stage.do(case, "plan", supervisor="Trung tâm CNTT", **plan)
    stage.do(case, "test", tested_on=TODAY, version="1.2", test_record__number="7", test_record__issued_on=TODAY)  # fmt: skip
    with pytest.raises(StepNotReady, match="Đánh giá an toàn"):
        stage.do(case, "accept", accepted_on=TODAY)
    stage.do(case, "assess", done_on=TODAY, done_by="Trung tâm CNTT", findings_count=0, assessment_report__number="8", assessment_report__issued_on=TODAY)  # fmt: skip
    stage.do(case, "accept", accepted_on=TODAY, supervision__number="9", supervision__issued_on=TODAY, report__number="10/BC", report__issued_on=TODAY)  # fmt: skip
    stage.do(case, "confirm", confirmed_by="Phòng VH-XH", confirmed_on=TODAY)
    stage.do(case, "approve", stage.leader, approved_by="Trần Lan", approved_on=TODAY)
    return case


def test_outsourced_software_comes_with_its_papers_and_is_accepted_in_order(stage: Stage) -> None:
    system = stage.row("system", system_name="Một cửa mới", catalogue="one_stop", stage="building")
    case = stage.end(accepted(stage, system))
    contract = Row.objects.get(pk=case.rows["contract"])
    assert stage.verdict("OUT-01", contract) == "pass complete"


def made_ready(stage: Stage, system_name: str = "Một cửa mới", level: int = 3) -> Row:
    """Fill the registers so far that a system may go live, but for the weaknesses of level 3."""
    decision = stage.paper("level_decision")
    system = stage.row(
        "system", system_name=system_name, catalogue="one_stop", stage="building", level=level,
        level_status="approved", level_decision=decision.pk, level_approved_on=TODAY,
    )  # fmt: skip
    stage.end(accepted(stage, system))
    stage.row("assessment", kind="design", system=system.pk, done_on=TODAY, done_by="Phòng VH-XH")
    stage.paper("hardening_checklist", system=system.pk)
    stage.paper("pre_operation_procedure")
    return Row.objects.get(pk=system.pk)


def test_a_system_goes_live_only_through_the_gate_and_the_controls_turn(stage: Stage) -> None:
    system = made_ready(stage)
    assert stage.verdict("DES-03", system) == "not_applicable not_live"
    case = stage.start("go_live", system)
    with pytest.raises(RequirementsNotMet, match="điểm yếu") as refused:
        stage.do(case, "gate")
    assert "thiết kế" not in str(refused.value)
    with pytest.raises(StepNotReady):
        stage.do(case, "live", went_live_on=TODAY)
    stage.row(
        "assessment", kind="weakness", system=system.pk, done_on=TODAY, done_by="Trung tâm CNTT"
    )
    stage.do(case, "gate")
    stage.do(case, "permit", stage.leader, permitted_on=TODAY, permitted_by="Trần Lan")
    stage.do(case, "live", went_live_on=TODAY)
    stage.end(case)
    assert stage.verdict("DES-03", system) == "pass accepted"
    assert stage.verdict("DES-04", system) == "pass in_order"


def test_an_empty_gate_names_every_condition_that_lacks(stage: Stage) -> None:
    system = stage.row("system", system_name="Mới", catalogue="one_stop", stage="planned")
    case = stage.start("go_live", system)
    with pytest.raises(RequirementsNotMet) as refused:
        stage.do(case, "gate")
    said = str(refused.value)
    for word in ("cấp độ", "thiết kế", "thử nghiệm", "tăng cường", "quy trình", "nghiệm thu"):
        assert word in said
    assert "went_live_on" not in Row.objects.get(pk=system.pk).values
