"""Lines that belong to the page, the gazette, the signature software or a web page, not to the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_PAGE = re.compile(r"[-–—\[( ]{0,3}([1-9]\d{0,3})[-–—\]) ]{0,3}$")
_PAGE_WORD = re.compile(r"(?:Trang|trang|Page|Tr\.)\s*(\d{1,4})(?:\s*(?:/|trên|of)\s*\d{1,4})?\.?$")
_RULE = re.compile(r"[\s\-_=*~.·…—–+#|]+$")
_GAZETTE = re.compile(
    r"(?:\d{1,4} )?CÔNG BÁO(?:(?:/| ).{0,80})?$|(?:\d{1,4} )?CÔNG BÁO/.{0,120}$"
    r"|(?:\d{1,4} )?Công báo số .{0,80}$"
)
_GAZETTE_PART = re.compile(r"/?Số \d+(?: \+ \d+)*/?Ngày \d{1,2}-\d{1,2}-\d{4}(?: \d{1,4})?$")
_CONTENTS = re.compile(r"(?:\. ?){4,}\s*\d{1,4}$|…{2,}\.*\s*\d{1,4}$|_{4,}\s*\d{1,4}$")
_SIGNATURE = re.compile(
    r"đã ký lên văn bản này|^(?:Người ký|Ký bởi|Được ký bởi|Signed by|Digitally signed)\s*:|"
    r"^(?:Thời gian ký|Ngày ký|Giờ ký|Signing time)\s*:\s*\d|"
    r"^(?:Cơ quan|Email|Chức vụ|Đơn vị)\s*:\s*\S*(?:@|Ủy ban|Sở |Bộ |Văn phòng|UBND)|"
    r"^PHIÊN BẢN THỬ NGHIỆM$|^BAN CƠ YẾU CHÍNH PHỦ -|^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d|"
    r"(?:Phone|ĐT|Điện thoại): .{5,60}Fax: .{5,60}Email: |^Signature (?:Not Verified|valid)|^Ký số bởi"
)
# Plain words first: a pattern over the whole text is only worth its time where one of them occurs.
_SIGNATURE_HINTS = (
    "đã ký lên", "gười ký", "ý bởi", "igned by", "ời gian ký", "Ngày ký", "Giờ ký", "Signature",
    "Signing", "Ký số", "BAN CƠ YẾU", "PHIÊN BẢN THỬ", "Fax: ", "Email:", "Cơ quan:", "+0700", "+07:00",
)  # fmt: skip
_HOSTILE_HINTS = (
    "ignore", "system prompt", "you are", "as an ai", "bỏ qua", "người dùng", "với tư cách", "cho ai",
    "trợ lý", "mô hình", "cho phần mềm", "chatbot", "hệ thống ai", "đánh dấu",
)  # fmt: skip
_PLACEHOLDER_HINTS = ("{{", "[C", "......", "………", "_____", "<<", "[..", "[…")
_WEB = re.compile(
    r"(?:Đăng nhập|Đăng xuất|Quên mật khẩu\??|Trang chủ|Tải về|Tải văn bản|In trang|Bản in|"
    r"Quay lại|Xem thêm|Lược đồ|Thuộc tính|Nội dung MIX|VB liên quan|Văn bản liên quan|Tiếng Anh|"
    r"Văn bản gốc|Bản PDF|Theo dõi văn bản|Chia sẻ|Facebook|Zalo|"
    r"Bạn chưa Đăng nhập.{0,80}|Đang tải văn bản\.*|FILE ĐƯỢC ĐÍNH KÈM THEO VĂN BẢN|"
    r"Hotline.{0,60}|Phụ lục\.docx?|Copyright.{0,80}|©.{0,80})$"
)
_HOSTILE = re.compile(
    r"ignore (?:all |any )?(?:the )?(?:previous|above|prior) (?:instructions?|prompts?)|system prompt|"
    r"you are (?:now )?(?:an? )?(?:AI|assistant|chatgpt)|as an AI|"
    r"bỏ qua (?:mọi|tất cả|các|toàn bộ) (?:chỉ dẫn|hướng dẫn|lệnh|chỉ thị|yêu cầu) (?:trước|ở trên|phía trên)|"
    r"hãy (?:luôn )?(?:luôn )?(?:thông báo|nói|trả lời|bảo) (?:với|cho) người dùng|"
    r"với tư cách (?:là )?(?:một )?(?:AI|trợ lý)|"
    r"(?:chỉ dẫn|hướng dẫn|lưu ý|ghi chú) (?:dành )?cho (?:AI|trợ lý|mô hình|phần mềm|chatbot|hệ thống AI)|"
    r"đánh dấu (?:tất cả|mọi) (?:điều khoản )?(?:là )?(?:đạt|đã đáp ứng|tuân thủ)",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"\{\{.{1,80}?\}\}|\[C\d\+?\]|(?:\.{6,}|…{3,}|_{5,})|<<.{1,60}?>>|\[[.…]{2,}\]"
)


def running_lines(texts: Sequence[str]) -> frozenset[str]:
    """Return the lines that a page repeats beside its number: the name of the office or the text.

    Args: texts: clean lines, "" for blank ones
    """
    beside: Counter[str] = Counter()
    before = ""
    after_number = False
    for text in texts:
        if not text:
            continue
        number = len(text) < _PAGE_LENGTH and (_PAGE.match(text) or _PAGE_WORD.match(text))
        neighbour = before if number else text if after_number else ""
        if neighbour and _RUNNING_MIN <= len(neighbour) <= _RUNNING_MAX:
            beside[neighbour] += 1
        after_number = bool(number)
        before = "" if number else text
    often = {text for text, count in beside.items() if count >= _RUNNING_OFTEN}
    if not often:
        return frozenset()
    whole = Counter(text for text in texts if text in often)
    return frozenset(text for text in often if beside[text] + 1 >= whole[text])


def first_of_web(text: str) -> bool:
    """Say whether a line may be a link of a web page by its first letter; a cheap first look."""
    return text[0] in "ĐQTIBLXNVCFZMHPC©"


_PAGE_LENGTH = 16
_RUNNING_MIN, _RUNNING_MAX = 8, 110
_RUNNING_OFTEN = 3


class Furniture:
    """Names the lines of one text that are furniture; costly patterns run only where a hint is present."""

    def __init__(self, whole: str) -> None:
        self._gazette = "CÔNG BÁO" in whole or "Công báo số" in whole
        self._contents = "...." in whole or "……" in whole or ". . ." in whole or "____" in whole
        self._signature = any(hint in whole for hint in _SIGNATURE_HINTS)
        lower = whole.lower()
        self.hostile = any(hint in lower for hint in _HOSTILE_HINTS)
        self.placeholder = any(hint in whole for hint in _PLACEHOLDER_HINTS)

    def reason(self, text: str) -> str | None:
        """Return why a clean line is furniture, or None when it is text."""
        first = text[0]
        if not first.isalpha():
            if _PAGE.match(text) and not ("19" <= text[:2] <= "20" and len(text) == 4):
                return "page-number"
            # A lone bar is what is left of the cell of a table on a web page.
            if _RULE.match(text) and (len(text) > 1 or text in "|*"):
                return "separator"
        elif first in "TtP" and _PAGE_WORD.match(text):
            return "page-number"
        if self._gazette and (_GAZETTE.match(text) or _GAZETTE_PART.match(text)):
            return "gazette"
        return self._rare(text)

    def _rare(self, text: str) -> str | None:
        if self._contents and text.upper() == "MỤC LỤC":
            return "contents"
        if self._contents and text[-1].isdecimal() and _CONTENTS.search(text):
            return "contents"
        if self._signature and _SIGNATURE.search(text):
            return "signature-residue"
        if first_of_web(text) and len(text) < 90 and _WEB.match(text):
            return "web"
        return None

    def is_hostile(self, text: str) -> bool:
        """Say whether a line is worded as an instruction to software."""
        return self.hostile and _HOSTILE.search(text) is not None

    def placeholder_in(self, text: str) -> str | None:
        """Return the first placeholder of a line, or None."""
        match = _PLACEHOLDER.search(text) if self.placeholder else None
        return match.group() if match else None
