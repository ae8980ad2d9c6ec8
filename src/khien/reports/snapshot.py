"""Building of the frozen snapshot: the one place where a report reads the other rooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from khien.checks.models import Assessment
from khien.checks.selectors import ControlState, control_states
from khien.facts.models import Host
from khien.facts.selectors import hosts_of
from khien.kernel.clock import VIETNAM, iso_utc, said_day, vietnam_date
from khien.kernel.language import Language
from khien.ledger.models import LedgerEntry
from khien.norms.model import VERDICTS, Document, Library
from khien.norms.selectors import rulebook_of
from khien.org.models import Unit
from khien.reports.cleaning import NAME_LENGTH_MAX, plain
from khien.reports.context import (
    AssessmentFacts,
    BoundDocument,
    ComplianceContext,
    DocumentResult,
    UnitFacts,
    VerdictLine,
)
from khien.reports.errors import DayNotReached, NotAssessed
from khien.reports.snapshot_articles import document_result
from khien.reports.snapshot_controls import control_results
from khien.reports.snapshot_evidence import checkpoint_facts, evidence_of
from khien.reports.snapshot_law import doubtful_citations

_UNITS_LISTED_MAX = 50


@dataclass(frozen=True, slots=True)
class Standpoint:
    """What a report looks at: a unit on a day, by an assessment."""

    unit: Unit
    on: date
    is_past: bool
    at: datetime | None
    assessment: Assessment


def standpoint_of(unit: Unit, *, on: date | None, now: datetime) -> Standpoint:
    """Settle what a report on a unit looks at: today, or the end of a past day.

    Raises: DayNotReached: `on` is in the future; NotAssessed: nobody assessed the unit by then
    """
    today = vietnam_date(now)
    day = on or today
    if day > today:
        raise DayNotReached(day=said_day(day))
    is_past = day < today
    at = _end_of(day) if is_past else None
    assessment = _assessment_of(unit, until=at or now)
    if assessment is None:
        raise NotAssessed(unit=unit.code, day=said_day(day))
    return Standpoint(unit, day, is_past, at, assessment)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), VIETNAM) - timedelta(microseconds=1)


def _assessment_of(unit: Unit, *, until: datetime) -> Assessment | None:
    """Return the newest assessment that took the unit in; the ledger's entry says which units it did."""
    for assessment in Assessment.objects.filter(as_of__lte=until).order_by("-as_of", "-pk"):
        if assessment.ledger_index is None:
            continue
        entry = LedgerEntry.objects.get(pk=assessment.ledger_index)
        listed = entry.body.get("units")
        # A larger assessment lists only some of its units; it is one of all units.
        is_complete = assessment.unit_count <= _UNITS_LISTED_MAX
        if not is_complete or (isinstance(listed, list) and unit.code in listed):
            return assessment
    return None


def build_context(
    stand: Standpoint, *, library: Library, now: datetime, language: Language
) -> ComplianceContext:
    """Freeze everything that a compliance report on a unit says.

    Raises: NotBound: no document binds the unit on that day
    """
    unit = stand.unit
    rulebook = rulebook_of(unit, library=library, on=stand.on)
    states = control_states(unit, rulebook, library=library, at=stand.at)
    documents = [library.documents[name] for name in rulebook.documents]
    results = tuple(document_result(d, states, language) for d in documents)
    moment = stand.at or now
    tables, intakes = evidence_of(unit, states, stand.assessment, language)
    failed, unknown = control_results(states, documents, language)
    return ComplianceContext(
        language=language,
        unit=_unit_facts(unit),
        made_at=iso_utc(now),
        made_on=vietnam_date(now).isoformat(),
        state_on=stand.on.isoformat(),
        is_past=stand.is_past,
        assessment=_assessment_facts(stand.assessment, library),
        documents=tuple(_bound(document, language) for document in documents),
        machines=_machines(unit, moment),
        overall=_overall(states, results),
        results=results,
        failed=failed,
        unknown=unknown,
        citations=doubtful_citations(documents, on=stand.on, language=language),
        read_tables=tables,
        intakes=intakes.lines,
        intake_count=intakes.count,
        checkpoint=checkpoint_facts(stand.assessment),
    )


def _unit_facts(unit: Unit) -> UnitFacts:
    parent = unit.parent.name_vi if unit.parent else unit.parent_name_vi
    return UnitFacts(
        code=unit.code,
        name=plain(unit.name_vi, 200),
        parent=plain(parent, 200),
        kind=unit.kind,
        place=plain(unit.place, NAME_LENGTH_MAX),
        is_demonstration=unit.is_demonstration,
    )


def _assessment_facts(assessment: Assessment, library: Library) -> AssessmentFacts:
    return AssessmentFacts(
        number=assessment.pk,
        as_of=iso_utc(assessment.as_of),
        library_sha256=assessment.library_sha256,
        ledger_index=assessment.ledger_index or 0,
        controls_in_library=len(library.controls),
        is_library_changed=assessment.library_sha256 != library.digest,
    )


def _bound(document: Document, language: Language) -> BoundDocument:
    note = document.in_force_note.in_language(language) if document.in_force_note else ""
    return BoundDocument(
        id=document.id,
        title=document.title.in_language(language),
        number=document.number or "",
        issuer=document.issuer.in_language(language),
        short=document.short.in_language(language),
        in_force_from=document.in_force_from.isoformat(),
        validity_note=note,
    )


def _machines(unit: Unit, moment: datetime) -> tuple[tuple[str, int], ...]:
    kinds = list(hosts_of([unit]).filter(first_seen_at__lte=moment).values_list("kind", flat=True))
    return tuple((kind, kinds.count(kind)) for kind in Host.Kind.values if kind in kinds)


def _overall(
    states: Mapping[str, ControlState], results: tuple[DocumentResult, ...]
) -> tuple[VerdictLine, ...]:
    lines = []
    for place, verdict in enumerate(VERDICTS):
        standing = [state for state in states.values() if state.verdict == verdict]
        # What is unknown is not known in any way, even where a check looked.
        known = [state.known for state in standing if verdict != "unknown"]
        lines.append(
            VerdictLine(
                verdict=verdict,
                controls=len(standing),
                measured=known.count("measured"),
                recorded=known.count("recorded"),
                stated=known.count("stated"),
                duties=sum(result.counts.numbers[place] for result in results),
            )
        )
    return tuple(lines)
