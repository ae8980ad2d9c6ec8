"""Addresses of texts that are shared: taken away in a form, and one that came looked at and taken in."""

from __future__ import annotations

from django.urls import URLPattern, path

from khien.web.views import sharing

urlpatterns: list[URLPattern] = [
    path("van-ban/<slug:document>/tai-ve/goi-ky/", sharing.sign, name="text-package"),
    path("van-ban/<slug:document>/tai-ve/<slug:form>/", sharing.take_away, name="text-shared"),
    path("van-ban/nhan/<slug:token>/", sharing.look, name="text-came"),
]
