"""Where a person stands with a report: who they are at its unit, and its page with what was refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from khien.kernel.clock import now_utc, vietnam_date
from khien.kernel.errors import KhienError
from khien.org.models import Unit
from khien.org.roles import APPROVE, READ, RESPOND, REVIEW, WRITE
from khien.org.selectors import may_do
from khien.reports.errors import UnknownWrittenReport
from khien.reports.models import Report
from khien.reports.services import FORMATS
from khien.reports.written_selectors import report_at
from khien.web import door, drafts
from khien.web.pages.report_sheet import Sheet, sheet_of
from khien.web.pages.workflow_place import doing_at
from khien.workflows.doers import Doer

DOERS = (WRITE, APPROVE, REVIEW, RESPOND)
CHANNELS = ("doc_system", "email", "paper", "software", "phone")


@dataclass
class ReportPlace:
    """A report as one person sees it."""

    request: HttpRequest
    unit: Unit
    report: Report
    now: datetime

    @cached_property
    def doer(self) -> Doer:
        """Return the person as one who acts at the report's unit."""
        return doing_at(self.request, self.unit, now=self.now)

    @property
    def seen(self) -> int:
        """Return the version that the person's form was made from."""
        given = self.request.POST.get("ban", "")
        return int(given) if given.isdecimal() and len(given) < 9 else 0

    def page(
        self,
        *,
        typed: Mapping[str, str] | None = None,
        refused: KhienError | None = None,
        act: str = "",
    ) -> HttpResponse:
        """Return the page of the report; what was refused is said, what was typed stays."""
        self.report.refresh_from_db()
        sheet = sheet_of(self.report, typed=typed, refused=refused)
        context = self._context(sheet) | {"refused": refused, "act": act}
        status = refused.http_status if refused else 200
        return render(self.request, "web/reports/show.html", context, status=status)

    def _context(self, sheet: Sheet) -> dict[str, Any]:
        user, unit = self.request.user, self.unit
        today = vietnam_date(self.now)
        may = {name: may_do(user, name, unit) for name in (WRITE, APPROVE, REVIEW)}
        maker = sheet.definition.maker if sheet.definition else WRITE
        is_own = sheet.version.made_by == user.get_username()
        return {
            "unit": unit,
            "sheet": sheet,
            "report": self.report,
            "today": today,
            "days_left": sheet.days_left(today),
            "may_write": may[WRITE] or may_do(user, maker, unit),
            "may_approve": may[APPROVE],
            "may_review": may[APPROVE] or may[REVIEW] or (may[WRITE] and not is_own),
            "may_file": may[WRITE] or may[APPROVE],
            "formats": tuple(FORMATS),
            "writer": drafts.writer_mark(self.request),
        }


def working_unit(request: HttpRequest, code: str) -> Unit:
    """Return a unit at which the person does something with reports: writes, approves, reviews, responds.

    Raises: Http404, NotAllowed: the door's answers
    """
    unit = door.unit_or_404(request, code, READ)
    if any(may_do(request.user, one, unit) for one in DOERS):
        return unit
    return door.unit_or_404(request, code, WRITE)


def place_or_404(
    request: HttpRequest, code: str, number: int, *, is_doing: bool = False
) -> ReportPlace:
    """Return a report of a unit that the person may read, or does something with.

    Raises: Http404, NotAllowed: the door's answers
    """
    unit = working_unit(request, code) if is_doing else door.unit_or_404(request, code, READ)
    try:
        report = report_at([unit], unit.code, number)
    except UnknownWrittenReport as unknown:
        raise Http404 from unknown
    return ReportPlace(request, unit, report, now_utc())
