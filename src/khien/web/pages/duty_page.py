"""One occurrence of a duty: the clause in words, its days and why, what closes it and where to enter that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from khien.checks.standing import standings_of
from khien.duties.models import Charge, Occurrence, SetAside, UnitInterval
from khien.duties.plan import DutyPlan, plan_of
from khien.duties.proofs import DISPATCH, ProofRule, load_proofs
from khien.duties.selectors import history_of_charge, intervals_of
from khien.duties.services import MEASURES
from khien.duties.shown import Shown, closing_words, shown_of
from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.norms.model import Clause, Duty
from khien.org.models import User
from khien.org.rights import users_at
from khien.reports.definition_reading import load_definitions
from khien.web.pages.duty_calendar import stands_of


@dataclass(frozen=True, slots=True)
class Way:
    """One way to close an occurrence: in words, and the page on which to do it."""

    words: Text
    address: str
    label: Text


@dataclass(frozen=True, slots=True)
class DutyPage:
    """Everything the page of an occurrence shows."""

    shown: Shown
    stands: str
    clause: Clause | None
    duty: Duty | None
    ways: Sequence[Way]
    proof_address: str
    control_verdict: str
    is_own_interval: bool
    interval: UnitInterval | None
    charges: Sequence[Charge]
    requests: Sequence[SetAside]
    persons: Sequence[User]

    @property
    def anchor(self) -> str:
        """Return the clause as document/path."""
        return f"{self.shown.occurrence.document}/{self.shown.occurrence.clause}"

    @property
    def is_waiting(self) -> bool:
        """Say whether it still has to be done, or may be asked to be set aside."""
        return self.shown.occurrence.state in ("pending", "missed")

    @property
    def open_request(self) -> SetAside | None:
        """Return the request that waits for an answer."""
        return next((r for r in self.requests if r.state == SetAside.State.OPEN), None)

    @property
    def measures(self) -> list[tuple[str, Text]]:
        """Return the measures of an interval, for choosing."""
        return list(MEASURES.items())


def duty_page(occurrence: Occurrence, *, may_write: bool, today: date) -> DutyPage:
    """Put the page of an occurrence together."""
    library, rules = load_library(), load_proofs()
    plan = plan_of(library, rules, occurrence.duty)
    document = library.documents.get(occurrence.document)
    clause = document.clauses.get(occurrence.clause) if document else None
    shown = shown_of(occurrence, rules=rules, library=library)
    unit = occurrence.unit
    standing = standings_of([unit], occurrence.control).get(unit.pk)
    own = intervals_of([unit]).get((unit.pk, occurrence.duty), [])
    persons = [u for u in users_at([unit]) if u.is_active] if may_write else []
    return DutyPage(
        shown=shown,
        stands=stands_of(occurrence),
        clause=clause,
        duty=plan.duty if plan else None,
        ways=list(_ways(plan, occurrence)),
        proof_address=_proof_address(shown),
        control_verdict=standing[0] if standing else "",
        is_own_interval=plan is not None and plan.schedule.kind == "own",
        interval=next((one for one in reversed(own) if one.until_on is None), None),
        charges=list(history_of_charge(unit, occurrence.duty)),
        requests=list(occurrence.set_asides.all()),
        persons=persons,
    )


def _ways(plan: DutyPlan | None, occurrence: Occurrence) -> Iterable[Way]:
    rules = plan.rules if plan else ()
    for definition in load_definitions().values():
        if occurrence.duty in definition.duties and any(r.register == DISPATCH for r in rules):
            address = reverse("report-begin", args=[occurrence.unit.code, definition.code])
            yield Way(definition.title, address, _REPORT)
    for rule in rules:
        yield _way(rule, occurrence)


_REPORT = Text("Lập trên Khiên", "Make it in Khiên")
_ENTER = Text("Nhập vào sổ", "Enter it")
_OPEN_ROW = Text("Mở dòng sổ", "Open the row")
_OPEN_CONTROL = Text("Xem biện pháp", "See the control")


def _way(rule: ProofRule, occurrence: Occurrence) -> Way:
    subject, unit = occurrence.subject, occurrence.unit.code
    words = closing_words(rule, event=subject.register if subject is not None else "")
    if rule.finding:
        return Way(words, reverse("control", args=[unit, rule.finding]), _OPEN_CONTROL)
    if rule.row and subject is not None:
        address = reverse("row-show", args=[unit, subject.register, subject.number])
        return Way(words, address, _OPEN_ROW)
    if rule.register:
        return Way(words, reverse("row-add", args=[unit, rule.register]), _ENTER)
    return Way(words, "", _ENTER)


def _proof_address(shown: Shown) -> str:
    place, unit = shown.place, shown.occurrence.unit.code
    if place is None:
        return ""
    if place.kind == "row":
        return reverse("row-show", args=[unit, place.register, place.number])
    return reverse("control", args=[unit, place.control])
