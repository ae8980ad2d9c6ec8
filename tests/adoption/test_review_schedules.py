"""Deadlines in a regulation's words become the schedule that duties are dated by; what names no day gets none."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from khien.adoption.review.schedules import schedule_of, schedule_words
from khien.kernel.calendar import named_days
from khien.norms.field_reader import FieldReader
from khien.norms.library import load_library
from khien.norms.library_format import canonical_data
from khien.norms.located_yaml import Problem, read_located
from khien.norms.model import Schedule
from khien.norms.read_schedule import read_schedule
from khien.registers.declarations import load_registers

# Words, frequency, theme, evidence; kind; the days of 2026 that it names; how it is said.
CASES: list[tuple[str, str, str, str, str, list[str], str]] = [
    ("trước ngày 20 của tháng cuối quý", "quarterly", "report", "document", "calendar",
     ["2026-03-20", "2026-06-20", "2026-09-20", "2026-12-20"], "Mỗi quý, trước ngày 20 của tháng cuối quý"),
    ("trước 10/6 và 10/12", "6-monthly", "report", "document", "calendar", ["2026-06-10", "2026-12-10"],
     "Mỗi sáu tháng, trước ngày 10/06 và 10/12"),
    ("trước ngày 15/6 và ngày 15/12 hằng năm", "6-monthly", "report", "document", "calendar",
     ["2026-06-15", "2026-12-15"], "Mỗi sáu tháng, trước ngày 15/06 và 15/12"),
    ("trước ngày 05/12", "yearly", "report", "document", "calendar", ["2026-12-05"], "Hằng năm, trước ngày 05/12"),
    ("trong tháng 11", "yearly", "report", "document", "calendar", ["2026-11-30"], "Hằng năm, chậm nhất hết tháng 11"),
    ("hằng năm", "yearly", "report", "document", "calendar", ["2026-12-31"],
     "Hằng năm, đến hết ngày 31/12 (văn bản không nêu ngày)"),
    ("", "weekly", "report", "register", "calendar", [], "Mỗi tuần, đến hết cuối tuần (văn bản không nêu ngày)"),
    ("Quý II/2026", "once", "level", "document", "once", ["2026-06-30"], "Một lần, chậm nhất ngày 30/06/2026"),
    ("chậm nhất ngày 31/5/2026", "once", "level", "document", "once", ["2026-05-31"],
     "Một lần, chậm nhất ngày 31/05/2026"),
    ("trước ngày 01/7/2026", "once", "level", "document", "once", ["2026-06-30"],
     "Một lần, chậm nhất ngày 30/06/2026"),
    ("trong vòng 24 giờ", "event", "incident", "register", "event", [], "Trong 24 giờ từ khi có sự cố"),
    ("ngay khi phát hiện", "event", "incident", "register", "event", [], "Ngay khi có sự cố"),
    ("khi có yêu cầu", "event", "report", "document", "event", [], "Theo hạn ghi trong yêu cầu"),
    ("", "monthly", "patch", "host", "watch", [], "Không có ngày hẹn; kết quả kiểm tra hằng ngày theo dõi"),
    ("trong 12 tháng kể từ lần rà quét gần nhất", "yearly", "vulnerability", "document", "rolling", [],
     "Cứ 12 tháng tính từ lần trước"),
]  # fmt: skip


def read(schedule: dict[str, Any], tmp_path: Path) -> Schedule:
    """Read a schedule as the library does; a mistake fails."""
    path = tmp_path / "schedule.yaml"
    path.write_text(canonical_data(schedule), encoding="utf-8")
    source = read_located(path)
    assert not isinstance(source, Problem)
    problems: list[Problem] = []
    found = read_schedule(FieldReader(source, (), problems))
    assert problems == []
    return found


@pytest.mark.parametrize(("words", "often", "theme", "evidence", "kind", "days", "said"), CASES)
def test_words_become_a_schedule_that_the_library_reads(
    tmp_path: Path, words: str, often: str, theme: str, evidence: str, kind: str, days: list[str], said: str
) -> None:  # fmt: skip
    made = schedule_of(words, often, theme=theme, evidence=evidence)
    assert made is not None
    found = read(made, tmp_path)
    assert found.kind == kind
    if kind == "once":
        assert [str(found.due)] == days
    elif days:
        named = named_days(found.rule, date(2026, 1, 1), date(2026, 12, 31))
        assert [str(day) for day in named] == days
    assert str(schedule_words(made)) == said


def test_an_interval_that_a_parameter_gives_counts_from_the_last_time(tmp_path: Path) -> None:
    made = schedule_of("", "quarterly", theme="wireless", evidence="register", months=3)
    assert made is not None
    assert read(made, tmp_path).every == 3


@pytest.mark.parametrize(
    ("words", "often"),
    [("", "continuous"), ("kịp thời", "event"), ("trước ngày 31/02", "yearly-not"), ("trong vòng 24 giờ", "event"),
     ("trước ngày 40/13", "once"), ("đúng hạn", "once")],
)  # fmt: skip
def test_words_without_a_day_give_no_schedule(words: str, often: str) -> None:
    assert schedule_of(words, often, theme="conduct", evidence="register") is None
    assert schedule_words(None) is None


def test_a_day_that_does_not_exist_is_not_made_up() -> None:
    made = schedule_of("trước ngày 31/02", "yearly", theme="report", evidence="document")
    assert made == {"kind": "calendar", "period": "year", "rule": "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31", "assumed": True}  # fmt: skip


def test_a_limit_in_days_of_a_leaver_starts_with_the_handover(tmp_path: Path) -> None:
    made = schedule_of("chậm nhất 03 ngày", "event", theme="people", evidence="register")
    assert made is not None
    found = read(made, tmp_path)
    assert (found.register, found.within, found.measure) == ("handover", 3, "day")


def test_every_register_and_field_of_a_clock_is_there() -> None:
    registers = load_registers()
    for theme in ("incident", "people", "vulnerability"):
        made = schedule_of("trong vòng 24 giờ", "event", theme=theme, evidence="register")
        assert made is not None
        assert set(made["starts"]) <= set(registers[made["register"]].fields)
        assert theme in {control.theme for control in load_library().controls.values()}
    made = schedule_of("khi có yêu cầu", "event")
    assert made is not None
    assert {*made["starts"], made["due_field"]} <= set(registers["request"].fields)
