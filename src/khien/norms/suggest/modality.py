"""What a clause asks: must, must not, should, or only says what something is; and which words say so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from khien.norms.suggest.words import words

MUST, MUST_NOT, SHOULD, INFO = "must", "must_not", "should", "info"
# A ban that comes later than this many letters into a clause is a limit of something else that is asked; one in
# words that leave no doubt may come later, behind a long name of those it binds.
_BAN_NEAR, _SURE_BAN_NEAR = 60, 140
_SURE_BAN = re.compile(r" (nghiêm cấm|tuyệt đối không|không được( phép)?|không tự ý) ")

_ABOVE = (
    (
        INFO,
        re.compile(
            r" (giải thích từ ngữ|phạm vi điều chỉnh|đối tượng áp dụng|hiệu lực thi hành|phạm vi áp dụng) "
        ),
    ),
    (
        MUST_NOT,
        re.compile(
            r" (hành vi (bị )?nghiêm cấm|hành vi bị cấm|các hành vi cấm|những việc không được làm) "
        ),
    ),
)
_INFO = (
    re.compile(r"^.{0,200} (có hiệu lực (thi hành )?(kể )?từ|thay thế (quyết định|quy chế)) "),
    re.compile(r"^ (quy chế|quy định|kế hoạch|quyết định|nội quy) này (được )?(quy định|áp dụng) "),
    re.compile(r"^ (ban hành|phê duyệt) (kèm )?theo quyết định này "),
    re.compile(r"^ ban hành quy (chế|định) .{0,200} kèm theo quyết định này "),
    re.compile(r"^ (đối với )?(các|những) nội dung (khác|không) .{0,200} thực hiện theo "),
    re.compile(r"^ (phân nhóm|phân loại) .{0,80} (bao gồm|gồm|như sau) $"),
    re.compile(
        r"^ (thấp|trung bình|cao|khẩn cấp|nghiêm trọng|thông thường|mức \w+( \w+)?) (là )?"
        r"(sự cố|rủi ro|điểm yếu) "
    ),
    re.compile(r"^ khi .{0,80} (có|phát hiện|xảy ra) .{0,300} (thực hiện các bước|bao gồm các bước|gồm các bước)"),
    re.compile(r" không chịu trách nhiệm (về|đối với) (những )?thiệt hại "),
    re.compile(r" (từ ngữ|thuật ngữ|khái niệm) .{0,60} (hiểu|giải thích) "),
    re.compile(
        r"^ (?!.{0,80} (phải|không được|giao) ).{3,60} là (việc|tập hợp|quá trình|hệ thống|thư|máy|phần mềm"
        r"|hành vi|mạng|thiết bị|sự|khả năng|dữ liệu|thông tin|mã|tệp) (?!phải )"
    ),
    re.compile(r" (được hiểu là|sau đây (viết tắt|gọi tắt) là) "),
    re.compile(r"^ nhiệm vụ quản lý .{0,400} thực hiện theo "),
)  # fmt: skip
_SHOULD = re.compile(
    r"^ (ưu tiên|khuyến khích|khuyến nghị|nên|có thể) "
    r"| (khuyến khích|nên xem xét|cần cân nhắc|có thể chấp nhận) "
    r"|^ (?!.{0,60} phải ).{3,60} nên (?!phải |khi |không |việc )"
)
_DOINGS = "sử dụng|chia sẻ|lưu|cài|truy cập|trao đổi|soạn|kết nối|cung cấp|mở|gửi|tiết lộ|cho mượn|đặt|tải|in|để"
_BAN = re.compile(
    r"^ không (?!còn |chỉ |ngừng )"
    rf"| (nghiêm cấm|tuyệt đối không|không được( phép)?|không tự ý|cấm|không ({_DOINGS})) "
)
_DUTY = re.compile(r" (phải|có trách nhiệm|cần) ")
_NOT_A_BAN = re.compile(r" (không còn|nếu không|khi không|trong trường hợp không) ")


@dataclass(frozen=True, slots=True)
class Modality:
    """What a clause asks, and the words that say so; none where it is the ordinary duty.

    is_by_title: the words stand in a title above the clause
    """

    code: str
    words: str = ""
    is_by_title: bool = False


def modality_of(text: str, above: Sequence[str] = ()) -> Modality:
    """Return what a clause asks.

    Args: text: the clause, above: the titles above it, nearest first, as they stand in the text
    """
    clause = words(text)
    over = " ".join(words(title) for title in above)
    for code, pattern in _ABOVE:
        if found := pattern.search(over):
            return Modality(code, found.group().strip(), is_by_title=True)
    for pattern in _INFO:
        if found := pattern.search(clause):
            return Modality(INFO, found.group().strip()[:80])
    if found := _SHOULD.search(clause):
        return Modality(SHOULD, found.group().strip())
    ban = _BAN.search(clause)
    if ban and _is_main(clause, ban):
        return Modality(MUST_NOT, ban.group().strip())
    duty = _DUTY.search(clause)
    return Modality(MUST, duty.group().strip() if duty else "")


def _is_main(clause: str, ban: re.Match[str]) -> bool:
    """Say whether a ban is what the clause is about, not a limit of a duty that it asks first."""
    before = clause[: ban.start() + 1]
    if _NOT_A_BAN.search(clause[max(0, ban.start() - 12) : ban.end()]):
        return False
    is_plain = bool(_SURE_BAN.search(ban.group())) or not ban.start()
    if not is_plain and _DUTY.search(clause[ban.end() - 1 :]):
        # "Tài khoản không sử dụng phải bị khóa": the ban names what the duty is about.
        return False
    near = _SURE_BAN_NEAR if is_plain else _BAN_NEAR
    return ban.start() < near and not _DUTY.search(before)
