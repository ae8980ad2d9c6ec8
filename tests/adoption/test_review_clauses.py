"""Which clauses a person decides: leaves, sentences above leaves, leads into lists that name a number; no titles."""

from __future__ import annotations

import pytest

from khien.adoption.review.clauses import clauses_of, words_digest
from khien.adoption.review.marking import Piece, marked
from khien.norms.text.parser import parse_text

SOURCE = """QUY CHẾ
Bảo đảm an ninh mạng
Chương I
CHUNG
Điều 1. Mật khẩu
1. Quản lý tài khoản
a) Mỗi người một tài khoản.
b) Không dùng chung.
2. Cán bộ phải giữ bí mật mật khẩu của mình.
a) Không ghi ra giấy.
3. Mật khẩu dài tối thiểu 8 ký tự, gồm:
a) Chữ hoa;
4. Cán bộ phải thực hiện:
a) Đổi mật khẩu.
Chương II
CUỐI
Điều 2. Sao lưu dữ liệu hằng tuần.
"""


def test_leaves_sentences_and_numbers_are_decided_titles_are_not() -> None:
    clauses = clauses_of(parse_text(SOURCE))
    assert [node.path for node in clauses.nodes] == [
        "D1.k1.a", "D1.k1.b", "D1.k2", "D1.k2.a", "D1.k3", "D1.k3.a", "D1.k4.a", "D2",
    ]  # fmt: skip
    assert [(one.path, len(one.nodes)) for one in clauses.chapters] == [("C.I", 7), ("C.II", 1)]
    assert clauses.chapter("C.III") is None


def test_a_text_without_chapters_has_one_for_each_of_its_parts() -> None:
    clauses = clauses_of(
        parse_text("CÔNG VĂN\nĐiều 1. Đổi mật khẩu hằng quý.\nĐiều 2. Sao lưu hằng tuần.\n")
    )
    assert [one.path for one in clauses.chapters] == ["phan-0"]
    assert clauses.chapters[0].name.vi


def test_the_digest_follows_the_words_and_nothing_else() -> None:
    nodes = {one.path: one for one in parse_text(SOURCE).nodes}
    moved = {one.path: one for one in parse_text("\n\n" + SOURCE).nodes}
    changed = {one.path: one for one in parse_text(SOURCE.replace("8 ký tự", "9 ký tự")).nodes}
    assert words_digest(nodes["D1.k3"]) == words_digest(moved["D1.k3"])
    assert words_digest(nodes["D1.k3"]) != words_digest(changed["D1.k3"])


def test_words_are_marked_whatever_stands_between_them_and_none_is_lost() -> None:
    text = "Mật khẩu dài tối thiểu 08 ký tự; đổi mật-khẩu 02 tháng/lần."
    pieces = marked(text, [("8 ký tự", "value"), ("mật khẩu", "control"), ("ký tự", "control")])
    assert "".join(piece.text for piece in pieces) == text
    assert [piece for piece in pieces if piece.kind] == [
        Piece("Mật khẩu", "control"), Piece("08 ký tự", "value"), Piece("mật-khẩu", "control"),
    ]  # fmt: skip


@pytest.mark.parametrize("phrase", ["", "...", "(", "không có ở đây", "[a-z]+"])
def test_what_is_not_there_marks_nothing(phrase: str) -> None:
    assert marked("Một câu.", [(phrase, "control")]) == [Piece("Một câu.")]
