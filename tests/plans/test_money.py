"""The share of money is judged as the control judges it, and summed by years without guessing."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_cast import add, bound_unit

from khien.checks.casework import CASE_MOMENT
from khien.checks.catalogue import load_checks
from khien.kernel.clock import now_utc
from khien.norms.figures import load_figures, read_figures
from khien.norms.library import load_library
from khien.norms.rulebook import build_rulebook
from khien.plans.money import (
    CONTROL,
    BudgetLine,
    Demand,
    budget_lines,
    demand_of,
    figure_for,
    missing_money,
    share_state,
    years_of_money,
)
from khien.registers.filing import add_attachment
from khien.registers.models import Row
from khien.registers.services import Act

DAY = date(2026, 11, 20)
CASES = load_checks(has_cases=True)[CONTROL].cases


def demand(percent: int | None, scope: Any = None) -> Demand:
    return Demand(percent, tuple(scope) if scope is not None else None, None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_line_stands_as_the_control_says(case: Any) -> None:
    """Every case of the control, judged by the page: same rows, same day, same reason."""
    library = load_library()
    moment = date.fromisoformat(str(case.subject.get("as_of", CASE_MOMENT.date())))
    whole = demand_of(build_rulebook(library, library.regulations, on=moment))
    scope = case.subject.get("scope", whole.scope)
    asked = demand(case.subject.get("budget_share_min_pct", whole.percent), scope)
    papers = {f"r{place}" for place, _ in enumerate(case.given.get("reg_document", []), start=1)}
    found = share_state(case.given["reg_budget"][0], asked, papers, today=moment)  # type: ignore[arg-type]
    assert found == case.expect["reason"]


def test_the_level_comes_from_the_rulebook_with_its_clause() -> None:
    library = load_library()
    bound = demand_of(build_rulebook(library, ["hue"], on=DAY))
    assert (bound.percent, bound.anchors) == (10, ("hue/g4",))
    assert demand_of(build_rulebook(library, ["do-son"], on=DAY)).percent is None
    assert demand_of(None).percent is None


def line(it_amount: int, security: int, *, year: int = 2026, scope: str = "yearly_it_plan") -> BudgetLine:  # fmt: skip
    share = Fraction(security, it_amount) if it_amount else None
    return BudgetLine(Row(), year, scope, it_amount, security, share, "enough")


@given(st.integers(1, 10**13), st.integers(0, 10**13), st.integers(1, 100))
def test_what_is_missing_is_just_enough(it_amount: int, security: int, percent: int) -> None:
    missing = missing_money(line(it_amount, security), percent)
    assert (security + missing) * 100 >= percent * it_amount
    assert missing == 0 or (security + missing - 1) * 100 < percent * it_amount


def test_a_share_just_below_a_level_is_not_said_to_reach_it() -> None:
    assert line(1_000_000, 99_999).percent == 9.9


@pytest.mark.django_db
def test_years_sum_their_yearly_plans_and_leave_out_what_is_not_known() -> None:
    unit = bound_unit("phuong-a", "hue")
    for year, title, it_amount, security in (
        (2025, "A", "1000", "100"),
        (2026, "A", "1000", "50"),
        (2026, "B", "3000", "450"),
        (2026, "C", "9000", ""),
    ):
        add(unit, "budget", year=str(year), scope="yearly_it_plan", title=title, it_amount=it_amount, security_amount=security)  # fmt: skip
    add(unit, "budget", year="2026", scope="it_project", title="D", it_amount="9000", security_amount="1")  # fmt: skip
    years = years_of_money(budget_lines([unit], {unit.pk: demand(10)}, today=DAY))
    assert [(y.year, y.percent, y.line_count, y.unknown_count) for y in years] == [
        (2025, 10.0, 1, 0),
        (2026, 12.5, 3, 1),
    ]


@pytest.mark.django_db
def test_an_exemption_needs_its_paper_with_a_file(tmp_path: Any, settings: Any) -> None:
    settings.KHIEN_DATA = tmp_path
    unit = bound_unit("phuong-a", "hue")
    paper = add(unit, "document", kind="budget_exemption", title="Xác nhận", issued_on="01/02/2026", is_approved="có")  # fmt: skip
    add(unit, "budget", year="2026", scope="yearly_it_plan", title="A", it_amount="1000", security_amount="1",
        has_exemption="có", exemption_reason="Thuê dịch vụ đạt chuẩn", exemption_paper=f"#{paper.number}")  # fmt: skip
    asked = {unit.pk: demand(10)}
    assert budget_lines([unit], asked, today=DAY)[0].state == "exemption_incomplete"
    add_attachment(paper, b"x", name="x.txt", act=Act("an", now_utc()))
    assert budget_lines([unit], asked, today=DAY)[0].state == "exempt"


@pytest.mark.django_db
def test_lines_of_many_units_take_two_queries(django_assert_num_queries: Any) -> None:
    units = [bound_unit(f"xa-{n}") for n in range(5)]
    for unit in units:
        add(unit, "document", kind="budget_exemption", title="X", issued_on="01/02/2026", is_approved="có")  # fmt: skip
        add(unit, "budget", year="2026", scope="yearly_it_plan", title="A", it_amount="10",
            has_exemption="có", exemption_paper="#1")  # fmt: skip
    with django_assert_num_queries(2):
        assert len(budget_lines(units, {}, today=DAY)) == 5


def test_the_higher_level_is_dated_and_carries_its_mark() -> None:
    figure = load_figures()["security_share_2025"]
    assert (figure.value, figure.mark, figure.from_on) == (15, "A", date(2026, 7, 1))
    assert not figure.holds_on(date(2026, 6, 30))
    assert figure.holds_on(date(2026, 7, 1))
    assert [figure_for(figure, line(1, 1, year=year)) for year in (2025, 2026, 2027)] == [False, True, True]  # fmt: skip
    assert figure_for(figure, line(1, 1, year=2023, scope="five_year_plan"))


def test_a_wrong_figure_is_named_with_its_line(tmp_path: Any) -> None:
    (tmp_path / "figures.yaml").write_text("x:\n  law: L\n  clause: D1\n  unit: percent\n  from: mai\n  of: {vi: a, en: b}\n  mark: Z\n  note: {vi: a, en: b}\n")  # fmt: skip
    _, problems = read_figures(tmp_path)
    assert {problem.line for problem in problems} >= {5, 7}
    assert read_figures(tmp_path / "khong-co") == ({}, [])
