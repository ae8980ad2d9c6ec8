"""The only door through which findings are read: now, or as they stood at a past moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q, QuerySet

from khien.checks.digest import findings_digest
from khien.checks.models import Assessment, Finding, Turning
from khien.checks.sentences import sentence_of
from khien.checks.storing import stored_tree_digest
from khien.facts.models import Host
from khien.kernel.language import Text
from khien.ledger.selectors import entry_at
from khien.norms.model import VERDICTS, Clause, Control, Document, Duty, Library, Verdict
from khien.norms.rulebook import Rule, Rulebook, is_binding
from khien.org.models import Unit

_WORST_FIRST: tuple[Verdict, ...] = ("fail", "unknown", "pass", "not_applicable")


@dataclass(frozen=True, slots=True)
class Shown:
    """One finding ready to be shown: whose it is, and its sentence in both languages."""

    finding: Finding
    host: Host | None
    sentence: Text

    @property
    def verdict(self) -> str:
        """Return the verdict's code."""
        return self.finding.verdict


@dataclass(frozen=True, slots=True)
class ControlState:
    """One control of a unit's rulebook with all its findings, worst verdict first."""

    control: Control
    rule: Rule
    verdict: Verdict
    known: str
    counts: Mapping[str, int]
    shown: tuple[Shown, ...]

    @property
    def anchors(self) -> tuple[str, ...]:
        """Return the clauses that demand the control, each once: binding ones before definitions."""
        return _anchors(self.rule)


def _anchors(rule: Rule) -> tuple[str, ...]:
    ordered = sorted(rule.sources, key=lambda source: source[1].modality == "info")
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
    return next((verdict for verdict in _WORST_FIRST if verdict in found), None)


def findings_at(units: Iterable[Unit], *, at: datetime | None) -> QuerySet[Finding]:
    """Return the findings of units that stand now, or stood at a past moment."""
    rows = Finding.objects.filter(unit__in=units)
    if at is None:
        return rows.filter(to_at=None)
    return rows.filter(Q(to_at=None) | Q(to_at__gt=at), from_at__lte=at)


def control_states(
    unit: Unit, rulebook: Rulebook, *, library: Library, at: datetime | None = None
) -> dict[str, ControlState]:
    """Return the state of every binding control of a unit, in the order of the library."""
    hosts = {host.host_uid: host for host in Host.objects.filter(unit=unit)}
    by_control: dict[str, list[Finding]] = {}
    for finding in findings_at([unit], at=at):
        by_control.setdefault(finding.control, []).append(finding)
    return {
        control_id: _state(
            library.controls[control_id], rule, by_control.get(control_id, []), hosts, library
        )
        for control_id, rule in rulebook.rules.items()
        if rule.binding
    }


def _state(
    control: Control,
    rule: Rule,
    findings: list[Finding],
    hosts: Mapping[str, Host],
    library: Library,
) -> ControlState:
    shown = [
        Shown(f, hosts.get(f.subject), _sentence(control, f, hosts.get(f.subject), rule, library))
        for f in findings
    ]
    shown.sort(key=lambda s: (_WORST_FIRST.index(s.finding.verdict), s.finding.subject))
    counts: dict[str, int] = dict.fromkeys(VERDICTS, 0)
    for finding in findings:
        counts[finding.verdict] += 1
    verdict = worst(f.verdict for f in findings) or "unknown"
    known = next((s.finding.known for s in shown if s.finding.verdict == verdict), "not_yet")
    return ControlState(control, rule, verdict, known, counts, tuple(shown))


def _sentence(
    control: Control, finding: Finding, host: Host | None, rule: Rule | None, library: Library
) -> Text:
    detail = {"host_name": host.name if host else finding.subject, **finding.detail}
    return sentence_of(control, finding.reason, detail, rule=rule, library=library)


def shown_finding(finding: Finding, rulebook: Rulebook, *, library: Library) -> Shown:
    """Return one finding ready to be shown."""
    control = library.controls[finding.control]
    host = Host.objects.filter(host_uid=finding.subject).first()
    rule = rulebook.rules.get(finding.control)
    return Shown(finding, host, _sentence(control, finding, host, rule, library))


def compliance_tree(document: Document, states: Mapping[str, ControlState]) -> list[ClauseState]:
    """Return a document's clauses as a tree, with the state of each duty's control."""
    nodes: dict[str, ClauseState] = {}
    roots: list[ClauseState] = []
    chapter: ClauseState | None = None
    for clause in document.clauses.values():
        node = ClauseState(clause, tuple((d, states.get(d.control)) for d in clause.duties))
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
