"""The controls that failed or are unknown: who is concerned, by which clause, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from khien.checks.selectors import ControlState, Shown
from khien.checks.sentences import COMMON
from khien.kernel.clock import iso_utc
from khien.kernel.language import Language
from khien.norms.model import Document
from khien.norms.rulebook import is_binding
from khien.reports.clause_lists import clause_list
from khien.reports.cleaning import NAME_LENGTH_MAX, plain
from khien.reports.context import ControlResult, FindingGroup

SENTENCES_MAX = 12
MACHINES_NAMED_MAX = 10
# What an unknown control waits for, the nearest to a verdict first.
_GROUPS = (
    "insufficient",
    "reading",
    "no_machine",
    "not_yet_host",
    "not_yet_register",
    "not_yet_log",
    "not_yet_document",
    "not_yet_workflow",
    "not_yet_attest",
)
_SEVERITIES = ("urgent", "high", "medium", "low")
_NOT_A_READING = ("not_yet", "no_machine", "out_of_scope")


def control_results(
    states: Mapping[str, ControlState], documents: Iterable[Document], language: Language
) -> tuple[tuple[ControlResult, ...], tuple[ControlResult, ...]]:
    """Return the failed controls, the gravest first, and the unknown ones, by what is missing."""
    bound = list(documents)
    failed = [_result(s, bound, language) for s in states.values() if s.verdict == "fail"]
    unknown = [_result(s, bound, language) for s in states.values() if s.verdict == "unknown"]
    failed.sort(key=lambda result: _gravity(result.severity))
    unknown.sort(key=lambda result: (_waiting(result.group), result.group))
    return tuple(failed), tuple(unknown)


def _waiting(group: str) -> int:
    return _GROUPS.index(group) if group in _GROUPS else len(_GROUPS)


def _gravity(severity: str) -> int:
    return _SEVERITIES.index(severity) if severity in _SEVERITIES else len(_SEVERITIES)


def _result(state: ControlState, documents: list[Document], language: Language) -> ControlResult:
    control = state.control
    groups = _grouped(state, language)
    advice = control.fix if state.verdict == "fail" else control.supply
    return ControlResult(
        control=control.id,
        title=control.title.in_language(language),
        severity=control.severity,
        group=_missing(state) if state.verdict == "unknown" else "",
        clauses=_clauses(state, documents, language),
        findings=tuple(groups[:SENTENCES_MAX]),
        more_sentences=max(0, len(groups) - SENTENCES_MAX),
        also_unknown=state.counts["unknown"] if state.verdict == "fail" else 0,
        advice=advice.in_language(language),
    )


def _clauses(state: ControlState, documents: list[Document], language: Language) -> tuple[str, ...]:
    """Return one text per document: the clauses whose duties bind the unit to the control."""
    said = []
    for document in documents:
        paths = dict.fromkeys(
            clause.path
            for clause, duty in state.rule.sources
            if clause.document == document.id and is_binding(duty)
        )
        if paths:
            said.append(f"{clause_list(paths, language)} ({document.short.in_language(language)})")
    return tuple(said)


def _grouped(state: ControlState, language: Language) -> list[FindingGroup]:
    """Put machines of which the same sentence holds together, the most frequent sentence first."""
    by_sentence: dict[tuple[str, str], list[Shown]] = {}
    for shown in state.shown:
        if shown.verdict == state.verdict:
            sentence = plain(shown.sentence.in_language(language))
            by_sentence.setdefault((sentence, shown.finding.known), []).append(shown)
    groups = [_group(*key, shown) for key, shown in by_sentence.items()]
    groups.sort(key=lambda group: (-group.machine_count, group.sentence))
    return groups


def _group(sentence: str, known: str, shown: list[Shown]) -> FindingGroup:
    machines = sorted(_machine_name(s) for s in shown if s.finding.subject_kind == "host")
    return FindingGroup(
        sentence=sentence,
        known=known,
        since=iso_utc(min(s.finding.from_at for s in shown)),
        machines=tuple(machines[:MACHINES_NAMED_MAX]),
        machine_count=len(machines),
    )


def _machine_name(shown: Shown) -> str:
    name = shown.host.name if shown.host else shown.finding.subject
    return plain(name, NAME_LENGTH_MAX) or plain(shown.finding.subject, NAME_LENGTH_MAX)


def _missing(state: ControlState) -> str:
    """Return what an unknown control waits for: a machine, a reading, more facts, or a source of data."""
    reasons = {s.finding.reason for s in state.shown if s.verdict == "unknown"}
    if not reasons or "not_yet" in reasons:
        return f"not_yet_{state.control.evidence}"
    if "no_machine" in reasons:
        return "no_machine"
    if any(reason in COMMON and reason not in _NOT_A_READING for reason in reasons):
        return "reading"
    return "insufficient"
