"""Addresses of what people are told, and of the queue of mails."""

from __future__ import annotations

from django.urls import URLPattern, path

from khien.web.views import mail, notices

urlpatterns: list[URLPattern] = [
    path("thong-bao/", notices.show, name="notices"),
    path("thong-bao/doc/", notices.read, name="notices-read"),
    path("thong-bao/cai-dat/", notices.settings, name="notice-settings"),
    path("thong-bao/<int:number>/", notices.open_one, name="notice"),
    path("thu-dien-tu/", mail.queue, name="mail-queue"),
    path("thu-dien-tu/thu/", mail.try_out, name="mail-test"),
    path("thu-dien-tu/gui-lai/", mail.again, name="mail-again"),
]
