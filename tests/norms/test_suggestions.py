"""Suggestions for clauses that no text of the library holds: written for this test, in the field's words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khien.norms.library import load_library
from khien.norms.suggest.actors import actor_of
from khien.norms.suggest.deadlines import deadlines_of
from khien.norms.suggest.modality import modality_of
from khien.norms.suggest.quantities import frequency_of, quantities_of
from khien.norms.suggest.signs import read_signs
from khien.norms.suggest.suggesting import LIBRARY, as_json, proposer_of, suggestions_for
from khien.norms.suggest.words import words
from khien.norms.text.parser import parse_text

TEXT = """QUY CHẾ
Bảo đảm an toàn thông tin của xã Mẫu
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
Quy chế này quy định việc bảo đảm an toàn thông tin tại xã.
Điều 2. Các hành vi bị nghiêm cấm
1. Phát tán thư rác trên mạng của xã.
Chương II
QUY ĐỊNH CỤ THỂ
Điều 3. Mật khẩu và tài khoản
1. Mật khẩu của cán bộ phải dài tối thiểu 10 ký tự, có chữ hoa và chữ số.
2. Phần mềm dùng chung tự động khóa tài khoản khi đăng nhập sai quá 04 lần.
3. Không cho người khác dùng chung tài khoản của mình.
Điều 4. Sao lưu
1. Văn phòng có trách nhiệm sao lưu cơ sở dữ liệu hằng tuần.
2. Nhật ký của máy chủ phải được lưu ít nhất 12 tháng.
Điều 5. Trách nhiệm của công chức văn hóa
1. Báo cáo tình hình an toàn thông tin 6 tháng trước ngày 15/6.
2. Trồng cây xanh quanh trụ sở vào mùa xuân.
"""


def top(sentence: str, *above: str) -> list[str]:
    proposer = proposer_of(load_library())
    return [one.control for one in proposer.proposed(sentence, above)][:3]


@pytest.mark.parametrize(
    ("sentence", "control"),
    [
        ("Mật khẩu phải có từ 12 ký tự trở lên, gồm chữ thường, chữ hoa và ký tự đặc biệt.", "PWD-01"),
        ("Sau 05 lần nhập sai mật khẩu liên tiếp, phần mềm khóa tài khoản 30 phút.", "SES-01"),
        ("Màn hình máy trạm tự khóa khi quá 5 phút không sử dụng.", "SES-03"),
        ("Nhật ký hệ thống được lưu tối thiểu 12 tháng.", "LOG-04"),
        ("Không sử dụng chung tài khoản, không cho mượn mật khẩu.", "ACC-07"),
        ("Quản trị từ xa phải qua kênh VPN hoặc SSH có mã hóa.", "NET-04"),
        ("Mạng WiFi dành cho khách tách khỏi mạng nội bộ.", "WIF-04"),
        ("Rà quét lỗ hổng bảo mật toàn hệ thống định kỳ 6 tháng một lần.", "VUL-05"),
        ("Ổ cứng của máy mang đi sửa bên ngoài phải được tháo ra.", "DSP-03"),
        ("Đơn vị lập dự toán kinh phí an ninh mạng hằng năm.", "BUD-01"),
        ("Người mới tuyển dụng được phổ biến quy chế trước khi nhận việc.", "PPL-02"),
        ("Cài đặt phần mềm diệt virus trên tất cả máy tính.", "MAL-01"),
        ("Máy soạn thảo tài liệu mật không được kết nối Internet.", "SEC-01"),
        ("Thuê khoán phần mềm phải bàn giao đầy đủ mã nguồn.", "OUT-02"),
    ],
)  # fmt: skip
def test_a_clause_of_no_known_text_finds_its_control(sentence: str, control: str) -> None:
    assert control in top(sentence)


def test_old_and_new_words_find_the_same_control() -> None:
    old = top("Quản trị viên dùng xác thực đa nhân tố khi truy nhập máy chủ từ xa.")
    new = top("Quản trị viên dùng xác thực 2 lớp khi truy cập máy chủ từ xa.")
    assert "ACC-09" in old
    assert "ACC-09" in new
    assert words("an ninh mạng") == words("an toàn thông tin mạng") == words("ATTT")
    assert words("khoá, uỷ quyền") == words("khóa, ủy quyền")


def test_a_whole_text_gets_a_suggestion_for_every_clause() -> None:
    found = {one.node.path: as_json(one) for one in suggestions_for(parse_text(TEXT))}
    length = found["D3.k1"]
    assert length["controls"][0]["id"] == "PWD-01"
    assert {"name": "min_length", "value": 10, "unit": "character"}.items() <= length["parameters"][
        0
    ].items()
    assert found["D1.p1"]["modality"] == "info"
    assert found["D2.k1"]["modality"] == "must_not"
    assert found["D3.k3"]["modality"] == "must_not"
    assert found["D4.k1"]["actor"] == "Văn phòng"
    assert found["D4.k1"]["frequency"] == "weekly"
    assert found["D5.k1"]["deadline"] == "trước ngày 15/6"
    assert found["D5.k1"]["actor"] == "công chức văn hóa"
    kept = [p for p in found["D4.k2"]["parameters"] if p["name"] == "log_retain_months"]
    assert kept[0]["value"] == 12


def test_no_control_fits_is_an_answer() -> None:
    found = {one.node.path: one for one in suggestions_for(parse_text(TEXT))}
    assert found["D5.k2"].controls == ()


@pytest.mark.parametrize(
    ("sentence", "above", "code"),
    [
        ("Người dùng phải khóa máy khi rời chỗ.", "", "must"),
        ("Không mở thư của người lạ.", "", "must_not"),
        ("Nghiêm cấm dùng USB lạ.", "", "must_not"),
        ("Khi tên miền không còn sử dụng, đơn vị đề nghị hủy.", "", "must"),
        ("Đơn vị phải sao lưu và không được ghi đè bản cũ.", "", "must"),
        ("Ưu tiên sản phẩm trong nước.", "", "should"),
        ("Máy chủ là máy tính cung cấp dịch vụ.", "Giải thích từ ngữ", "info"),
        ("Tấn công mạng của đơn vị khác.", "Các hành vi bị nghiêm cấm", "must_not"),
    ],
)
def test_what_a_clause_asks(sentence: str, above: str, code: str) -> None:
    assert modality_of(sentence, [above] if above else []).code == code


def test_quantities_keep_their_sense_and_dates_are_none() -> None:
    found = quantities_of(
        "Từ 03 đến 05 lần, trong vòng 24 giờ, ngày 20 tháng 5 năm 2026, tối thiểu 8 ký tự."
    )
    assert [(q.value, q.unit, q.sense, q.low) for q in found] == [
        (5, "times", "plain", 3), (24, "hour", "most", None), (8, "character", "least", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "kind", "numbers"),
    [
        (
            "trước ngày 20 của tháng cuối quý",
            "before_of_period",
            {"day": "20", "which": "tháng cuối quý"},
        ),
        ("trước ngày 10/6", "before", {"day": "10", "month": "6"}),
        ("hoàn thành trong tháng 11/2026", "within_month", {"month": "11", "year": "2026"}),
        ("trong Quý II/2026", "by_quarter", {"quarter": "II", "year": "2026"}),
        ("trong vòng 24 giờ kể từ khi phát hiện", "within_hours", {"hours": "24"}),
        ("chậm nhất 05 ngày làm việc", "within_working_days", {"days": "05"}),
        ("báo ngay cho lãnh đạo", "at_once", {}),
    ],
)
def test_deadlines_in_the_texts_own_sense(
    sentence: str, kind: str, numbers: dict[str, str]
) -> None:
    first = deadlines_of(sentence)[0]
    assert (first.kind, first.numbers) == (kind, numbers)


def test_how_often() -> None:
    asked = {
        "mỗi tháng một lần": "monthly",
        "03 tháng/lần": "quarterly",
        "hàng năm": "yearly",
        "thường xuyên": "",
    }
    assert {said: frequency_of(said) for said in asked} == asked


def test_nobody_is_named_where_the_text_names_nobody() -> None:
    assert actor_of("Mật khẩu phải dài.") == ""
    assert actor_of("Các phòng phải khóa cửa.") == "Các phòng"


def test_every_control_has_signs_and_each_can_be_read() -> None:
    controls = load_library().controls
    signs, problems = read_signs(LIBRARY / "suggest" / "signs.yaml", controls)
    assert problems == []
    assert set(signs) >= {one.id for one in controls.values() if one.theme != "law"}
    assert all(signs.values())


def test_a_broken_sign_is_named_with_its_line(tmp_path: Path) -> None:
    place = tmp_path / "signs.yaml"
    place.write_text("PWD-01:\n- mật khẩu + \nXXX-99:\n- gì đó\n", encoding="utf-8")
    _, problems = read_signs(place, load_library().controls)
    assert [(problem.line, problem.path) for problem in problems] == [(2, place), (3, place)]


@given(st.text(max_size=400))
def test_any_text_gets_an_answer(text: str) -> None:
    proposer_of(load_library()).proposed(text, [text])
    modality_of(text, [text])
    quantities_of(text)
    deadlines_of(text)
    assert words(text) == words(words(text)) or not text.isprintable()
