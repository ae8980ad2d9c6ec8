"""Addresses of all pages."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("khien.web.urls")), path("api/", include("khien.api.urls"))]
handler404 = "khien.web.views.failures.not_found"
handler500 = "khien.web.views.failures.broken"
