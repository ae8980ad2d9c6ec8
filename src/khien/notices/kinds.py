"""The kinds of notices: their words, and whether one of them alone is reason for a mail on a day off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from khien.kernel.language import Text

REMINDER: Final = "reminder"
OVERDUE: Final = "overdue"
ESCALATION: Final = "escalation"
HANDOVER: Final = "handover"
DECISION: Final = "decision"
REPORT: Final = "report"
SUPPLIER: Final = "supplier"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice: its word, and what it is about."""

    code: str
    title: Text
    about: Text


_ALL = (
    Kind(
        REMINDER,
        Text("Sắp đến hạn", "Due soon"),
        Text("Nghĩa vụ bạn phụ trách sắp đến hạn.", "A duty you answer for is due soon."),
    ),
    Kind(
        OVERDUE,
        Text("Quá hạn", "Overdue"),
        Text("Nghĩa vụ bạn phụ trách đã quá hạn.", "A duty you answer for is overdue."),
    ),
    Kind(
        ESCALATION,
        Text("Báo lãnh đạo", "Escalated"),
        Text(
            "Nghĩa vụ của đơn vị hoặc cấp dưới quá hạn, cần chỉ đạo.",
            "A duty of the unit or of one below is overdue and needs direction.",
        ),
    ),
    Kind(
        HANDOVER,
        Text("Bàn giao", "Handed over"),
        Text("Bạn được giao một nghĩa vụ.", "A duty was handed over to you."),
    ),
    Kind(
        DECISION,
        Text("Chờ quyết định", "Awaits a decision"),
        Text("Có đề nghị chờ bạn quyết định.", "A request waits for your decision."),
    ),
    Kind(
        SUPPLIER,
        Text("Nhà cung cấp", "Suppliers"),
        Text(
            "Nhà cung cấp khắc phục sự cố quá hạn.",
            "A supplier takes longer to repair than it may.",
        ),
    ),
    Kind(
        REPORT,
        Text("Báo cáo", "Reports"),
        Text(
            "Báo cáo được gửi, trả lại, tiếp nhận hoặc nhắc.",
            "A report was sent, returned, accepted or asked for.",
        ),
    ),
)
KINDS: Final[Mapping[str, Kind]] = {kind.code: kind for kind in _ALL}
