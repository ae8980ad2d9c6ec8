"""What each scope of a token lets a program do, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from khien.kernel.language import Text
from khien.org.roles import APPROVE, KNOW, MANAGE, READ, RESPOND, REVIEW, WRITE

SCOPE_WORDS: Final[Mapping[str, Text]] = {
    KNOW: Text(
        "Việc của mình, văn bản, danh sách đơn vị", "One's own tasks, the texts, the list of units"
    ),
    READ: Text(
        "Đọc kết quả, máy, sổ, quy trình, báo cáo",
        "Read findings, machines, registers, processes, reports",
    ),
    WRITE: Text(
        "Ghi sổ, nạp số liệu, đánh giá lại, chạy quy trình",
        "Write registers, take in facts, assess, run processes",
    ),
    APPROVE: Text("Phê duyệt thay người dùng", "Approve in the user's place"),
    RESPOND: Text("Xử lý sự cố", "Handle incidents"),
    REVIEW: Text("Trả lại, tiếp nhận báo cáo cấp dưới", "Return and accept what units below send"),
    MANAGE: Text(
        "Quản lý người dùng, vai trò, cây đơn vị, webhook",
        "Manage users, roles, the unit tree, webhooks",
    ),
}
