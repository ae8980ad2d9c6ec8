"""What the verdicts rest on: tables read, bundles taken in, and the ledger's signed checkpoint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from khien.checks.models import Assessment
from khien.checks.selectors import ControlState
from khien.facts.models import Intake
from khien.facts.selectors import hosts_of, open_engine
from khien.facts.tables import fact_tables
from khien.kernel.clock import iso_utc
from khien.kernel.language import Language
from khien.ledger import selectors as ledger
from khien.ledger.note import encode_base64
from khien.org.models import Unit
from khien.reports.cleaning import NAME_LENGTH_MAX, plain
from khien.reports.context import CheckpointFacts, IntakeLine, ReadTable

INTAKES_MAX = 300
# One statement of the embedded database takes no more keys than this.
_KEYS_MAX = 30_000


@dataclass(frozen=True, slots=True)
class ListedIntakes:
    """The bundles that are listed, and how many there are."""

    lines: tuple[IntakeLine, ...]
    count: int


@dataclass(frozen=True, slots=True)
class _Latest:
    host: str
    table: str
    intake: int | None
    usable_at: datetime | None


def evidence_of(
    unit: Unit, states: Mapping[str, ControlState], assessment: Assessment, language: Language
) -> tuple[tuple[ReadTable, ...], ListedIntakes]:
    """Return the tables and bundles that stood for the unit's machines at the assessment."""
    needed: dict[str, int] = {}
    for state in states.values():
        for table in state.control.check.evidence if state.control.check else ():
            needed[table] = needed.get(table, 0) + 1
    latest = [row for row in _latest(unit, assessment) if row.table in needed]
    host_count = hosts_of([unit]).filter(first_seen_at__lte=assessment.as_of).count()
    tables = tuple(
        _read_table(
            name, needed[name], [r for r in latest if r.table == name], host_count, language
        )
        for name in fact_tables()
        if name in needed
    )
    return tables, _intakes(latest)


def _latest(unit: Unit, assessment: Assessment) -> list[_Latest]:
    engine = open_engine(as_of=assessment.as_of, units=[unit], tables=())
    try:
        rows = engine.sql.execute(
            "SELECT l.host_id, l.table_name, l.intake_id, l.usable_at FROM latest AS l "
            "SEMI JOIN host AS h ON h.host_id = l.host_id ORDER BY ALL"
        ).fetchall()
    finally:
        engine.close()
    return [_Latest(*row) for row in rows]


def _read_table(
    name: str, controls: int, rows: Iterable[_Latest], host_count: int, language: Language
) -> ReadTable:
    moments = sorted(row.usable_at.replace(tzinfo=UTC) for row in rows if row.usable_at)
    return ReadTable(
        title=fact_tables()[name].title.in_language(language),
        controls=controls,
        machines_read=len(moments),
        machines_not_read=max(0, host_count - len(moments)),
        first_at=iso_utc(moments[0]) if moments else "",
        last_at=iso_utc(moments[-1]) if moments else "",
    )


def _intakes(latest: Iterable[_Latest]) -> ListedIntakes:
    used: dict[int, int] = {}
    for row in latest:
        if row.intake is not None:
            used[row.intake] = used.get(row.intake, 0) + 1
    keys = list(used)[:_KEYS_MAX]
    found = Intake.objects.filter(pk__in=keys).select_related("host").order_by("host__name", "pk")
    lines = tuple(_intake_line(intake, used[intake.pk]) for intake in found[:INTAKES_MAX])
    return ListedIntakes(lines, len(used))


def _intake_line(intake: Intake, tables: int) -> IntakeLine:
    return IntakeLine(
        machine=plain(intake.host.name, NAME_LENGTH_MAX),
        collected_at=iso_utc(intake.collected_at),
        collector=plain(intake.collector, NAME_LENGTH_MAX),
        channel=plain(intake.channel, NAME_LENGTH_MAX),
        tables=tables,
        sha256=intake.sha256,
        ledger_index=intake.ledger_index,
    )


def checkpoint_facts(assessment: Assessment) -> CheckpointFacts:
    """Return the signed checkpoint; the caller has published, so it covers the assessment's entry."""
    standing = ledger.checkpoint()
    if (
        standing is None
        or assessment.ledger_index is None
        or standing.size <= assessment.ledger_index
    ):
        raise AssertionError("the assessment was not published before the report was built")
    signatures = standing.note.rpartition("\n\n")[2].strip().split("\n")
    return CheckpointFacts(
        origin=standing.origin,
        size=standing.size,
        root=encode_base64(standing.root),
        signatures=tuple(signatures),
        key=ledger.verifier_key_text(),
    )
