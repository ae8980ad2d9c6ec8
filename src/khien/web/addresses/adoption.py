"""Addresses of a unit's own texts: brought in, corrected, on their way into force."""

from __future__ import annotations

from django.urls import URLPattern, path

from khien.web.views import text_head, text_structure, texts

_TEXT = "van-ban/nhap/<slug:text>/"

urlpatterns: list[URLPattern] = [
    path("van-ban/nhap/", texts.bring_in, name="texts"),
    path(_TEXT, texts.home, name="text"),
    path(f"{_TEXT}tep/", texts.original, name="text-file"),
    path(f"{_TEXT}bo/", texts.drop, name="text-drop"),
    path(f"{_TEXT}cau-truc/", text_structure.structure, name="text-structure"),
    path(f"{_TEXT}thong-tin/", text_head.head, name="text-head"),
]
