"""Today, search, units, and how units stand: addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from khien.web.views import choices, search, today, unit_list

urlpatterns: list[URLPattern] = [
    path("phim/", choices.keys, name="keys"),
    path("tim/", search.results, name="search"),
    path("hom-nay/", today.everywhere, name="today"),
    path("don-vi/", unit_list.units, name="units"),
    path("don-vi/<slug:code>/hom-nay/", today.unit_today, name="unit-today"),
]
