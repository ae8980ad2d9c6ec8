"""The writer of minutes as files: from what a workflow froze, the same file each time, on record once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from khien.kernel.canonical import Json, sha256_hex
from khien.kernel.clock import vietnam_date
from khien.ledger import services as ledger
from khien.reports import docx_layout, events
from khien.reports.minutes_vi import compose_minutes
from khien.reports.models import ReportRecord
from khien.reports.services import ProducedReport
from khien.workflows.minutes import content_of
from khien.workflows.models import WorkflowCase
from khien.workflows.selectors import minutes_of


@transaction.atomic
def minutes_file(case: WorkflowCase, *, now: datetime, actor: str) -> ProducedReport:
    """Make the minutes of a case as a Word file; made again, it is the same file and the same record.

    Source:  Nghị định 30/2020, Phụ lục III, form 1.9
    Raises:  MinutesNotMade: the case has not come to its minutes yet
    """
    frozen = minutes_of(case)
    content = docx_layout.render_docx(compose_minutes(content_of(frozen)))
    name = minutes_file_name(case)
    digest = sha256_hex(content)
    made = ReportRecord.objects.filter(
        unit=case.unit,
        kind=ReportRecord.Kind.MINUTES,
        snapshot_sha256=frozen.sha256,
        file_sha256=digest,
    ).first()
    if made is None:
        made = ReportRecord(
            unit=case.unit,
            kind=ReportRecord.Kind.MINUTES,
            file_format="docx",
            file_name=name,
            state_on=vietnam_date(frozen.made_at),
            made_at=now,
            made_by=actor,
            snapshot=frozen.content,
            snapshot_sha256=frozen.sha256,
            file_sha256=digest,
        )
        made.ledger_index = ledger.record(
            events.MINUTES_PRODUCED, subject=case.unit.code, body=_body(case, made), at=now
        )
        made.save()
    return ProducedReport(name, docx_layout.MEDIA_TYPE, content, made.ledger_index)


def minutes_file_name(case: WorkflowCase) -> str:
    """Return the name of the file of a case's minutes."""
    return f"bien-ban-{case.workflow.replace('_', '-')}-{case.unit.code}-{case.number}.docx"


def _body(case: WorkflowCase, made: ReportRecord) -> dict[str, Json]:
    return {
        "kind": made.kind,
        "workflow": case.workflow,
        "number": case.number,
        "file_name": made.file_name,
        "by": made.made_by,
        "snapshot_sha256": made.snapshot_sha256,
        "file_sha256": made.file_sha256,
    }
