"""Addresses of registers and their rows."""

from __future__ import annotations

from django.urls import URLPattern, path

from khien.web.views import (
    register_bulk,
    register_files,
    register_imports,
    register_rows,
    registers,
)

_SO = "don-vi/<slug:code>/so/<slug:register>/"
_DONG = f"{_SO}<int:number>/"

urlpatterns: list[URLPattern] = [
    path("don-vi/<slug:code>/so/", registers.registers, name="registers"),
    path(_SO, registers.show, name="register-show"),
    path(f"{_SO}xuat.<slug:file_format>", registers.as_file, name="register-file"),
    path(f"{_SO}mau.xlsx", registers.template, name="register-template"),
    path(f"{_SO}in/", registers.printed, name="register-print"),
    path(f"{_SO}xac-nhan/", registers.confirm, name="register-confirm"),
    path(f"{_SO}danh-gia/", registers.reassess, name="register-reassess"),
    path(f"{_SO}sua-nhieu/", register_bulk.bulk, name="register-bulk"),
    path(f"{_SO}may-thay/", register_bulk.seen, name="register-seen"),
    path(f"{_SO}nhap/", register_imports.choose, name="register-import"),
    path(f"{_SO}nhap/<slug:token>/", register_imports.look, name="register-preview"),
    path(f"{_SO}goi-y/<slug:field>/", register_rows.candidates, name="register-candidates"),
    path(f"{_SO}them/", register_rows.add, name="row-add"),
    path(_DONG, register_rows.show, name="row-show"),
    path(f"{_DONG}sua/", register_rows.change, name="row-change"),
    path(f"{_DONG}dua-ra/", register_rows.retire, name="row-retire"),
    path(f"{_DONG}khoi-phuc/", register_rows.restore, name="row-restore"),
    path(f"{_DONG}tep/", register_files.add, name="row-file-add"),
    path(f"{_DONG}tep/<int:file>/", register_files.send, name="row-file"),
    path(f"{_DONG}tep/<int:file>/go/", register_files.retire, name="row-file-retire"),
    path(f"{_DONG}tep/<int:file>/dua-lai/", register_files.restore, name="row-file-restore"),
]
