"""Addresses of what was read of signatures, and of the certificates trusted."""

from __future__ import annotations

from django.urls import URLPattern, path

from khien.web.views import signatures

_FILE = "don-vi/<slug:code>/so/<slug:register>/<int:number>/tep/<int:file>/chu-ky/"

urlpatterns: list[URLPattern] = [
    path(_FILE, signatures.file_signatures, name="row-file-signatures"),
    path(f"{_FILE}doc-lai/", signatures.read_again, name="row-file-read-again"),
    path("chung-thu/", signatures.trust, name="trust"),
    path("chung-thu/<slug:fingerprint>/thoi-tin/", signatures.stop_trusting, name="trust-remove"),
]
