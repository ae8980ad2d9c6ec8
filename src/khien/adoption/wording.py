"""What people call the states of an imported text and the kinds of its units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from khien.adoption.models import ImportedText
from khien.kernel.language import Text

STATES: Final[Mapping[str, Text]] = {
    ImportedText.State.REVIEWING: Text("đang rà soát", "being reviewed"),
    ImportedText.State.SUBMITTED: Text("đã trình duyệt", "submitted"),
    ImportedText.State.APPROVED: Text("đã đưa vào áp dụng", "put into force"),
    ImportedText.State.WITHDRAWN: Text("đã rút", "withdrawn"),
    ImportedText.State.DROPPED: Text("đã bỏ", "dropped"),
}
KINDS: Final[Mapping[str, Text]] = {
    "phan": Text("phần", "part"),
    "chuong": Text("chương", "chapter"),
    "muc": Text("mục", "section"),
    "tieu_muc": Text("tiểu mục", "subsection"),
    "dieu": Text("điều", "article"),
    "khoan": Text("khoản", "clause"),
    "diem": Text("điểm", "point"),
    "buoc": Text("bước", "step"),
    "gach": Text("gạch đầu dòng", "bullet"),
    "doan": Text("đoạn", "paragraph"),
}


def state_word(text: ImportedText) -> Text:
    """Return what people call the state of a text."""
    return STATES[text.state]


def kind_word(kind: str) -> Text:
    """Return what people call a kind of unit."""
    return KINDS.get(kind, Text(kind, kind))
