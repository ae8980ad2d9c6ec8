"""The share of security in the IT money of units, over years, beside what the bound texts ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from khien.kernel.canonical import Json
from khien.norms.figures import Figure
from khien.norms.rulebook import Resolved, Rulebook
from khien.org.models import Unit
from khien.registers.declarations import register_by_code
from khien.registers.models import Attachment, Row
from khien.registers.selectors import rows_of

CONTROL: Final = "BUD-02"
SHARE: Final = "budget_share_min_pct"
YEARLY: Final = "yearly_it_plan"
FIVE_YEARS: Final = 5
# The words of a bound text for the kinds of plans in the register of budgets.
SCOPE_WORDS: Final[Mapping[str, str]] = {
    YEARLY: "yearly IT plan",
    "five_year_plan": "5-year plan",
    "it_project": "IT projects",
}
State = Literal[
    "enough",
    "exempt",
    "too_little",
    "exemption_incomplete",
    "amounts_not_recorded",
    "past",
    "scope_not_bound",
]


@dataclass(frozen=True, slots=True)
class Demand:
    """What the bound texts ask for: the least share in percent, of which plans, and the clauses that say so."""

    percent: int | None
    scope: tuple[str, ...] | None
    resolved: Resolved | None

    @property
    def anchors(self) -> tuple[str, ...]:
        """Return the clauses that give the share."""
        return self.resolved.anchors if self.resolved else ()


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One plan or project of the register (khoản kinh phí) with its share; `share`: None where it is not known."""

    row: Row
    year: int
    scope: str
    it_amount: int | None
    security_amount: int | None
    share: Fraction | None
    state: State

    @property
    def percent(self) -> float | None:
        """Return the share in percent, to one decimal and never rounded up to a level it does not reach."""
        return None if self.share is None else _floored(self.share)


@dataclass(frozen=True, slots=True)
class YearOfMoney:
    """The yearly plans of a year together; plans without both amounts are counted, not guessed."""

    year: int
    it_amount: int
    security_amount: int
    line_count: int
    unknown_count: int

    @property
    def percent(self) -> float | None:
        """Return the share in percent; None where no plan has both amounts."""
        if self.it_amount <= 0:
            return None
        return _floored(Fraction(self.security_amount, self.it_amount))


def demand_of(rulebook: Rulebook | None) -> Demand:
    """Return what a rulebook asks for; nothing where no bound text does, or texts contradict each other.

    Source: hue/g4
    """
    rule = rulebook.rules.get(CONTROL) if rulebook else None
    share = rule.parameters.get(SHARE) if rule else None
    scope = rule.parameters.get("scope") if rule else None
    value = share.value if share else None
    words = scope.value if scope else None
    return Demand(
        percent=value if isinstance(value, int) else None,
        scope=words if isinstance(words, tuple) else None,
        resolved=share,
    )


def budget_lines(
    units: Iterable[Unit], demands: Mapping[int, Demand], *, today: date
) -> list[BudgetLine]:
    """Return the budget lines of units with their shares, newest year first; two queries for all of them.

    Args: demands: by unit id
    """
    rows = list(rows_of(units, register_by_code("budget")).select_related("unit"))
    papers = _held_papers(rows)
    lines = [
        _line(row, demands.get(row.unit_id, demand_of(None)), papers, today=today) for row in rows
    ]
    return sorted(lines, key=lambda line: (-line.year, line.scope, line.row.name_key))


def _held_papers(rows: Sequence[Row]) -> frozenset[int]:
    asked = {row.values.get("exemption_paper") for row in rows} - {None}
    # A paper without its file proves nothing, as the gate of the checks has it.
    held = Attachment.objects.filter(
        row__in=asked, row__register="document", row__is_retired=False, is_retired=False
    )
    return frozenset(held.values_list("row_id", flat=True))


def _line(row: Row, demand: Demand, papers: frozenset[int], *, today: date) -> BudgetLine:
    values: Mapping[str, Json] = row.values
    it_amount, security = _amount(values, "it_amount"), _amount(values, "security_amount")
    share = None
    if it_amount is not None and it_amount > 0 and security is not None:
        share = Fraction(security, it_amount)
    return BudgetLine(
        row=row,
        year=int(str(values["year"])),
        scope=str(values["scope"]),
        it_amount=it_amount,
        security_amount=security,
        share=share,
        state=share_state(values, demand, papers, today=today),
    )


def share_state(
    values: Mapping[str, Json], demand: Demand, papers: frozenset[int], *, today: date
) -> State:
    """Return how a budget line stands by what the texts ask for: the reasons of control BUD-02, in its order.

    Args:   papers: the ids of documents whose file is held
    Source: hue/g4
    """
    year, scope = int(str(values["year"])), str(values["scope"])
    it_amount, security = _amount(values, "it_amount"), _amount(values, "security_amount")
    last_year = year + (FIVE_YEARS - 1 if scope == "five_year_plan" else 0)
    if last_year < today.year:
        return "past"
    if demand.scope is not None and SCOPE_WORDS[scope] not in demand.scope:
        return "scope_not_bound"
    is_known = it_amount is not None and it_amount > 0 and security is not None
    if demand.percent is not None and is_known and _reaches(security, it_amount, demand.percent):
        return "enough"
    if values.get("has_exemption") is True:
        has_paper = values.get("exemption_paper") in papers
        is_shown = values.get("exemption_reason") is not None and has_paper
        return "exempt" if is_shown else "exemption_incomplete"
    if not is_known:
        return "amounts_not_recorded"
    return "enough" if demand.percent is None else "too_little"


def _reaches(part: int | None, whole: int | None, percent: int) -> bool:
    return (part or 0) * 100 >= percent * (whole or 0)


def years_of_money(lines: Iterable[BudgetLine]) -> list[YearOfMoney]:
    """Return the yearly plans summed by year, oldest first; years without any are absent."""
    by_year: dict[int, list[BudgetLine]] = {}
    for line in lines:
        if line.scope == YEARLY:
            by_year.setdefault(line.year, []).append(line)
    return [_year(year, by_year[year]) for year in sorted(by_year)]


def _year(year: int, lines: Sequence[BudgetLine]) -> YearOfMoney:
    known = [line for line in lines if line.share is not None]
    return YearOfMoney(
        year=year,
        it_amount=sum(line.it_amount or 0 for line in known),
        security_amount=sum(line.security_amount or 0 for line in known),
        line_count=len(lines),
        unknown_count=len(lines) - len(known),
    )


def missing_money(line: BudgetLine, percent: int) -> int:
    """Return how much more money would reach a level, in đồng; 0 where it is reached or not known."""
    if line.it_amount is None or line.security_amount is None:
        return 0
    needed = -(-percent * line.it_amount // 100)
    return max(0, needed - line.security_amount)


def figure_for(figure: Figure, line: BudgetLine) -> bool:
    """Say whether a figure of higher law was law in any part of the time a budget line is for."""
    years = FIVE_YEARS if line.scope == "five_year_plan" else 1
    return figure.from_on.year < line.year + years and (
        figure.to_on is None or line.year < figure.to_on.year
    )


def _amount(values: Mapping[str, Json], code: str) -> int | None:
    value = values.get(code)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _floored(share: Fraction) -> float:
    return int(share * 1000) / 10
