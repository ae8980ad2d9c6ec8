"""Addresses of signing in, one's own account, administration of sign-ins, and the self-check."""

from __future__ import annotations

from django.urls import URLPattern, path

from khien.web.views import my_account, openid, self_check, sign_in, sign_in_admin

urlpatterns: list[URLPattern] = [
    path("dang-nhap/", sign_in.sign_in, name="sign-in"),
    path("dang-nhap/yeu-to/", sign_in.second_step, name="sign-in-factor"),
    path("dang-nhap/openid/", openid.begin, name="openid-begin"),
    path("dang-nhap/openid/ve/", openid.come_back, name="openid-return"),
    path("tai-khoan/", my_account.my_account, name="my-account"),
    path("tai-khoan/mat-khau/", my_account.my_password, name="my-password"),
    path("tai-khoan/xac-nhan/", my_account.prove_again, name="prove-again"),
    path("tai-khoan/yeu-to/ung-dung/", my_account.add_code_app, name="add-code-app"),
    path("tai-khoan/yeu-to/khoa/", my_account.add_key, name="add-key"),
    path("tai-khoan/yeu-to/<int:index>/bo/", my_account.remove_factor, name="remove-factor"),
    path("tai-khoan/ma-du-phong/", my_account.recovery_codes, name="recovery-codes"),
    path("tai-khoan/phien/", my_account.my_sessions, name="my-sessions"),
    path("tai-khoan/phien/<int:index>/ket-thuc/", my_account.end_session, name="end-session"),
    path("tai-khoan/phien/ket-thuc-het/", my_account.end_all_sessions, name="end-all-sessions"),
    path("quan-tri/dang-nhap/", sign_in_admin.users, name="sign-in-users"),
    path("quan-tri/dang-nhap/<int:index>/", sign_in_admin.user, name="sign-in-user"),
    path("tu-kiem-tra/", self_check.self_check, name="self-check"),
]
