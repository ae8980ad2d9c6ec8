"""Khoản, điểm, bước and gạch: sequences, slips, nesting and tails."""

from __future__ import annotations

import pytest

from khien.norms.text.model import ParsedDocument
from khien.norms.text.parser import parse_text

HEAD = "QUY CHẾ\nDùng máy mẫu\nĐiều 1. Dùng máy\n"


def paths(text: str) -> list[str]:
    return [node.path for node in parse_text(HEAD + text).nodes][1:]


def noted(document: ParsedDocument) -> set[tuple[int, str]]:
    return {(item.line, item.code) for item in document.anomalies}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. Một.\n2. Hai.\n", ["D1.k1", "D1.k2"]),
        ("1.Một.\n2.Hai.\n", ["D1.k1", "D1.k2"]),
        ("1) Một.\n2) Hai.\n", ["D1.k1", "D1.k2"]),
        ("1/ Một.\n2/ Hai.\n", ["D1.k1", "D1.k2"]),
        ("1. Một.\n2. Hai.\n3) Ba.\n", ["D1.k1", "D1.k2", "D1.k3"]),
        ("l. Một.\n2. Hai.\n", ["D1.k1", "D1.k2"]),
        ("I. Một.\n2. Hai.\n", ["D1.k1", "D1.k2"]),
        ("1. Một.\n2, Hai.\n", ["D1.k1", "D1.k2"]),
        ("._ 1. Một.\n2. Hai.\n", ["D1.k1", "D1.k2"]),
        ("1\\. Một.\n\n**2\\.** Hai.\n", ["D1.k1", "D1.k2"]),
        ("1. Một.\n2. Hai.\n5. Năm.\n", ["D1.k1", "D1.k2", "D1.k5"]),
        ("1. Một.\n2. Hai.\n2. Hai nữa.\n", ["D1.k1", "D1.k2", "D1.k2#2"]),
        ("01. Một.\n02. Hai.\n", ["D1.k1", "D1.k2"]),
    ],
)
def test_clauses_in_every_form(text: str, expected: list[str]) -> None:
    assert paths(text) == expected


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("1. Một.\n2. Hai.\n5. Năm.\n", 6, "clause-jump"),
        ("1. Một.\n2. Hai.\n2. Hai nữa.\n", 6, "clause-repeated"),
        ("l. Một.\n2. Hai.\n", 4, "ocr-marker-repaired"),
        ("1. Một:\na) A;\nc) C.\n", 6, "point-out-of-order"),
        ("1. Một:\na) A;\na) B;\nc) C.\n", 6, "point-repeated"),
        ("1. Một:\na) A;\nb) B;\nc) C;\nd) D;\nđ) Đ;\ne) E;\n8) G.\n", 11, "ocr-marker-repaired"),
        ("1. Một:\na) A;\nb) B;\ne) C;\nd) D.\n", 7, "ocr-marker-repaired"),
        ("1. Một:\na) A;\nb. B.\n", 6, "point-marker-mixed"),
        ("1. Một:\na) A;\nb) B;\nc) C;\nd) D;\nđ) Đ;\ne) E;\nf) F.\n", 11, "point-letter-unusual"),
        ("1. Một gồm:\n2. Hai.\n", 4, "list-without-items"),
    ],
)
def test_irregular_markers_are_noted(text: str, line: int, code: str) -> None:
    assert (line, code) in noted(parse_text(HEAD + text))


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("abcdđeghiklmnopqrstuvxy", "abcdđeghiklmnopqrstuvxy"),
        ("abcdefghij", "abcdefghij"),
        ("abcđ", "abcđ"),
        ("acdđ", "acdđ"),
        ("abcde", "abcde"),
    ],
)
def test_points_in_both_orders_and_with_gaps(letters: str, expected: str) -> None:
    text = "1. Một:\n" + "".join(f"{letter}) Việc {letter};\n" for letter in letters)
    assert paths(text) == ["D1.k1", *(f"D1.k1.{letter}" for letter in expected)]


def test_a_misread_letter_keeps_its_place() -> None:
    assert paths("1. Một:\na) A;\nb) B;\ne) C;\nd) D;\nđ) Đ;\ne) E;\n8) G.\n")[1:] == [
        f"D1.k1.{letter}" for letter in "abcdđeg"
    ]


def test_points_start_again_in_the_next_clause() -> None:
    assert paths("1. Một:\na) A;\nb) B.\n2. Hai:\na) A;\nb) B.\n") == [
        "D1.k1", "D1.k1.a", "D1.k1.b", "D1.k2", "D1.k2.a", "D1.k2.b",
    ]  # fmt: skip


def test_points_without_clause_stand_under_the_article() -> None:
    assert paths("Nguyên tắc dùng máy:\na) Đúng người;\nb) Đúng việc.\nMọi người tuân thủ.\n") == [
        "D1.p1", "D1.a", "D1.b", "D1.p2",
    ]  # fmt: skip


def test_the_tail_of_a_clause_is_its_paragraph() -> None:
    text = "1. Xử lý:\nKhi máy hỏng thì làm như sau:\na) Báo;\nb) Sửa.\nMáy hỏng nặng thì thay.\n2. Khác.\n"
    assert paths(text) == ["D1.k1", "D1.k1.p1", "D1.k1.a", "D1.k1.b", "D1.k1.p2", "D1.k2"]


def test_a_paragraph_between_points_belongs_to_the_point_before() -> None:
    text = "1. Xử lý:\na) Báo ngay.\nBáo bằng điện thoại.\nb) Sửa.\nGhi sổ.\n"
    assert paths(text) == ["D1.k1", "D1.k1.a", "D1.k1.a.p1", "D1.k1.b", "D1.k1.p1"]


def test_a_step_is_the_child_of_its_point_with_the_same_text() -> None:
    document = parse_text(HEAD + "1. Quy trình\na) Bước 1: Tắt máy.\nb) Bước 2: Báo.\n")
    assert [node.path for node in document.nodes][2:] == [
        "D1.k1.a", "D1.k1.a.b1", "D1.k1.b", "D1.k1.b.b2",
    ]  # fmt: skip
    assert document.nodes[2].text == document.nodes[3].text == "Bước 1: Tắt máy."


def test_steps_without_points() -> None:
    assert paths("1. Quy trình:\nBước 1: Tắt máy.\nBước 2: Báo.\nKết quả được ghi sổ.\n") == [
        "D1.k1", "D1.k1.b1", "D1.k1.b2", "D1.k1.p1",
    ]  # fmt: skip


def test_deeper_lists_nest_by_their_sign() -> None:
    text = (
        "1. Danh mục:\na) Gồm:\n1) Máy;\n2) Mạng;\ni. Dây;\nii. Không dây.\nb) Kho:\n- Trong:\n"
        "+ Tầng một;\n+ Tầng hai.\n- Ngoài.\n(1) Bên trái;\n(2) Bên phải.\n2. Khác.\n"
    )
    assert paths(text) == [
        "D1.k1", "D1.k1.a", "D1.k1.a.g1", "D1.k1.a.g2", "D1.k1.a.g2.g1", "D1.k1.a.g2.g2",
        "D1.k1.b", "D1.k1.b.g1", "D1.k1.b.g1.g1", "D1.k1.b.g1.g2", "D1.k1.b.g2",
        "D1.k1.b.g2.g1", "D1.k1.b.g2.g2", "D1.k2",
    ]  # fmt: skip


def test_an_unmarked_heading_owns_its_bullets_and_a_lead_in_does_not() -> None:
    assert paths("Người quản lý\n- Giữ khóa;\n- Ghi sổ.\nNgười dùng\n- Trả khóa.\n") == [
        "D1.p1", "D1.p1.g1", "D1.p1.g2", "D1.p2", "D1.p2.g1",
    ]  # fmt: skip
    assert paths("Người quản lý có trách nhiệm:\n- Giữ khóa;\n- Ghi sổ.\n") == [
        "D1.p1", "D1.g1", "D1.g2",
    ]  # fmt: skip


def test_markdown_points_with_a_dash_are_points() -> None:
    assert paths("1. Một:\n   - a) Máy;\n   - b) Mạng.\n") == ["D1.k1", "D1.k1.a", "D1.k1.b"]


def test_clause_text_may_start_in_lower_case() -> None:
    assert paths("1. cơ quan lập sổ;\n2. cơ quan giữ sổ.\n") == ["D1.k1", "D1.k2"]


def test_decimal_sub_clauses_stand_under_their_clause() -> None:
    assert paths("1. Máy:\n1.1. Máy chủ.\n1.2. Máy trạm.\n2. Mạng.\n") == [
        "D1.k1", "D1.k1.1.1", "D1.k1.1.2", "D1.k2",
    ]  # fmt: skip


def test_clauses_numbered_with_their_article() -> None:
    assert paths("1.1. Máy chủ.\n1.2. Máy trạm:\na) Mới;\nb) Cũ.\n1.3 Máy in.\n") == [
        "D1.k1.1", "D1.k1.2", "D1.k1.2.a", "D1.k1.2.b", "D1.k1.3",
    ]  # fmt: skip


def test_points_and_paragraphs_of_a_step_heading_are_its_own() -> None:
    text = "1. Quy trình:\nBước 1. Nhận máy\na) Ghi sổ;\nb) Dán nhãn.\nBước 2. Trả máy\nLập biên bản.\n2. Khác.\n"
    assert paths(text) == [
        "D1.k1", "D1.k1.b1", "D1.k1.b1.a", "D1.k1.b1.b", "D1.k1.b2", "D1.k1.b2.p1", "D1.k2",
    ]  # fmt: skip


def test_a_reference_over_a_line_end_opens_no_paragraph() -> None:
    document = parse_text(
        HEAD
        + "1. Máy:\na) Theo quy định tại Khoản 1\nĐiều này;\nb) Theo ngày\n10. Sau đó thì thôi.\n"
    )
    assert [node.path for node in document.nodes][1:] == ["D1.k1", "D1.k1.a", "D1.k1.b"]
