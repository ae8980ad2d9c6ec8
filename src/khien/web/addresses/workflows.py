"""Addresses of processes: those of a unit, and what waits for the person who is signed in."""

from __future__ import annotations

from django.urls import URLPattern, path

from khien.web.views import my_tasks, workflow_lists, workflow_steps, workflows

_UNIT = "don-vi/<slug:code>/quy-trinh/"
_CASE = f"{_UNIT}<int:number>/"

urlpatterns: list[URLPattern] = [
    path("viec-cua-toi/", my_tasks.show, name="my-tasks"),
    path(
        "viec-cua-toi/<slug:code>/<int:number>/<slug:step>/", my_tasks.answer, name="my-task-answer"
    ),
    path(_UNIT, workflows.index, name="workflows"),
    path(f"{_UNIT}bat-dau/<slug:workflow>/", workflows.start, name="workflow-start"),
    path(_CASE, workflows.case, name="workflow-case"),
    path(f"{_CASE}huy/", workflows.cancel, name="workflow-cancel"),
    path(f"{_CASE}bien-ban/", workflows.minutes, name="workflow-minutes"),
    path(f"{_CASE}buoc/<slug:step>/", workflow_steps.do, name="workflow-step"),
    path(f"{_CASE}dong/<slug:step>/", workflow_steps.line, name="workflow-line"),
    path(f"{_CASE}bo-dong/<slug:step>/", workflow_steps.unline, name="workflow-line-remove"),
    path(f"{_CASE}danh-sach/<slug:step>/", workflow_lists.items, name="workflow-items"),
    path(
        f"{_CASE}cap-nhat-danh-sach/<slug:step>/", workflow_lists.refresh, name="workflow-refresh"
    ),
]
