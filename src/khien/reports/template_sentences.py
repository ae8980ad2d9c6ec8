"""What is wrong with a unit's own template, in words that name the placeholder."""

from __future__ import annotations

from collections.abc import Mapping

from khien.kernel.language import Text

_SENTENCES: Mapping[str, Text] = {
    "name": Text(
        "Không có chỗ điền «{about}»; xem danh sách chỗ điền trong hướng dẫn.",
        "There is no placeholder «{about}»; the guide lists those there are.",
    ),
    "block": Text(
        "«{about}» là cả đoạn văn: viết {{{{p {about} }}}} trong một đoạn riêng.",
        "«{about}» is whole paragraphs: write {{{{p {about} }}}} in a paragraph of its own.",
    ),
    "not_a_list": Text(
        "«{about}» không phải danh sách nên không lặp được.",
        "«{about}» is no list, so it cannot be looped over.",
    ),
    "filter": Text("Không dùng được bộ lọc «{about}».", "The filter «{about}» may not be used."),
    "test": Text("Không dùng được phép thử «{about}».", "The test «{about}» may not be used."),
    "statement": Text(
        "Mẫu chỉ được có chỗ điền, if và for; không được có «{about}».",
        "A template holds placeholders, if and for only; «{about}» may not stand in it.",
    ),
    "syntax": Text("Viết chưa đúng gần «{about}».", "Something is miswritten near «{about}»."),
    "too_long": Text(
        "Điền mẫu mất quá lâu hoặc ra tệp quá lớn.",
        "Filling the template takes too long or makes too large a file.",
    ),
    "too_large": Text(
        "Tệp mẫu quá lớn (nhiều nhất 5 MB). {about}",
        "The template is too large (at most 5 MB). {about}",
    ),
    "no_document": Text(
        "Tệp không phải tài liệu Word (.docx) đọc được. {about}",
        "The file is no Word document (.docx) that can be read. {about}",
    ),
    "active": Text(
        "Tệp có macro, đối tượng nhúng hoặc thành phần chạy được («{about}»); bỏ đi rồi lưu lại.",
        "The file holds macros, embedded objects or parts that run («{about}»); take them out.",
    ),
    "external": Text(
        "Tệp lấy nội dung từ nơi khác («{about}»); chỉ được có liên kết trang web và thư điện tử.",
        "The file takes content from elsewhere («{about}»); only links to pages and mail may stand.",
    ),
    "field": Text(
        "Tệp có trường «{about}»; chỉ được có trường số trang và tham chiếu trong tệp.",
        "The file has the field «{about}»; only page numbers and references inside may stand.",
    ),
    "entities": Text(
        "Phần «{about}» của tệp khai báo thực thể XML.",
        "Part «{about}» of the file declares XML entities.",
    ),
}


def said_problem(kind: str, about: str) -> Text:
    """Return a problem of a template in words."""
    return _SENTENCES[kind].fill({"about": about})
