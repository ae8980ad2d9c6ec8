"""Moments are kept in UTC and said in Vietnam time: the day turns at 17:00 UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khien.kernel.clock import (
    iso_utc,
    now_utc,
    parse_iso,
    said_day,
    said_moment,
    vietnam_date,
)

offsets = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=offsets)  # noqa: DTZ001  # bounds


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 6, 30, 16, 59, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 17, 0, 0, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 12, 31, 17, 0, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2028, 2, 28, 17, 0, 0, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
def test_the_day_turns_at_seventeen_hours_utc(moment: datetime, day: date) -> None:
    assert vietnam_date(moment) == day


def test_a_moment_is_said_in_vietnam_time_and_not_in_utc() -> None:
    moment = datetime(2026, 6, 30, 18, 5, tzinfo=UTC)
    assert said_moment(moment) == "01:05 01/07/2026"
    assert said_day(vietnam_date(moment)) == "01/07/2026"


@given(moments)
def test_every_zone_says_the_same_moment_alike(moment: datetime) -> None:
    assert said_moment(moment) == said_moment(moment.astimezone(UTC))
    assert said_moment(moment).endswith(said_day(vietnam_date(moment)))


@given(moments)
def test_the_written_moment_is_read_back_to_the_second(moment: datetime) -> None:
    back = parse_iso(iso_utc(moment))
    assert back == moment.replace(microsecond=0)
    assert back.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text", ["2026-06-30T17:00:00", "2026-06-30", "30/06/2026", "", "Z", "nay"]
)
def test_a_moment_without_its_zone_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # two ways to be wrong
        parse_iso(text)


def test_now_knows_its_zone() -> None:
    assert now_utc().utcoffset() == timedelta(0)
