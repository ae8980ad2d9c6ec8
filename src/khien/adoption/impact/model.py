"""What an impact consists of: values only; the summary counts what the groups hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from khien.kernel.language import Text
from khien.norms.difference import ControlChange

ADDED, DROPPED, CHANGED = "added", "dropped", "changed"
NOT_BOUND = ""


@dataclass(frozen=True, slots=True)
class DutyChange:
    """One dated duty that appears or vanishes: of which clause, when within the first year."""

    duty: str
    document: str
    path: str
    title: Text
    kind: str
    when: Text
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportChange:
    """One report of the product that the unit begins or ceases to owe."""

    code: str
    title: Text


@dataclass(frozen=True, slots=True)
class Turn:
    """Findings of one control of one unit that change: from a verdict (empty: not judged before) to another."""

    control: str
    before: str
    after: str
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """Units with the same texts: they share one answer about controls, duties and reports.

    before, after: the texts that bind them on the day, without and with the text; changes: controls that differ.
    """

    units: tuple[tuple[int, str, str], ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    changes: tuple[ControlChange, ...]
    duties_new: tuple[DutyChange, ...]
    duties_gone: tuple[DutyChange, ...]
    reports_new: tuple[ReportChange, ...]
    reports_gone: tuple[ReportChange, ...]

    def of_kind(self, kind: str) -> tuple[ControlChange, ...]:
        """Return the controls that are added, dropped or changed."""
        return tuple(change for change in self.changes if change.kind == kind)

    def directions(self, direction: str) -> Iterator[tuple[str, Any]]:
        """Yield the parameters that move one way, each with its control; only of controls that stay."""
        for change in self.of_kind(CHANGED):
            for parameter in change.parameters:
                if _side(parameter.direction) == direction:
                    yield change.control, parameter


def _side(direction: str) -> str:
    """A parameter that a control gains makes it stricter, one that it loses makes it weaker."""
    return {"added": "tightened", "dropped": "loosened"}.get(direction, direction)


@dataclass(frozen=True, slots=True)
class Impact:
    """What a text changes on its day, for all units in its scope.

    turns: by unit key; unevaluated: controls that changed and that nothing can decide before the day.
    """

    document: str
    title: Text
    number: str
    on: date
    groups: tuple[Group, ...]
    turns: dict[int, tuple[Turn, ...]]
    unevaluated: tuple[str, ...]

    @property
    def unit_count(self) -> int:
        """Return how many units are bound."""
        return sum(len(group.units) for group in self.groups)

    def distinct(self, kind: str) -> list[str]:
        """Return the controls added, dropped or changed for at least one unit, each once."""
        return list(dict.fromkeys(c.control for g in self.groups for c in g.of_kind(kind)))

    def parameters(self, direction: str) -> int:
        """Return how many parameters move one way, each counted once."""
        return len({(c, p.name) for g in self.groups for c, p in g.directions(direction)})

    def turned(self, after: str, *, before: Sequence[str] = ()) -> int:
        """Return how many findings turn to a verdict, from some verdicts or from any."""
        return sum(
            turn.count
            for turns in self.turns.values()
            for turn in turns
            if turn.after == after and (not before or turn.before in before)
        )

    def summary(self) -> dict[str, int]:
        """Return the counts that stand first on the page."""
        return {
            "units": self.unit_count,
            "controls_added": len(self.distinct(ADDED)),
            "controls_dropped": len(self.distinct(DROPPED)),
            "controls_changed": len(self.distinct(CHANGED)),
            "parameters_tightened": self.parameters("tightened"),
            "parameters_loosened": self.parameters("loosened"),
            "findings_failing": self.turned("fail", before=("pass", "unknown", "not_applicable")),
            "findings_passing": self.turned("pass", before=("fail", "unknown", "not_applicable")),
            "findings_new": sum(
                t.count for ts in self.turns.values() for t in ts if t.before == NOT_BOUND
            ),
            "findings_gone": sum(
                t.count for ts in self.turns.values() for t in ts if t.after == NOT_BOUND
            ),
            "duties_new": len({d.duty for g in self.groups for d in g.duties_new}),
            "duties_gone": len({d.duty for g in self.groups for d in g.duties_gone}),
            "reports_new": len({r.code for g in self.groups for r in g.reports_new}),
            "reports_gone": len({r.code for g in self.groups for r in g.reports_gone}),
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the impact for JSON."""
        return {
            "document": self.document,
            "on": self.on.isoformat(),
            "summary": self.summary(),
            "unevaluated": list(self.unevaluated),
            "groups": [self._group(group) for group in self.groups],
        }

    def _group(self, group: Group) -> dict[str, Any]:
        return {
            "units": [
                {
                    "code": code,
                    "name": name,
                    "findings": [
                        {"control": t.control, "from": t.before, "to": t.after, "count": t.count}
                        for t in self.turns.get(pk, ())
                    ],
                }
                for pk, code, name in group.units
            ],
            "documents_before": list(group.before),
            "documents_after": list(group.after),
            "controls": [change.as_dict() for change in group.changes],
            "duties_new": [_duty(one) for one in group.duties_new],
            "duties_gone": [_duty(one) for one in group.duties_gone],
            "reports_new": [one.code for one in group.reports_new],
            "reports_gone": [one.code for one in group.reports_gone],
        }


def _duty(one: DutyChange) -> dict[str, Any]:
    return {
        "duty": one.duty,
        "clause": f"{one.document}/{one.path}",
        "kind": one.kind,
        "when": one.when.as_dict(),
        "days": [day.isoformat() for day in one.days],
    }
