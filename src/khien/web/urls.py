"""Addresses of the pages, in Vietnamese without marks."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
