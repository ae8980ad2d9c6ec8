"""What stands behind a report: rows of a figure, differences of versions, its files."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from khien.kernel.errors import KhienError
from khien.reports.comparing import difference
from khien.reports.errors import UnknownWrittenReport
from khien.reports.rendering import report_file
from khien.reports.services import FORMATS
from khien.reports.written_selectors import figure_rows, version_at
from khien.web.pages.report_place import place_or_404


@require_safe
@login_required
def figure(request: HttpRequest, code: str, number: int, figure: str) -> HttpResponse:
    """Show everything that a figure counts."""
    place = place_or_404(request, code, number)
    version = version_at(place.report)
    shown = figure_rows(version, figure)
    if shown is None:
        raise Http404
    context = {"unit": place.unit, "report": place.report, "version": version, "shown": shown}
    return render(request, "web/reports/figure.html", context)


@require_safe
@login_required
def version(request: HttpRequest, code: str, number: int, version: int) -> HttpResponse:
    """Show what a version changed against the one before it."""
    place = place_or_404(request, code, number)
    try:
        newer = version_at(place.report, version)
        older = version_at(place.report, version - 1) if version > 1 else None
    except UnknownWrittenReport as unknown:
        raise Http404 from unknown
    context = {
        "unit": place.unit,
        "report": place.report,
        "version": newer,
        "older": older,
        "difference": difference(older, newer) if older else None,
    }
    return render(request, "web/reports/version.html", context)


@require_safe
@login_required
def file(request: HttpRequest, code: str, number: int, file_format: str) -> HttpResponse:
    """Send the newest version, or ?ban=N, as a file; the same bytes each time."""
    place = place_or_404(request, code, number)
    asked = request.GET.get("ban", "")
    if file_format not in FORMATS:
        raise Http404
    try:
        chosen = version_at(
            place.report, int(asked) if asked.isdecimal() and len(asked) < 9 else None
        )
        name, made, content = report_file(chosen, file_format)
    except UnknownWrittenReport as unknown:
        raise Http404 from unknown
    except KhienError as refused:
        return place.page(refused=refused)
    response = HttpResponse(content, content_type=made.media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response
