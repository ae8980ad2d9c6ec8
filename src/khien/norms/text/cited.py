"""Finds the names of other texts in a sentence: kind, number, year, date."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from khien.norms.text.dates import ANY_DATE, date_of

_KINDS = (
    r"Văn bản hợp nhất|Bộ luật|Luật|Pháp lệnh|Nghị định|Nghị quyết liên tịch|Nghị quyết|Thông tư liên tịch|"
    r"Thông tư|Quyết định|Chỉ thị|Công văn|Chương trình hành động|Chương trình|Kế hoạch|Tờ trình|Thông báo|"
    r"Công điện|Văn bản|Hướng dẫn|Báo cáo|Quy định|Quy chế|Kết luận|Đề án|Hiến pháp"
)
_NUMBER = (
    r"\d{1,6}[a-zA-Z]?(?:/(?:19|20)\d\d)?/[A-ZĐ][\wĐđ]*(?:[-–][A-ZĐ][\wĐđ.&]*|\.[A-ZĐ]{2,4}(?![\wà-ỹ]))*"
    r"|\d{1,6}[-–][A-ZĐ][\wĐđ]*/[A-ZĐ][\wĐđ]*(?:[-–][A-ZĐ]\w*)*"
)
# The name of a law: it ends before the kind of another text.
_NAME = r"[A-ZĐ](?:(?!,? (?:Nghị|Thông tư|Quyết định|Luật|Bộ luật|Pháp lệnh))[^;:.()“”\d]){2,90}?"
_NUMBERED = re.compile(
    rf"(?:({_KINDS})|(?:Bộ luật|Luật|Pháp lệnh) {_NAME}(?= số))\s*(?:số|Số)?:? ?({_NUMBER})"
    r"(?:(?: của [^,;.\d]{1,60}?)?,? (?:ban hành )?(?=ngày )"
    r"(ngày\s+(?:\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4})))?"
)
_DATED_LAW = re.compile(
    r"(Bộ luật|Luật|Pháp lệnh|Hiến pháp) ((?:[A-ZĐ]|sửa đổi)[^;:.()“”\d]{2,160}?),? "
    r"(?:(ngày\s+(?:\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}))|năm (\d{4}))"
)
_NAMED_LAW = re.compile(
    r"(Bộ luật|Luật|Pháp lệnh) ([A-ZĐ][\wà-ỹ]*(?:,? [\wà-ỹ]+){0,8}?)"
    r"(?=(?:,? (?:và|của|ngày|năm|số|quy định|được|đã|có|thì|này|hiện|về|trong|theo|cho|tại|để|sẽ|do|với|phải|"
    r"không|là|cùng|hoặc|sửa|hết|từ|ban|các)(?![\wà-ỹ]))|,? (?:Luật|Bộ luật|Nghị|Thông|Quyết)|[;.:()“”]|,|$)"
)
_BARE = re.compile(rf"(?:số ?|^|[\s(])({_NUMBER})")
DOCUMENT_HINT = re.compile(
    r"iều \d|iều này|hoản này|[A-ZĐ]-?/|/[A-ZĐ]|Luật|luật |Phụ lục|Mẫu|Biểu|Hiến pháp"
)


@dataclass(frozen=True, slots=True)
class Cited:
    """One text named in a sentence, and where its name starts."""

    start: int
    text: str
    kind: str | None
    number: str | None
    year: int | None
    date: str | None


def cited_texts(text: str) -> list[Cited]:
    """Return the texts a sentence names, in order; each place is read once."""
    found: dict[int, Cited] = {}
    taken = bytearray(len(text) + 1)
    if "/" in text:
        _collect(_NUMBERED, 0, _numbered, text, (found, taken))
        _collect(_BARE, 1, _bare, text, (found, taken))
    if "uật" in text or "Pháp lệnh" in text or "Hiến pháp" in text:
        _collect(_DATED_LAW, 0, _law, text, (found, taken))
        _collect(_NAMED_LAW, 0, _law, text, (found, taken))
    return [found[start] for start in sorted(found)]


def _collect(
    pattern: re.Pattern[str],
    group: int,
    read: Callable[[re.Match[str]], Cited],
    text: str,
    result: tuple[dict[int, Cited], bytearray],
) -> None:
    """Add the matches that start in no earlier match."""
    found, taken = result
    for match in pattern.finditer(text):
        start, end = match.span(group)
        if taken[start]:
            continue
        found[start] = read(match)
        taken[start:end] = b"\1" * (end - start)


def _numbered(match: re.Match[str]) -> Cited:
    number = match[2].replace("–", "-").rstrip(".")
    day = _date(match[3])
    kind = (match[1] or match.group().split(" ", 1)[0]).lower()
    kind = "bộ luật" if kind == "bộ" else "pháp lệnh" if kind == "pháp" else kind
    text = match.group().rstrip(".")
    return Cited(match.start(), text, kind, number, _year(number, day), day)


def _bare(match: re.Match[str]) -> Cited:
    number = match[1].replace("–", "-").rstrip(".")
    return Cited(match.start(1), match[1], None, number, _year(number, None), None)


def _law(match: re.Match[str]) -> Cited:
    dated = match.re is _DATED_LAW
    day = _date(match[3]) if dated else None
    year = int(match[4]) if dated and match[4] else _year("", day)
    return Cited(match.start(), match.group(), match[1].lower(), None, year, day)


def _date(text: str | None) -> str | None:
    match = ANY_DATE.search(text) if text else None
    return date_of(match) if match else None


def _year(number: str, day: str | None) -> int | None:
    match = re.search(r"/((?:19|20)\d\d)/", number)
    if match:
        return int(match[1])
    return int(day[:4]) if day else None
