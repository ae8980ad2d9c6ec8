"""The report on compliance in Vietnamese: head, sections, end, laid out as a báo cáo of Nghị định 30/2020."""

from __future__ import annotations

from dataclasses import replace

from khien.reports import said_vi as said
from khien.reports.blocks import HEAD_LEFT_MM, Block, OfficialDocument, Paragraph, Run
from khien.reports.compliance_vi_annexes import citation_annex, evidence_annex, unknown_annex
from khien.reports.compliance_vi_results import (
    citation_section,
    document_section,
    failure_section,
    unknown_section,
)
from khien.reports.compliance_vi_summary import summary_section
from khien.reports.context import ComplianceContext, UnitFacts
from khien.reports.text_width import balanced

SUBJECT = "tình hình tuân thủ quy định về an toàn thông tin"
_ROMAN = ("I", "II", "III")
_DOTTED_LINES = 5
# Room for the number: only văn thư gives it. Source: Nghị định 30/2020, Điều 15.
_BLANK = "\u00a0" * 9
_COMMITTEE = "ủy ban nhân dân"
_HEADS = {"hospital": "GIÁM ĐỐC", "department": "GIÁM ĐỐC"}


def compose(context: ComplianceContext) -> OfficialDocument:
    """Return the report of a snapshot as an official document in Vietnamese."""
    unit = context.unit
    day = said.signed_day(context.state_on)
    reference = (
        f"(Kèm theo Báo cáo số{_BLANK}/BC-…… {said.signed_day(context.made_on)} của {unit.name})"
    )
    drafts = (evidence_annex(context), unknown_annex(context), citation_annex(context))
    annexes = [annex for annex in drafts if annex is not None]
    return OfficialDocument(
        language="vi",
        file_title=f"Báo cáo {SUBJECT} tính đến {day}",
        author=unit.name,
        made_at=context.made_at,
        parent="" if _is_committee(unit) else unit.parent.upper(),
        issuer=balanced(unit.name.upper(), 13, HEAD_LEFT_MM),
        number=f"Số:{_BLANK}/BC-……",
        place_and_day=f"{unit.place or '……'}, {said.signed_day(context.made_on)}",
        kind="BÁO CÁO",
        subject=(f"{SUBJECT[0].upper()}{SUBJECT[1:]}", f"(tính đến {day})"),
        addressee=f"Kính gửi: {unit.parent or '………………………………'}.",
        blocks=_sections(context),
        recipients=("- Như trên;", "- Lãnh đạo đơn vị;", "- Lưu: VT, ……"),
        signer=_signer(unit),
        annexes=tuple(
            replace(annex, label=f"Phụ lục {number}", reference=reference)
            for annex, number in zip(annexes, _ROMAN, strict=False)
        ),
    )


def _sections(context: ComplianceContext) -> tuple[Block, ...]:
    return (
        *summary_section(context),
        *document_section(context),
        *failure_section(context),
        *unknown_section(context),
        *citation_section(context),
        *_proposals(context),
    )


def _proposals(context: ComplianceContext) -> list[Block]:
    """Return the section a person writes, and the end of the report."""
    unit = context.unit
    whom = f", kính gửi {unit.parent} xem xét, chỉ đạo" if unit.parent else ""
    dotted: list[Block] = [Paragraph((), "dots")] * _DOTTED_LINES
    return [
        Paragraph((Run("VI. KIẾN NGHỊ", is_bold=True),), "section"),
        *dotted,
        Paragraph((Run(f"Trên đây là báo cáo {SUBJECT} của {unit.name}{whom}./."),)),
    ]


def _is_committee(unit: UnitFacts) -> bool:
    """Say whether the unit is a people's committee, which names no body above itself in the head."""
    return unit.name.lower().startswith(_COMMITTEE)


def _signer(unit: UnitFacts) -> tuple[str, ...]:
    if _is_committee(unit):
        return ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    return (_HEADS.get(unit.kind, "THỦ TRƯỞNG ĐƠN VỊ"),)
