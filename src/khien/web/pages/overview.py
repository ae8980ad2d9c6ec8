"""The unit at a glance: how it stands, what to do first, what is unknown and what would decide it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from khien.checks.models import Assessment
from khien.checks.selectors import (
    ControlState,
    compliance_tree,
    control_states,
    last_assessment,
    totals,
    worst_first,
)
from khien.facts.selectors import hosts_of
from khien.norms.library import load_library
from khien.norms.model import VERDICTS, Document
from khien.norms.rulebook import Rulebook
from khien.org.models import Unit

FIRST_MAX = 6
_MODES = ("host", "register", "document", "log", "workflow", "attest")


@dataclass(frozen=True, slots=True)
class BoundDocument:
    """A document that binds the unit, with its binding duties counted by verdict."""

    document: Document
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Supply:
    """Controls that the same kind of evidence would decide."""

    mode: str
    states: tuple[ControlState, ...]


@dataclass(frozen=True, slots=True)
class ThemeTotal:
    """How the controls of one theme stand."""

    theme: str
    total: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the overview page shows."""

    states: Mapping[str, ControlState]
    totals: Mapping[str, int]
    first: tuple[ControlState, ...]
    failing_count: int
    supplies: tuple[Supply, ...]
    themes: tuple[ThemeTotal, ...]
    documents: tuple[BoundDocument, ...]
    assessment: Assessment | None
    host_count: int

    @property
    def explained(self) -> list[ControlState]:
        """Return the controls of which the page shows a finding's sentence."""
        unknown = (s for s in self.states.values() if s.verdict == "unknown")
        return [*self.first, *(s for s in unknown if s.known != "not_yet")]

    @property
    def decided_themes(self) -> list[ThemeTotal]:
        """Return the themes of which something is decided."""
        return [t for t in self.themes if t.counts["unknown"] < t.total]

    @property
    def open_themes(self) -> list[ThemeTotal]:
        """Return the themes of which nothing is decided yet."""
        return [t for t in self.themes if t.counts["unknown"] == t.total]


def overview(unit: Unit, rulebook: Rulebook, *, at: datetime | None = None) -> Overview:
    """Put the overview of a unit together, now or at a past moment."""
    states = control_states(unit, rulebook, library=load_library(), at=at)
    failing = worst_first(s for s in states.values() if s.verdict == "fail")
    return Overview(
        states=states,
        totals=totals(states),
        first=tuple(failing[:FIRST_MAX]),
        failing_count=len(failing),
        supplies=_supplies(states.values()),
        themes=_themes(states.values()),
        documents=tuple(_bound(name, states) for name in rulebook.documents),
        assessment=last_assessment(unit),
        host_count=hosts_of([unit]).count(),
    )


def _supplies(states: Iterable[ControlState]) -> tuple[Supply, ...]:
    grouped: dict[str, list[ControlState]] = {}
    for state in states:
        if state.verdict == "unknown":
            grouped.setdefault(state.control.evidence, []).append(state)
    return tuple(
        Supply(mode, tuple(worst_first(grouped[mode]))) for mode in _MODES if mode in grouped
    )


def _themes(states: Iterable[ControlState]) -> tuple[ThemeTotal, ...]:
    found: dict[str, dict[str, int]] = {}
    for state in states:
        numbers = found.setdefault(state.control.theme, dict.fromkeys(VERDICTS, 0))
        numbers[state.verdict] += 1
    return theme_totals(found)


def theme_totals(found: Mapping[str, Mapping[str, int]]) -> tuple[ThemeTotal, ...]:
    """Return themes with their counts, those with most failures first."""
    themes = [ThemeTotal(theme, sum(n.values()), n) for theme, n in found.items()]
    return tuple(sorted(themes, key=lambda t: (-t.counts["fail"], -t.counts["unknown"], t.theme)))


def _bound(name: str, states: Mapping[str, ControlState]) -> BoundDocument:
    document = load_library().documents[name]
    numbers: dict[str, int] = dict.fromkeys(VERDICTS, 0)
    for root in compliance_tree(document, states):
        for verdict, count in root.counts().items():
            numbers[verdict] += count
    return BoundDocument(document, numbers)
