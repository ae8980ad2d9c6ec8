"""Compliance by theme, by unit, over time, and one control at all units: counts as the findings say."""

from __future__ import annotations

import html
from datetime import date, timedelta
from typing import Any

import pytest

from khien.checks.models import Finding, ThemeStanding
from khien.checks.standing import (
    controls_standing,
    theme_matrix,
    theme_sums,
    trend,
    verdict_counts,
)
from khien.kernel.clock import now_utc, vietnam_date
from khien.norms.library import load_library
from khien.norms.model import VERDICTS
from khien.web.pages.heat_map import Cell, below
from khien.web.pages.trend import trend_of

pytestmark = pytest.mark.django_db


def today() -> date:
    """Return the day it is now, which may change while the tests run."""
    return vietnam_date(now_utc())


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


def worst_of(unit: Any) -> dict[str, str]:
    order = ("fail", "unknown", "pass", "not_applicable")
    found: dict[str, str] = {}
    for control, verdict in Finding.objects.filter(unit=unit, to_at=None).values_list(
        "control", "verdict"
    ):
        found[control] = min(found.get(control, verdict), verdict, key=order.index)
    return found


def test_counts_of_a_unit_are_the_worst_verdicts_of_its_controls(cast: Any) -> None:
    worst = list(worst_of(cast.ward).values())
    assert verdict_counts([cast.ward]) == {cast.ward.pk: {v: worst.count(v) for v in VERDICTS}}


def test_themes_add_up_to_the_controls(cast: Any) -> None:
    themes = {control.id: control.theme for control in load_library().controls.values()}
    expected: dict[str, dict[str, int]] = {}
    for control, verdict in worst_of(cast.ward).items():
        expected.setdefault(themes[control], dict.fromkeys(VERDICTS, 0))[verdict] += 1
    assert theme_matrix([cast.ward])[cast.ward.pk] == expected
    both = theme_sums([cast.ward, cast.strange])
    assert sum(n for counts in both.values() for n in counts.values()) == len(
        worst_of(cast.ward)
    ) + len(worst_of(cast.strange))


def test_a_day_before_the_first_assessment_has_nothing(cast: Any) -> None:
    before = today() - timedelta(days=1)
    assert (verdict_counts([cast.ward], on=before), theme_matrix([cast.ward], on=before)) == (
        {},
        {},
    )


def test_the_trend_follows_what_changed(cast: Any) -> None:
    row = ThemeStanding.objects.filter(unit=cast.station).first()
    assert row is None
    counts = {"pass_count": 0, "unknown_count": 0, "not_applicable_count": 0}
    days = [today() - timedelta(days=back) for back in (40, 20)]
    for from_on, until_on, fails in ((days[0], days[1], 3), (days[1], None, 1)):
        ThemeStanding.objects.create(
            unit=cast.station, theme="password", from_on=from_on, until_on=until_on,
            fail_count=fails, **counts,
        )  # fmt: skip
    points = {
        point.on: point.counts["fail"] for point in trend([cast.station], days=50, today=today())
    }
    assert min(points) == days[0]
    assert (points[days[1] - timedelta(days=1)], points[days[1]], points[today()]) == (3, 1, 1)
    table = trend_of([cast.station], days=50, today=today()).newest_first
    assert [point.counts["fail"] for point in table] == [1, 1, 3]


def test_pieces_of_the_drawing_fill_a_column_no_further_than_its_top(cast: Any) -> None:
    page = trend_of([cast.ward], days=365, today=today())
    heights = [float(piece.height.rstrip("%")) for piece in page.pieces]
    assert 0 < sum(heights) <= 100.01
    assert page.ticks[-1][0] >= sum(page.points[0].counts.values())


def test_the_heat_map_leads_from_a_field_to_its_controls(cast: Any) -> None:
    page = text(cast.client().get("/don-vi/phuong/tuan-thu/don-vi/"))
    theme = next(t for t, n in theme_matrix([cast.ward])[cast.ward.pk].items() if n["fail"])
    address = f"/don-vi/phuong/quy-tac/?chu-de={theme}&ket-qua=khong-dat"
    assert f'href="{address}"' in page
    assert cast.client().get(address).status_code == 200


def test_the_heat_map_shows_the_units_below_and_no_stranger(cast: Any) -> None:
    page = text(cast.client().get("/tuan-thu/"))
    assert cast.ward.name_vi in page
    assert cast.station.name_vi in page
    assert cast.strange.name_vi not in page


def test_a_unit_is_found_without_tone_marks_and_kinds_filter(cast: Any) -> None:
    client = cast.client()
    assert cast.station.name_vi in text(client.get("/tuan-thu/?tim=don+vi+tram"))
    assert "Không có đơn vị nào" in text(client.get("/tuan-thu/?tim=zzz"))
    assert "Không có đơn vị nào" in text(client.get("/tuan-thu/?loai=hospital"))


def test_htmx_gets_the_table_alone(cast: Any) -> None:
    page = text(
        cast.client().get("/tuan-thu/", headers={"HX-Request": "true", "HX-Target": "ban-do"})
    )
    assert "<table" in page
    assert "<html" not in page


def test_one_control_is_shown_at_every_unit(cast: Any) -> None:
    page = text(cast.client().get("/tuan-thu/bien-phap/PWD-01/"))
    assert "/don-vi/phuong/bien-phap/PWD-01/" in page
    assert "xa-khac" not in page
    assert controls_standing([cast.ward, cast.strange], "unknown")[0].unit_count == 2


def test_a_past_day_is_asked_by_the_address(cast: Any) -> None:
    before = today() - timedelta(days=1)
    page = text(cast.client().get(f"/don-vi/phuong/tuan-thu/chu-de/?ngay={before}"))
    assert "Đến lúc đó chưa có lần đánh giá nào" in page


def test_a_cell_shows_the_worst_that_occurs() -> None:
    counts = dict.fromkeys(VERDICTS, 0)
    assert (Cell("x", counts).verdict, Cell("x", counts).number) == ("", 0)
    strong = Cell("x", counts | {"fail": 4, "pass": 1})
    assert (strong.verdict, strong.number, strong.strength) == ("fail", 4, 3)


def test_below_keeps_the_unit_and_its_subtree(cast: Any) -> None:
    units = [cast.ward, cast.station, cast.strange]
    assert [unit.code for unit in below(cast.ward, units)] == ["phuong", "tram"]
    assert [unit.code for unit in below(cast.station, units)] == ["tram"]


QUERIES = {
    "/don-vi/phuong/tuan-thu/chu-de/": 13,
    "/don-vi/phuong/tuan-thu/don-vi/": 15,
    "/don-vi/phuong/tuan-thu/dien-bien/": 13,
    "/tuan-thu/": 15,
    "/tuan-thu/bien-phap/PWD-01/": 13,
    "/don-vi/": 14,
    "/don-vi/phuong/may/": 15,
    "/don-vi/phuong/hom-nay/": 24,
    "/hom-nay/": 28,
    "/tim/?q=phuong": 17,
}


@pytest.mark.parametrize(("address", "most"), QUERIES.items())
def test_pages_ask_the_database_few_questions(
    cast: Any, django_assert_max_num_queries: Any, address: str, most: int
) -> None:
    client = cast.client()
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "query", ["?trang=0", "?trang=99999999999", "?trang=x&xep=x&loai=%00", "?khoang=x"]
)
def test_odd_questions_get_a_page(cast: Any, query: str) -> None:
    for address in (
        "/tuan-thu/",
        "/don-vi/phuong/may/",
        "/don-vi/phuong/tuan-thu/dien-bien/",
        "/don-vi/",
    ):
        assert cast.client().get(address + query).status_code == 200
