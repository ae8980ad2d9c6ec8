"""Who gets a report or a notice, and on which form, in the words of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from khien.kernel.vietnamese import nfc

_HEADS = (
    r"[Ss]ở", r"Bộ(?= [A-ZĐ])", r"[ỦU][ỷy] ban nhân dân", "Uỷ ban nhân dân", "UBND",
    "Hội đồng nhân dân", "HĐND",
    "[Cc]ông an", "[Bb]an [Cc]hỉ đạo", "Ban [Gg]iám đốc", "Ban Cơ yếu", "[Vv]ăn phòng", "[Pp]hòng",
    "[Tt]rung [Tt]âm", "[Cc]ục", "[Cc]hi cục", "[Đđ]ội [Ứứ]ng cứu", "[Tt]ổ", "[Cc]hủ tịch", "[Gg]iám đốc",
    "[Hh]iệu trưởng",
    "[Tt]hủ trưởng", "[Ll]ãnh đạo", "[Nn]gười đứng đầu", "[Tt]rưởng", "[Cc]hánh [Vv]ăn phòng", "[Cc]án bộ",
    "[Cc]ông chức", "[Bb]ộ phận", "[Cc]ơ quan", "[Đđ]ơn vị", "[Cc]ấp trên", "[Cc]ấp có thẩm quyền",
    "[Qq]uản trị viên", "[Nn]gười dùng",
)  # fmt: skip
_HEAD = rf"(?:các |những )?(?:{'|'.join(_HEADS)})"
_STOP = (
    "để|theo|trước|trong|chậm|muộn|khi|nếu|đồng thời|bằng|về|kết quả|tình hình|biết|xem|danh|nhằm|phương án|có"
    "|phải|các sự cố|được|cho|từ|ngay|kịp|hồ|nội|việc|định kỳ|hằng|hàng|những|mọi|tổng|đề|qua|thông qua|sau|tại"
    "|tham|tiến|hướng dẫn|sự|vào|đột"
    "|thẩm định|phê duyệt|xử lý|giải quyết|quyết định|hỗ trợ|chỉ đạo|ký|xác nhận|phối hợp"
)
# A name goes on over "và" only to a word with a capital that begins no other name.
_WORD = rf"(?: (?!(?:{_STOP})(?![\wà-ỹ])|và |hoặc )(?:- )?[\wĐđà-ỹ&/]+| và (?!{_HEAD})(?=[A-ZĐ])[\wà-ỹ]+)"
_NAME = rf"{_HEAD}{_WORD}{{0,12}}(?: \((?:qua|thông qua) [^)]{{3,80}}\))?"
# "Để tổng hợp báo cáo …" says what the receiver does with it; "cảnh báo", "quy trình" are other words.
_NOT_BEFORE = ("để ", "để tổng hợp ", "để tổng hợp, ", "[Cc]ảnh ", "[Dd]ự ")
_NO_TRINH = ("[Qq]uy ", "[Cc]hương ", "[Qq]uá ", "[Ll]ộ ", "[Cc]ông ")
_SENDS = (
    "".join(f"(?<!{one})" for one in _NOT_BEFORE)
    + r"(?:[Tt]hông báo|[Bb]áo cáo|[Bb]áo(?! cáo)|[Gg]ửi|[Pp]hản ánh|[Gg]ọi|[Pp]hản hồi|"
    + "".join(f"(?<!{one})" for one in _NO_TRINH)
    + "[Tt]rình)"
)
_HOW = (
    r"(?: ngay(?: lập tức)?| khẩn cấp| khẩn| kịp thời| bằng văn bản| nhanh chóng| trực tiếp| sự cố| định kỳ"
    r"| đột xuất)*"
)
_TO = r"(?:về|đến|tới|cho|lên|với)"
_DIRECT = re.compile(rf"{_SENDS}{_HOW}(?: {_TO})? (?P<name>{_NAME})")
_LATER = re.compile(
    rf"{_SENDS}(?:(?!{_SENDS})[^.;]){{0,170}}? (?:về|đến|tới|cho|lên) (?P<name>{_NAME})"
)
_NEXT = re.compile(
    rf"(?:,| và| hoặc|; đồng thời|, đồng thời)(?: {_SENDS})?(?: {_TO})? (?P<name>{_NAME})"
)
# Where nobody is named as the receiver, whoever asks for the report receives it.
_ASKED = re.compile(
    rf"[Bb]áo cáo[^.;]{{0,120}}? (?:theo (?:yêu cầu|hướng dẫn) của|khi) (?P<name>{_NAME})"
    r"(?= (?:có )?yêu cầu|[.,;]|$)"
)
_SENTENCE = re.compile(r"[^.;]+(?:\.(?=\S)[^.;]*)*")
_FORM = re.compile(
    r"(?P<kind>Phụ lục|Mẫu số|Biểu mẫu số|Biểu mẫu|Biểu số|Mẫu|mẫu số|biểu mẫu số|phụ lục)(?: số)? "
    r"(?P<number>\d{1,3}[A-Za-z]?|[IVX]{1,5})(?![\wà-ỹ/])"
)
# Words that head no name when they stand alone.
_BARE = re.compile(
    r"^(?:các |những )?(?:tổ|phòng|trưởng|cục|sở|cán bộ|người dùng|đơn vị|cơ quan)$", re.IGNORECASE
)


def recipients_of(text: str) -> tuple[str, ...]:
    """Return who gets a report or notice that a clause asks for, as the text names them, in its order."""
    found = dict.fromkeys(
        name for sentence in _SENTENCE.findall(nfc(text)) for name in _named(sentence)
    )
    if not found:
        found = dict.fromkeys(match["name"] for match in _ASKED.finditer(nfc(text)))
    return tuple(found)


def _named(sentence: str) -> Iterator[str]:
    place = 0
    while True:
        match = _DIRECT.search(sentence, place)
        later = _LATER.search(sentence, place)
        if match is None or (later is not None and later.start() < match.start()):
            match = later
        if match is None:
            return
        while match is not None:
            name = match["name"].strip(" -,")
            if not _BARE.match(name):
                yield name
            place = match.end()
            match = _NEXT.match(sentence, place)


def form_of(text: str) -> str:
    """Return the form that a clause names ("Mẫu số 03", "Phụ lục 2"); empty where it names none."""
    found = _FORM.search(nfc(text))
    return found.group() if found else ""
