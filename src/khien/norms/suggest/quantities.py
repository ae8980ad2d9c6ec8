"""Quantities, deadlines and frequencies of a clause, in the text's own sense."""

from __future__ import annotations

import re
from dataclasses import dataclass

from khien.kernel.vietnamese import nfc

_UNITS = {
    "ký tự": "character", "kí tự": "character", "lần": "times", "phút": "minute", "giờ": "hour", "ngày": "day",
    "tuần": "week", "tháng": "month", "quý": "quarter", "năm": "year", "%": "percent", "phần trăm": "percent",
    "máy vi tính": "machine", "máy tính": "machine", "đường truyền": "line", "nhà cung cấp": "line",
    "vùng": "zone",
    "bộ": "device", "thiết bị": "device", "mức": "level", "nhóm": "group",
}  # fmt: skip
_WORDS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip
_NUMBER = r"(?P<number>\d{1,4})(?:\s*\([^)]{1,20}\))?"
_QUANTITY = re.compile(
    rf"(?:từ\s+(?P<low>\d{{1,4}})\s+đến\s+)?{_NUMBER}\s*(?P<unit>{'|'.join(map(re.escape, _UNITS))})(?![^\W\d_])",
    re.IGNORECASE,
)
_LEAST = re.compile(r"(tối thiểu|ít nhất|không ít hơn|từ|trở lên|không dưới)", re.IGNORECASE)
_MOST = re.compile(
    r"(tối đa|không quá|không vượt quá|trong vòng|chậm nhất|trong thời hạn|quá|sau)", re.IGNORECASE
)
_BEFORE = 28


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit: `sense` is least, most or plain; `low`: where the text gives a range."""

    value: int
    unit: str
    sense: str
    low: int | None
    words: str


def quantities_of(text: str) -> list[Quantity]:
    """Return the quantities of a clause in their order; dates and numbers of documents are none."""
    plain = nfc(text)
    found = []
    for match in _QUANTITY.finditer(plain):
        before = plain[max(0, match.start() - _BEFORE) : match.start()]
        if re.search(r"(ngày|tháng|năm|số|điều|khoản)\s*$", before, re.IGNORECASE):
            continue
        after = plain[match.end() : match.end() + 12]
        if match["unit"].lower() == "năm" and re.match(r"\s*\d{4}", after):
            continue
        least = _LEAST.search(before) or re.match(r"\s*trở lên", after)
        sense = "least" if least else "most" if _MOST.search(before) else "plain"
        low = int(match["low"]) if match["low"] else None
        found.append(
            Quantity(int(match["number"]), _UNITS[match["unit"].lower()], sense, low, match.group())
        )
    return found


_ANY_CASE = re.IGNORECASE
_FREQUENCIES = (
    ("weekly", re.compile(r"(hằng|hàng|mỗi) tuần|01 lần/tuần|tuần một lần", _ANY_CASE)),
    (
        "monthly",
        re.compile(
            r"(hằng|hàng|mỗi) tháng|lần (trong|/|mỗi) ?tháng(?! \d)|tháng một lần", _ANY_CASE
        ),
    ),
    (
        "quarterly",
        re.compile(
            r"(hằng|hàng|mỗi) quý|tháng cuối quý|0?3 tháng(/lần| một lần)"
            r"|(định kỳ|ít nhất|tối thiểu|sau) 0?3 tháng",
            _ANY_CASE,
        ),
    ),
    (
        "6-monthly",
        re.compile(
            r"0?6 tháng(/lần| một lần)|(định kỳ|sau) 0?6 tháng|báo cáo 0?6 tháng|6 tháng đầu năm",
            _ANY_CASE,
        ),
    ),
    (
        "yearly",
        re.compile(r"(hằng|hàng|mỗi) năm|năm một lần|0?1 lần/năm|định kỳ một năm", _ANY_CASE),
    ),
)
_DAY = r"(?P<day>\d{1,2})[/-](?P<month>\d{1,2})(?:[/-](?P<year>\d{4}))?"
_SPELLED = r"(?: \([^)]*\))?"
_AT_ONCE = (
    "ngay lập tức|lập tức|báo (?:cáo )?ngay|ngay khi|ngay sau khi|thông báo ngay|kịp thời|khẩn cấp"
)
_DEADLINES = tuple(
    (kind, re.compile(pattern, _ANY_CASE))
    for kind, pattern in (
        ("before", rf"trước ngày {_DAY}"),
        (
            "before_of_period",
            r"trước ngày (?P<day>\d{1,2}) (?:của )?tháng (?P<which>cuối quý|sau|đầu quý)",
        ),
        ("within_month", r"trong tháng (?P<month>\d{1,2})(?:[/ ](?:năm )?(?P<year>\d{4}))?"),
        ("by_quarter", r"quý (?P<quarter>IV|I{1,3})[/ ](?:năm )?(?P<year>\d{4})"),
        ("by", rf"(?:chậm nhất|hoàn thành|xong)(?: vào| trong| trước)?(?: ngày)? {_DAY}"),
        ("within_hours", rf"trong (?:vòng |thời hạn )?(?P<hours>\d{{1,3}}){_SPELLED} giờ"),
        (
            "within_days",
            rf"(?:chậm nhất|trong (?:vòng|thời hạn)) (?P<days>\d{{1,3}}){_SPELLED} ngày(?: làm việc)?",
        ),
        ("at_once", rf"\b({_AT_ONCE})\b"),
    )
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline in the text's sense: its kind, the numbers in it, and the words that say it."""

    kind: str
    numbers: dict[str, str]
    words: str


def frequency_of(text: str) -> str:
    """Return how often a clause asks: weekly, monthly, quarterly, 6-monthly, yearly; empty where it names none."""
    plain = nfc(text)
    return next((code for code, pattern in _FREQUENCIES if pattern.search(plain)), "")


def deadlines_of(text: str) -> list[Deadline]:
    """Return the deadlines that a clause names, the most exact first."""
    plain = nfc(text)
    found = []
    for kind, pattern in _DEADLINES:
        for match in pattern.finditer(plain):
            numbers = {name: value for name, value in match.groupdict().items() if value}
            found.append(Deadline(kind, numbers, match.group()))
    return found
