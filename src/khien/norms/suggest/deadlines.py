"""Deadlines of a clause in the text's own sense, and the days they mean where the text gives them."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from khien.kernel.vietnamese import nfc

_DAY = r"(?P<day>\d{1,2})\s?[/-]\s?(?P<month>\d{1,2})(?:\s?[/-]\s?(?P<year>\d{4}))?"
_SPELLED_DAY = r"(?P<day>\d{1,2}) tháng (?P<month>\d{1,2})(?: năm (?P<year>\d{4}))?"
_SPELLED = r"(?: \([^)]*\))?"
_DOINGS = "báo cáo|báo|thông báo|báo tin|gọi|phản hồi|thay đổi|đổi|xử lý|ngắt|khóa|thu hồi|khắc phục|hủy|gỡ bỏ"
_AT_ONCE = (
    rf"ngay lập tức|lập tức|(?:{_DOINGS}) ngay|ngay khi|ngay sau khi|ngay từ thời điểm|ngay từ khi"
    r"|ngay tại thời điểm|ngay trong|kịp thời|báo cáo khẩn cấp|nhanh chóng|trong ngày"
)
_IN = r"(?:trong|chậm nhất|không quá|muộn nhất)(?: vòng| thời hạn| thời gian| là| sau)*"
_OF_PERIOD = (
    "tháng cuối quý|tháng sau|tháng đầu quý|tháng cuối của quý|hằng tháng|hàng tháng|mỗi tháng"
)
_USES = "vận hành|sử dụng|nghiệm thu|triển khai|thanh lý|giao việc|kết nối"
_PATTERNS = (
    ("before_of_period", rf"trước ngày (?P<day>\d{{1,2}}) (?:của )?(?P<which>{_OF_PERIOD})"),
    (
        "before",
        rf"trước ngày {_DAY}(?: và (?:trước )?(?:ngày )?(?P<day2>\d{{1,2}})/(?P<month2>\d{{1,2}}))?",
    ),
    ("before", rf"trước ngày {_SPELLED_DAY}"),
    ("before", rf"trước (?:ngày )?{_DAY}"),
    (
        "within_month",
        r"(?:trong|vào|trước) tháng (?P<month>\d{1,2})(?:(?:/| năm )(?P<year>\d{4}))?",
    ),
    (
        "by_quarter",
        r"(?:trong |vào )?quý (?P<quarter>IV|I{1,3}|[1-4])(?:/| năm |/năm )(?P<year>\d{4})",
    ),
    (
        "by",
        rf"(?:chậm nhất|hoàn thành|xong|muộn nhất|hạn cuối)(?: vào| trong| trước| là)?(?: ngày)? {_DAY}",
    ),
    ("by_year_end", r"(?:trong|hết|trước khi hết) năm (?P<year>\d{4})"),
    (
        "within_minutes",
        rf"{_IN} (?P<minutes>\d{{1,3}}){_SPELLED} phút(?= kể| sau| từ|[.;,]|$)",
    ),
    ("within_hours", rf"{_IN} (?P<hours>\d{{1,3}}){_SPELLED}(?: giờ| tiếng|h\b)"),
    ("within_working_days", rf"{_IN} (?P<days>\d{{1,3}}){_SPELLED} ngày làm việc"),
    ("within_days", rf"{_IN} (?P<days>\d{{1,3}}){_SPELLED} ngày"),
    (
        "within_months",
        rf"(?:chậm nhất|trong (?:vòng|thời hạn))(?: là| sau)? (?P<months>\d{{1,3}}){_SPELLED} tháng",
    ),
    ("at_once", rf"\b(?:{_AT_ONCE})\b"),
    ("before_event", rf"trước khi (?:đưa vào (?:sử dụng|vận hành|khai thác)|{_USES})"),
    ("on_request", r"khi có yêu cầu|khi được yêu cầu|theo yêu cầu"),
)
_DEADLINES = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS)
_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_MONTHS_OF_YEAR = 12


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline in the text's sense: its kind, the numbers in it, and the words that say it."""

    kind: str
    numbers: dict[str, str]
    words: str

    @property
    def day(self) -> date | None:
        """Return the last day that is allowed or named, where the text gives one with its year."""
        number = {name: int(n) for name, n in self.numbers.items() if n.isdecimal()}
        year = number.get("year")
        if year is None:
            return None
        if self.kind == "by_year_end":
            return date(year, 12, 31)
        if self.kind == "by_quarter":
            month = 3 * _QUARTERS[self.numbers["quarter"].upper()]
            return date(year, month, monthrange(year, month)[1])
        month = number.get("month", 0)
        if not 1 <= month <= _MONTHS_OF_YEAR or year < 1:
            return None
        last = monthrange(year, month)[1]
        day = number.get("day", last)
        return date(year, month, day) if 1 <= day <= last else None


def deadlines_of(text: str) -> list[Deadline]:
    """Return the deadlines that a clause names, the most exact first."""
    plain = nfc(text)
    found, taken = list[Deadline](), list[tuple[int, int]]()
    for kind, pattern in _DEADLINES:
        for match in pattern.finditer(plain):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            taken.append(match.span())
            numbers = {name: value for name, value in match.groupdict().items() if value}
            found.append(Deadline(kind, numbers, match.group()))
    return found
