"""Reports: made from a frozen snapshot, put on record, sent as a file."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from django.http import HttpResponse
from ninja import Router, Schema

from khien.api.door import READ, Call
from khien.api.operations import operation
from khien.api.paging import Cursor, Limit, page_by_key
from khien.kernel.clock import now_utc
from khien.ledger.services import publish
from khien.norms.library import load_library
from khien.reports.selectors import reports_of
from khien.reports.services import compliance_report

router = Router(tags=["reports"])


class ReportIn(Schema):
    """Which report, in which format, as of which day (empty: today)."""

    kind: Literal["compliance"] = "compliance"
    format: Literal["docx", "pdf"] = "docx"
    on: date | None = None


class ReportOut(Schema):
    """A report that was made."""

    id: int
    kind: str
    file_format: str
    file_name: str
    state_on: date
    made_at: datetime
    made_by: str
    file_sha256: str
    snapshot_sha256: str
    ledger_index: int


class ReportPage(Schema):
    """Reports, newest first, and the cursor of the next page."""

    items: list[ReportOut]
    next: str | None


@operation(
    router,
    "GET /units/{code}/reports",
    READ,
    "Các báo cáo đã lập",
    gives=ReportPage,
)
def list_reports(request: Call, code: str, cursor: Cursor, limit: Limit) -> ReportPage:
    """The reports that were made."""
    made = reports_of(request.auth.unit(code))
    found, following = page_by_key(made, cursor=cursor, limit=limit, newest_first=True)
    return ReportPage(items=[ReportOut.from_orm(one) for one in found], next=following)


@operation(
    router,
    "POST /units/{code}/reports",
    READ,
    "Lập báo cáo và tải về; việc lập được ghi vào sổ cái",
    file="application/octet-stream",
)
def make_report(request: Call, code: str, body: ReportIn) -> HttpResponse:
    """Make a report and get its file; that it was made goes on record."""
    unit = request.auth.unit(code)
    made = compliance_report(
        unit,
        library=load_library(),
        now=now_utc(),
        actor=request.auth.name,
        file_format=body.format,
        on=body.on,
    )
    publish(now_utc())
    response = HttpResponse(made.content, content_type=made.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{made.file_name}"'
    response.headers["Khien-Ledger-Index"] = str(made.ledger_index)
    return response
