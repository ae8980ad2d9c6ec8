"""Kinds, numbers, days, signatures and recipients as Nghị định 30/2020 writes them."""

from __future__ import annotations

from datetime import date

import pytest

from khien.reports.definitions import KINDS
from khien.reports.kinds import (
    BLANK,
    SHORT_BLANK,
    annex_labels,
    annex_reference,
    archive_line,
    document_kinds,
    number_line,
    place_and_day,
    recipient_lines,
    roman,
    signer_lines,
)


@pytest.mark.parametrize(
    ("kind", "issuer", "drafter", "number", "said"),
    [
        ("bao_cao", "SYT", "", 5, "Số: 05/BC-SYT"),
        ("quyet_dinh", "UBND", "", 123, "Số: 123/QĐ-UBND"),
        ("to_trinh", "SYT", "", None, f"Số:{BLANK}/TTr-SYT"),
        ("cong_van", "SYT", "VP", 7, "Số: 07/SYT-VP"),
        ("cong_van", "", "", None, f"Số:{BLANK}/……-……"),
    ],
)
def test_numbers_and_signs(
    kind: str, issuer: str, drafter: str, number: int | None, said: str
) -> None:
    assert number_line(kind, issuer, drafter=drafter, number=number) == said


def test_place_and_day_have_leading_zeros_or_room_for_the_registry() -> None:
    said = "Bắc Ninh, ngày 05 tháng 01 năm 2026"
    assert place_and_day("Bắc Ninh", date(2026, 1, 5), year=2026) == said
    blank = f"Bắc Ninh, ngày{SHORT_BLANK}tháng{SHORT_BLANK}năm 2026"
    assert place_and_day("Bắc Ninh", None, year=2026) == blank


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        ({"position": "Giám đốc"}, ("GIÁM ĐỐC",)),
        (
            {"position": "Giám đốc", "own": "Phó Giám đốc", "mode": "KT"},
            ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
        ),
        (
            {"position": "Giám đốc", "own": "Chánh Văn phòng", "mode": "TL"},
            ("TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"),
        ),
        ({"position": "Giám đốc", "mode": "Q"}, ("Q. GIÁM ĐỐC",)),
        (
            {
                "position": "Chủ tịch",
                "own": "Phó Chủ tịch",
                "mode": "KT",
                "collective": "Ủy ban nhân dân",
            },
            ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        ),
    ],
)
def test_who_signs_for_whom(given: dict[str, str], lines: tuple[str, ...]) -> None:
    assert signer_lines(**given) == lines


def test_recipients_end_with_the_archive() -> None:
    assert archive_line("VP", 3) == "- Lưu: VT, VP, 03."
    assert recipient_lines(("Như trên", "Lãnh đạo Sở;"), last=archive_line()) == (
        "- Như trên;",
        "- Lãnh đạo Sở;",
        "- Lưu: VT, …….",
    )


def test_one_annex_has_no_number_and_several_have_roman_ones() -> None:
    assert annex_labels(1) == ("Phụ lục",)
    assert annex_labels(4)[-1] == "Phụ lục IV"
    assert [roman(n) for n in (1, 4, 9, 14, 39)] == ["I", "IV", "IX", "XIV", "XXXIX"]
    said = annex_reference("bao_cao", "Số: 05/BC-SYT", "ngày 05 tháng 01 năm 2026", "Sở Y tế")
    assert said == "(Kèm theo Báo cáo số 05/BC-SYT ngày 05 tháng 01 năm 2026 của Sở Y tế)"


def test_the_kinds_of_reports_are_those_of_the_decree() -> None:
    known = {(kind.title or "Công văn", kind.abbreviation) for kind in document_kinds().values()}
    assert {(title.vi, sign) for title, sign in KINDS.values()} <= known
