"""The page of money: lines with their sentences, years as columns of a drawing, the levels as lines in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from khien.checks.sentences import sentence_of
from khien.kernel.language import Text
from khien.norms.figures import Figure, load_figures
from khien.norms.library import load_library
from khien.norms.model import Verdict
from khien.norms.rulebook import Rulebook
from khien.org.models import Unit
from khien.plans.money import (
    CONTROL,
    BudgetLine,
    Demand,
    YearOfMoney,
    budget_lines,
    demand_of,
    figure_for,
    missing_money,
    years_of_money,
)
from khien.registers.declarations import register_by_code

HIGHER = "security_share_2025"
_TICKS = 4
_TOP_LEAST = 20


@dataclass(frozen=True, slots=True)
class LineShown:
    """One budget line with its verdict, its sentence and what is missing to each level."""

    line: BudgetLine
    kind: Text
    verdict: Verdict
    sentence: Text
    missing: int
    higher_missing: int | None


@dataclass(frozen=True, slots=True)
class Column:
    """One year in the drawing, in percent of it; without a share there is no column."""

    year: YearOfMoney
    x: str
    y: str
    width: str
    height: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Level:
    """One level as a line in the drawing."""

    percent: int
    place: str
    code: str


@dataclass(frozen=True, slots=True)
class MoneyPage:
    """Everything the page of money shows."""

    demand: Demand
    higher: Figure | None
    lines: Sequence[LineShown]
    past: Sequence[LineShown]
    years: Sequence[YearOfMoney]
    columns: Sequence[Column]
    levels: Sequence[Level]
    ticks: Sequence[tuple[int, str]]
    this_year: YearOfMoney | None

    @property
    def newest_first(self) -> list[YearOfMoney]:
        """Return the years for the table."""
        return list(self.years)[::-1]


def money_page(unit: Unit, rulebook: Rulebook, *, today: date) -> MoneyPage:
    """Put the page of a unit's money together."""
    demand = demand_of(rulebook)
    lines = budget_lines([unit], {unit.pk: demand}, today=today)
    found = load_figures().get(HIGHER)
    higher = found if found is not None and found.holds_on(today) else None
    shown = [_shown(line, demand, higher, rulebook) for line in lines]
    years = years_of_money(lines)
    top = _top(years, demand, higher)
    return MoneyPage(
        demand=demand,
        higher=higher,
        lines=[one for one in shown if one.line.state != "past"],
        past=[one for one in shown if one.line.state == "past"],
        years=years,
        columns=_columns(years, demand, top, today),
        levels=_levels(demand, higher, top),
        ticks=[(top * i // _TICKS, f"{100 - 100 * i / _TICKS:.2f}%") for i in range(_TICKS + 1)],
        this_year=next((year for year in years if year.year == today.year), None),
    )


def _shown(
    line: BudgetLine, demand: Demand, higher: Figure | None, rulebook: Rulebook
) -> LineShown:
    library, rule = load_library(), rulebook.rules.get(CONTROL)
    control = library.controls[CONTROL]
    detail = {
        "title": line.row.values.get("title"),
        "it_amount": _money(line.it_amount),
        "security_amount": _money(line.security_amount),
    }
    reasons = control.check.reasons if control.check else {}
    is_judged = rule is not None and line.state in reasons
    field = register_by_code("budget").fields["scope"]
    has_higher = higher is not None and figure_for(higher, line) and line.share is not None
    return LineShown(
        line=line,
        kind=field.choices[line.scope],
        verdict=reasons[line.state].verdict if is_judged else "not_applicable",
        sentence=sentence_of(control, line.state, detail, rule=rule, library=library),
        missing=missing_money(line, demand.percent or 0) if line.state == "too_little" else 0,
        higher_missing=missing_money(line, higher.value) if higher and has_higher else None,
    )


def _money(amount: int | None) -> str | None:
    return None if amount is None else f"{amount:,}".replace(",", ".")


def _top(years: Sequence[YearOfMoney], demand: Demand, higher: Figure | None) -> int:
    highest = max([year.percent or 0 for year in years], default=0)
    asked = max(demand.percent or 0, higher.value if higher else 0, _TOP_LEAST)
    step = 4 if max(highest, asked) <= 40 else 20
    return int(-(-max(highest, asked) // step) * step)


def _columns(years: Sequence[YearOfMoney], demand: Demand, top: int, today: date) -> list[Column]:
    slot = 100 / max(1, len(years))
    width = min(slot * 0.5, 12.0)
    columns = []
    for i, year in enumerate(years):
        if year.percent is None:
            continue
        height = 100 * min(year.percent, top) / top
        columns.append(
            Column(
                year=year,
                x=f"{i * slot + (slot - width) / 2:.3f}%",
                y=f"{100 - height:.3f}%",
                width=f"{width:.3f}%",
                height=f"{height:.3f}%",
                verdict=_verdict_of(year, demand, today),
            )
        )
    return columns


def _verdict_of(year: YearOfMoney, demand: Demand, today: date) -> Verdict:
    """Return the colour of a year: one that is over is not judged any more, as the control has it."""
    if year.year < today.year or demand.percent is None:
        return "not_applicable"
    is_enough = year.security_amount * 100 >= demand.percent * year.it_amount
    return "pass" if is_enough else "fail"


def _levels(demand: Demand, higher: Figure | None, top: int) -> list[Level]:
    given = [(demand.percent, "asked"), (higher.value if higher else None, "higher")]
    return [
        Level(percent, f"{100 - 100 * percent / top:.3f}%", code)
        for percent, code in given
        if percent
    ]
