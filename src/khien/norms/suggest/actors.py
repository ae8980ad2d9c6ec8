"""Who must act: named at the head of a clause, or in the title above it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from khien.kernel.vietnamese import nfc

_VERB = r"(?:phải|có trách nhiệm|không được|chịu trách nhiệm|cần|thực hiện|chủ trì|tổ chức|xây dựng|ban hành)"
_HEAD = re.compile(rf"^\s*(?:-\s*)?([A-ZĐÀ-Ỹ][^.;:]{{2,90}}?)\s+{_VERB}(?![^\W\d_])")
_TITLE = re.compile(r"[Tt]rách nhiệm (?:của |cụ thể của )?(.{3,90})")
# Words that begin a sentence without naming anybody.
_NOBODY = re.compile(
    r"^(?:Khi|Trong|Việc|Đối với|Trường hợp|Nếu|Mật khẩu|Dữ liệu|Hệ thống|Mọi|Thông tin|Tất cả|"
    r"Sau|Trước|Hằng|Hàng|Định kỳ)\b"
)


def actor_of(text: str, above: Sequence[str] = ()) -> str:
    """Return who must act, in the words of the text; empty where neither clause nor title names anybody.

    Args: above: the titles above the clause, nearest first
    """
    head = _HEAD.match(nfc(text))
    if head and not _NOBODY.match(head[1]):
        return head[1].strip(" ,")
    for title in above:
        found = _TITLE.search(nfc(title))
        if found:
            return found[1].strip(" .:,")
    return ""
