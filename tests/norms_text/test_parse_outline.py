"""Texts without articles: letters, plans, standards, guidelines."""

from __future__ import annotations

from khien.norms.text.parser import counts, parse_text

LETTER = (
    "SỞ MẪU\nSố: 12/SM-VP\nMẫu, ngày 02 tháng 3 năm 2031\nV/v rà soát\nmáy in\nKính gửi:\n"
    "- Phòng A;\n- Phòng B.\n"
)
PLAN = "KẾ HOẠCH\nRà soát máy mẫu\nCăn cứ Chỉ thị số 5-CT/TU ngày 01/01/2031;\n"


def paths(text: str) -> list[str]:
    return [node.path for node in parse_text(text).nodes]


def test_a_letter_of_dashes() -> None:
    text = LETTER + (
        "Thực hiện Công văn số 3/UB ngày 01/02/2031, Sở Mẫu yêu cầu:\n- Lập danh sách.\n- Gửi về Sở.\n"
        "Trong quá trình thực hiện nếu vướng mắc thì báo Sở./.\nNơi nhận:\n- Như trên.\n"
    )
    assert paths(text) == ["p1", "g1", "g2", "p2"]


def test_a_letter_of_numbered_items() -> None:
    text = (
        LETTER + "Sở Mẫu đề nghị:\n1. Lập danh sách:\na) Máy in;\nb) Máy quét.\n2. Gửi về Sở./.\n"
    )
    assert paths(text) == ["p0", "1", "1.a", "1.b", "2"]
    assert counts(parse_text(text))["khoan"] == 2


def test_a_plan_of_roman_and_arabic_headings() -> None:
    text = PLAN + (
        "Sở Mẫu xây dựng kế hoạch như sau:\nI. MỤC ĐÍCH\n1. Mục đích\n- Biết máy nào hỏng.\n2. Yêu cầu\n"
        "Làm đúng hạn.\nII. VIỆC LÀM\n1. Máy in\na) Đếm;\nb) Ghi sổ.\n2. Máy quét\nĐếm. **Hoàn thành.**\n"
    )
    assert paths(text) == [
        "p0", "I", "I.1", "I.1.g1", "I.2", "I.2.p1", "II", "II.1", "II.1.a", "II.1.b", "II.2",
        "II.2.p1",
    ]  # fmt: skip
    assert counts(parse_text(text))["muc"] == 6


def test_uneven_markdown_headings_keep_their_levels() -> None:
    text = (
        "## KẾ HOẠCH\n\n### Rà soát máy mẫu\n\n#### I. MỤC ĐÍCH\n\nBiết máy hỏng.\n\n#### II. VIỆC LÀM\n\n"
        "##### 1. Máy in\n\nĐếm máy in.\n\n## **2. Máy quét**\n\nĐếm máy quét.\n\n### **III. THỰC HIỆN**\n\n"
        "#### **1. Phòng máy**\n\nChủ trì.\n\n#### **Nơi nhận:**\n\n- Sở;\n"
    )
    assert paths(text) == [
        "I", "I.p1", "II", "II.1", "II.1.p1", "II.2", "II.2.p1", "III", "III.1", "III.1.p1",
    ]  # fmt: skip


def test_capital_letters_stand_above_roman_numbers() -> None:
    text = PLAN + "A. CHUNG\nI. MỘT\nMáy.\nII. HAI\nMạng.\nB. RIÊNG\nI. BA\nKho.\nC. CUỐI\nHết.\n"
    assert [path for path in paths(text) if "p" not in path] == [
        "A", "A.I", "A.II", "B", "B.I", "C",
    ]  # fmt: skip


def test_a_standard_of_decimal_numbers() -> None:
    text = (
        "QUY CHUẨN KỸ THUẬT QUỐC GIA\nVỀ PHÒNG MÁY MẪU\n1. QUY ĐỊNH CHUNG\n1.1. Phạm vi\nPhòng máy.\n"
        "1.2. Từ ngữ\n1.2.1. Phòng máy là nơi đặt máy.\n1.2.2. Tủ là nơi đặt thiết bị.\n2. KỸ THUẬT\n"
        "2.1. Nhiệt độ từ 18 đến 25 độ.\n"
    )
    assert paths(text) == ["1", "1.1", "1.1.p1", "1.2", "1.2.1", "1.2.2", "2", "2.1"]


def test_a_missing_roman_heading_is_noted() -> None:
    document = parse_text(PLAN + "I. MỘT\nMáy.\nIII. BA\nMạng.\n")
    assert "section-missing" in {item.code for item in document.anomalies}


def test_a_text_without_structure_is_said_to_be_one() -> None:
    document = parse_text("Một câu.\nMột câu khác.\n")
    assert [node.path for node in document.nodes] == ["p1", "p2"]
    assert [item.code for item in document.anomalies] == ["no-structure"]


def test_an_empty_text_is_said_to_be_empty() -> None:
    assert [item.code for item in parse_text("").anomalies] == ["empty-text"]
