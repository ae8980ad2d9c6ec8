"""A plan is a kế hoạch of Nghị định 30/2020: three parts, no addressee, its tasks in an annex; always the same bytes."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document

from khien.reports.blocks import Table, text_of
from khien.reports.docx_layout import render_docx
from khien.reports.plan_vi import compose_plan

TASK = {"task": "Thử phục hồi", "clause": "khoản 2 Điều 8 (Bình Định)", "document": "binh-dinh", "division": "Phòng CNTT",
        "person": "Lê A", "due_on": "2027-01-05", "cost": 25_000_000}  # fmt: skip


def content(**more: Any) -> dict[str, Any]:
    given = {
        "title": "Kế hoạch bảo đảm an toàn thông tin năm 2027",
        "number": 1,
        "made_at": "2026-11-28T01:00:00Z",
        "made_on": "2026-11-28",
        "unit": {"code": "bv", "name": "Bệnh viện Mẫu", "parent": "Sở Y tế tỉnh Mẫu", "kind": "hospital", "place": "Mẫu"},
        "purpose": [],
        "carrying_out": [],
        "bases": ["binh-dinh"],
        "tasks": [TASK, {**TASK, "document": "", "clause": "", "person": "", "due_on": "", "cost": None}],
    }  # fmt: skip
    return given | more


def lines(**more: Any) -> list[str]:
    document = compose_plan(content(**more))
    return [text_of(block) for block in document.blocks if not isinstance(block, Table)]


def test_a_plan_has_three_parts_and_nobody_it_is_addressed_to() -> None:
    document = compose_plan(content())
    heads = [line for line in lines() if line[:2] in ("I.", "II") and line.isupper()]
    assert heads == ["I. MỤC ĐÍCH, YÊU CẦU", "II. NỘI DUNG", "III. TỔ CHỨC THỰC HIỆN"]
    assert (document.kind, document.addressee, document.addressees) == ("KẾ HOẠCH", "", ())
    assert document.subject == ("Bảo đảm an toàn thông tin năm 2027",)
    assert document.number.endswith("/KH-……")
    assert document.signer == ("GIÁM ĐỐC",)
    assert lines()[-1].endswith("./.")


def test_its_annex_has_a_row_for_each_task_and_a_sum() -> None:
    annex = compose_plan(content()).annexes[0]
    table = annex.blocks[0]
    assert isinstance(table, Table)
    assert annex.is_landscape
    assert sum(column.width_mm for column in table.columns) <= annex.width_mm
    assert [row.cells for row in table.rows] == [
        ("1", "Thử phục hồi", "khoản 2 Điều 8 (Bình Định)", "Phòng CNTT; Lê A", "05/01/2027", "25.000.000"),
        ("2", "Thử phục hồi", "", "Phòng CNTT", "……", ""),
        ("", "Cộng", "", "", "", "25.000.000"),
    ]  # fmt: skip


def test_a_committee_signs_on_behalf_and_names_no_body_above() -> None:
    unit = content()["unit"] | {"name": "UBND phường Mẫu", "kind": "ward"}
    document = compose_plan(content(unit=unit))
    assert (document.parent, document.signer) == ("", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"))


def test_what_a_person_wrote_stands_instead_of_the_usual_words() -> None:
    said = lines(purpose=["Nâng cao nhận thức."], carrying_out=["Phòng CNTT chủ trì"])
    assert "1. Nâng cao nhận thức." in said
    assert said[-1] == "1. Phòng CNTT chủ trì./."


def test_the_same_plan_gives_the_same_word_file() -> None:
    first, second = (render_docx(compose_plan(content())) for _ in range(2))
    assert first == second
    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(first)).paragraphs)
    assert "II. NỘI DUNG" in text


@pytest.mark.parametrize("task", ["<b>&", "a" * 500, "\u202eđảo"])
def test_odd_words_stay_words(task: str) -> None:
    made = render_docx(compose_plan(content(tasks=[{**TASK, "task": task}])))
    assert made[:2] == b"PK"
