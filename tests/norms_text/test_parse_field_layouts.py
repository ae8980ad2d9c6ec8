"""Layouts met in texts of the field: web pages that break cells into lines, old markers, OCR, lost words."""

from __future__ import annotations

import gc

import pytest

from khien.norms.text.model import ParsedDocument
from khien.norms.text.parser import parse_text, reconstruct

WEB_PLAN = """ỦY
BAN NHÂN DÂN
TỈNH MẪU
-------
|
CỘNG
HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
|
Số:
07/KH-UBND
|
Bến
Mẫu, ngày 13
tháng 01 năm 2031
|
KẾ HOẠCH
DỌN KHO MÁY
CŨ
Ủy ban nhân dân tỉnh ban hành Kế hoạch như sau:
I. MỤC ĐÍCH
1. Dọn sạch.
2. Dọn nhanh.
II. VIỆC LÀM
1. Kiểm đếm.
Nơi nhận:
- Các sở;
- Lưu: VT.
|
TM.
ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH
Lê Văn Mẫu
|
"""


def paths(document: ParsedDocument) -> list[str]:
    return [node.path for node in document.nodes]


def codes(document: ParsedDocument) -> list[str]:
    return [item.code for item in document.anomalies]


def test_cells_of_a_web_page_leave_bars_and_broken_words_in_the_head() -> None:
    document = parse_text(WEB_PLAN)
    metadata = document.metadata
    assert (metadata.kind, metadata.number) == ("kế hoạch", "07/KH-UBND")
    assert (metadata.place, metadata.date) == ("Bến Mẫu", "2031-01-13")
    assert (metadata.superior, metadata.issuer) == (None, "ỦY BAN NHÂN DÂN TỈNH MẪU")
    assert metadata.title == "DỌN KHO MÁY CŨ"
    assert paths(document) == ["p0", "I", "I.1", "I.2", "II", "II.1"]
    assert reconstruct(document) == WEB_PLAN


def test_signature_broken_after_its_first_word_is_read() -> None:
    signer = parse_text(WEB_PLAN).metadata.signer
    assert signer is not None
    assert (signer.name, signer.position, signer.capacity) == ("Lê Văn Mẫu", "PHÓ CHỦ TỊCH", "KT")


def test_lines_of_the_page_above_the_state_header_are_not_the_body() -> None:
    above = "- 1 Luật Máy 2006\n- 2 Nghị định 1/2007/NĐ-CP về máy\nTình trạng: Đã biết\n"
    document = parse_text(above + WEB_PLAN)
    assert paths(document) == ["p0", "I", "I.1", "I.2", "II", "II.1"]
    assert [e.reason for e in document.excluded[:3]] == ["preamble"] * 3


def test_title_without_its_kind_follows_number_and_date() -> None:
    text = (
        "ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |\n"
        "Số: 9/KH-UBND | Mẫu, ngày 20 tháng 8 năm 2031 |\n"
        "ỨNG PHÓ SỰ CỐ MÁY MẪU CỦA THÀNH PHỐ\n"
        "Căn cứ Luật Máy mẫu;\nỦy ban nhân dân thành phố ban hành Kế hoạch như sau:\n"
        "1. Mục đích\n- Nhanh.\n2. Yêu cầu\n- Gọn.\n"
        "Nơi nhận: | TM. ỦY BAN NHÂN DÂN |\n"
    )
    document = parse_text(text)
    assert document.metadata.kind == "kế hoạch"
    assert document.metadata.title == "ỨNG PHÓ SỰ CỐ MÁY MẪU CỦA THÀNH PHỐ"
    assert document.metadata.issuer == "ỦY BAN NHÂN DÂN"
    assert document.metadata.signer is not None
    assert document.metadata.signer.on_behalf_of == "ỦY BAN NHÂN DÂN"


def test_issuer_cut_off_in_the_header_is_completed_by_the_authority() -> None:
    text = (
        "ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |\n"
        "Số: 3/QĐ-UBND | Núi Mẫu – Sông Mẫu, ngày 31 tháng 01 năm 2031 |\n"
        "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH NÚI MẪU – SÔNG MẪU\n"
        "Căn cứ Luật Máy mẫu;\nQUYẾT ĐỊNH\nĐiều 1. Mua máy.\nĐiều 2. Thi hành từ ngày ký.\n"
    )
    metadata = parse_text(text).metadata
    assert metadata.issuer == "ỦY BAN NHÂN DÂN TỈNH NÚI MẪU – SÔNG MẪU"
    assert metadata.superior is None
    assert metadata.place == "Núi Mẫu – Sông Mẫu"


def test_head_flattened_into_one_line_gives_number_and_date() -> None:
    text = (
        "UBND TỈNH MẪU Số: 12/QĐ-STC CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc "
        "Mẫu, ngày 05 tháng 01 năm 2031\nQUYẾT ĐỊNH Ban hành Quy chế dùng thư\n"
        "Căn cứ Luật Máy mẫu;\nQUYẾT ĐỊNH:\nĐiều 1. Ban hành Quy chế. Điều 2. Thi hành từ ngày ký./.\n"
        "QUY CHẾ Dùng thư (Ban hành kèm theo Quyết định số 12/QĐ-STC ngày 05/01/2031)\n"
        "Điều 1. Phạm vi\nToàn cơ quan.\n"
    )
    document = parse_text(text)
    metadata = document.metadata
    assert (metadata.number, metadata.date, metadata.place) == ("12/QĐ-STC", "2031-01-05", "Mẫu")
    assert metadata.issued_with is not None
    assert metadata.issued_with.number == "12/QĐ-STC"
    assert paths(document) == ["QD.D1", "QD.D2", "D1", "D1.p1"]


def test_headed_lines_of_a_markdown_head_are_issuer_and_date() -> None:
    text = (
        "**UBND TỈNH MẪU**\n**SỞ Y TẾ**\n\nSố: 8/KH-SYT\n\n"
        "**CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM**\n\n*Mẫu, ngày 10 tháng 01 năm 2031*\n\n"
        "# KẾ HOẠCH\n\n**Giữ máy**\n\n## I. MỤC ĐÍCH\n\n### 1. Chung\n\n1. Sạch.\n2. Bền.\n\n"
        "### 2. Riêng\n\nKhông.\n"
    )
    document = parse_text(text)
    metadata = document.metadata
    assert (metadata.superior, metadata.issuer) == ("UBND TỈNH MẪU", "SỞ Y TẾ")
    assert (metadata.number, metadata.title) == ("8/KH-SYT", "Giữ máy")
    assert paths(document) == ["I", "I.1", "I.1.g1", "I.1.g2", "I.2", "I.2.p1"]


@pytest.mark.parametrize(
    "heading",
    ["Diều 2. Máy", "ĐIỂU 2. MÁY", "Đìều 2. Máy", "Điều 2, Máy", "Đ iều 2 . Máy", "Điêù 2 : Máy"],
)
def test_misread_heading_of_an_article_is_found_and_noted(heading: str) -> None:
    document = parse_text(f"QUY ĐỊNH\nVề máy\nĐiều 1. Một\nA.\n{heading}\n1. Một.\n2. Hai.\n")
    assert paths(document) == ["D1", "D1.p1", "D2", "D2.k1", "D2.k2"]
    assert "heading-marker-unusual" in codes(document)


def test_number_of_an_article_with_letters_for_digits_is_read() -> None:
    articles = "".join(f"Điều {n}. Tên\nMột.\n" for n in (*range(1, 10), "I0", "1l"))
    document = parse_text("QUY ĐỊNH\nVề máy\n" + articles)
    assert [n.number for n in document.nodes if n.kind == "dieu"] == [str(n) for n in range(1, 12)]


def test_list_of_articles_at_the_start_of_a_line_is_no_article() -> None:
    text = "QUY ĐỊNH\nVề máy\nĐiều 1. Một\nTheo luật.\nĐiều 2, Điều 3 Nghị định số 1/2020/NĐ-CP là mẫu.\n"
    assert paths(parse_text(text)) == ["D1", "D1.p1", "D1.p2"]


def test_old_markers_with_dashes_open_clauses_and_points() -> None:
    text = "QUY ĐỊNH\nVề máy\nĐiều 1: Máy\n1- Máy gồm:\na- Chuột;\nb- Phím.\n2- Máy tốt.\nĐiều 2: Hai\nHai.\n"
    document = parse_text(text)
    assert paths(document) == ["D1", "D1.k1", "D1.k1.a", "D1.k1.b", "D1.k2", "D2", "D2.p1"]
    assert codes(document).count("heading-marker-unusual") == 1


def test_clauses_and_points_that_are_named_are_read() -> None:
    text = "QUY ĐỊNH\nVề máy\nĐiều 1. Phạt\nKhoản 1. Nhắc.\nKhoản 2. Phạt:\nĐiểm a) Nhẹ;\nĐiểm b) Nặng.\n"
    assert paths(parse_text(text)) == ["D1", "D1.k1", "D1.k2", "D1.k2.a", "D1.k2.b"]


def test_inserted_clause_with_a_letter_stands_between_its_neighbours() -> None:
    text = "NGHỊ ĐỊNH\nVề máy\nĐiều 1. Từ ngữ\n1. Một.\n1a. Một a.\n1b. Một b.\n2. Hai.\n"
    document = parse_text(text)
    assert paths(document) == ["D1", "D1.k1", "D1.k1a", "D1.k1b", "D1.k2"]
    assert "clause-jump" not in codes(document)


def test_roman_headings_inside_an_article_hold_their_own_clauses() -> None:
    text = (
        "QUYẾT ĐỊNH\nPhê duyệt đề án\nĐiều 1. Phê duyệt đề án với các nội dung sau:\n"
        "I. MỤC TIÊU\n1. Một.\n2. Hai:\na) A;\nb) B.\nII. NHIỆM VỤ\n1. Một.\n"
        "Điều 2. Quyết định có hiệu lực từ ngày ký.\n"
    )
    document = parse_text(text)
    assert paths(document) == [
        "D1", "D1.I", "D1.I.k1", "D1.I.k2", "D1.I.k2.a", "D1.I.k2.b", "D1.II", "D1.II.k1", "D2",
    ]  # fmt: skip
    assert "clause-repeated" not in codes(document)


def test_decimal_clauses_stand_directly_under_an_article() -> None:
    text = "QUY ĐỊNH\nVề máy\nĐiều 4. Máy\n1.1. Sạch.\n1.2. Mới.\n2.1. Bền.\nĐiều 5. Hết\nHết.\n"
    assert paths(parse_text(text))[:4] == ["D4", "D4.k1.1", "D4.k1.2", "D4.k2.1"]


def test_bracketed_list_begins_right_under_a_title() -> None:
    text = "QUY ĐỊNH\nVề máy\nĐiều 1. Mật khẩu\n(1) Dài;\n(2) Khó.\n"
    assert paths(parse_text(text)) == ["D1", "D1.g1", "D1.g2"]


@pytest.mark.parametrize(
    "title",
    [
        "Quản lý thiết bị",
        "Quy định chi tiết",
        "Các đơn vị trực thuộc",
        "Bảo quản chứng từ",
        "Văn bản đi, đến",
    ],
)
def test_title_that_ends_in_a_compound_is_whole(title: str) -> None:
    text = f"QUY ĐỊNH\nVề máy\nĐiều 1. {title}\nĐơn vị giữ máy.\nĐiều 2. {title}\n1. Một.\n2. {title}\n3. Ba.\n"
    document = parse_text(text)
    assert paths(document) == ["D1", "D1.p1", "D2", "D2.k1", "D2.k2", "D2.k3"]
    assert document.nodes[0].title == title


def test_line_repeated_beside_page_numbers_is_of_the_page() -> None:
    running = "Bệnh viện Mẫu - Quy chế máy"
    text = (
        "QUY CHẾ\nVề máy\nĐiều 1. Một\n1. Không cho mượn máy, nhất là khi\n"
        f"{running}\n2\nnghỉ phép dài ngày ở nơi khác.\n2. Hai.\n{running}\n3\nĐiều 2. Hai\nHai.\n{running}\n4\n"
    )
    document = parse_text(text)
    assert paths(document) == ["D1", "D1.k1", "D1.k2", "D2", "D2.p1"]
    assert document.nodes[1].text.endswith("nhất là khi nghỉ phép dài ngày ở nơi khác.")
    assert codes(document).count("running-line-removed") == 3
    assert reconstruct(document) == text


def test_day_before_which_a_text_takes_effect_is_not_its_validity() -> None:
    text = (
        "NGHỊ ĐỊNH\nVề máy\nĐiều 1. Chuyển tiếp\nHồ sơ nộp trước ngày Nghị định này có hiệu lực theo quy định cũ.\n"
        "Điều 2. Hiệu lực\n1. Nghị định này có hiệu lực từ ngày 20 tháng 5 năm 2031.\n"
        "2. Các văn bản sau hết hiệu lực:\na) Nghị định số 1/2020/NĐ-CP ngày 01 tháng 01 năm 2020;\n"
        "b) Nghị định số 2/2021/NĐ-CP ngày 01 tháng 01 năm 2021.\n"
    )
    validity = parse_text(text).metadata.validity
    assert validity is not None
    assert validity.valid_from == "2031-05-20"
    assert validity.replaces == ("1/2020/NĐ-CP", "2/2021/NĐ-CP")


def test_days_after_the_gazette_have_no_computable_date() -> None:
    text = (
        "THÔNG TƯ\nVề máy\nHà Mẫu, ngày 01 tháng 02 năm 2005\nĐiều 1. Hiệu lực\n"
        "Thông tư này có hiệu lực sau 15 ngày, kể từ ngày đăng Công báo.\n"
    )
    validity = parse_text(text).metadata.validity
    assert validity is not None
    assert (validity.basis, validity.days, validity.valid_from) == ("days-after", 15, None)


def test_title_in_one_line_of_capitals_names_its_kind() -> None:
    document = parse_text("TRƯỜNG MẪU\nNỘI QUY PHÒNG MÁY\nĐiều 1. Một\nA.\nĐiều 2. Hai\nB.\n")
    assert (document.metadata.kind, document.metadata.title) == ("nội quy", "PHÒNG MÁY")
    assert document.metadata.issuer == "TRƯỜNG MẪU"


def test_party_plan_is_read_like_a_plan_of_the_state() -> None:
    text = (
        "ĐẢNG BỘ TỈNH MẪU        ĐẢNG CỘNG SẢN VIỆT NAM\n"
        "HUYỆN ỦY MẪU            Mẫu, ngày 12 tháng 3 năm 2031\n*\nSố 45-KH/HU\nKẾ HOẠCH\nthực hiện việc mẫu\n"
        "Thực hiện việc mẫu, Huyện ủy lập Kế hoạch như sau:\n"
        "A. MỤC ĐÍCH\n1- Rõ.\n2- Gọn.\nB. VIỆC LÀM\n1. Một\n1.1- Về kho\n- Đếm.\n"
        "T/M BAN THƯỜNG VỤ\nPHÓ BÍ THƯ\nHà Văn Mẫu\n"
    )
    document = parse_text(text)
    metadata = document.metadata
    assert (metadata.number, metadata.place, metadata.issuer) == ("45-KH/HU", "Mẫu", "HUYỆN ỦY MẪU")
    assert paths(document) == ["p0", "A", "A.1", "A.2", "B", "B.1", "B.1.1", "B.1.1.g1"]
    assert metadata.signer is not None
    assert metadata.signer.capacity == "T/M"


def test_rows_of_a_markdown_table_stay_one_paragraph() -> None:
    text = "# Quy trình mẫu\n\n## 1. Mức\n\n| Mức | Tên |\n|---|---|\n| 1 | Cao |\n| 2 | Thấp |\n\n## 2. Hết\n\nHết.\n"
    document = parse_text(text)
    assert document.metadata.kind == "quy trình"
    assert paths(document) == ["1", "1.p1", "2", "2.p1"]
    assert "soft-wrap-lookalike" not in codes(document)


def test_collector_of_the_process_runs_on_after_a_parse() -> None:
    parse_text("Điều 1. Một\nA.\n")
    assert gc.isenabled()


def test_compound_broken_over_lines_does_not_swallow_the_next_clause() -> None:
    text = (
        "QUY CHẾ\nVề máy\n"
        "Điều 1. Đơn vị trực thuộc cơ quan lập danh sách và quản lý mọi tài\nkhoản\n1. Một.\n2. Hai.\n"
        "Điều 2. Các đơn vị giữ máy, sổ theo dõi và các loại giấy tờ gửi kèm theo\n1. Một.\n2. Hai.\n"
        "Điều 3. Báo cáo\nĐơn vị báo cáo việc giữ máy và sổ theo dõi của mình lên cấp\ntrên hằng năm.\n"
    )
    document = parse_text(text)
    assert paths(document) == ["D1", "D1.k1", "D1.k2", "D2", "D2.k1", "D2.k2", "D3", "D3.p1"]


def test_chapter_title_like_a_kind_of_text_does_not_start_another_part() -> None:
    text = (
        "QUY CHẾ\nVề máy\nĐiều 1. Một\nLàm theo Phụ lục\nkèm theo.\nChương II\nQUY ĐỊNH RIÊNG\n"
        "Điều 2. Hai\nLàm theo Phụ lục\nkèm theo.\n"
    )
    document = parse_text(text)
    assert len(document.parts) == 1
    assert [node.path for node in document.nodes if node.kind == "dieu"] == ["D1", "D2"]


def test_annex_begins_with_its_word_alone_on_a_line() -> None:
    text = "QUY CHẾ\nVề máy\nĐiều 1. Một\n1. Một.\nPhụ lục\nDANH MỤC MÁY\n1. Chuột\nĐiều 1. Mẫu\n"
    document = parse_text(text)
    assert paths(document) == ["D1", "D1.k1"]
    assert "annex-excluded" in codes(document)


def test_title_of_the_web_page_above_the_header_is_not_the_title() -> None:
    text = (
        "LUẬT MÁY MẪU NĂM 2031\nQUỐC HỘI CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nLuật số: 24/2031/QH17\n"
        "LUẬT MÁY MẪU\nCăn cứ Hiến pháp;\nQuốc hội ban hành Luật Máy mẫu.\nĐiều 1. Một\nMột.\n"
    )
    metadata = parse_text(text).metadata
    assert (metadata.kind, metadata.title, metadata.issuer) == ("luật", "MÁY MẪU", "QUỐC HỘI")
