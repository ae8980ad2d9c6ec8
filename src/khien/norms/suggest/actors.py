"""Who must act: named before the first verb of a clause, or in the title above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from khien.kernel.vietnamese import nfc

_HEADS = (
    "cán bộ", "công chức", "viên chức", "nhân viên", "người sử dụng", "người dùng", "người đứng đầu",
    "người lao động", "người quản trị", "người phát hiện", "người được giao", "quản trị viên", "cá nhân",
    "tổ chức(?=,| cung cấp| sử dụng| vận hành| tham gia| chính trị)", "cơ quan", "đơn vị",
    "phòng(?! chống| máy| ngừa| cháy| bệnh| khám)", "văn phòng", "ban(?! hành)", "sở", "ủy ban nhân dân",
    "uỷ ban nhân dân", "ubnd", "hội đồng", "hđnd", "công an", "trung tâm(?! dữ liệu)", "thủ trưởng",
    "trưởng", "phó", "chánh", "giám đốc", "tổng giám đốc", "chủ tịch", "lãnh đạo", "hiệu trưởng",
    "nhà trường", "trường(?! hợp)", "giáo viên", "học sinh", "học viên",
    "bên (?:phát triển|cung cấp|thuê|nhận|thứ ba)", "nhà cung cấp", "nhà thầu", "doanh nghiệp",
    "đơn vị cung cấp", "bộ phận", "bộ(?= [A-ZĐ])", "chủ quản", "chủ đầu tư", "đội", "tổ(?! chức)",
    "khoa(?! học)", "bệnh viện", "trạm y tế", "xã", "phường", "viện", "cục", "chi cục", "thanh tra",
    "kế toán", "văn thư", "bác sĩ", "điều dưỡng", "các bên", "toàn thể", "thành viên", "viễn thông",
)  # fmt: skip
_VERBS = (
    "phải", "có trách nhiệm", "không được", "không tự ý", "không", "chịu trách nhiệm", "cần", "thực hiện",
    "chủ trì", "tổ chức", "xây dựng", "ban hành", "chịu", "lập", "báo cáo", "thông báo", "gửi", "bố trí",
    "phân công", "cử", "kiểm tra", "rà soát", "quét", "rà quét", "sao lưu", "đổi", "thay đổi", "khóa",
    "cập nhật", "cài đặt", "quản lý", "giám sát", "theo dõi", "tham mưu", "phối hợp", "hướng dẫn",
    "phổ biến", "đánh giá", "phân loại", "được", "chỉ được", "tự", "cung cấp", "bảo đảm", "đảm bảo",
    "tham gia", "trực tiếp", "tiếp nhận", "nghiêm túc", "triển khai", "mở", "lắp", "thu", "xác nhận", "vá",
    "duy trì", "ghi", "lưu", "mã hóa", "trình", "phê duyệt", "ký", "sử dụng", "xử lý", "thử", "căn cứ",
    "đề nghị", "yêu cầu", "khi", "chăm sóc", "thẩm định", "nghiên cứu", "đăng ký", "bàn giao", "làm",
    "kết nối", "niêm yết", "chuẩn bị", "quyết toán", "thanh toán", "họp", "giao", "nộp", "hỗ trợ",
    "giúp", "công bố", "xác định", "thường xuyên", "tắt", "bật", "gọi", "báo", "đưa",
)  # fmt: skip
# Words of duty that leave no doubt where the name ends; the others may belong to it ("cán bộ quản lý phải …").
_DUTIES = "phải|có trách nhiệm|không được|không tự ý|chịu trách nhiệm|cần|chỉ được|được cấp"
_HEAD = "|".join(_HEADS)
_VERB = "|".join(sorted(_VERBS, key=len, reverse=True))
# What may stand before the actor: when, how often, in which case.
_WHEN = re.compile(
    r"^\s*(?:-\s*)?(?:Khi|Trước|Sau|Trong|Hằng|Hàng|Định kỳ|Mỗi (?:tuần|tháng|quý|năm|ngày)|Chậm nhất|"
    r"Trường hợp|Nếu|Căn cứ|Theo|Đối với|Ngay|Tùy|Đồng thời)(?![^\W\d_])"
)
_AFTER_COMMA, _WHEN_MAX = re.compile(r",\s*"), 250
_NAME = (
    r"^\s*(?:-\s*)?(?P<name>(?:(?:mỗi|các|mọi|tất cả|toàn thể|những|từng)\s+)*"
    rf"(?:{_HEAD})(?![^\W\d_])"
)
_SUBJECTS = (
    re.compile(rf"{_NAME}[^.;:]{{0,60}}?)\s+(?:{_DUTIES})(?![^\W\d_])", re.IGNORECASE),
    re.compile(rf"{_NAME}[^.;:]{{0,110}}?)\s+(?:{_VERB})(?![^\W\d_])", re.IGNORECASE),
    re.compile(rf"{_NAME}[^.;:,]{{0,60}}?):\s", re.IGNORECASE),
)
# "X là cơ quan …" says what X is and asks nothing of it.
_DEFINES = re.compile(r"\s(?:là|được hiểu|để|trong vòng|sau|trước)(?:\s|$)")
_TITLE = re.compile(r"[Tt]rách nhiệm (?:của |cụ thể của )?([^.;:]{3,140})")
_ONLY_NAME = re.compile(rf"^\s*(?:các\s+)?(?:{_HEAD})(?![^\W\d_])[^.;:]{{0,80}}$", re.IGNORECASE)
_NAME_SYLLABLES_MAX = 14


def actor_of(text: str, above: Sequence[str] = ()) -> str:
    """Return who must act, in the words of the text; empty where neither clause nor title names anybody.

    Args: above: the titles above the clause, nearest first
    """
    named = _subject(nfc(text))
    return named or next((name for title in above if (name := _titled(title))), "")


def _subject(plain: str) -> str:
    starts = [0]
    if _WHEN.match(plain):
        starts = [found.end() for found in _AFTER_COMMA.finditer(plain, 0, _WHEN_MAX)]
    for start in starts:
        for pattern in _SUBJECTS:
            found = pattern.match(plain[start:])
            if found and _is_name(found["name"]):
                return found["name"].strip(" ,-")
    return ""


def _is_name(said: str) -> bool:
    return not _DEFINES.search(said) and not said.endswith(" và")


@lru_cache(maxsize=512)
def _titled(title: str) -> str:
    plain = nfc(title).strip()
    found = _TITLE.search(plain)
    if found:
        return re.sub(r" (?:có trách nhiệm|như sau).*$", "", found[1]).strip(" .:,")
    if _ONLY_NAME.match(plain) and len(plain.split()) <= _NAME_SYLLABLES_MAX:
        return plain.strip(" .:,")
    return _subject(plain) if plain.endswith(":") else ""
