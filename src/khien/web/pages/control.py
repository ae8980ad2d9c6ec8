"""One control at one unit: the verdict, and everything it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from khien.checks.models import Finding
from khien.checks.selectors import ControlState, Shown, control_states, finding_history
from khien.checks.sentences import sentence_of
from khien.checks.shown import hosts_by_uid
from khien.facts.models import Host, Intake
from khien.facts.selectors import evidence_for
from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.norms.model import Control
from khien.norms.rulebook import Rule, Rulebook
from khien.org.models import Unit
from khien.web.pages.ledger import Proof, proof_of
from khien.web.pages.machine import TableShown, tables_of

SUBJECTS_MAX = 50
HISTORY_MAX = 60


@dataclass(frozen=True, slots=True)
class Interval:
    """What was known from one assessment until another."""

    finding: Finding
    host: Host | None
    sentence: Text


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was read for one machine: the intakes, the rows, the ledger's proof of the newest intake."""

    host: Host
    intakes: tuple[tuple[str, Intake], ...]
    tables: tuple[TableShown, ...]
    proof: Proof | None

    @property
    def newest(self) -> Intake | None:
        """Return the newest intake the verdict rests on."""
        return max((i for _, i in self.intakes), key=lambda i: i.collected_at, default=None)


@dataclass(frozen=True, slots=True)
class ControlPage:
    """Everything the evidence page shows."""

    control: Control
    rule: Rule | None
    state: ControlState | None
    subjects: tuple[Shown, ...]
    subject_count: int
    chosen: Shown | None
    evidence: Evidence | None
    assessment_proof: Proof | None
    history: tuple[Interval, ...]
    is_history_cut: bool


def control_page(
    unit: Unit,
    control: Control,
    rulebook: Rulebook,
    *,
    at: datetime | None,
    now: datetime,
    machine: str = "",
) -> ControlPage:
    """Put the evidence page of one control together, now or as it stood at a past moment."""
    state = control_states(unit, rulebook, library=load_library(), at=at).get(control.id)
    shown = state.some(SUBJECTS_MAX, subject=machine) if state else ()
    chosen = shown[0] if shown else None
    rows = list(finding_history(unit, control.id)[: HISTORY_MAX + 1])
    index = chosen.finding.opened_by.ledger_index if chosen else None
    return ControlPage(
        control=control,
        rule=rulebook.rules.get(control.id),
        state=state,
        subjects=shown[:SUBJECTS_MAX],
        subject_count=sum(state.counts.values()) if state else 0,
        chosen=chosen,
        evidence=_evidence(control, chosen, at or now),
        assessment_proof=proof_of(index) if index is not None else None,
        history=_history(rows[:HISTORY_MAX], control, rulebook),
        is_history_cut=len(rows) > HISTORY_MAX,
    )


def _evidence(control: Control, chosen: Shown | None, as_of: datetime) -> Evidence | None:
    if chosen is None or chosen.host is None or control.check is None:
        return None
    names = tuple(control.check.evidence)
    intakes = tuple(evidence_for(chosen.host.host_uid, names, as_of=as_of))
    tables = tuple(tables_of(chosen.host, now=as_of, only=names))
    newest = max((i for _, i in intakes), key=lambda i: i.collected_at, default=None)
    index = newest.ledger_index if newest else None
    return Evidence(chosen.host, intakes, tables, proof_of(index) if index is not None else None)


def _history(rows: list[Finding], control: Control, rulebook: Rulebook) -> tuple[Interval, ...]:
    hosts = hosts_by_uid({row.subject for row in rows if row.subject_kind == "host"})
    rule, library = rulebook.rules.get(control.id), load_library()
    return tuple(
        Interval(
            row,
            hosts.get(row.subject),
            sentence_of(control, row.reason, row.detail, rule=rule, library=library),
        )
        for row in rows
    )
