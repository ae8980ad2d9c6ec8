"""A plan in Vietnamese, laid out as a kế hoạch of Nghị định 30/2020 (form 1.4), its tasks in an annex."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from khien.kernel.clock import said_day
from khien.norms.library import load_library
from khien.norms.model import Document
from khien.reports import said_vi as said
from khien.reports.blocks import (
    HEAD_LEFT_MM,
    Annex,
    Block,
    Column,
    OfficialDocument,
    Row,
    Table,
    bases,
    body,
    heading,
)
from khien.reports.kinds import BLANK
from khien.reports.legal_basis import cited
from khien.reports.text_width import balanced

_KIND, _SIGN = "KẾ HOẠCH", "KH"
_HEADS = {"hospital": "GIÁM ĐỐC", "department": "GIÁM ĐỐC", "health_centre": "GIÁM ĐỐC"}
_COMMITTEES = ("ubnd", "ủy ban nhân dân")
# The annex lies on its side; the widths add up to the text's width there.
_COLUMNS = (
    Column("TT", 11, "center"),
    Column("Nhiệm vụ", 96),
    Column("Căn cứ", 45),
    Column("Chủ trì, người phụ trách", 46),
    Column("Thời hạn", 25, "center"),
    Column("Kinh phí (đồng)", 29, "right"),
)
_PURPOSE = (
    "Khắc phục những nội dung chưa đạt, chưa có căn cứ kết luận và hoàn thành đúng hạn các nghĩa vụ về an toàn "
    "thông tin của đơn vị.",
    "Mỗi nhiệm vụ có đơn vị chủ trì hoặc người phụ trách, thời hạn và minh chứng hoàn thành.",
)
_CARRYING_OUT = (
    "Các phòng, bộ phận và cá nhân được giao tại Phụ lục thực hiện đúng thời hạn, cập nhật kết quả và minh chứng "
    "vào sổ nhiệm vụ của kế hoạch.",
    "Người phụ trách an toàn thông tin theo dõi, đôn đốc, tổng hợp kết quả trong báo cáo quý.",
    "Có khó khăn, vướng mắc thì báo cáo lãnh đạo đơn vị để xem xét, giải quyết.",
)


def compose_plan(content: Mapping[str, Any]) -> OfficialDocument:
    """Return a frozen plan as an official document; it is addressed to nobody.

    Source: Nghị định 30/2020, Phụ lục III, form 1.4
    """
    unit, title = content["unit"], str(content["title"])
    name = str(unit["name"])
    is_committee = name.lower().startswith(_COMMITTEES)
    subject = title.removeprefix("Kế hoạch ").strip()
    return OfficialDocument(
        language="vi",
        file_title=f"Kế hoạch {subject}",
        author=name,
        made_at=str(content["made_at"]),
        parent="" if is_committee else str(unit["parent"]).upper(),
        issuer=balanced(name.upper(), 13, HEAD_LEFT_MM),
        number=f"Số:{BLANK}/{_SIGN}-……",
        place_and_day=f"{unit['place'] or '……'}, {said.signed_day(content['made_on'])}",
        kind=_KIND,
        subject=(f"{subject[:1].upper()}{subject[1:]}",),
        addressee="",
        blocks=_blocks(content),
        recipients=("- Lãnh đạo đơn vị;", "- Các phòng, bộ phận;", "- Lưu: VT."),
        signer=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
        if is_committee
        else (_HEADS.get(str(unit["kind"]), "THỦ TRƯỞNG ĐƠN VỊ"),),
        annexes=(_annex(content, subject),),
    )


def _blocks(content: Mapping[str, Any]) -> tuple[Block, ...]:
    documents = load_library().documents
    grounds = [cited(documents[code]) for code in content["bases"] if code in documents]
    tasks = content["tasks"]
    cost = sum(task["cost"] or 0 for task in tasks)
    money = f"; kinh phí dự kiến {said.number(cost)} đồng" if cost else ""
    return (
        *bases([f"Căn cứ {ground}" for ground in grounds]),
        heading("section", "I. MỤC ĐÍCH, YÊU CẦU"),
        *_numbered(content["purpose"] or _PURPOSE),
        heading("section", "II. NỘI DUNG"),
        body(f"Kế hoạch gồm {said.number(len(tasks))} nhiệm vụ theo Phụ lục kèm theo{money}."),
        *_by_document(tasks),
        heading("section", "III. TỔ CHỨC THỰC HIỆN"),
        *_numbered(content["carrying_out"] or _CARRYING_OUT, ends="./."),
    )


def _numbered(lines: Sequence[str], *, ends: str = ".") -> list[Block]:
    texts = [line.rstrip(" .;/") for line in lines]
    return [
        body(f"{place}. {text}{ends if place == len(texts) else '.'}")
        for place, text in enumerate(texts, start=1)
    ]


def _by_document(tasks: Sequence[Mapping[str, Any]]) -> list[Block]:
    """Return how many tasks rest on which text, one line each."""
    documents = load_library().documents
    counts: dict[str, int] = {}
    for task in tasks:
        counts[str(task["document"])] = counts.get(str(task["document"]), 0) + 1
    return [
        body(f"- Thực hiện {_named(documents[code])}: {said.number(count)} nhiệm vụ.")
        if code in documents
        else body(f"- Nhiệm vụ do đơn vị tự đặt: {said.number(count)} nhiệm vụ.")
        for code, count in counts.items()
    ]


def _named(document: Document) -> str:
    """Return a regulation in few words: its kind with its number, else with whose it is."""
    if document.number:
        return f"{document.kind} số {document.number}"
    return f"{document.kind} ({document.issuer.vi})"


def _annex(content: Mapping[str, Any], subject: str) -> Annex:
    lines = [Row(_cells(place, task)) for place, task in enumerate(content["tasks"], start=1)]
    cost = sum(task["cost"] or 0 for task in content["tasks"])
    if cost:
        lines.append(Row(("", "Cộng", "", "", "", said.cell_number(cost)), "total"))
    name, day = content["unit"]["name"], said.signed_day(content["made_on"])
    return Annex(
        "PHỤ LỤC",
        f"Nhiệm vụ của Kế hoạch {subject[:1].lower()}{subject[1:]}",
        f"(Kèm theo Kế hoạch số {BLANK}/{_SIGN}-…… {day} của {name})",
        (Table(_COLUMNS, tuple(lines)),),
        is_landscape=True,
    )


def _cells(place: int, task: Mapping[str, Any]) -> tuple[str, ...]:
    who = "; ".join(part for part in (task["division"], task["person"]) if part)
    due = said_day(date.fromisoformat(task["due_on"])) if task["due_on"] else "……"
    cost = "" if task["cost"] is None else said.cell_number(task["cost"])
    return (str(place), task["task"], task["clause"], who or "……", due, cost)
