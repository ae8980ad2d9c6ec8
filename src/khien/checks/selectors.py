"""The only door through which findings are read: now, or as they stood at a past moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from django.db.models import Count, QuerySet

from khien.checks.digest import findings_digest
from khien.checks.models import Assessment, Finding, Standing, Turning
from khien.checks.sentences import sentence_of
from khien.checks.shown import WORST_FIRST, ShownFindings, hosts_by_uid, standing_at
from khien.checks.shown import Shown as Shown
from khien.checks.shown import shown_finding as said_finding
from khien.checks.storing import is_standing_as_counted, stored_tree_digest
from khien.kernel.language import Text
from khien.ledger.selectors import entry_at
from khien.norms.model import VERDICTS, Clause, Control, Document, Duty, Library, Verdict
from khien.norms.rulebook import Rule, Rulebook, is_binding
from khien.org.models import Unit


@dataclass(frozen=True, slots=True)
class ControlState:
    """One control of a unit's rulebook: how it stands, and its findings, fetched when they are asked for."""

    control: Control
    rule: Rule
    verdict: Verdict
    known: str
    counts: Mapping[str, int]
    findings: ShownFindings = field(repr=False, compare=False)

    @property
    def shown(self) -> tuple[Shown, ...]:
        """Return all its findings, worst verdict first, then by subject."""
        return self.findings.of(self.control.id)

    @property
    def first(self) -> Shown | None:
        """Return the finding that weighs most."""
        return self.findings.first_of(self.control.id)

    def some(self, limit: int, *, subject: str = "") -> tuple[Shown, ...]:
        """Return at most so many findings, worst first; that of a subject, if asked, before them."""
        return self.findings.some_of(self.control.id, limit, subject=subject)

    @property
    def anchors(self) -> tuple[str, ...]:
        """Return the clauses that demand the control, each once: binding ones before definitions."""
        return _anchors(self.rule)


def _anchors(rule: Rule) -> tuple[str, ...]:
    ordered = sorted(rule.sources, key=lambda source: not is_binding(source[1]))
    return tuple(dict.fromkeys(clause.anchor for clause, _ in ordered))


@dataclass(frozen=True, slots=True)
class TurningSoon:
    """A recorded thing that passes today and will fail from a day on if nobody acts (sắp đến hạn).

    sentence: what will be said on that day; anchors: the clauses that demand the control, binding ones first.
    """

    unit: Unit
    control: Control
    subject_kind: str
    subject: str
    turns_on: date
    sentence: Text
    anchors: tuple[str, ...]


@dataclass(slots=True)
class ClauseState:
    """One clause in the tree of a document, with the states of the controls its duties feed."""

    clause: Clause
    duties: tuple[tuple[Duty, ControlState | None], ...]
    children: list[ClauseState] = field(default_factory=list)

    @property
    def own_verdict(self) -> Verdict | None:
        """Return the worst verdict of the clause's own binding duties; None if it has none."""
        found = {s.verdict for d, s in self.duties if s is not None and is_binding(d)}
        return worst(found)

    @property
    def verdict(self) -> Verdict | None:
        """Return the worst verdict of the clause and all below it."""
        found = {v for v in (self.own_verdict, *(c.verdict for c in self.children)) if v}
        return worst(found)

    def counts(self) -> dict[str, int]:
        """Return how many binding duties, here and below, stand at each verdict."""
        total: dict[str, int] = dict.fromkeys(VERDICTS, 0)
        for duty, state in self.duties:
            if state is not None and is_binding(duty):
                total[state.verdict] += 1
        for child in self.children:
            for verdict, count in child.counts().items():
                total[verdict] += count
        return total


def worst(verdicts: Iterable[str]) -> Verdict | None:
    """Return the verdict that weighs most: fail, then unknown, then pass, then not applicable."""
    found = set(verdicts)
    return next((verdict for verdict in WORST_FIRST if verdict in found), None)


def findings_at(units: Iterable[Unit], *, at: datetime | None) -> QuerySet[Finding]:
    """Return the findings of units that stand now, or stood at a past moment."""
    return standing_at(units, at=at)


def control_states(
    unit: Unit, rulebook: Rulebook, *, library: Library, at: datetime | None = None
) -> dict[str, ControlState]:
    """Return the state of every binding control of a unit, in the order of the library.

    Counts come from the standing table, those of a past moment from the findings; findings are fetched when
    a state is asked for them.
    """
    counted = (at is None and _standing(unit)) or _counted(unit, at)
    findings = ShownFindings(unit, rulebook, library=library, at=at)
    return {
        control_id: ControlState(
            library.controls[control_id], rule, *counted.get(control_id, _NOTHING), findings
        )
        for control_id, rule in rulebook.rules.items()
        if rule.binding
    }


_Counted: TypeAlias = tuple[Verdict, str, Mapping[str, int]]
_NOTHING: _Counted = ("unknown", "not_yet", dict.fromkeys(VERDICTS, 0))


def _standing(unit: Unit) -> dict[str, _Counted]:
    columns = [f"{verdict}_count" for verdict in VERDICTS]
    rows = Standing.objects.filter(unit=unit).values_list("control", "verdict", "known", *columns)
    return {
        control: (verdict, known, dict(zip(VERDICTS, numbers, strict=True)))
        for control, verdict, known, *numbers in rows
    }


def _counted(unit: Unit, at: datetime | None) -> dict[str, _Counted]:
    """Count the findings of a unit: at a past moment, or where no assessment filled the standing table yet."""
    rows = findings_at([unit], at=at).order_by().values_list("control", "verdict", "known")
    numbers: dict[str, dict[str, int]] = {}
    known: dict[tuple[str, str], str] = {}
    for control, verdict, how, count in rows.annotate(n=Count("pk")).order_by("known"):
        numbers.setdefault(control, dict.fromkeys(VERDICTS, 0))[verdict] += count
        known.setdefault((control, verdict), how)
    return {
        control: (verdict, known[control, verdict], counts)
        for control, counts in numbers.items()
        if (verdict := worst(v for v, count in counts.items() if count))
    }


def prepare_first(states: Iterable[ControlState]) -> None:
    """Fetch at once the weightiest finding of several controls of one unit that a page will show."""
    chosen = list(states)
    if chosen:
        chosen[0].findings.prepare([state.control.id for state in chosen])


def shown_finding(finding: Finding, rulebook: Rulebook, *, library: Library) -> Shown:
    """Return one finding ready to be shown."""
    control = library.controls[finding.control]
    host = hosts_by_uid([finding.subject]).get(finding.subject)
    return said_finding(
        finding, host, control, rulebook.rules.get(finding.control), library=library
    )


def subject_findings(
    unit: Unit, subject: str, rulebook: Rulebook, *, library: Library
) -> list[Shown]:
    """Return what stands of one machine or register row at a unit, worst first, then by control."""
    rows = findings_at([unit], at=None).filter(subject=subject)
    host = hosts_by_uid([subject]).get(subject)
    shown = [
        said_finding(f, host, library.controls[f.control], rule, library=library)
        for f in rows
        if (rule := rulebook.rules.get(f.control)) is not None and rule.binding
    ]
    return sorted(shown, key=lambda s: (WORST_FIRST.index(s.finding.verdict), s.finding.control))


def subject_counts(units: Iterable[Unit], kind: str = "host") -> dict[str, dict[str, int]]:
    """Return how many findings of each machine (or row of a register) stand at each verdict, by subject."""
    rows = findings_at(units, at=None).filter(subject_kind=kind).order_by()
    found: dict[str, dict[str, int]] = {}
    for subject, verdict, count in rows.values_list("subject", "verdict").annotate(n=Count("pk")):
        found.setdefault(subject, dict.fromkeys(VERDICTS, 0))[verdict] = count
    return found


def compliance_tree(document: Document, states: Mapping[str, ControlState]) -> list[ClauseState]:
    """Return a document's clauses as a tree, with the state of each duty's control.

    A duty whose clause another text of the unit amended has none: the control may stand there for others.
    """
    asking = {control: {d.id for _, d in s.rule.sources} for control, s in states.items()}
    nodes: dict[str, ClauseState] = {}
    roots: list[ClauseState] = []
    chapter: ClauseState | None = None
    for clause in document.clauses.values():
        told = (
            (d, states.get(d.control) if d.id in asking.get(d.control, ()) else None)
            for d in clause.duties
        )
        node = ClauseState(clause, tuple(told))
        nodes[clause.path] = node
        parent = _parent(clause, nodes, chapter)
        (parent.children if parent else roots).append(node)
        if clause.kind in ("phan", "chuong"):
            chapter = node
    return roots


def _parent(
    clause: Clause, nodes: Mapping[str, ClauseState], chapter: ClauseState | None
) -> ClauseState | None:
    steps = clause.path.split(".")
    if clause.kind in ("phan", "chuong"):
        return None
    for length in range(len(steps) - 1, 0, -1):
        found = nodes.get(".".join(steps[:length]))
        if found is not None:
            return found
    is_decision = clause.path.startswith("QD.")
    return chapter if clause.kind == "dieu" and not is_decision else None


def findings_are_as_recorded() -> bool:
    """Say whether the findings of the newest assessment are the ones whose digest stands in the ledger.

    True also where there was no assessment yet: then there is nothing to compare.
    """
    newest = Assessment.objects.order_by("-as_of", "-pk").first()
    if newest is None:
        return True
    entry = entry_at(newest.ledger_index) if newest.ledger_index is not None else None
    if entry is None:
        return False
    stood = findings_at(newest.units.all(), at=newest.as_of)
    if "findings_sha256" in entry.body:
        return entry.body["findings_sha256"] == findings_digest(
            stood.values_list(*_DIGESTED).iterator()
        )
    return entry.body.get("findings_tree_sha256") == stored_tree_digest(stood, newest.units.all())


def standing_is_as_counted(*, library: Library) -> bool:
    """Say whether the counts that pages show are what the findings come to; true before the first assessment."""
    units = list(Unit.objects.filter(pk__in=Standing.objects.order_by().values("unit").distinct()))
    return is_standing_as_counted(units, library=library)


_DIGESTED = (
    "unit__code",
    "control",
    "subject_kind",
    "subject",
    "verdict",
    "reason",
    "known",
    "detail",
)


def worst_first(states: Iterable[ControlState]) -> list[ControlState]:
    """Return controls by what to do first: severity, then how many texts demand it, then id."""
    order = ("high", "medium", "low")
    return sorted(
        states,
        key=lambda s: (
            order.index(s.control.severity),
            -len({anchor.partition("/")[0] for anchor in s.anchors}),
            s.control.id,
        ),
    )


def last_assessment(unit: Unit) -> Assessment | None:
    """Return the newest assessment of a unit, if there was one."""
    return Assessment.objects.filter(units=unit).order_by("-as_of", "-pk").first()


def finding_history(unit: Unit, control: str) -> QuerySet[Finding]:
    """Return all intervals of one control at one unit, newest first."""
    return Finding.objects.filter(unit=unit, control=control).order_by("-from_at", "subject")


def totals(states: Mapping[str, ControlState]) -> dict[str, int]:
    """Return how many controls stand at each verdict."""
    found: dict[str, int] = dict.fromkeys(VERDICTS, 0)
    for state in states.values():
        found[state.verdict] += 1
    return found


def turning_soon(
    units: Iterable[Unit], until: date, *, library: Library, rulebooks: Mapping[int, Rulebook]
) -> list[TurningSoon]:
    """Return what passes today and will fail by a day, soonest first; of registers only, machines excluded.

    Args: until: that day counts too; rulebooks: unit key -> rulebook, as `norms.selectors.rulebooks_of` gives them
    """
    rows = Turning.objects.filter(unit__in=units, turns_on__lte=until).select_related("unit")
    found = []
    for row in rows:
        rulebook = rulebooks.get(row.unit_id)
        rule = rulebook.rules.get(row.control) if rulebook else None
        if rule is None:
            continue
        control = library.controls[row.control]
        sentence = sentence_of(control, row.reason, row.detail, rule=rule, library=library)
        found.append(
            TurningSoon(
                row.unit,
                control,
                row.subject_kind,
                row.subject,
                row.turns_on,
                sentence,
                _anchors(rule),
            )
        )
    return found
