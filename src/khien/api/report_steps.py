"""The way of a written report: reviewed, returned, signed, sent, accepted by the unit above; reminders below."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from khien.api.door import FORM, Call
from khien.api.operations import operation
from khien.api.register_schemas import seen_version
from khien.api.workflows import acting
from khien.api.written_reports import (
    REPORT,
    ReasonIn,
    WrittenReportDetail,
    detail_of,
    report_of,
    todays_key,
)
from khien.kernel.clock import now_utc, vietnam_date
from khien.org.roles import APPROVE, REVIEW, WRITE
from khien.registers.files import SIZE_MAX
from khien.reports.definition_reading import definition_by_code
from khien.reports.signing_services import record_signature
from khien.reports.step_services import (
    Signing,
    receive_report,
    remind_units,
    return_report,
    review_report,
    send_report,
)
from khien.reports.written_selectors import received_board
from khien.reports.written_services import known_period

router = Router(tags=["reports"])
# A form around the largest file.
_AROUND = 64 * 2**10
Channel = Literal["", "doc_system", "email", "paper", "software", "phone"]
Capacity = Literal[
    "", "head", "on_behalf", "deputy", "by_order", "by_delegation", "acting", "person"
]


class ReviewIn(Schema):
    """What the one who reviews remarks."""

    note: str = ""


class SendIn(Schema):
    """When a report was sent (empty: today), and how."""

    on: date | None = None
    channel: Channel = ""


class ReceiveIn(Schema):
    """When a report was received (empty: today)."""

    on: date | None = None
    note: str = ""


class SigningIn(Schema):
    """The number the registry gave, the day, who signed as what; of minutes, when they began."""

    signed_on: date
    signer: str
    number: str = ""
    capacity: Capacity = ""
    began_at: datetime | None = None


class RemindIn(Schema):
    """Of which period (empty: today's), and what is said with it."""

    period: str = ""
    note: str = ""


class RemindedOut(Schema):
    """Whom a reminder went to."""

    units: list[str]


@operation(router, f"POST {REPORT}/review", APPROVE, "Duyệt báo cáo", gives=WrittenReportDetail)
def review_written_report(
    request: Call, code: str, number: int, body: ReviewIn
) -> WrittenReportDetail:
    """Say that a report may be signed; If-Match is needed."""
    unit = request.auth.unit(code)
    report, seen = report_of(unit, number), seen_version(request)
    review_report(report, seen=seen, doer=acting(request, unit), note=body.note)
    return detail_of(report)


@operation(router, f"POST {REPORT}/return", APPROVE, "Trả lại để sửa", gives=WrittenReportDetail)
def return_written_report(
    request: Call, code: str, number: int, body: ReasonIn
) -> WrittenReportDetail:
    """Give a report back to who writes it, with remarks; If-Match is needed."""
    unit = request.auth.unit(code)
    report, seen = report_of(unit, number), seen_version(request)
    return_report(report, body.reason, seen=seen, doer=acting(request, unit))
    return detail_of(report)


@operation(
    router,
    f"POST {REPORT}/sign",
    WRITE,
    "Ghi nhận báo cáo đã ký, kèm tệp",
    gives=WrittenReportDetail,
    door={"takes": FORM, "body_max": SIZE_MAX + _AROUND},
)
def sign_written_report(
    request: Call,
    code: str,
    number: int,
    file: Annotated[UploadedFile, File(...)],
    given: Annotated[SigningIn, Form(...)],
) -> WrittenReportDetail:
    """Record that a report was signed, with the signed file or a scan; If-Match is needed."""
    unit = request.auth.unit(code)
    report, seen = report_of(unit, number), seen_version(request)
    signing = Signing(
        signed_on=given.signed_on,
        signer=given.signer,
        file_name=file.name or "",
        file=file.read(),
        number=given.number,
        capacity=given.capacity,
        began_at=given.began_at,
    )
    record_signature(report, signing, seen=seen, doer=acting(request, unit))
    return detail_of(report)


@operation(router, f"POST {REPORT}/send", WRITE, "Ghi nhận đã gửi", gives=WrittenReportDetail)
def send_written_report(request: Call, code: str, number: int, body: SendIn) -> WrittenReportDetail:
    """Record that a signed report was sent; If-Match is needed."""
    unit = request.auth.unit(code)
    report, seen, doer = report_of(unit, number), seen_version(request), acting(request, unit)
    day = body.on or vietnam_date(doer.now)
    send_report(report, sent_on=day, doer=doer, seen=seen, channel=body.channel)
    return detail_of(report)


@operation(
    router, f"POST {REPORT}/receipt", WRITE, "Ghi nhận nơi nhận đã nhận", gives=WrittenReportDetail
)
def note_report_receipt(
    request: Call, code: str, number: int, body: ReceiveIn
) -> WrittenReportDetail:
    """Record that a body outside received a report; If-Match is needed."""
    return _received(request, code, number, body)


@operation(router, f"POST {REPORT}/accept", REVIEW, "Tiếp nhận báo cáo", gives=WrittenReportDetail)
def accept_written_report(
    request: Call, code: str, number: int, body: ReceiveIn
) -> WrittenReportDetail:
    """Accept a report that a unit below sent; If-Match is needed."""
    return _received(request, code, number, body)


@operation(
    router, f"POST {REPORT}/give-back", REVIEW, "Trả lại đơn vị đã gửi", gives=WrittenReportDetail
)
def give_back_written_report(
    request: Call, code: str, number: int, body: ReasonIn
) -> WrittenReportDetail:
    """Give a report back to the unit below that sent it, with remarks; If-Match is needed."""
    unit = request.auth.unit(code)
    report, seen = report_of(unit, number), seen_version(request)
    return_report(report, body.reason, seen=seen, doer=acting(request, unit))
    return detail_of(report)


@operation(
    router,
    "POST /units/{code}/report-board/{report}/reminders",
    REVIEW,
    "Nhắc các đơn vị chưa gửi",
    gives=RemindedOut,
)
def remind_of_report(request: Call, code: str, report: str, body: RemindIn) -> RemindedOut:
    """Remind the units below that have not sent a report."""
    unit, definition, now = request.auth.unit(code), definition_by_code(report), now_utc()
    period = known_period(definition, body.period or todays_key(definition), vietnam_date(now))
    lines = received_board(unit, definition, period, now=now)
    silent = [one.below.unit for one in lines if one.below.state not in ("sent", "received")]
    if silent:
        remind_units(silent, definition, period, unit, acting(request, unit), body.note)
    return RemindedOut(units=[one.code for one in silent])


def _received(request: Call, code: str, number: int, body: ReceiveIn) -> WrittenReportDetail:
    unit = request.auth.unit(code)
    report, seen, doer = report_of(unit, number), seen_version(request), acting(request, unit)
    day = body.on or vietnam_date(doer.now)
    receive_report(report, received_on=day, doer=doer, seen=seen, note=body.note)
    return detail_of(report)
