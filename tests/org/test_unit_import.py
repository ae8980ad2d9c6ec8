"""A department brings its units in one file: every problem is told, and all are imported or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from khien.org.decisions import NO_DECISION
from khien.org.models import Unit
from khien.org.services import register_unit
from khien.org.structure import end_unit
from khien.org.unit_import import UnitImport, import_units, read_units

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)
TODAY = date(2026, 6, 1)
HEAD = ("Mã", "Tên", "Loại", "Địa danh", "Cấp trên", "Từ ngày")


@pytest.fixture(autouse=True)
def department() -> Unit:
    return register_unit(
        "so", name_vi="Sở Y tế", name_en="Department", kind="department", place="Mẫu",
        from_on=date(2015, 1, 1), now=NOW,
    )  # fmt: skip


def read(*rows: Sequence[object], head: Sequence[object] = HEAD) -> UnitImport:
    under = Unit.objects.get(code="so")
    return read_units(enumerate([head, *rows], 1), under=under, today=TODAY)


def told(*rows: Sequence[object], head: Sequence[object] = HEAD) -> str:
    return " | ".join(f"{line}: {text.vi}" for line, text in read(*rows, head=head).problems)


def test_units_come_in_from_the_top_whatever_their_order() -> None:
    file = read(
        ("bv-1-p", "Phòng Công nghệ thông tin", "phòng", "", "bv-1", ""),
        ("bv-1", "Bệnh viện Đa khoa", "Bệnh viện", "Mẫu", "", "01/02/2016"),
        ("", "Trạm Y tế xã Hạ", "trạm y tế", "Hạ", "Sở Y tế", date(2020, 5, 1)),
    )
    assert file.problems == []
    made = import_units(file, by="an", now=NOW)
    assert [unit.code for unit in made] == ["bv-1", "bv-1-p", "tram-y-te-xa-ha"]
    stored = {u.code: (u.parent.code if u.parent else None, u.kind) for u in Unit.objects.all()}
    assert stored == {
        "so": (None, "department"),
        "bv-1": ("so", "hospital"),
        "bv-1-p": ("bv-1", "office"),
        "tram-y-te-xa-ha": ("so", "health_centre"),
    }
    assert Unit.objects.get(code="bv-1").states.get().from_on == date(2016, 2, 1)


def test_the_same_file_again_brings_nothing_new() -> None:
    row = ("bv-1", "Bệnh viện", "bệnh viện", "Mẫu", "so", "")
    import_units(read(row), by="an", now=NOW)
    again = read(row)
    assert (again.new, again.unchanged, again.problems) == ([], ["bv-1"], [])


GOOD = ("a", "Đơn vị A", "xã", "A", "", "")
BAD: dict[str, tuple[list[Sequence[object]], str]] = {
    "no name": ([("a", "", "xã", "", "", "")], "2: thiếu tên"),
    "no such kind": ([("a", "A", "vương quốc", "", "", "")], "2: loại «vương quốc»"),
    "marks in the code": ([("mã xã", "A", "xã", "", "", "")], "2: mã «mã xã»"),
    "the code twice": ([GOOD, ("a", "Khác", "xã", "", "", "")], "3: mã «a» đã ở dòng 2"),
    "somebody's code": ([("so", "Khác", "xã", "", "", "")], "2: mã «so» đang là của «Sở Y tế»"),
    "nobody above": ([("a", "A", "xã", "", "khong-co", "")], "2: không có đơn vị cấp trên «khong-co»"),
    "two of a name above": (
        [("a", "Phòng", "phòng", "", "", ""), ("b", "Phòng", "phòng", "", "", ""), ("c", "C", "tổ", "", "Phòng", "")],
        "4: nhiều đơn vị tên «Phòng»",
    ),
    "a circle": ([("a", "A", "xã", "", "b", ""), ("b", "B", "xã", "", "a", "")], "nằm dưới chính nó"),
    "no day": ([("a", "A", "xã", "", "", "hôm qua")], "2: «hôm qua» không phải ngày"),
    "the future": ([("a", "A", "xã", "", "", "01/01/2030")], "2: ngày 01/01/2030 ở tương lai"),
    "before the one above": ([("a", "A", "xã", "", "so", "01/01/2010")], "2: từ ngày 01/01/2010 trước khi có cấp trên"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_each_problem_is_told_with_its_line_and_nothing_is_stored(what: str) -> None:
    rows, sentence = BAD[what]
    assert sentence in told(*rows)
    with pytest.raises(ValueError, match="problems"):
        import_units(read(*rows), by="an", now=NOW)
    assert Unit.objects.count() == 1


def test_all_problems_are_told_at_once() -> None:
    assert told(("a b", "", "?", "", "x", "y")).count("|") >= 3


def test_a_file_without_a_heading_is_said_to_have_none() -> None:
    assert "dòng tiêu đề" in told(head=("1", "2", "3"))
    assert "dòng tiêu đề" in " ".join(
        text.vi for _, text in read_units([], under=None, today=TODAY).problems
    )


def test_a_unit_that_ended_takes_none() -> None:
    end_unit(Unit.objects.get(code="so"), on=TODAY, decision=NO_DECISION, by="an", now=NOW)
    assert "đã kết thúc" in told(GOOD)
