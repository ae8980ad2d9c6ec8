"""A made-up snapshot of a made-up unit, and the text and the boxes of the files made from it."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import docx
import pypdfium2
import pypdfium2.raw as pdfium
from docx.document import Document as WordDocument
from docx.table import Table
from docx.text.paragraph import Paragraph

from khien.reports.context import (
    ArticleLine,
    AssessmentFacts,
    BoundDocument,
    CheckpointFacts,
    Citation,
    ComplianceContext,
    ControlResult,
    Counts,
    DocumentResult,
    FindingGroup,
    IntakeLine,
    ReadTable,
    UnitFacts,
    VerdictLine,
)

POINTS_PER_MM = 72 / 25.4


def sample_context(**changes: Any) -> ComplianceContext:
    values: dict[str, Any] = {
        "language": "vi",
        "unit": UnitFacts(
            "tram-mau",
            "Trung tâm Y tế phường Sơn Mẫu",
            "Sở Y tế tỉnh Mẫu",
            "hospital",
            "Sơn Mẫu",
            False,
        ),
        "made_at": "2026-02-05T02:30:00Z",
        "made_on": "2026-02-05",
        "state_on": "2026-02-05",
        "is_past": False,
        "assessment": AssessmentFacts(7, "2026-02-05T02:00:00Z", "ab" * 32, 41, 12, False),
        "documents": (_quy_che(), _ke_hoach()),
        "machines": (("workstation", 3), ("server", 1)),
        "overall": (
            VerdictLine("pass", 1, 1, 0, 0, 3),
            VerdictLine("fail", 1, 1, 0, 0, 2),
            VerdictLine("unknown", 2, 0, 0, 0, 1),
            VerdictLine("not_applicable", 0, 0, 0, 0, 0),
        ),
        "results": (_result(),),
        "failed": (failed_control(),),
        "unknown": (_unknown("insufficient", "LOG-01"), _unknown("not_yet_register", "TRN-02")),
        "citations": (_ended(), _doubtful()),
        "read_tables": (
            ReadTable(
                "Tài khoản trên máy", 3, 4, 0, "2026-02-01T01:00:00Z", "2026-02-05T01:00:00Z"
            ),
            ReadTable("Tường lửa trên máy", 1, 0, 4, "", ""),
        ),
        "intakes": (
            IntakeLine(
                "may-01",
                "2026-02-05T01:00:00Z",
                "khien_collect 0.1",
                "local",
                24,
                "c0ffee" * 10 + "beef",
                39,
            ),
        ),
        "intake_count": 1,
        "checkpoint": CheckpointFacts(
            "khien/0123456789abcdef",
            42,
            "QtBzbujykv0J/4uZtrE1pFeMFLzO+SjL85l4Sy0+/hs=",
            ("— khien/0123456789abcdef " + "vegrUDzuPHymIgruVu3x7oGJgsFHTfRmgF89" * 2 + "==",),
            "khien/0123456789abcdef+bde82b50+AX1NVglV/SJZDMOfVZgwxQC3j2yA21kURO8SQa+0/but",
        ),
    }
    return ComplianceContext(**{**values, **changes})


def _quy_che() -> BoundDocument:
    return BoundDocument(
        id="mau",
        title="Quy chế mẫu về an toàn thông tin (2024)",
        number="01/2024/QĐ-MAU",
        issuer="Ủy ban nhân dân tỉnh Mẫu",
        short="Tỉnh Mẫu",
        in_force_from="2024-03-01",
        validity_note="Tỉnh Mẫu đã đổi tên: cần đối chiếu.",
    )


def _ke_hoach() -> BoundDocument:
    return BoundDocument(
        "ke-hoach", "Kế hoạch mẫu (2026)", "", "Sở Y tế tỉnh Mẫu", "Sở Mẫu", "2026-01-02", ""
    )


def _result() -> DocumentResult:
    lines = (
        ArticleLine("Chương I", "Quy định chung", None),
        ArticleLine("Điều 2", "Ai phải làm gì", Counts(3, 0, 1, 0)),
        ArticleLine("Điều 3", "Đặt mật khẩu", Counts(0, 2, 0, 0)),
    )
    return DocumentResult("mau", Counts(3, 2, 1, 0), lines, "Điều 1, 4")


def failed_control(**changes: Any) -> ControlResult:
    group = FindingGroup(
        sentence="Mật khẩu ngắn nhất được đặt là 6 ký tự, phải từ 8 ký tự.",
        known="measured",
        since="2026-02-01T01:00:00Z",
        machines=("may-01", "may-02"),
        machine_count=12,
    )
    values: dict[str, Any] = {
        "control": "PWD-01",
        "title": "Độ phức tạp mật khẩu",
        "severity": "high",
        "group": "",
        "clauses": ("khoản 1, 2 Điều 3 (Tỉnh Mẫu)",),
        "findings": (group,),
        "more_sentences": 0,
        "also_unknown": 1,
        "advice": "Đặt độ dài tối thiểu 8 ký tự.",
    }
    return ControlResult(**{**values, **changes})


def _unknown(group: str, control: str) -> ControlResult:
    sentence = (
        "Chưa đọc được thời gian lưu nhật ký." if group == "insufficient" else "Chưa có số liệu."
    )
    machines = ("may-03",) if group == "insufficient" else ()
    finding = FindingGroup(sentence, "not_yet", "2026-02-01T01:00:00Z", machines, len(machines))
    return failed_control(
        control=control,
        title="Biện pháp mẫu",
        group=group,
        findings=(finding,),
        also_unknown=0,
        advice="Bổ sung sổ theo dõi.",
    )


def _ended() -> Citation:
    return Citation(
        title="Luật Mẫu 1/2015/QH13",
        cited_in=("căn cứ ban hành (Tỉnh Mẫu)",),
        has_ended=True,
        ended_on="2026-01-01",
        successor="Luật Mẫu 2/2025/QH15",
        mark="A",
        note="",
    )


def _doubtful() -> Citation:
    return Citation(
        "Thông tư Mẫu 3/2017",
        ("khoản 2 Điều 2 (Tỉnh Mẫu)",),
        False,
        "",
        "",
        "C",
        "Cần đối chiếu với Công báo.",
    )


def opened(content: bytes) -> WordDocument:
    return docx.Document(io.BytesIO(content))


def docx_text(content: bytes) -> str:
    """The text of a Word file in reading order: one line a paragraph, table cells between bars."""
    lines: list[str] = []
    for part in opened(content).iter_inner_content():
        if isinstance(part, Paragraph):
            lines.append(part.text)
        else:
            lines.extend(_rows(part))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _rows(table: Table) -> Iterator[str]:
    for row in table._tbl.tr_lst:
        cells = [" / ".join(p.text for p in cell.p_lst if p.text) for cell in row.tc_lst]
        yield "| " + " | ".join(cells) + " |"


@dataclass(frozen=True)
class Letter:
    """One letter on a page: place in millimetres from the top left corner, size in points."""

    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float
    baseline: float
    size: float
    font: str


def pdf_pages(content: bytes) -> list[str]:
    with pypdfium2.PdfDocument(content) as pdf:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in pdf]


def pdf_letters(content: bytes) -> list[Letter]:
    """Every visible letter of a PDF with its box."""
    with pypdfium2.PdfDocument(content) as pdf:
        return [letter for number, page in enumerate(pdf) for letter in _letters(page, number)]


def _letters(page: pypdfium2.PdfPage, number: int) -> Iterator[Letter]:
    height = page.get_height()
    words = page.get_textpage()
    for index in range(words.count_chars()):
        text = words.get_text_range(index, 1)
        if not text.strip():
            continue
        left, bottom, right, top = words.get_charbox(index)
        yield Letter(
            text=text,
            page=number,
            left=left / POINTS_PER_MM,
            right=right / POINTS_PER_MM,
            top=(height - top) / POINTS_PER_MM,
            bottom=(height - bottom) / POINTS_PER_MM,
            baseline=(height - _baseline(words, index)) / POINTS_PER_MM,
            size=pdfium.FPDFText_GetFontSize(words.raw, index),
            font=_font_name(words, index),
        )


def _baseline(words: pypdfium2.PdfTextPage, index: int) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(words.raw, index, x, y)
    return y.value


def in_reading_order(letters: list[Letter]) -> list[Letter]:
    """The letters line by line, where a program drew them one typeface after another."""
    return sorted(letters, key=lambda letter: (letter.page, round(letter.baseline), letter.left))


def _font_name(words: pypdfium2.PdfTextPage, index: int) -> str:
    buffer = ctypes.create_string_buffer(200)
    pdfium.FPDFText_GetFontInfo(words.raw, index, buffer, len(buffer), ctypes.c_int())
    return buffer.value.decode()


def found(letters: list[Letter], words: str) -> list[Letter]:
    """The letters of the first place where words stand, spaces aside."""
    wanted = words.replace(" ", "")
    text = "".join(letter.text for letter in letters)
    start = text.index(wanted)
    return letters[start : start + len(wanted)]
