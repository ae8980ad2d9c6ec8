"""Addresses of money, suppliers and plans of a unit."""

from __future__ import annotations

from django.urls import URLPattern, path

from khien.web.views import plans

urlpatterns: list[URLPattern] = [
    path("don-vi/<slug:code>/kinh-phi/", plans.money, name="money"),
    path("don-vi/<slug:code>/nha-cung-cap/", plans.suppliers, name="suppliers"),
]
