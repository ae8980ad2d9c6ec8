"""The gaps of a unit that a plan may close: controls that fail or are not known, duties that are open."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from khien.checks.standing import standing_rows
from khien.duties.proofs import load_proofs
from khien.duties.selectors import UNDONE, Asked, occurrences
from khien.duties.shown import shown_of
from khien.kernel.clock import vietnam_date
from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.norms.rulebook import Rulebook, is_binding
from khien.norms.selectors import rulebooks_of
from khien.org.models import Unit

FAILING, OVERDUE, OPEN, UNKNOWN = "failing", "overdue", "open", "unknown"
KINDS: Final = {
    FAILING: Text("Không đạt", "Not met"),
    OVERDUE: Text("Nghĩa vụ quá hạn", "Overdue duties"),
    OPEN: Text("Nghĩa vụ trong kỳ", "Open duties"),
    UNKNOWN: Text("Chưa rõ", "Not known"),
}
_TO_SHOW: Final = Text("Bổ sung căn cứ, số liệu: {vi}", "Supply evidence: {en}")
_RANKS: Final = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that a plan may close: its key, what the plan would say, the clause that asks for it."""

    source: str
    kind: str
    title: Text
    task: Text
    anchor: str
    due_on: date | None
    rank: int
    hint: Text | None = None


def gaps_of(unit: Unit, *, now: datetime) -> list[Gap]:
    """Return the gaps of a unit, the pressing ones first; what has no clause that binds is not a gap."""
    today = vietnam_date(now)
    rulebook = rulebooks_of([unit], library=load_library(), on=today)[unit.pk]
    found = [
        *_of_controls(unit, rulebook, "fail", FAILING),
        *_of_duties(unit, now),
        *_of_controls(unit, rulebook, "unknown", UNKNOWN),
    ]
    order = list(KINDS)
    return sorted(
        found, key=lambda gap: (order.index(gap.kind), gap.rank, gap.due_on or date.max, gap.source)
    )


def gaps_chosen(unit: Unit, sources: Collection[str], *, now: datetime) -> list[Gap]:
    """Return the gaps with these keys, in order; a key that is no gap any more is passed over."""
    wanted = set(sources)
    return [gap for gap in gaps_of(unit, now=now) if gap.source in wanted]


def _of_controls(unit: Unit, rulebook: Rulebook, verdict: str, kind: str) -> list[Gap]:
    controls = load_library().controls
    found = []
    for row in standing_rows([unit], verdict):
        control, rule = controls.get(row.control), rulebook.rules.get(row.control)
        if control is None or rule is None:
            continue
        anchor = next((c.anchor for c, duty in rule.sources if is_binding(duty)), "")
        title, rank = control.title, _RANKS[control.severity]
        task = title if kind == FAILING else _TO_SHOW.fill({"vi": title.vi, "en": title.en})
        hint = control.fix if kind == FAILING else control.supply
        source = f"control:{control.id}"
        found.append(Gap(source, kind, title, task, anchor, None, rank, hint))
    return found


def _of_duties(unit: Unit, now: datetime) -> list[Gap]:
    library, rules = load_library(), load_proofs()
    found: dict[str, Gap] = {}
    for one in occurrences([unit], Asked(stands=UNDONE), now=now):
        # A task of a plan is a duty itself by then; it does not ask for another plan.
        if one.subject is not None and one.subject.register == "plan_task":
            continue
        shown = shown_of(one, rules=rules, library=library)
        is_late = getattr(one, "stands", "") == "overdue"
        found.setdefault(
            one.duty,
            Gap(
                source=f"duty:{one.duty}",
                kind=OVERDUE if is_late else OPEN,
                title=shown.title,
                task=shown.title,
                anchor=f"{one.document}/{one.clause}",
                due_on=None if is_late else one.act_on,
                rank=1,
            ),
        )
    return list(found.values())
