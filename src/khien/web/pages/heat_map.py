"""Units by themes: what fails, is unknown or passes in each field; and one control at every unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from khien.checks.standing import standings_of, theme_matrix, theme_sums, verdict_counts
from khien.kernel.vietnamese import search_key
from khien.norms.library import load_library
from khien.norms.model import VERDICTS, Verdict
from khien.org.models import Unit

PAGE_SIZE = 60
ORDERS = ("te-nhat", "ten")
_NONE: Mapping[str, int] = dict.fromkeys(VERDICTS, 0)


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit and theme: counts of controls, the verdict that stands in front, and how strongly."""

    theme: str
    counts: Mapping[str, int]

    @property
    def verdict(self) -> str:
        """Return the worst verdict that occurs; "" where no control of the theme binds the unit."""
        return next(
            (v for v in ("fail", "unknown", "pass", "not_applicable") if self.counts[v]), ""
        )

    @property
    def number(self) -> int:
        """Return how many controls stand at that verdict."""
        return self.counts[self.verdict] if self.verdict else 0

    @property
    def strength(self) -> int:
        """Return 1 to 3: which part of the controls stands at that verdict."""
        total = sum(self.counts.values()) or 1
        return min(3, 1 + 3 * self.number // (total + 1))


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit of the heat map, with its cells in the order of the themes."""

    unit: Unit
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """One page of units by themes; `all` sums the units that match."""

    themes: Sequence[str]
    lines: Sequence[UnitLine]
    all: Sequence[Cell]
    counts: Mapping[str, int]
    unit_count: int
    kinds: Sequence[str]
    number: int
    page_count: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asked of the heat map: words, kind of unit, order, page, and perhaps a past day."""

    words: str = ""
    kind: str = ""
    order: str = ORDERS[0]
    number: int = 1
    on: date | None = None

    @classmethod
    def read(cls, query: QueryDict, *, number: int, on: date | None) -> Wanted:
        """Read it from an address; what makes no sense is passed over."""
        order = query.get("xep", "")
        return cls(
            words=query.get("tim", "")[:100],
            kind=query.get("loai", "")[:30],
            order=order if order in ORDERS else ORDERS[0],
            number=number,
            on=on,
        )


def heat_map(units: Sequence[Unit], wanted: Wanted) -> HeatMap:
    """Return units by themes, the worst first unless asked by name."""
    chosen = [unit for unit in units if _matches(unit, wanted)]
    sums = theme_sums(chosen, on=wanted.on)
    themes = [theme for theme in _themes() if theme in sums]
    page_count = max(1, -(-len(chosen) // PAGE_SIZE))
    number = min(max(1, wanted.number), page_count)
    counts = verdict_counts(chosen, on=wanted.on)
    ordered = _ordered(chosen, wanted.order, counts)
    shown = ordered[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    matrix = theme_matrix(shown, on=wanted.on)
    return HeatMap(
        themes=themes,
        lines=[_line(unit, matrix.get(unit.pk, {}), themes) for unit in shown],
        all=[Cell(theme, sums[theme]) for theme in themes],
        counts=_sum(counts.values()),
        unit_count=len(chosen),
        kinds=sorted({unit.kind for unit in units}),
        number=number,
        page_count=page_count,
    )


def _ordered(
    units: Sequence[Unit], order: str, counts: Mapping[int, Mapping[str, int]]
) -> list[Unit]:
    if order == "ten":
        return sorted(units, key=lambda unit: search_key(unit.name_vi))

    def worst(unit: Unit) -> tuple[int, int, str]:
        numbers = counts.get(unit.pk, _NONE)
        return (-numbers["fail"], -numbers["unknown"], unit.code)

    return sorted(units, key=worst)


def _themes() -> list[str]:
    """Return the themes in the order of the library's words."""
    labels = load_library().labels
    themes = {control.theme for control in load_library().controls.values()}

    def word(theme: str) -> str:
        found = labels.get(f"theme.{theme}") or labels.get(theme)
        return search_key(found.vi if found else theme)

    return sorted(themes, key=word)


def _matches(unit: Unit, wanted: Wanted) -> bool:
    key = search_key(f"{unit.name_vi} {unit.name_en} {unit.place} {unit.code}")
    has_words = all(word in key for word in search_key(wanted.words).split())
    return has_words and wanted.kind in ("", unit.kind)


def _line(unit: Unit, found: Mapping[str, Mapping[str, int]], themes: Sequence[str]) -> UnitLine:
    cells = [Cell(theme, found.get(theme, _NONE)) for theme in themes]
    return UnitLine(unit, cells)


def _sum(many: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total = dict(_NONE)
    for counts in many:
        for verdict, number in counts.items():
            total[verdict] += number
    return total


def below(unit: Unit, visible: Sequence[Unit]) -> list[Unit]:
    """Return a unit and, of those visible, all that stand below it."""
    parents = {one.pk: one.parent_id for one in visible}
    inside: dict[int, bool] = {unit.pk: True}

    def stands_below(pk: int | None, steps: int = 0) -> bool:
        if pk is None or steps > len(parents):
            return False
        if pk not in inside:
            inside[pk] = stands_below(parents.get(pk), steps + 1)
        return inside[pk]

    return [one for one in visible if stands_below(one.pk)]


@dataclass(frozen=True, slots=True)
class UnitVerdict:
    """How one control stands at one unit, and over how many subjects at each verdict."""

    unit: Unit
    verdict: Verdict
    counts: Mapping[str, int]


def one_control(units: Sequence[Unit], control: str) -> list[UnitVerdict]:
    """Return how a control stands at units, the worst first; units it does not bind are absent."""
    order = ("fail", "unknown", "pass", "not_applicable")
    found = standings_of(units, control)
    rows = [UnitVerdict(unit, *found[unit.pk]) for unit in units if unit.pk in found]
    return sorted(
        rows, key=lambda row: (order.index(row.verdict), -row.counts["fail"], row.unit.code)
    )
