"""Addresses of the unit tree, its users and what is asked for them."""

from __future__ import annotations

from django.urls import path

from khien.web.views import account_requests, tree, unit_changes, users

_UNIT = "don-vi/<slug:code>/"
_USER = f"{_UNIT}nguoi-dung/<str:username>/"

urlpatterns = [
    path(f"{_UNIT}co-cau/", tree.show, name="tree"),
    path(f"{_UNIT}lich-su/", tree.history, name="unit-history"),
    path(f"{_UNIT}co-cau/doi-ten/", unit_changes.rename, name="unit-rename"),
    path(f"{_UNIT}co-cau/chuyen/", unit_changes.move, name="unit-move"),
    path(f"{_UNIT}co-cau/sap-nhap/", unit_changes.merge, name="unit-merge"),
    path(f"{_UNIT}co-cau/ket-thuc/", unit_changes.end, name="unit-end"),
    path(f"{_UNIT}co-cau/lap-moi/", unit_changes.found, name="unit-found"),
    path(f"{_UNIT}nguoi-dung/", users.listing, name="users"),
    path(_USER, users.show, name="user"),
    path(f"{_USER}vai-tro/", users.grant, name="user-grant"),
    path(f"{_USER}vai-tro/<int:number>/thu-hoi/", users.revoke, name="user-revoke"),
    path(f"{_USER}khoa/", users.disable, name="user-disable"),
    path(f"{_USER}mo-khoa/", users.enable, name="user-enable"),
    path(f"{_USER}nghi/", users.let_go, name="user-leaves"),
    path(f"{_USER}kich-hoat/", users.activation, name="user-activation"),
    path(f"{_USER}nhan-su/", users.link_person, name="user-person"),
    path(f"{_UNIT}tai-khoan-de-nghi/", account_requests.listing, name="account-requests"),
    path(f"{_UNIT}tai-khoan-de-nghi/moi/", account_requests.ask, name="account-request"),
    path(
        f"{_UNIT}tai-khoan-de-nghi/<int:number>/duyet/",
        account_requests.decide,
        name="account-request-decide",
    ),
    path(
        f"{_UNIT}tai-khoan-de-nghi/<int:number>/rut/",
        account_requests.withdraw,
        name="account-request-withdraw",
    ),
]
