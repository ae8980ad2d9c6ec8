"""What a text will change, as a page: the sum first, then each group of units with the same texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from khien.adoption.impact.model import ADDED, DROPPED, DutyChange, Group, Impact, ReportChange
from khien.adoption.impact.words import (
    ParameterLine,
    cited_list,
    parameter_lines,
    turn_words,
    unit_names,
)
from khien.norms.difference import ControlChange
from khien.norms.model import Library


@dataclass(frozen=True, slots=True)
class Sum:
    """One figure of the sum: its number, its words, its tone."""

    number: int
    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class ControlLine:
    """One control that is added or dropped, with the clauses that say so."""

    code: str
    title: str
    clauses: str


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty or report that appears or vanishes."""

    words: str
    when: str
    clause: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class TurnLine:
    """One unit's findings that change."""

    unit: str
    words: str
    is_failing: bool


@dataclass(frozen=True, slots=True)
class GroupPage:
    """Units with the same texts, and what changes for them."""

    names: str
    count: int
    units: Sequence[str]
    before: Sequence[str]
    after: Sequence[str]
    added: Sequence[ControlLine]
    dropped: Sequence[ControlLine]
    parameters: Sequence[ParameterLine]
    duties: Sequence[DutyLine]
    turns: Sequence[TurnLine]

    @property
    def is_unchanged(self) -> bool:
        """Say whether nothing changes for them."""
        return not (self.added or self.dropped or self.parameters or self.duties or self.turns)


@dataclass(frozen=True, slots=True)
class ImpactPage:
    """All that the page shows."""

    sums: Sequence[Sum]
    groups: Sequence[GroupPage]
    unevaluated: Sequence[str]


def impact_page(impact: Impact, library: Library) -> ImpactPage:
    """Return the page of an impact."""
    return ImpactPage(
        sums=_sums(impact),
        groups=[_group(group, impact, library) for group in impact.groups],
        unevaluated=[f"{code} {_title(code, library)}" for code in impact.unevaluated],
    )


def _sums(impact: Impact) -> list[Sum]:
    counts = impact.summary()
    shown = (
        ("units", gettext("units bound"), ""),
        ("controls_added", gettext("controls added"), "tighter"),
        ("controls_dropped", gettext("controls dropped"), ""),
        ("parameters_tightened", gettext("parameters tighter"), "tighter"),
        ("parameters_loosened", gettext("parameters looser"), ""),
        ("findings_failing", gettext("findings turn to fail"), "worse"),
        ("findings_passing", gettext("findings turn to pass"), "better"),
        ("duties_new", gettext("dated duties new"), "tighter"),
        ("duties_gone", gettext("dated duties gone"), ""),
        ("reports_new", gettext("reports new"), "tighter"),
        ("reports_gone", gettext("reports gone"), ""),
    )
    return [
        Sum(counts[code], words, tone if counts[code] else "none") for code, words, tone in shown
    ]


def _group(group: Group, impact: Impact, library: Library) -> GroupPage:
    return GroupPage(
        names=unit_names(group, 4),
        count=len(group.units),
        units=[name for _, _, name in group.units],
        before=_shorts(group.before, library),
        after=_shorts(group.after, library),
        added=_controls(group.of_kind(ADDED), library),
        dropped=_controls(group.of_kind(DROPPED), library),
        parameters=parameter_lines(group, library),
        duties=[
            *_duties(group.duties_new, library, is_new=True),
            *_reports(group.reports_new, is_new=True),
            *_duties(group.duties_gone, library, is_new=False),
            *_reports(group.reports_gone, is_new=False),
        ],
        turns=[
            TurnLine(name, str(turn_words(turn, library)), turn.after == "fail")
            for pk, _, name in group.units
            for turn in impact.turns.get(pk, ())
            if turn.before and turn.after
        ],
    )


def _shorts(names: Sequence[str], library: Library) -> list[str]:
    return [str(library.documents[name].short) for name in names if name in library.documents]


def _title(code: str, library: Library) -> str:
    control = library.controls.get(code)
    return str(control.title) if control is not None else code


def _controls(changes: Sequence[ControlChange], library: Library) -> list[ControlLine]:
    return [
        ControlLine(
            one.control,
            _title(one.control, library),
            str(cited_list(one.new_clauses or one.old_clauses, library)),
        )
        for one in changes
    ]


def _duties(duties: Sequence[DutyChange], library: Library, *, is_new: bool) -> list[DutyLine]:
    return [
        DutyLine(
            str(one.title),
            str(one.when),
            str(cited_list([f"{one.document}/{one.path}"], library)),
            is_new,
        )
        for one in duties
    ]


def _reports(reports: Sequence[ReportChange], *, is_new: bool) -> list[DutyLine]:
    return [DutyLine(str(one.title), gettext("report"), "", is_new) for one in reports]
