"""Today, search, units, and how units stand: addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from khien.web.views import choices, contacts, search, standing, today, unit_list

urlpatterns: list[URLPattern] = [
    path("phim/", choices.keys, name="keys"),
    path("tim/", search.results, name="search"),
    path("hom-nay/", today.everywhere, name="today"),
    path("don-vi/", unit_list.units, name="units"),
    path("don-vi/<slug:code>/hom-nay/", today.unit_today, name="unit-today"),
    path("don-vi/<slug:code>/lien-he/", contacts.contacts, name="contacts"),
    path("tuan-thu/", standing.whole_heat_map, name="heat-map-all"),
    path(
        "tuan-thu/bien-phap/<slug:control>/",
        standing.control_everywhere,
        name="control-everywhere",
    ),
    path("don-vi/<slug:code>/tuan-thu/chu-de/", standing.by_theme, name="by-theme"),
    path("don-vi/<slug:code>/tuan-thu/don-vi/", standing.unit_heat_map, name="heat-map"),
    path("don-vi/<slug:code>/tuan-thu/dien-bien/", standing.unit_trend, name="trend"),
]
