"""Addresses where texts are compared: two, the strictest of all, cited law that ended, the standard of a level."""

from __future__ import annotations

from django.urls import URLPattern, path

from khien.web.views import comparison

urlpatterns: list[URLPattern] = [
    path("van-ban/so-sanh/", comparison.compared, name="texts-compared"),
    path("van-ban/so-sanh/bang.xlsx", comparison.compared_sheet, name="texts-compared-file"),
    path("van-ban/nghiem-nhat/", comparison.strictest, name="strictest"),
    path("van-ban/nghiem-nhat/bang.xlsx", comparison.strictest_sheet, name="strictest-file"),
    path("van-ban/luat-het-hieu-luc/", comparison.ended, name="ended-law"),
    path("van-ban/luat-het-hieu-luc/bang.xlsx", comparison.ended_sheet, name="ended-law-file"),
    path("don-vi/<slug:code>/quy-tac/cap-do/", comparison.of_level, name="rulebook-level"),
    path(
        "don-vi/<slug:code>/quy-tac/cap-do/bang.xlsx",
        comparison.of_level_sheet,
        name="rulebook-level-file",
    ),
]
