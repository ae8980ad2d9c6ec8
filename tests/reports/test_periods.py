"""Periods of reports: every day lies in exactly one, keys lead back, windows may begin on another day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khien.reports.periods import Rhythm, period_of, period_on, periods_of_year

RHYTHMS = [Rhythm(every, day, month) for every in ("month", "quarter", "half", "year")
           for day, month in ((1, 1), (15, 12), (28, 2), (1, 7))]  # fmt: skip
DAYS = st.dates(date(2001, 1, 1), date(2090, 12, 31))


@given(day=DAYS, rhythm=st.sampled_from(RHYTHMS))
def test_every_day_lies_in_one_period_whose_key_leads_back(day: date, rhythm: Rhythm) -> None:
    found = period_on(rhythm, day)
    assert found.begins <= day <= found.ends
    assert period_of(rhythm, found.key) == found
    years = range(day.year - 1, day.year + 2)
    holding = [
        p for year in years for p in periods_of_year(rhythm, year) if p.begins <= day <= p.ends
    ]
    assert holding == [found]


@given(day=DAYS, rhythm=st.sampled_from(RHYTHMS))
def test_a_period_ends_the_day_before_the_next_begins(day: date, rhythm: Rhythm) -> None:
    found = period_on(rhythm, day)
    assert period_on(rhythm, found.ends + timedelta(days=1)).begins == found.ends + timedelta(
        days=1
    )


def test_the_year_of_the_law_runs_from_the_fifteenth_of_december() -> None:
    found = period_of(Rhythm("year", 15, 12), "2026")
    assert found is not None
    assert (found.begins, found.ends) == (date(2025, 12, 15), date(2026, 12, 14))
    assert found.label.vi == "năm 2026 (15/12/2025 - 14/12/2026)"


@pytest.mark.parametrize(
    ("every", "key"),
    [("quarter", "2026-Q5"), ("quarter", "2026-Q0"), ("quarter", "2026"), ("year", "2026-Q1"), ("half", "2026-H3"),
     ("year", "1999"), ("event", "2026-02-30"), ("event", "2026-Q1"), ("once", "2026"), ("month", "2026-M13"), ("year", "")],
)  # fmt: skip
def test_a_key_of_no_period_is_none(every: str, key: str) -> None:
    assert period_of(Rhythm(every), key) is None


def test_documents_call_periods_as_people_do() -> None:
    labels = [
        period_of(Rhythm(e), k)
        for e, k in (("quarter", "2026-Q4"), ("half", "2026-H1"), ("event", "2026-12-10"))
    ]
    assert [label.label.vi for label in labels if label] == [
        "quý IV năm 2026",
        "6 tháng đầu năm 2026",
        "ngày 10/12/2026",
    ]
