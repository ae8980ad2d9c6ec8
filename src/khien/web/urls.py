"""Addresses of the pages, in Vietnamese without marks."""

from __future__ import annotations

from django.urls import URLPattern, path

from khien.web.addresses import access, bundles, duties, notices, org, pages, tokens, webhooks
from khien.web.addresses import adoption as adoption_addresses
from khien.web.addresses import adoption_force as force_addresses
from khien.web.addresses import adoption_review as review_addresses
from khien.web.addresses import comparison as comparison_addresses
from khien.web.addresses import plans as plan_addresses
from khien.web.addresses import registers as register_addresses
from khien.web.addresses import reports as report_addresses
from khien.web.addresses import sharing as sharing_addresses
from khien.web.addresses import signatures as signature_addresses
from khien.web.addresses import workflows as workflow_addresses
from khien.web.views import choices, ledger, library, machines, reports, sign_in, units

urlpatterns: list[URLPattern] = [
    path("", units.home, name="home"),
    path("can-dang-nhap/", sign_in.sign_in_needed, name="sign-in-needed"),
    path("vao/<str:secret>/", sign_in.enter, name="enter"),
    path("ra/", sign_in.leave, name="leave"),
    path("ngon-ngu/", choices.language, name="language"),
    path("giao-dien/", choices.theme, name="theme"),
    *pages.urlpatterns,
    *tokens.urlpatterns,
    *webhooks.urlpatterns,
    *bundles.urlpatterns,
    *notices.urlpatterns,
    *duties.urlpatterns,
    *org.urlpatterns,
    *register_addresses.urlpatterns,
    *access.urlpatterns,
    *workflow_addresses.urlpatterns,
    *signature_addresses.urlpatterns,
    *plan_addresses.urlpatterns,
    *report_addresses.urlpatterns,
    *adoption_addresses.urlpatterns,
    *force_addresses.urlpatterns,
    *comparison_addresses.urlpatterns,
    *sharing_addresses.urlpatterns,
    path("don-vi/<slug:code>/", units.show, name="unit"),
    path("don-vi/<slug:code>/tuan-thu/", units.documents, name="compliance-home"),
    path("don-vi/<slug:code>/tuan-thu/<slug:document>/", units.compliance, name="compliance"),
    path("don-vi/<slug:code>/bien-phap/<slug:control>/", units.control, name="control"),
    path(
        "don-vi/<slug:code>/bao-cao/tuan-thu.<slug:file_format>", reports.compliance, name="report"
    ),
    path("don-vi/<slug:code>/quy-tac/", units.rulebook, name="rulebook"),
    path("don-vi/<slug:code>/may/", machines.machines, name="machines"),
    path("don-vi/<slug:code>/may/<str:host_uid>/", machines.machine, name="machine"),
    path("don-vi/<slug:code>/may/<str:host_uid>/loai/", machines.set_kind, name="machine-kind"),
    path("so-cai/", ledger.ledger, name="ledger"),
    path("so-cai/<int:index>/", ledger.entry, name="ledger-entry"),
    *review_addresses.urlpatterns,
    path("van-ban/", library.documents, name="library"),
    path("van-ban/<slug:document>/", library.document, name="library-document"),
]
