"""Addresses of money, suppliers and plans of a unit."""

from __future__ import annotations

from django.urls import URLPattern, path

from khien.web.views import plan_drafts, plans

_UNIT = "don-vi/<slug:code>/ke-hoach/"

urlpatterns: list[URLPattern] = [
    path("don-vi/<slug:code>/kinh-phi/", plans.money, name="money"),
    path("don-vi/<slug:code>/nha-cung-cap/", plans.suppliers, name="suppliers"),
    path(_UNIT, plan_drafts.index, name="plans"),
    path(f"{_UNIT}lap/", plan_drafts.begin, name="plan-begin"),
    path(f"{_UNIT}<int:number>/", plan_drafts.show, name="plan"),
    path(f"{_UNIT}<int:number>/them/", plan_drafts.add, name="plan-add"),
    path(f"{_UNIT}<int:number>/ky/", plan_drafts.sign, name="plan-sign"),
    path(f"{_UNIT}<int:number>/bo/", plan_drafts.drop, name="plan-drop"),
    path(f"{_UNIT}<int:number>/tep.<slug:file_format>", plan_drafts.file, name="plan-file"),
]
