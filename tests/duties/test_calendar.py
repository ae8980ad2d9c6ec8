"""Days, periods and working days, as they hold for every day there is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from khien.duties.holidays import load_years, read_years, working_days
from khien.kernel.calendar import (
    PERIOD_KINDS,
    PeriodKind,
    YearWindow,
    add_months,
    day_begins,
    day_ends,
    named_days,
    period_named,
    period_of,
    periods,
)
from khien.kernel.clock import vietnam_date
from khien.norms.library import LIBRARY
from khien.norms.located_yaml import Problem

DAYS = some.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))
OUR_DAYS = some.dates(min_value=date(2024, 1, 15), max_value=date(2027, 12, 15))
KINDS = some.sampled_from(PERIOD_KINDS)


@given(KINDS, DAYS)
def test_every_day_lies_in_one_period_whose_key_names_it(kind: PeriodKind, day: date) -> None:
    period = period_of(kind, day)
    assert day in period
    assert period_named(period.key) == period
    assert period.next.first == period.last + timedelta(days=1)


@given(KINDS, DAYS, some.integers(0, 800))
def test_periods_cover_a_stretch_without_a_gap(kind: PeriodKind, day: date, length: int) -> None:
    until = day + timedelta(days=length)
    found = list(periods(kind, day, until))
    assert found[0].first <= day
    assert found[-1].last >= until
    assert all(a.next == b for a, b in pairwise(found))


@given(DAYS, some.integers(-240, 240))
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: date, count: int) -> None:
    later = add_months(day, count)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == count
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@given(OUR_DAYS)
def test_the_day_to_act_is_the_last_working_day(day: date) -> None:
    working = working_days()
    act = working.last_until(day)
    assert act <= day
    assert working.is_working(act)
    assert not any(
        working.is_working(act + timedelta(days=n)) for n in range(1, (day - act).days + 1)
    )


@given(OUR_DAYS, some.integers(0, 40))
def test_adding_working_days_and_counting_them_agree(day: date, count: int) -> None:
    working = working_days()
    assert working.count(day, working.add(day, count)) == count


@given(OUR_DAYS, some.integers(1, 40))
def test_going_forth_and_back_ends_on_a_working_day_not_later(day: date, count: int) -> None:
    working = working_days()
    assert working.add(working.add(day, count), -count) <= working.first_from(day)


@given(DAYS)
def test_a_day_of_viet_nam_begins_at_five_in_the_afternoon_utc(day: date) -> None:
    assert day_begins(day) == datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(
        hours=7
    )
    assert vietnam_date(day_begins(day)) == day
    assert vietnam_date(day_ends(day) - timedelta(microseconds=1)) == day


@given(some.integers(2000, 2100))
def test_the_window_of_the_yearly_report_is_one_year_long(year: int) -> None:
    since, until = YearWindow((12, 15), (12, 14)).of(year)
    assert (since, until) == (date(year - 1, 12, 15), date(year, 12, 14))
    assert YearWindow((12, 15), (12, 14)).of(year + 1)[0] == until + timedelta(days=1)


@given(DAYS, some.integers(0, 1500))
def test_named_days_do_not_depend_on_where_one_begins_to_look(day: date, length: int) -> None:
    rule, until = "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=20", day + timedelta(days=length)
    whole = named_days(rule, date(1999, 1, 1), date(2110, 1, 1))
    assert named_days(rule, day, until) == [named for named in whole if day <= named <= until]


@pytest.mark.parametrize(("day", "act"), [
    ("2026-04-30", "2026-04-29"),  # Reunification Day
    ("2026-09-02", "2026-08-28"),  # 31/8 is off in exchange for Saturday 22/8
    ("2026-08-22", "2026-08-22"),  # that Saturday is worked
    ("2025-05-02", "2025-04-29"),
    ("2026-12-20", "2026-12-18"),  # a Sunday
])  # fmt: skip
def test_the_last_working_day_before(day: str, act: str) -> None:
    assert working_days().last_until(date.fromisoformat(day)) == date.fromisoformat(act)


def test_a_year_not_announced_is_never_sure() -> None:
    working = working_days()
    assert working.is_sure(date(2026, 6, 1), date(2026, 6, 19))
    assert not working.is_sure(date(2026, 11, 23), date(2026, 11, 25))
    assert not working.is_sure(date(2027, 6, 1), date(2027, 6, 19))
    assert not working.is_sure(date(2031, 6, 1), date(2031, 6, 19))


@pytest.mark.parametrize(
    "key", ["2026-Q5", "2026-H0", "2026-13", "26", "2026-W54", "", "abcd", "2026-q1"]
)
def test_what_is_no_period_has_no_days(key: str) -> None:
    with pytest.raises(ValueError, match="key of a period"):
        period_named(key)


def test_each_year_of_the_library_says_how_sure_it_is() -> None:
    assert {year.year: year.mark for year in load_years(LIBRARY)} == {
        2024: "B",
        2025: "B",
        2026: "B",
        2027: "C",
    }


def test_a_wrong_file_of_holidays_is_told_line_by_line(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("library")
    (folder / "calendars").mkdir()
    (folder / "calendars" / "2026.yaml").write_text(
        "year: 2025\nmark: X\nsource: {vi: a, en: b}\ndays_off:\n- {day: '2025-01-01', vi: a, en: b}\n"
        "- {day: '2025-01-01', vi: a, en: b}\nmoved:\n- {free: '2026-01-03', work: '2026-01-05'}\n",
        encoding="utf-8",
    )
    problems: list[Problem] = []
    read_years(folder, problems)
    said = "\n".join(problem.en for problem in problems)
    for words in (
        "file's name",
        "one of: A, B, C",
        "stands already",
        "free already",
        "Saturday or Sunday",
    ):
        assert words in said
