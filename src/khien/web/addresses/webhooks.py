"""Addresses of a unit's webhooks."""

from __future__ import annotations

from django.urls import URLPattern, path

from khien.web.views import webhooks

urlpatterns: list[URLPattern] = [
    path("don-vi/<slug:code>/webhook/", webhooks.webhooks, name="webhooks"),
    path("don-vi/<slug:code>/webhook/<int:index>/", webhooks.webhook, name="webhook"),
    path("don-vi/<slug:code>/webhook/<int:index>/dong/", webhooks.remove, name="webhook-remove"),
    path("don-vi/<slug:code>/webhook/<int:index>/thu/", webhooks.try_out, name="webhook-test"),
    path(
        "don-vi/<slug:code>/webhook/<int:index>/gui-lai/<int:delivery>/",
        webhooks.send_again,
        name="webhook-replay",
    ),
]
