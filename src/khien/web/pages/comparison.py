"""Texts compared, as pages and as tables to keep: two, the strictest of all, ended law, a level's standard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from khien.checks.sentences import said_value
from khien.kernel.language import current_language
from khien.norms.comparison import (
    Comparison,
    ControlBeside,
    Ended,
    Given,
    Place,
    Strictest,
    Tightening,
    standard_of_level,
    tightenings,
)
from khien.norms.library import load_library
from khien.norms.model import MARKS, UNSURE, Document, Library, Parameter
from khien.norms.rulebook import Rulebook
from khien.norms.wording import cited
from khien.org.models import Unit
from khien.registers.declarations import register_by_code
from khien.registers.selectors import rows_of
from khien.web.sheets import Sheet
from khien.web.wording import STRICTER_WORDS, TIER_WORDS

_STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Texts of one tier, to choose from."""

    tier: str
    texts: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The controls that both texts ask for, or only one of them."""

    asked_by: str
    controls: tuple[ControlBeside, ...]


@dataclass(frozen=True, slots=True)
class LevelPage:
    """What the standard of a unit's highest level would add to its rulebook or tighten in it."""

    level: int
    standard: Document
    rows: tuple[Tightening, ...]


def shelves(library: Library) -> tuple[Shelf, ...]:
    """Return the texts of the library by tier, in their order."""
    found: dict[str, list[Document]] = {tier: [] for tier in TIER_WORDS}
    for text in library.documents.values():
        found[text.tier].append(text)
    return tuple(Shelf(tier, tuple(texts)) for tier, texts in found.items() if texts)


def parts_of(comparison: Comparison) -> tuple[Part, ...]:
    """Return a comparison in three parts, those that have anything."""
    found = (Part(who, comparison.asked_by(who)) for who in ("both", "first", "second"))
    return tuple(part for part in found if part.controls)


def highest_level(unit: Unit) -> int | None:
    """Return the highest level of a unit's systems that are not stopped; None where none has a level."""
    rows = rows_of([unit], register_by_code("system"))
    levels = [
        level
        for row in rows
        if row.values.get("stage") != _STOPPED and isinstance(level := row.values.get("level"), int)
    ]
    return max(levels, default=None)


def level_page(unit: Unit, rulebook: Rulebook) -> LevelPage | None:
    """Return what the unit's highest level asks beyond its rulebook; None without a level or a standard."""
    level, library = highest_level(unit), load_library()
    standard = standard_of_level(library, level) if level is not None else None
    if level is None or standard is None:
        return None
    return LevelPage(level, standard, tightenings(library, rulebook, standard))


def compared_table(comparison: Comparison) -> Sheet:
    """Return two texts side by side as a table: one line for each parameter, or for a control without one."""
    first, second = str(comparison.first.short), str(comparison.second.short)
    clauses = gettext("Clauses")
    heads = [
        gettext("Control"), gettext("Title"), f"{first}: {clauses}", f"{second}: {clauses}", gettext("Parameter"),
        first, second, gettext("Stricter"),
    ]  # fmt: skip
    return Sheet(gettext("Comparison"), heads, _compared_rows(comparison))


def _compared_rows(comparison: Comparison) -> Iterator[Sequence[str]]:
    names = {"first": str(comparison.first.short), "second": str(comparison.second.short)}
    for one in comparison.controls:
        head = [one.control.id, str(one.control.title), _clauses(one.first), _clauses(one.second)]
        for beside in one.parameters:
            said = names.get(beside.stricter) or str(STRICTER_WORDS.get(beside.stricter, ""))
            values = [_said(beside.parameter, given) for given in (beside.first, beside.second)]
            yield [*head, str(beside.parameter.title), *values, said]
        if not one.parameters:
            yield [*head, "", "", "", ""]


def strictest_table(rows: Iterable[Strictest]) -> Sheet:
    """Return the strictest values as a table."""
    heads = [
        gettext("Control"), gettext("Title"), gettext("Parameter"), gettext("Strictest"),
        gettext("Clauses"), gettext("Mark"),
        gettext("Other values"), gettext("To be checked"),
    ]  # fmt: skip
    return Sheet(gettext("The strictest of all texts"), heads, map(_strictest_row, rows))


def _strictest_row(one: Strictest) -> list[str]:
    best = one.strictest
    places = best.places if best else ()
    return [
        one.control.id,
        str(one.control.title),
        str(one.parameter.title),
        _said(one.parameter, best),
        _clauses(places),
        ", ".join(sorted({place.mark for place in places})),
        "; ".join(_with_clauses(one.parameter, given) for given in one.others),
        "; ".join(_with_clauses(one.parameter, given) for given in one.unsure),
    ]


def ended_table(rows: Iterable[Ended]) -> Sheet:
    """Return cited law that ended as a table."""
    heads = [
        gettext("Document"), gettext("Cited at"), gettext("Cited text"), gettext("Ended on"),
        gettext("Successor"), gettext("Mark"),
        gettext("Note"),
    ]  # fmt: skip
    return Sheet(gettext("Cited law that ended"), heads, map(_ended_row, rows))


def _ended_row(one: Ended) -> list[str]:
    said = one.citation
    return [
        str(one.document.short),
        "; ".join(str(cited(one.document, path)) for path in said.clauses),
        str(said.title),
        f"{said.ended_on:%d/%m/%Y}" if said.ended_on else "",
        said.successor or "",
        f"{said.mark}: {MARKS[said.mark]}",
        str(said.note) if said.note else "",
    ]


def level_table(page: LevelPage) -> Sheet:
    """Return what a level would add or tighten as a table."""
    heads = [
        gettext("Control"), gettext("Title"), gettext("Parameter"), gettext("In the rulebook"), gettext("Clauses"),
        str(page.standard.short), gettext("Section"), gettext("Mark"),
    ]  # fmt: skip
    return Sheet(str(page.standard.short), heads, map(_level_row, page.rows))


def _level_row(one: Tightening) -> list[str]:
    parameter = one.parameter
    return [
        one.control.id,
        str(one.control.title),
        str(parameter.title) if parameter else gettext("new control"),
        _said(parameter, one.now) if parameter else "",
        _clauses(one.now.places) if one.now else "",
        _said(parameter, one.then) if parameter else "",
        _clauses(one.then.places),
        ", ".join(sorted({place.mark for place in one.then.places})),
    ]


def _with_clauses(parameter: Parameter, given: Given) -> str:
    return f"{_said(parameter, given)} ({_clauses(given.places)})"


def _clauses(places: Iterable[Place]) -> str:
    return "; ".join(_clause(place) for place in places)


def _clause(place: Place) -> str:
    said = str(cited(load_library().documents[place.document], place.path))
    return f"{said} ({MARKS[UNSURE]})" if place.mark == UNSURE else said


def _said(parameter: Parameter, given: Given | None) -> str:
    if given is None:
        return ""
    if not given.agrees:
        return gettext("the text says two things")
    library = load_library()
    value = said_value(given.value, library, current_language())
    has_unit = parameter.unit is not None and given.value is not None
    return f"{value} {library.label(str(parameter.unit))}" if has_unit else value
