"""Addresses of a text's way into force: validity and scope, impact, approval."""

from __future__ import annotations

from django.urls import URLPattern, path

from khien.web.views import text_approval, text_force, text_impact

_TEXT = "van-ban/nhap/<slug:text>/"

urlpatterns: list[URLPattern] = [
    path(f"{_TEXT}hieu-luc/", text_force.force, name="text-force"),
    path(f"{_TEXT}tac-dong/", text_impact.impact, name="text-impact"),
    path(f"{_TEXT}tac-dong/bao-cao.docx", text_impact.paper, name="text-impact-file"),
    path(f"{_TEXT}trinh-duyet/", text_approval.approval, name="text-approval"),
    path(f"{_TEXT}trinh-duyet/trinh/", text_approval.submit, name="text-submit"),
    path(f"{_TEXT}trinh-duyet/phe-duyet/", text_approval.approve, name="text-approve"),
    path(f"{_TEXT}trinh-duyet/tra-lai/", text_approval.give_back, name="text-return"),
    path(f"{_TEXT}trinh-duyet/rut/", text_approval.take_back, name="text-withdraw"),
    path(f"{_TEXT}trinh-duyet/het-hieu-luc/", text_approval.end, name="text-end"),
]
