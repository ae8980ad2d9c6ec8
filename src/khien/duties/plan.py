"""How each duty of the library is kept in view: on the calendar, by a clock, by a finding, by a statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from khien.duties.proofs import ProofRule, ProofRules
from khien.kernel.language import Text
from khien.norms.model import Clause, Control, Duty, Library, Schedule
from khien.norms.rulebook import is_binding

# In the order in which coverage shows them.
WAYS: Mapping[str, Text] = {
    "calendar": Text("theo lịch", "by the calendar"),
    "once": Text("một lần, có ngày", "once, with a day"),
    "rolling": Text("tính từ lần trước", "so long after the last time"),
    "part": Text("làm cùng nghĩa vụ khác", "done with another duty"),
    "event": Text("đồng hồ sự kiện", "a clock that an event starts"),
    "own": Text("chu kỳ do đơn vị đặt", "the unit's own interval"),
    "watched": Text("kết quả biện pháp theo dõi", "watched by its control's finding"),
    "waiting": Text(
        "biện pháp theo dõi, chờ quyết định được", "its control watches it, once it can be decided"
    ),
    "statement": Text("lời khai của người chịu trách nhiệm", "statement of a person"),
    "authority": Text("bên cơ quan quản lý", "side of an authority"),
    "supplier": Text("bên nhà cung cấp", "side of a supplier"),
    "info": Text("định nghĩa, thông tin", "definition, information"),
    "unsure": Text("cần đối chiếu, không tính hạn", "to be checked, no day is counted"),
}
DATED = ("calendar", "once", "rolling", "event", "own")
UNCOVERED = "none"
_UNDATED = ("continuous", "event", "once")


@dataclass(frozen=True, slots=True)
class DutyPlan:
    """One duty with its clause, its schedule, and what closes it."""

    clause: Clause
    duty: Duty
    schedule: Schedule
    rules: tuple[ProofRule, ...]
    role: str
    parts: tuple[tuple[Clause, Duty], ...] = ()

    @property
    def document(self) -> str:
        """Return the id of the text that lays the duty on units."""
        return self.clause.document

    @property
    def accepts_late(self) -> bool:
        """Say whether what was missed is still owed; a report is, what had to happen in its time is not."""
        return self.schedule.kind != "calendar" or any(
            rule.register == "dispatch" for rule in self.rules
        )


def way_of(duty: Duty, control: Control, rules: ProofRules) -> str:
    """Return a code of WAYS: how a duty is kept in view; "none" where nothing does."""
    if duty.side != "unit":
        return duty.side
    if duty.modality == "info":
        return "info"
    if duty.is_unsure:
        return "unsure"
    schedule = duty.schedule
    if schedule is not None and schedule.kind != "watch":
        needs_proof = schedule.kind in DATED
        return UNCOVERED if needs_proof and not rules.of(duty) else schedule.kind
    if schedule is None and duty.frequency not in _UNDATED:
        return UNCOVERED
    if control.decided == "not_yet":
        return "waiting"
    if duty.evidence == "attest" or control.decided == "stated":
        return "statement"
    return "watched"


def ways(library: Library, rules: ProofRules) -> Iterator[tuple[Clause, Duty, str]]:
    """Yield every duty of a library with its clause and how it is kept in view, in the order of the texts."""
    for document in library.documents.values():
        for clause, duty in document.duties():
            control = library.controls.get(duty.control)
            if control is not None:  # a duty without one is told by the library's own check
                yield clause, duty, way_of(duty, control, rules)


@lru_cache(maxsize=8)
def _plans(digest: str, held: _Held) -> Mapping[str, tuple[DutyPlan, ...]]:
    del digest
    library, rules = held.library, held.rules
    parts: dict[str, list[tuple[Clause, Duty]]] = {}
    dated: dict[str, list[DutyPlan]] = {}
    for clause, duty, way in ways(library, rules):
        if way == "part" and duty.schedule is not None:
            parts.setdefault(duty.schedule.part_of, []).append((clause, duty))
    for clause, duty, way in ways(library, rules):
        if way in DATED and duty.schedule is not None and is_binding(duty):
            plan = DutyPlan(
                clause,
                duty,
                duty.schedule,
                rules.of(duty),
                rules.role_of(duty),
                tuple(parts.get(duty.id, ())),
            )
            dated.setdefault(clause.document, []).append(plan)
    return {document: tuple(found) for document, found in dated.items()}


@dataclass(frozen=True, slots=True)
class _Held:
    """Library and rules, told apart by the digest alone."""

    library: Library
    rules: ProofRules

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self.library is other.library

    def __hash__(self) -> int:
        return id(self.library)


def dated_duties(library: Library, rules: ProofRules) -> Mapping[str, tuple[DutyPlan, ...]]:
    """Return the duties that have a date, a clock or an interval, by document."""
    return _plans(library.digest, _Held(library, rules))


def plan_of(library: Library, rules: ProofRules, duty: str) -> DutyPlan | None:
    """Return the plan of a dated duty by its id; None where it has no date."""
    for plans in dated_duties(library, rules).values():
        for plan in plans:
            if plan.duty.id == duty:
                return plan
    return None
