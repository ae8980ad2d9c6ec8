"""The minutes of workflows as Word files: the same to the bit, on record once, with every part of the form."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import docx
import pytest
from test_people_journeys import joined, leaver_account, left
from test_things_journeys import accepted, disposed, ended, made_ready, repaired
from workflow_cast import TODAY, Stage

from khien.ledger.models import LedgerEntry
from khien.registers.models import Row
from khien.reports.minutes_services import minutes_file
from khien.workflows.errors import MinutesNotMade
from khien.workflows.models import WorkflowCase


def reviewed(stage: Stage) -> WorkflowCase:
    leaver_account(stage)
    for place in range(14):
        stage.row("account", username=f"nguoi{place}", place="system", is_shared=False, is_admin=place == 3, rights="nhập liệu", holder=stage.officer_row.pk)  # fmt: skip
    case = stage.start("account_review", title="Quý IV/2026")
    stage.decide(case, "decide", "keep")
    some = [row.name for row in Row.objects.filter(register="account")[:3]]
    stage.decide(case, "decide", "disable", some, note="người dùng đã chuyển công tác")
    stage.do(case, "decide")
    stage.do(case, "result", reviewed_on=TODAY, reviewer=stage.officer_row.pk)
    return case


def trained(stage: Stage) -> WorkflowCase:
    case = stage.start("training", title="Tập huấn an toàn thông tin năm 2026")
    stage.do(case, "plan", kind="training", groups=["technical", "managers", "users"], topics=["malware", "fraud"], plan__number="9/KH", plan__issued_on=TODAY, plan__signer="Trần Lan")  # fmt: skip
    stage.do(case, "session", held_on=TODAY, channel="classroom")
    stage.decide(case, "attendance", "attended", ["Nguyễn An", "Trần Lan"])
    stage.decide(case, "attendance", "excused", ["Lê Văn Mới"], note="nghỉ ốm")
    stage.do(case, "attendance")
    stage.decide(case, "follow_up", "made_up")
    stage.do(case, "follow_up")
    stage.decide(case, "acknowledge", "acknowledged")
    stage.do(case, "acknowledge")
    return case


def gone_live(stage: Stage) -> WorkflowCase:
    case = stage.start("go_live", made_ready(stage, level=2))
    stage.do(case, "gate")
    stage.do(case, "permit", stage.leader, permitted_on=TODAY, permitted_by="Trần Lan")
    stage.do(case, "live", went_live_on=TODAY)
    return case


def outsourced(stage: Stage) -> WorkflowCase:
    return accepted(
        stage,
        stage.row("system", system_name="Một cửa mới", catalogue="one_stop", stage="building"),
    )


RUNS: dict[str, Callable[[Stage], WorkflowCase]] = {
    "joiner": joined,
    "leaver": left,
    "account_review": reviewed,
    "training": trained,
    "disposal": disposed,
    "repair": repaired,
    "decommission": lambda stage: ended(stage)[0],
    "acceptance": outsourced,
    "go_live": gone_live,
}


def words(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.parametrize("workflow", list(RUNS))
def test_every_workflow_ends_in_minutes_of_the_form(workflow: str, stage: Stage) -> None:
    """Set KHIEN_MINUTES to a folder to look at them."""
    case = stage.end(RUNS[workflow](stage))
    made = minutes_file(case, now=stage.now, actor="an")
    text = words(made.content)
    for part in ("CỘNG HÒA XÃ HỘI", "BIÊN BẢN", "/BB-", "Thời gian bắt đầu", "Địa điểm", "I. THÀNH PHẦN",
                 "II. NỘI DUNG", "III. KẾT LUẬN", "(Ký, ghi rõ họ tên)", "Lưu: VT", "Căn cứ"):  # fmt: skip
        assert part in text, part
    filed = Row.objects.get(pk=case.rows["minutes_document"])
    assert filed.values["number"] == "12/BB-UBND"
    assert Row.objects.get(pk=case.rows["minutes"]).values["document"] == filed.pk
    if folder := os.environ.get("KHIEN_MINUTES"):
        (Path(folder) / made.file_name).write_bytes(made.content)


def test_minutes_made_again_are_the_same_file_and_the_same_record(stage: Stage) -> None:
    case = disposed(stage)
    with pytest.raises(MinutesNotMade):
        minutes_file(case, now=stage.now, actor="an")
    case = stage.end(case)
    first = minutes_file(case, now=stage.now, actor="an")
    endpoint = Row.objects.get(register="endpoint")
    endpoint.name = "đổi tên sau đó"
    endpoint.save()
    again = minutes_file(case, now=stage.now + timedelta(days=400), actor="binh")
    assert again.content == first.content
    assert again.ledger_index == first.ledger_index
    assert LedgerEntry.objects.filter(kind="reports.minutes_produced").count() == 1
