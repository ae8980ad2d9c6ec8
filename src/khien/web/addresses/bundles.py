"""Addresses of bundles between instances, and of the keys that sign them."""

from __future__ import annotations

from django.urls import URLPattern, path

from khien.web.views import bundle_keys, bundles, bundles_sent

_AT = "don-vi/<slug:code>/goi/"
urlpatterns: list[URLPattern] = [
    path(_AT, bundles.board, name="bundles"),
    path(f"{_AT}nhan/", bundles.take_in, name="bundle-take-in"),
    path(f"{_AT}nhan/<int:index>/", bundles.received, name="bundle-received"),
    path(f"{_AT}nhan/<int:index>/phieu/", bundles.receipt, name="bundle-receipt"),
    path(f"{_AT}nhan/<int:index>/tra-loi/", bundles.answer, name="bundle-answer"),
    path(f"{_AT}nhan/<int:index>/muc/<int:number>/", bundles.item, name="bundle-item"),
    path(f"{_AT}lap/", bundles_sent.make, name="bundle-make"),
    path(f"{_AT}phieu/", bundles_sent.take_receipt_in, name="bundle-take-receipt"),
    path(f"{_AT}gui/<int:index>/", bundles_sent.sent, name="bundle-sent"),
    path(f"{_AT}gui/<int:index>/tep/", bundles_sent.file, name="bundle-file"),
    path(f"{_AT}gui/<int:index>/gui-lai/", bundles_sent.again, name="bundle-send-again"),
    path(f"{_AT}khoa/", bundle_keys.keys, name="bundle-keys"),
    path(f"{_AT}khoa/the/", bundle_keys.card, name="bundle-card"),
    path(f"{_AT}khoa/thay/", bundle_keys.rotate, name="bundle-rotate"),
    path(f"{_AT}khoa/<int:index>/dia-chi/", bundle_keys.address, name="bundle-address"),
    path(f"{_AT}khoa/<int:index>/ket-thuc/", bundle_keys.end, name="bundle-partner-end"),
    path(f"{_AT}khoa/<int:index>/chap-nhan/", bundle_keys.accept, name="bundle-accept-break"),
    path(f"{_AT}khoa/<int:index>/thu-hoi/", bundle_keys.revoke, name="bundle-key-revoke"),
]
