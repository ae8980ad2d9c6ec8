"""Texts of made-up communes that the tests bring in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from khien.adoption.models import ImportedText
from khien.kernel.canonical import sha256_hex
from khien.org.models import Unit

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)

COMMUNE = """ỦY BAN NHÂN DÂN
XÃ AN BÌNH
Số: 41/QĐ-UBND
An Bình, ngày 03 tháng 8 năm 2026
QUYẾT ĐỊNH
Ban hành Quy chế bảo đảm an ninh mạng của Ủy ban nhân dân xã An Bình
Điều 1. Ban hành kèm theo Quyết định này Quy chế bảo đảm an ninh mạng của Ủy ban nhân dân xã An Bình.
Điều 2. Quyết định này có hiệu lực kể từ ngày 01/9/2026.
QUY CHẾ
Bảo đảm an ninh mạng của Ủy ban nhân dân xã An Bình
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
Quy chế này quy định các biện pháp bảo đảm an ninh mạng tại Ủy ban nhân dân xã.
Điều 2. Giải thích từ ngữ
1. Máy trạm là máy tính để bàn hoặc xách tay do xã trang bị cho cán bộ làm việc.
Chương II
BIỆN PHÁP BẢO ĐẢM AN NINH MẠNG
Điều 4. Tài khoản và mật khẩu
1. Mỗi cán bộ chỉ được cấp một tài khoản riêng, không dùng chung với người khác.
2. Mật khẩu dài ít nhất 12 ký tự, gồm chữ hoa, chữ thường, chữ số và ký tự đặc biệt.
3. Cán bộ phải đổi mật khẩu 02 tháng/lần.
4. Phần mềm một cửa tự khóa tài khoản khi nhập sai mật khẩu quá 03 lần liên tiếp.
Điều 5. Máy trạm
1. Máy trạm tự khóa màn hình khi không sử dụng quá 05 phút và yêu cầu nhập lại mật khẩu.
2. Toàn bộ máy trạm của xã phải được cài phần mềm diệt vi rút có bản quyền.
Chương III
TỔ CHỨC THỰC HIỆN
Điều 10. Chế độ báo cáo
1. Trước ngày 15 của tháng cuối quý, công chức phụ trách báo cáo tình hình an ninh mạng về Sở Khoa học và Công nghệ.
2. Ủy ban nhân dân xã gửi báo cáo năm về Công an tỉnh trước ngày 05/12.
Điều 11. Tổ chức thực hiện
1. Hằng năm, Văn phòng xã tổ chức tập huấn kỹ năng nhận diện lừa đảo trực tuyến cho cán bộ, công chức.
2. Văn phòng xã chăm sóc cây cảnh và vệ sinh khuôn viên trụ sở vào thứ sáu.
"""


def imported(
    unit: Unit, code: str = "xa-an-binh", source: str = COMMUNE, **more: Any
) -> ImportedText:
    """Bring a text in as the importing does, without its pages."""
    digest = sha256_hex(source.encode())
    values: dict[str, Any] = {
        "file_name": f"{code}.txt", "file_sha256": digest, "source": source, "source_sha256": digest,
        "made_at": NOW, "made_by": "an", "changed_at": NOW, "changed_by": "an",
    }  # fmt: skip
    return ImportedText.objects.create(unit=unit, code=code, **(values | more))


def long_source(articles: int, chapters: int = 10) -> str:
    """Return a text of many articles, each with two clauses."""
    lines = ["QUY CHẾ", "Bảo đảm an ninh mạng"]
    for number in range(1, articles + 1):
        if (number - 1) % max(1, articles // chapters) == 0:
            lines += [
                f"Chương {_roman(1 + (number - 1) // max(1, articles // chapters))}",
                "BIỆN PHÁP",
            ]
        lines.append(f"Điều {number}. Mật khẩu và tài khoản {number}")
        lines.append(f"1. Mật khẩu của hệ thống {number} dài ít nhất {8 + number % 9} ký tự.")
        lines.append(
            f"2. Bộ phận {number} sao lưu dữ liệu ít nhất 01 lần/tuần và lưu nhật ký {number} tháng."
        )
    return "\n".join(lines) + "\n"


def _roman(number: int) -> str:
    found = ""
    for sign, value in (("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1)):
        while number >= value:
            found, number = found + sign, number - value
    return found
