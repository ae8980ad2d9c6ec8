"""Written reports: what is due, drafts and their texts, figures with their rows, files; what units below sent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpResponse
from ninja import Router, Schema
from ninja.responses import Status

from khien.api.door import KNOW, READ, Call
from khien.api.operations import Words, operation, words
from khien.api.paging import Cursor, Limit, page_by_key
from khien.api.register_schemas import seen_version
from khien.api.workflows import acting
from khien.kernel.clock import now_utc, vietnam_date
from khien.org.models import Unit
from khien.org.roles import WRITE
from khien.registers.declarations import register_by_code
from khien.registers.selectors import row_at
from khien.reports.comparing import changed_rows, figures_now
from khien.reports.definition_reading import definition_by_code, load_definitions
from khien.reports.definitions import Definition
from khien.reports.errors import UnknownWrittenReport
from khien.reports.gaps import gaps_of
from khien.reports.models import Report
from khien.reports.periods import period_on
from khien.reports.rendering import report_file
from khien.reports.written_selectors import (
    content_of,
    due_reports,
    figure_rows,
    received_board,
    report_at,
    steps_of,
    version_at,
    written_reports,
)
from khien.reports.written_services import (
    Order,
    cancel_report,
    draft_report,
    known_period,
    refresh_figures,
    write_texts,
)

router = Router(tags=["reports"])
REPORTS = "/units/{code}/written-reports"
REPORT = f"{REPORTS}/{{number}}"
_NUMBER_MAX = 2**31 - 1


class DefinitionOut(Schema):
    """A report, notice or minutes that the library defines."""

    code: str
    title: Words
    why: Words
    kind: str
    clauses: list[str]
    period: str
    about: str | None
    maker: str


class DueReportOut(Schema):
    """A report that a unit makes, its period of today, and the report if it was begun."""

    report: str
    title: Words
    period: str | None
    due_on: date | None
    number: int | None
    state: str | None


class WrittenReportOut(Schema):
    """A report of a unit."""

    number: int
    definition: str
    period: str
    title: str
    state: str
    latest: int
    due_on: date | None
    sent_on: date | None
    made_at: datetime
    made_by: str


class WrittenReportPage(Schema):
    """Reports, newest first, and the cursor of the next page."""

    items: list[WrittenReportOut]
    next: str | None


class FigureOut(Schema):
    """A figure as the document says it; `value` is null where it is not known."""

    code: str
    title: str
    said: str
    value: int | str | None
    unsure_count: int


class GapOut(Schema):
    """One thing a report lacks; a blocking one keeps it from being signed."""

    kind: str
    code: str
    text: Words
    is_blocking: bool
    register_code: str


class StepOut(Schema):
    """One step of a report's way, with its remarks."""

    what: str
    on: date
    by: str
    version: int
    note: str


class WrittenReportDetail(WrittenReportOut):
    """A report with its texts, figures, what it lacks and its way; `version` is the ETag to send back."""

    version: int
    sha256: str
    texts: dict[str, str]
    figures: list[FigureOut]
    gaps: list[GapOut]
    steps: list[StepOut]


class CountedRowOut(Schema):
    """A row that a figure counts, at the version it had then."""

    unit: str
    register_code: str
    number: int
    name: str
    version: int
    is_unsure: bool


class FigureRowsOut(Schema):
    """A figure with everything it counts."""

    title: str
    said: str
    rows: list[CountedRowOut]
    items: list[list[Any]]


class ChangedRowOut(Schema):
    """A row that changed since the report counted it."""

    unit: str
    register_code: str
    number: int
    version_then: int
    version_now: int
    is_retired: bool
    fields: list[str]


class ChangesOut(Schema):
    """What changed since the figures were frozen; the report itself is not altered."""

    rows: list[ChangedRowOut]
    figures: dict[str, list[str]]


class DraftIn(Schema):
    """Which report, of which period (empty: today's), about which row of its register or about what."""

    report: str
    period: str = ""
    row: int | None = None
    title: str = ""
    takes_all: bool = False


class TextsIn(Schema):
    """Texts by code; those that are not sent stay as they are."""

    texts: dict[str, str]


class RefreshIn(Schema):
    """Whether reports below count that were sent and not accepted; null: as it was."""

    takes_all: bool | None = None


class ReasonIn(Schema):
    """Why a report is given up or given back."""

    reason: str


class BoardLineOut(Schema):
    """One unit below: the state of its report (empty: none), whether it is late, when it was reminded."""

    unit: str
    name: str
    state: str
    is_late: bool
    due_on: date | None
    sent_on: date | None
    reminded_at: datetime | None


@operation(router, "GET /report-definitions", KNOW, "Các mẫu báo cáo", gives=list[DefinitionOut])
def list_report_definitions(request: Call) -> list[DefinitionOut]:
    """The reports that the library defines."""
    return [
        DefinitionOut(
            code=one.code, title=words(one.title), why=words(one.why), kind=one.kind,
            clauses=list(one.clauses), period=one.rhythm.every, about=one.about, maker=one.maker,
        )
        for one in load_definitions().values()
    ]  # fmt: skip


@operation(
    router, "GET /units/{code}/due-reports", READ, "Báo cáo phải lập", gives=list[DueReportOut]
)
def list_due_reports(request: Call, code: str) -> list[DueReportOut]:
    """The reports that a unit has to make."""
    found = due_reports(request.auth.unit(code), now=now_utc())
    return [
        DueReportOut(
            report=one.definition.code,
            title=words(one.definition.title),
            period=one.period.key if one.period else None,
            due_on=one.due_on,
            number=one.report.number if one.report else None,
            state=one.report.state if one.report else None,
        )
        for one in found
    ]


@operation(router, f"GET {REPORTS}", READ, "Các báo cáo đang viết, đã gửi", gives=WrittenReportPage)
def list_written_reports(
    request: Call, code: str, cursor: Cursor, limit: Limit
) -> WrittenReportPage:
    """The reports of a unit, written or sent."""
    reports = written_reports([request.auth.unit(code)])
    found, following = page_by_key(reports, cursor=cursor, limit=limit, newest_first=True)
    return WrittenReportPage(items=[WrittenReportOut.from_orm(o) for o in found], next=following)


@operation(router, f"GET {REPORT}", READ, "Một báo cáo", gives=WrittenReportDetail)
def show_written_report(request: Call, code: str, number: int) -> WrittenReportDetail:
    """One report with its texts, figures and steps."""
    return detail_of(report_of(request.auth.unit(code), number))


@operation(
    router,
    f"GET {REPORT}/figures/{{figure}}",
    READ,
    "Các dòng của một số liệu",
    gives=FigureRowsOut,
)
def show_report_figure(request: Call, code: str, number: int, figure: str) -> FigureRowsOut:
    """Everything that a figure of a report counts."""
    found = figure_rows(version_at(report_of(request.auth.unit(code), number)), figure)
    if found is None:
        raise UnknownWrittenReport(number=f"{number}/{figure[:60]}")
    return FigureRowsOut(
        title=found.title,
        said=found.said,
        rows=[
            CountedRowOut(
                unit=one.row.unit.code, register_code=one.row.register, number=one.row.number,
                name=one.row.name, version=one.version, is_unsure=one.is_unsure,
            )
            for one in found.rows
        ],
        items=[list(item) for item in found.items],
    )  # fmt: skip


@operation(
    router, f"GET {REPORT}/changes", READ, "Sổ đã đổi gì từ khi lấy số liệu", gives=ChangesOut
)
def show_report_changes(request: Call, code: str, number: int) -> ChangesOut:
    """What changed in the registers since the figures were frozen."""
    version = version_at(report_of(request.auth.unit(code), number))
    rows = [
        ChangedRowOut(
            unit=one.row.unit.code, register_code=one.row.register, number=one.row.number,
            version_then=one.counted_version, version_now=one.row.version,
            is_retired=one.is_retired, fields=[change.field for change in one.fields],
        )
        for one in changed_rows(version)
    ]  # fmt: skip
    now = {one.code: [one.before, one.after] for one in figures_now(version, now_utc())}
    return ChangesOut(rows=rows, figures=now)


@operation(router, f"GET {REPORT}/file", READ, "Tệp của báo cáo", file="application/octet-stream")
def download_written_report(
    request: Call,
    code: str,
    number: int,
    format: Literal["docx", "pdf"] = "docx",
) -> HttpResponse:
    """The file of a report; the same version gives the same bytes."""
    version = version_at(report_of(request.auth.unit(code), number))
    name, chosen, content = report_file(version, format)
    response = HttpResponse(content, content_type=chosen.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@operation(router, f"POST {REPORTS}", WRITE, "Lập báo cáo", gives={201: WrittenReportDetail})
def draft_written_report(request: Call, code: str, body: DraftIn) -> Status[WrittenReportDetail]:
    """Begin a report: its figures are frozen and put on record."""
    unit, definition = request.auth.unit(code), definition_by_code(body.report)
    subject = None
    if body.row is not None and definition.about is not None:
        register = register_by_code(definition.about)
        number = min(max(body.row, 0), _NUMBER_MAX)
        subject = row_at([unit], register, unit=unit.code, number=number)
    order = Order(definition, body.period, subject, body.title, body.takes_all)
    return Status(201, detail_of(draft_report(order, unit, acting(request, unit))))


@operation(
    router,
    f"POST {REPORT}/texts",
    WRITE,
    "Viết các ô chữ; If-Match bắt buộc",
    gives=WrittenReportDetail,
)
def write_report_texts(request: Call, code: str, number: int, body: TextsIn) -> WrittenReportDetail:
    """Write texts of a report; If-Match is needed, what somebody else wrote meanwhile is kept."""
    unit = request.auth.unit(code)
    report, seen = report_of(unit, number), seen_version(request)
    return detail_of(write_texts(report, body.texts, seen=seen, doer=acting(request, unit)).report)


@operation(router, f"POST {REPORT}/refresh", WRITE, "Lấy lại số liệu", gives=WrittenReportDetail)
def refresh_report_figures(
    request: Call, code: str, number: int, body: RefreshIn
) -> WrittenReportDetail:
    """Freeze the figures anew; If-Match is needed."""
    unit = request.auth.unit(code)
    report, seen, doer = report_of(unit, number), seen_version(request), acting(request, unit)
    version = refresh_figures(report, seen=seen, doer=doer, takes_all=body.takes_all)
    return detail_of(version.report)


@operation(router, f"POST {REPORT}/cancel", WRITE, "Hủy báo cáo", gives=WrittenReportDetail)
def cancel_written_report(
    request: Call, code: str, number: int, body: ReasonIn
) -> WrittenReportDetail:
    """Give a report up before it is signed, with the reason; If-Match is needed."""
    unit = request.auth.unit(code)
    report, seen = report_of(unit, number), seen_version(request)
    cancel_report(report, body.reason, seen=seen, doer=acting(request, unit))
    return detail_of(report)


@operation(
    router,
    "GET /units/{code}/report-board/{report}",
    READ,
    "Báo cáo các đơn vị cấp dưới gửi lên",
    gives=list[BoardLineOut],
)
def show_report_board(
    request: Call, code: str, report: str, period: str = ""
) -> list[BoardLineOut]:
    """What the units below sent of a report in a period."""
    definition, now = definition_by_code(report), now_utc()
    found = known_period(definition, period or todays_key(definition), vietnam_date(now))
    lines = received_board(request.auth.unit(code), definition, found, now=now)
    return [
        BoardLineOut(
            unit=one.below.unit.code, name=one.below.name, state=one.below.state,
            is_late=one.is_late, due_on=one.below.due_on, sent_on=one.below.sent_on,
            reminded_at=one.reminded_at,
        )
        for one in lines
    ]  # fmt: skip


def todays_key(definition: Definition) -> str:
    """Return the key of a report's period of today."""
    return period_on(definition.rhythm, vietnam_date(now_utc())).key


def report_of(unit: Unit, number: int) -> Report:
    """Return a report of a unit; a number that cannot be is as unknown as any."""
    return report_at([unit], unit.code, min(max(number, 0), _NUMBER_MAX))


def detail_of(report: Report) -> WrittenReportDetail:
    """Return a report as the API shows it."""
    report = Report.objects.select_related("unit").get(pk=report.pk)
    version = version_at(report)
    content = content_of(version)
    about = WrittenReportOut.from_orm(report).model_dump()
    figures = [(code, content["figures"][code]) for code in content["figure_codes"]]
    return WrittenReportDetail(
        **about,
        version=version.number,
        sha256=version.sha256,
        texts=version.texts,
        figures=[
            FigureOut(code=code, **{k: one[k] for k in ("title", "said", "value", "unsure_count")})
            for code, one in figures
        ],
        gaps=[
            GapOut(
                kind=gap.kind, code=gap.code, text=words(gap.sentence),
                is_blocking=gap.is_blocking, register_code=gap.register,
            )
            for gap in gaps_of(version)
        ],
        steps=[
            StepOut(what=s.what, on=s.on, by=s.done_by, version=s.version.number, note=s.note)
            for s in steps_of(report)
        ],
    )  # fmt: skip
