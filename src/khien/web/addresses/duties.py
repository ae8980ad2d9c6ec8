"""Addresses of a unit's duties: calendar, list, board, one occurrence; the feed for calendar programs."""

from __future__ import annotations

from django.urls import URLPattern, path

from khien.web.views import calendar_links, duties

_UNIT = "don-vi/<slug:code>/nghia-vu/"

urlpatterns: list[URLPattern] = [
    path(_UNIT, duties.calendar, name="duties"),
    path(f"{_UNIT}danh-sach/", duties.listing, name="duty-list"),
    path(f"{_UNIT}bang/", duties.board, name="duty-board"),
    path(f"{_UNIT}<int:number>/", duties.one, name="duty"),
    path(f"{_UNIT}<int:number>/ban-giao/", duties.hand_over_one, name="duty-hand-over"),
    path(f"{_UNIT}<int:number>/chu-ky/", duties.interval, name="duty-interval"),
    path(f"{_UNIT}<int:number>/mien/", duties.set_aside, name="duty-set-aside"),
    path(f"{_UNIT}<int:number>/mien/tra-loi/", duties.decide, name="duty-decide"),
    path("lich/<str:secret>/nghia-vu.ics", calendar_links.feed, name="calendar-feed"),
    path("lich/", calendar_links.links, name="calendar-links"),
    path("lich/<int:index>/thu-hoi/", calendar_links.revoke, name="calendar-revoke"),
]
