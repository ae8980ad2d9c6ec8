"""The frozen snapshot of a compliance report: everything the document says, and nothing it has to look up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from khien.kernel.canonical import canonical_bytes, sha256_hex
from khien.kernel.language import Language


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """Whose report it is: as it stands in the head, the address and the signature of the document."""

    code: str
    name: str
    parent: str
    kind: str
    place: str
    is_demonstration: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many things stand at each verdict."""

    passed: int
    failed: int
    unknown: int
    not_applicable: int

    @property
    def total(self) -> int:
        """Return the sum."""
        return self.passed + self.failed + self.unknown + self.not_applicable

    @property
    def numbers(self) -> tuple[int, int, int, int]:
        """Return the counts in the order in which the report prints them."""
        return self.passed, self.failed, self.unknown, self.not_applicable


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """One line of the overall result: controls at a verdict, by how they are known, and their duties."""

    verdict: str
    controls: int
    measured: int
    recorded: int
    stated: int
    duties: int


@dataclass(frozen=True, slots=True)
class BoundDocument:
    """A regulation that binds the unit; days are ISO text."""

    id: str
    title: str
    number: str
    issuer: str
    short: str
    in_force_from: str
    validity_note: str


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """One line of a document's result: a chapter heading (no counts), or an article with its duties."""

    place: str
    text: str
    counts: Counts | None


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """What was found under one regulation, article by article."""

    document: str
    counts: Counts
    lines: tuple[ArticleLine, ...]
    without_duty: str


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """One sentence that holds for some machines; no machine named means the unit as a whole."""

    sentence: str
    known: str
    since: str
    machines: tuple[str, ...]
    machine_count: int


@dataclass(frozen=True, slots=True)
class ControlResult:
    """One control that failed or is unknown: its clauses, what was found, what to do."""

    control: str
    title: str
    severity: str
    group: str
    clauses: tuple[str, ...]
    findings: tuple[FindingGroup, ...]
    more_sentences: int
    also_unknown: int
    advice: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A text cited by the regulations that has ended or whose validity is doubtful."""

    title: str
    cited_in: tuple[str, ...]
    has_ended: bool
    ended_on: str
    successor: str
    mark: str
    note: str


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A fact table that verdicts rest on: on how many machines it was read, and between which moments."""

    title: str
    controls: int
    machines_read: int
    machines_not_read: int
    first_at: str
    last_at: str


@dataclass(frozen=True, slots=True)
class IntakeLine:
    """One bundle taken in: the machine, when, by which collector, its digest and ledger index."""

    machine: str
    collected_at: str
    collector: str
    channel: str
    tables: int
    sha256: str
    ledger_index: int | None


@dataclass(frozen=True, slots=True)
class CheckpointFacts:
    """The signed state of the ledger that covers the assessment."""

    origin: str
    size: int
    root: str
    signatures: tuple[str, ...]
    key: str


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """The assessment that the report stands on."""

    number: int
    as_of: str
    library_sha256: str
    ledger_index: int
    controls_in_library: int
    is_library_changed: bool


@dataclass(frozen=True, slots=True)
class ComplianceContext:
    """Everything a report on compliance says. Moments are ISO text in UTC, days ISO text of Viet Nam."""

    language: Language
    unit: UnitFacts
    made_at: str
    made_on: str
    state_on: str
    is_past: bool
    assessment: AssessmentFacts
    documents: tuple[BoundDocument, ...]
    machines: tuple[tuple[str, int], ...]
    overall: tuple[VerdictLine, ...]
    results: tuple[DocumentResult, ...]
    failed: tuple[ControlResult, ...]
    unknown: tuple[ControlResult, ...]
    citations: tuple[Citation, ...]
    read_tables: tuple[ReadTable, ...]
    intakes: tuple[IntakeLine, ...]
    intake_count: int
    checkpoint: CheckpointFacts

    def as_dict(self) -> Mapping[str, Any]:
        """Return the snapshot as plain values."""
        return asdict(self)

    def canonical(self) -> bytes:
        """Return the snapshot as canonical JSON, the bytes whose digest goes on record."""
        return canonical_bytes(self.as_dict())

    def sha256(self) -> str:
        """Return the digest of the snapshot."""
        return sha256_hex(self.canonical())
