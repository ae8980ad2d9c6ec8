"""The steps of a report: reviewed, returned, signed, sent, received, given up; each with its own form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from khien.kernel.clock import VIETNAM, vietnam_date
from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.ledger.services import publish
from khien.registers.errors import FieldProblem
from khien.registers.files import must_not_be_larger
from khien.reports.errors import ReportRefused
from khien.reports.signing_services import record_signature
from khien.reports.step_services import (
    Signing,
    receive_report,
    return_report,
    review_report,
    send_report,
)
from khien.reports.written_services import cancel_report
from khien.web.pages.asked import DayUnreadable, HourUnreadable, day_asked
from khien.web.pages.report_place import CHANNELS, ReportPlace, place_or_404

_NO_FILE = Text(
    "Chọn tệp PDF đã ký số, hoặc bản quét bản giấy đã ký.", "Choose the signed PDF, or a scan."
)


@require_POST
@login_required
def do(request: HttpRequest, code: str, number: int, act: str) -> HttpResponse:
    """Do a step; what is refused is said on the page, and nothing is recorded."""
    place = place_or_404(request, code, number, is_doing=True)
    step = ACTS.get(act)
    if step is None:
        raise Http404
    try:
        step(place)
    except KhienError as refused:
        return place.page(refused=refused, act=act)
    publish(place.now)
    messages.success(request, str(SAID[act]))
    return redirect("report-show", code, number)


def _review(place: ReportPlace) -> None:
    note = place.request.POST.get("y-kien", "")
    review_report(place.report, seen=place.seen, doer=place.doer, note=note)


def _return(place: ReportPlace) -> None:
    note = place.request.POST.get("y-kien", "")
    return_report(place.report, note, seen=place.seen, doer=place.doer)


def _sign(place: ReportPlace) -> None:
    """Take the signed paper in, and with it what was read of its signatures, if it is a PDF."""
    given, sent = place.request.POST, place.request.FILES.get("tep")
    if sent is None:
        raise ReportRefused([FieldProblem("file", _NO_FILE)])
    name = sent.name or "tep"
    must_not_be_larger(sent.size or 0, name)
    signing = Signing(
        signed_on=_day(place, "ngay"),
        signer=given.get("nguoi-ky", ""),
        file_name=name,
        file=sent.read(),
        number=given.get("so", ""),
        capacity=given.get("tham-quyen", ""),
        began_at=_hour(place, "bat-dau"),
    )
    record_signature(place.report, signing, seen=place.seen, doer=place.doer)


def _send(place: ReportPlace) -> None:
    channel = place.request.POST.get("cach-gui", "")
    send_report(
        place.report,
        sent_on=_day(place, "ngay"),
        seen=place.seen,
        doer=place.doer,
        channel=channel if channel in CHANNELS else "",
    )


def _receive(place: ReportPlace) -> None:
    receive_report(
        place.report,
        received_on=_day(place, "ngay"),
        seen=place.seen,
        doer=place.doer,
        note=place.request.POST.get("y-kien", ""),
    )


def _cancel(place: ReportPlace) -> None:
    cancel_report(
        place.report, place.request.POST.get("ly-do", ""), seen=place.seen, doer=place.doer
    )


def _day(place: ReportPlace, name: str) -> date:
    """Return the day of a form; today where none was given.

    Raises: DayUnreadable
    """
    given = place.request.POST.get(name, "")
    day = day_asked(given)
    if day is None and given.strip():
        raise DayUnreadable(given=given[:40])
    return day or vietnam_date(place.now)


def _hour(place: ReportPlace, name: str) -> datetime | None:
    """Return the hour and minute of a form on the day of signing; None where none was given."""
    given = place.request.POST.get(name, "").strip()
    if not given:
        return None
    try:
        hour = time.fromisoformat(given)
    except ValueError as error:
        raise HourUnreadable(given=given[:20]) from error
    return datetime.combine(_day(place, "ngay"), hour, tzinfo=VIETNAM)


ACTS: Mapping[str, Callable[[ReportPlace], None]] = {
    "duyet": _review,
    "tra-lai": _return,
    "ky": _sign,
    "gui": _send,
    "nhan": _receive,
    "huy": _cancel,
}
SAID = {
    "duyet": gettext_lazy("The report is reviewed; now it can be signed."),
    "tra-lai": gettext_lazy("The report was given back with your remarks."),
    "ky": gettext_lazy(
        "The signature is on record and the paper stands in the register of documents."
    ),
    "gui": gettext_lazy("The sending stands in the register of dispatches."),
    "nhan": gettext_lazy("The receipt is on record."),
    "huy": gettext_lazy("The report was given up; it keeps its number and can be read."),
}
