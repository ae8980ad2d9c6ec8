"""Addresses of one's access tokens."""

from __future__ import annotations

from django.urls import URLPattern, path

from khien.web.views import tokens

urlpatterns: list[URLPattern] = [
    path("tai-khoan/ma-truy-cap/", tokens.tokens, name="tokens"),
    path("tai-khoan/ma-truy-cap/<int:index>/thu-hoi/", tokens.revoke, name="token-revoke"),
]
