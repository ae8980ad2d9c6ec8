"""Addresses of the review of a unit's own text."""

from __future__ import annotations

from django.urls import URLPattern, path

from khien.web.views import review, review_decisions

_REVIEW = "van-ban/nhap/<slug:text>/ra-soat/"

urlpatterns: list[URLPattern] = [
    path(_REVIEW, review_decisions.overview, name="text-review"),
    path(f"{_REVIEW}quyet-dinh/", review_decisions.decisions, name="text-decisions"),
    path(f"{_REVIEW}hoan-tac/", review_decisions.undo_sweep, name="text-sweep-undo"),
    path(f"{_REVIEW}tiep/", review.go_on, name="text-review-next"),
    path(f"{_REVIEW}chuong/<str:chapter>/", review_decisions.sweep, name="text-sweep"),
    path(f"{_REVIEW}chuong/<str:chapter>/nhan/", review_decisions.claim, name="text-claim"),
    path(f"{_REVIEW}<str:path>/", review.clause, name="text-clause"),
    path(f"{_REVIEW}<str:path>/khong/", review.nothing, name="text-clause-nothing"),
    path(f"{_REVIEW}<str:path>/lich/", review.schedule, name="text-clause-schedule"),
    path(f"{_REVIEW}<str:path>/mo-lai/", review.reopen, name="text-clause-reopen"),
    path(f"{_REVIEW}<str:path>/bien-phap-rieng/", review.own_control, name="text-own-control"),
]
