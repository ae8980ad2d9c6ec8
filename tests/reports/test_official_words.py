"""Days, numbers, names and clauses as an official document writes them; hostile text made plain."""

import pytest

from khien.reports import said_vi
from khien.reports.clause_lists import clause_list
from khien.reports.cleaning import TEXT_LENGTH_MAX, plain
from khien.reports.text_width import balanced, line_mm, text_width_mm


@pytest.mark.parametrize(
    ("iso", "said"),
    [
        ("2026-01-05", "ngày 05 tháng 01 năm 2026"),
        ("2026-02-10", "ngày 10 tháng 02 năm 2026"),
        ("2026-03-09", "ngày 09 tháng 3 năm 2026"),
        ("2026-11-21", "ngày 21 tháng 11 năm 2026"),
    ],
)
def test_small_days_and_the_first_two_months_have_a_leading_zero(iso: str, said: str) -> None:
    assert said_vi.signed_day(iso) == said


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0"), (5, "05"), (12, "12"), (1234, "1.234"), (1234567, "1.234.567")]
)
def test_counts_are_written_as_offices_write_them(value: int, said: str) -> None:
    assert said_vi.number(value) == said


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        (("D3.k1", "D3.k2", "D4.k1"), "khoản 1, 2 Điều 3, khoản 1 Điều 4"),
        (("D3.k1.a", "D3.k1.đ", "D3.k2.a"), "điểm a, đ khoản 1 Điều 3, điểm a khoản 2 Điều 3"),
        (("D1", "D2"), "Điều 1, Điều 2"),
        (("recital", "QD.D2"), "căn cứ ban hành, Điều 2 của Quyết định"),
        (("II.1.p1", "II.1.p2"), "đoạn 1, 2 mục II.1"),
        ((), ""),
    ],
)
def test_clauses_of_one_place_are_cited_together(paths: tuple[str, ...], said: str) -> None:
    assert clause_list(paths, "vi") == said


def test_a_long_name_is_set_on_two_lines_of_about_equal_length() -> None:
    assert balanced("TRUNG TÂM Y TẾ PHƯỜNG SƠN MẪU", 13, 66) == ("TRUNG TÂM Y TẾ", "PHƯỜNG SƠN MẪU")
    assert balanced("SỞ Y TẾ", 13, 66) == ("SỞ Y TẾ",)


def test_the_line_under_a_name_is_between_a_third_and_a_half_of_it() -> None:
    width = text_width_mm("TRUNG TÂM Y TẾ PHƯỜNG SƠN MẪU", 13)
    assert width / 3 <= line_mm(width) <= width / 2


@pytest.mark.parametrize(
    ("hostile", "made_plain"),
    [
        ("a\x00b\x1bc", "a{U+0000}b{U+001B}c"),
        ("một\n\nhai\tba", "một hai ba"),
        ("invoice\u202efdp.exe", "invoice{U+202E}fdp.exe"),
        ("Việt", "Việt"),
        ("x" * 700, "x" * (TEXT_LENGTH_MAX - 1) + "…"),
        ("Z\u0335", "Z{U+0335}"),
        ("\ud800 漢 👩", "{U+D800} {U+6F22} {U+1F469}"),
    ],
)
def test_hostile_text_becomes_plain(hostile: str, made_plain: str) -> None:
    assert plain(hostile) == made_plain
