"""Quantities of a clause, and the periods in which something is to be done again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from khien.kernel.vietnamese import nfc

_UNITS = {
    "ký tự": "character", "kí tự": "character", "lần": "times", "phút": "minute", "giờ": "hour",
    "tiếng": "hour", "ngày làm việc": "working_day", "ngày": "day", "tuần": "week", "tháng": "month",
    "quý": "quarter", "năm": "year", "%": "percent", "phần trăm": "percent", "máy vi tính": "machine",
    "máy tính": "machine", "máy": "machine", "đường truyền": "line", "kết nối mạng internet": "line",
    "kết nối internet": "line", "nhà cung cấp": "line", "phân vùng mạng": "zone", "vùng mạng": "zone",
    "phân vùng": "zone", "vùng": "zone", "bộ chống sét": "device", "thiết bị": "device", "bộ": "device",
    "mức": "level", "nhóm": "group", "người": "person", "cán bộ": "person", "công chức": "person",
    "nhân viên": "person", "bản sao lưu": "copy", "bản sao": "copy", "tài khoản": "account", "buổi": "session",
    "lớp": "session", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte", "Mbps": "megabit",
    "Mb/s": "megabit", "bit": "bit", "mật khẩu": "kept_password",
}  # fmt: skip
_UNIT_OF = {said.lower(): unit for said, unit in _UNITS.items()}
_WORDS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười hai": 12, "mười": 10,
}  # fmt: skip
# "Năm" is five only where no year can be meant.
_FIVE = 5
_ANY_CASE = re.IGNORECASE
_SPELLED = r"(?:\s*\([^)]{1,20}\))?"
_FIVE_TIMES = r"(?<=quá )năm(?= lần)|(?<=sau )năm(?= lần)"
_NUMBER = (
    rf"(?P<number>(?<![\d,.])\d{{1,4}}{_SPELLED}|\b(?:{'|'.join(_WORDS)})(?=\s)|{_FIVE_TIMES})"
)
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_END = r"(?![^\W\d_])"
_QUANTITY = re.compile(
    rf"(?:từ\s+(?P<low>\d{{1,4}}){_SPELLED}\s+đến\s+)?{_NUMBER}\s*(?P<unit>{_UNIT}){_END}",
    _ANY_CASE,
)
_LEAST = re.compile(
    r"(tối thiểu|ít nhất|không ít hơn|từ|trở lên|không dưới|thấp nhất|trên)\W", _ANY_CASE
)
_MOST = re.compile(
    r"(tối đa|không quá|không vượt quá|không nhiều hơn|trong vòng|chậm nhất|thời hạn|quá|sau|trong)\W",
    _ANY_CASE,
)
_EVERY = re.compile(
    r"(định kỳ|mỗi|cứ|theo chu kỳ|chu kỳ)\W*(?:(?:ít nhất|tối thiểu|sau|là|không quá)\W+)*$",
    _ANY_CASE,
)
_ONCE = re.compile(r"\s*(?:/\s*(?:0?1|một)?\s*lần|(?:0?1|một) lần)", _ANY_CASE)
# A number behind these words is a date or the number of a clause or a text.
_NO_QUANTITY = re.compile(r"(ngày|tháng|năm|số|điều|khoản|điểm|quý|lần thứ)\s*$", _ANY_CASE)
_BEFORE = 28


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit: `sense` is least, most, every or plain; `low`: where the text gives a range."""

    value: int
    unit: str
    sense: str
    low: int | None
    words: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Period:
    """How long until something is done again, in months or in days, and the words that say it."""

    value: int
    unit: str
    words: str
    start: int
    end: int


def quantities_of(text: str) -> list[Quantity]:
    """Return the quantities of a clause in their order; dates and numbers of documents are none."""
    plain = nfc(text)
    found = []
    for match in _QUANTITY.finditer(plain):
        before = plain[max(0, match.start() - _BEFORE) : match.start()]
        after = plain[match.end() : match.end() + 14]
        if _NO_QUANTITY.search(before) or _is_date(match, after):
            continue
        low = int(match["low"]) if match["low"] else None
        found.append(
            Quantity(
                _number(match["number"]),
                _UNIT_OF[match["unit"].lower()],
                _sense(before, after, match["unit"]),
                low,
                match.group(),
                match.start(),
                match.end(),
            )
        )
    return found


def _is_date(match: re.Match[str], after: str) -> bool:
    unit = match["unit"].lower()
    return unit in ("năm", "tháng", "ngày") and bool(re.match(r"\s*\d", after))


def _number(written: str) -> int:
    digits = re.match(r"\d+", written)
    return int(digits.group()) if digits else _WORDS.get(written.lower(), _FIVE)


def _sense(before: str, after: str, unit: str) -> str:
    is_time = _UNIT_OF[unit.lower()] in _MONTHS or _UNIT_OF[unit.lower()] in _DAYS
    if is_time and (_EVERY.search(before) or _ONCE.match(after)):
        return "every"
    least = list(_LEAST.finditer(before))
    most = list(_MOST.finditer(before))
    if re.match(r"\s*trở lên", after):
        return "least"
    if least and (not most or least[-1].start() > most[-1].start()):
        return "least"
    return "most" if most else "plain"


_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAYS = {"day": 1, "week": 7}
_NAMED = {
    "ngày": ("day", 1),
    "tuần": ("day", 7),
    "tháng": ("month", 1),
    "quý": ("month", 3),
    "năm": ("month", 12),
}
_EACH = re.compile(
    rf"(?:hằng|hàng|mỗi) (?P<each>ngày|tuần|tháng|quý|năm){_END}"
    r"|(?<!\d )(?<!\d)(?P<each2>tuần|tháng|quý|năm) (?:một|0?1) lần",
    _ANY_CASE,
)
_TIMES = re.compile(
    rf"{_NUMBER} lần\s*(?:/|trong|mỗi|một|trên)\s*(?:một |0?1 |mỗi )?"
    rf"(?P<each>ngày|tuần|tháng|quý|năm){_END}(?!\s*\d)",
    _ANY_CASE,
)
_HALF = re.compile(r"(?:0?6|sáu) tháng (?:đầu năm|cuối năm)|báo cáo 0?6 tháng", _ANY_CASE)
_LIMIT = re.compile(r"(không quá|quá|tối đa)\W+$", _ANY_CASE)


def periods_of(text: str) -> list[Period]:
    """Return the periods that a clause names, in the order of the text."""
    plain = nfc(text)
    return sorted(_periods(plain), key=lambda one: one.start)


def _periods(plain: str) -> Iterator[Period]:
    for one in quantities_of(plain):
        if one.sense == "every" and one.unit in _MONTHS:
            yield Period(one.value * _MONTHS[one.unit], "month", one.words, one.start, one.end)
        elif one.sense == "every" and one.unit in _DAYS:
            yield Period(one.value * _DAYS[one.unit], "day", one.words, one.start, one.end)
    for match in _TIMES.finditer(plain):
        unit, length = _NAMED[match["each"].lower()]
        count = _number(match["number"])
        if count and length % count == 0 and not _LIMIT.search(plain[: match.start()][-14:]):
            yield Period(length // count, unit, match.group(), match.start(), match.end())
    for match in _EACH.finditer(plain):
        unit, length = _NAMED[(match["each"] or match["each2"]).lower()]
        yield Period(length, unit, match.group(), match.start(), match.end())
    for match in _HALF.finditer(plain):
        yield Period(6, "month", match.group(), match.start(), match.end())


_CODES = {("day", 7): "weekly", ("month", 1): "monthly", ("month", 3): "quarterly", ("month", 6): "6-monthly",
          ("month", 12): "yearly"}  # fmt: skip
_QUARTER_END = re.compile(r"tháng cuối quý|cuối mỗi quý|(định kỳ|báo cáo) quý", _ANY_CASE)
_TWO_DAYS = re.compile(
    r"ngày \d{1,2}/\d{1,2} và (?:trước )?(?:ngày )?\d{1,2}/\d{1,2}(?!/)", _ANY_CASE
)
_YEAR = re.compile(r"báo cáo năm|năm một lần", _ANY_CASE)


def frequency_of(text: str) -> str:
    """Return how often a clause asks: weekly, monthly, quarterly, 6-monthly, yearly; empty where it names none."""
    plain = nfc(text)
    if _QUARTER_END.search(plain):
        return "quarterly"
    if _TWO_DAYS.search(plain):
        return "6-monthly"
    codes = [
        _CODES[one.unit, one.value] for one in periods_of(plain) if (one.unit, one.value) in _CODES
    ]
    if codes:
        return min(codes, key=list(_CODES.values()).index)
    return "yearly" if _YEAR.search(plain) else ""
