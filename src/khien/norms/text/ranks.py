"""The order of the kinds of units: what may stand under what, and how each is numbered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from khien.kernel.language import Text
from khien.norms.text.model import Kind

RANK: Final[Mapping[str, int]] = {
    "phan": 0,
    "chuong": 1,
    "muc": 2,
    "tieu_muc": 3,
    "dieu": 4,
    "khoan": 5,
    "buoc": 6,
    "diem": 7,
    "gach": 8,
    "doan": 9,
}
KINDS: Final[tuple[Kind, ...]] = (
    "phan", "chuong", "muc", "tieu_muc", "dieu", "khoan", "diem", "buoc", "gach", "doan",
)  # fmt: skip
HEADINGS: Final = frozenset(("phan", "chuong", "muc", "tieu_muc", "dieu"))
COUNTED: Final[Mapping[str, str]] = {"gach": "g", "doan": "p"}
NAMES: Final[Mapping[str, Text]] = {
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
# The letters before a number in a path.
PREFIX: Final[Mapping[str, str]] = {
    "phan": "P.",
    "chuong": "C.",
    "muc": "M",
    "tieu_muc": "T",
    "dieu": "D",
    "khoan": "k",
    "diem": "",
    "buoc": "b",
}
FROM_THE_TOP: Final = frozenset(("phan", "chuong", "dieu"))
EXAMPLE: Final[Mapping[str, str]] = {
    "phan": "I",
    "chuong": "II",
    "muc": "1",
    "tieu_muc": "1",
    "dieu": "5, 5a",
    "khoan": "2, 2a",
    "diem": "a, đ, 1.2",
    "buoc": "1",
}
_ROMAN_OR_NUMBER = re.compile(r"(?:[IVXLC]{1,7}|\d{1,3})[a-zđA-D]?")
_DECIMAL = r"\d{1,3}(?:\.\d{1,3}){1,4}"
_FORM: Final[Mapping[str, re.Pattern[str]]] = {
    "phan": _ROMAN_OR_NUMBER,
    "chuong": _ROMAN_OR_NUMBER,
    "muc": re.compile(rf"(?:[IVXLC]{{1,7}}|\d{{1,3}}[a-zđ]?|[A-HĐ]|{_DECIMAL})"),
    "tieu_muc": _ROMAN_OR_NUMBER,
    "dieu": re.compile(r"[1-9]\d{0,3}[a-zđ]?"),
    "khoan": re.compile(rf"(?:\d{{1,3}}[a-zđ]?|{_DECIMAL})"),
    "diem": re.compile(rf"(?:[a-zđ]\d?|[a-z]{{2}}|{_DECIMAL})"),
    "buoc": re.compile(r"\d{1,2}"),
}


def is_fit(kind: str, number: str) -> bool:
    """Say whether a unit of a kind can have a number."""
    form = _FORM.get(kind)
    return form is not None and form.fullmatch(number) is not None


def may_hold(above: str, below: str) -> bool:
    """Say whether a unit of one kind may be put under one of another by hand."""
    if above in COUNTED and below == above == "gach":
        return True
    if above == "diem" and below == "buoc":
        return True
    return RANK[above] < RANK[below] and above not in COUNTED
