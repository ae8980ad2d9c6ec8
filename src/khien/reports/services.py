"""The only writer of reports: snapshot, layout, record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from khien.kernel.canonical import Json, sha256_hex
from khien.kernel.language import Language
from khien.ledger import selectors as ledger_selectors
from khien.ledger import services as ledger
from khien.norms.model import Library
from khien.org.models import Unit
from khien.reports import docx_layout, events, pdf_layout, xlsx_layout
from khien.reports.blocks import OfficialDocument
from khien.reports.compliance_vi import compose
from khien.reports.context import ComplianceContext
from khien.reports.errors import UnknownFormat
from khien.reports.models import ReportRecord
from khien.reports.snapshot import Standpoint, build_context, standpoint_of

COMPOSERS: Mapping[Language, Callable[[ComplianceContext], OfficialDocument]] = {"vi": compose}


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A file format that documents are rendered to."""

    media_type: str
    render: Callable[[OfficialDocument], bytes]


FORMATS: Mapping[str, FileFormat] = {
    "docx": FileFormat(docx_layout.MEDIA_TYPE, docx_layout.render_docx),
    "pdf": FileFormat(pdf_layout.MEDIA_TYPE, pdf_layout.render_pdf),
    "xlsx": FileFormat(xlsx_layout.MEDIA_TYPE, xlsx_layout.render_xlsx),
}


@dataclass(frozen=True, slots=True)
class ProducedReport:
    """A report's file, and the index of the ledger entry that holds its digests."""

    file_name: str
    media_type: str
    content: bytes
    ledger_index: int


def compliance_report(
    unit: Unit,
    *,
    library: Library,
    now: datetime,
    actor: str,
    file_format: str,
    on: date | None = None,
) -> ProducedReport:
    """Make the report on how a unit complies, today or at the end of a past day, and put it on record.

    Publishes the ledger first where the assessment is not yet under a signed checkpoint, so it must not
    run inside a transaction; the report's own entry is published by the caller.
    Args:   file_format: "docx" or "pdf"; now: aware, UTC; actor: who asked, as the ledger names people
    Raises: UnknownFormat, DayNotReached, NotAssessed, NotBound, TypesettingFailed: nothing is stored
    """
    if file_format not in FORMATS:
        raise UnknownFormat(format=file_format, known=", ".join(FORMATS))
    chosen = FORMATS[file_format]
    stand = standpoint_of(unit, on=on, now=now)
    _ensure_covered(stand, now)
    context = build_context(stand, library=library, now=now, language="vi")
    content = chosen.render(COMPOSERS[context.language](context))
    name = report_file_name(unit, on=stand.on, file_format=file_format)
    record = ReportRecord(
        unit=unit,
        kind=ReportRecord.Kind.COMPLIANCE,
        file_format=file_format,
        file_name=name,
        state_on=stand.on,
        made_at=now,
        made_by=actor,
        snapshot=context.canonical().decode("utf-8"),
        snapshot_sha256=context.sha256(),
        file_sha256=sha256_hex(content),
    )
    return ProducedReport(name, chosen.media_type, content, _store(record))


def report_file_name(unit: Unit, *, on: date, file_format: str) -> str:
    """Return the name of a compliance report's file."""
    return f"bao-cao-tuan-thu-{unit.code}-{on.isoformat()}.{file_format}"


def _ensure_covered(stand: Standpoint, now: datetime) -> None:
    index = stand.assessment.ledger_index
    standing = ledger_selectors.checkpoint()
    if standing is None or index is None or standing.size <= index:
        ledger.publish(now)


@transaction.atomic
def _store(record: ReportRecord) -> int:
    body: dict[str, Json] = {
        "kind": record.kind,
        "format": record.file_format,
        "file_name": record.file_name,
        "state_on": record.state_on.isoformat(),
        "by": record.made_by,
        "snapshot_sha256": record.snapshot_sha256,
        "file_sha256": record.file_sha256,
    }
    record.ledger_index = ledger.record(
        events.PRODUCED, subject=record.unit.code, body=body, at=record.made_at
    )
    record.save()
    return record.ledger_index
