"""Physical lines: soft wraps, lookalikes inside sentences, page numbers and gaps."""

from __future__ import annotations

import textwrap

from khien.norms.text.parser import parse_text

PAGE = """QUY CHẾ
Quản lý tài khoản mẫu của cơ quan thử nghiệm tại thành phố không có thật

Điều 1. Cấp tài khoản

1. Việc cấp tài khoản cho người mới tuyển dụng tại cơ quan thực hiện theo quy

định tại Điều 7 Nghị định số 13/2099/NĐ-CP và các văn bản có liên quan theo

Điều 7 Nghị định này, kể từ ngày ban hành cho đến hết ngày ba mươi mốt tháng

12. Trường hợp đặc biệt thì thực hiện theo hướng dẫn của các tổ chức chính trị

- xã hội và của cơ quan cấp trên có thẩm quyền trong thời gian thử nghiệm nêu

tại khoản

2. Điều này cùng các quy định khác về bảo đảm an toàn cho người lao động trong

năm

2016. Việc này không áp dụng cho tài khoản đã bị khóa trước thời điểm ban hành.

2. Người được cấp tài khoản phải đổi mật khẩu ngay trong lần đăng nhập đầu tiên

7


và giữ bí mật mật khẩu đó trong suốt thời gian công tác.

Điều 2. Thu hồi tài khoản của người dùng thuộc Sở

Thử nghiệm

Người quản lý thu hồi tài khoản.

Tài khoản bị thu hồi được lưu nhật ký trong thời hạn do người đứng đầu cơ quan

quy định.
"""


def test_wrapped_lines_that_look_like_markers_are_joined_and_noted() -> None:
    document = parse_text(PAGE)
    assert [node.path for node in document.nodes] == [
        "D1", "D1.k1", "D1.k2", "D2", "D2.p1", "D2.p2",
    ]  # fmt: skip
    noted = {item.line for item in document.anomalies if item.code == "soft-wrap-lookalike"}
    assert {10, 12, 14, 18, 22} <= noted


def test_a_page_number_inside_a_sentence_is_taken_out_and_noted() -> None:
    document = parse_text(PAGE)
    clause = document.node("D1.k2")
    assert clause is not None
    assert "đầu tiên và giữ bí mật" in clause.text
    assert (26, "page-number-inside-sentence") in [(a.line, a.code) for a in document.anomalies]


def test_a_title_that_breaks_off_at_a_name_is_completed() -> None:
    node = parse_text(PAGE).node("D2")
    assert node is not None
    assert node.title == "Thu hồi tài khoản của người dùng thuộc Sở Thử nghiệm"


def test_paragraphs_of_a_wrapped_page_end_where_their_line_is_short() -> None:
    document = parse_text(PAGE)
    first, second = document.node("D2.p1"), document.node("D2.p2")
    assert first is not None
    assert second is not None
    assert first.text == "Người quản lý thu hồi tài khoản."
    assert second.text.endswith("cơ quan quy định.")


def test_lines_that_are_whole_paragraphs_are_not_joined() -> None:
    document = parse_text(
        "QUY CHẾ\nMẫu\nĐiều 1. Báo cáo\n1. Đơn vị báo cáo:\nBáo cáo đầu gửi trong 24 giờ.\n"
        "Báo cáo sau gửi trong 72 giờ.\n"
    )
    assert [node.path for node in document.nodes][2:] == ["D1.k1.p1", "D1.k1.p2"]


def test_a_sentence_over_a_markdown_gap_is_joined() -> None:
    document = parse_text(
        "# Kế hoạch thử\n\n## I. NỘI DUNG\n\nPhổ biến quy định mới cho toàn thể người dùng máy "
        "(qua họp\n\n\n\nđơn vị, thư nội bộ).\n"
    )
    assert document.nodes[-1].text.endswith("(qua họp đơn vị, thư nội bộ).")


def test_every_line_followed_by_an_empty_line_changes_nothing() -> None:
    text = "QUY CHẾ\nMẫu\nĐiều 1. A\n1. Một.\na) Máy;\nb) Mạng.\n2. Hai.\n"
    spaced = text.replace("\n", "\n\n")
    assert [n.path for n in parse_text(text).nodes] == [n.path for n in parse_text(spaced).nodes]


def test_old_and_mixed_line_ends_count_as_lines() -> None:
    document = parse_text("Điều 1. A\r\n1. Một.\r2. Hai.\n\x0c3. Ba.\n")
    assert [(n.path, n.line_start) for n in document.nodes] == [
        ("D1", 1), ("D1.k1", 2), ("D1.k2", 3), ("D1.k3", 4),
    ]  # fmt: skip


def test_lines_broken_at_a_column_are_joined_and_their_ends_seen() -> None:
    sentence = (
        "Người quản lý máy mẫu lập sổ theo dõi và cập nhật sổ mỗi khi có thay đổi về người dùng máy"
    )
    body = "\n".join(textwrap.fill(f"{sentence} số {number}.", 48) for number in range(1, 9))
    document = parse_text(f"QUY CHẾ\nMẫu\nĐiều 1. Theo dõi máy\n{body}\n")
    assert [node.text for node in document.nodes][1:] == [
        f"{sentence} số {number}." for number in range(1, 9)
    ]
