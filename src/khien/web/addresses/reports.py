"""Addresses of written reports: the desk of a unit, one report with its steps, the board of received ones."""

from __future__ import annotations

from django.urls import URLPattern, path

from khien.web.views import report_board, report_desk, report_papers, report_steps, report_writing

_UNIT = "don-vi/<slug:code>/bao-cao/"
_REPORT = f"{_UNIT}<int:number>/"

urlpatterns: list[URLPattern] = [
    path(_UNIT, report_desk.index, name="reports"),
    path(f"{_UNIT}lap/<slug:definition>/", report_desk.begin, name="report-begin"),
    path(f"{_UNIT}nhan/", report_board.index, name="report-boards"),
    path(f"{_UNIT}nhan/<slug:definition>/", report_board.show, name="report-board"),
    path(f"{_UNIT}nhan/<slug:definition>/nhac/", report_board.remind, name="report-remind"),
    path(f"{_UNIT}nhan/<slug:sender>/<int:number>/", report_board.received, name="report-received"),
    path(
        f"{_UNIT}nhan/<slug:sender>/<int:number>/<slug:act>/",
        report_board.answer,
        name="report-answer",
    ),
    path(_REPORT, report_writing.show, name="report-show"),
    path(f"{_REPORT}viet/", report_writing.write, name="report-write"),
    path(f"{_REPORT}so-lieu/", report_writing.refresh, name="report-refresh"),
    path(f"{_REPORT}so-lieu/<slug:figure>/", report_papers.figure, name="report-figure"),
    path(f"{_REPORT}ban/<int:version>/", report_papers.version, name="report-version"),
    path(f"{_REPORT}tep/<slug:file_format>/", report_papers.file, name="report-file"),
    path(f"{_REPORT}buoc/<slug:act>/", report_steps.do, name="report-step"),
]
