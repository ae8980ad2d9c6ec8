"""The API as one whole: routers, failures as problems, and its description."""

from __future__ import annotations

from ninja import NinjaAPI

from khien import __version__
from khien.api import (
    bundles,
    case_lists,
    desk,
    duties,
    findings,
    ledger,
    machines,
    people,
    proposals,
    register_files,
    registers,
    report_steps,
    reports,
    unit_tree,
    units,
    webhooks,
    workflows,
    written_reports,
)
from khien.api.parsing import StrictParser
from khien.api.problems import handle_failures

_ABOUT = (
    "API của Khiên: mọi việc các trang làm được, bằng mã truy cập có phạm vi và thời hạn. "
    "Khiên's API: everything the pages do, with tokens that have a scope and an end."
)

api = NinjaAPI(
    title="Khiên",
    version=__version__,
    description=_ABOUT,
    urls_namespace="api",
    openapi_url="/openapi.json",
    docs_url=None,
    parser=StrictParser(),
)
MODULES = (
    units,
    unit_tree,
    desk,
    people,
    findings,
    machines,
    registers,
    register_files,
    proposals,
    ledger,
    reports,
    written_reports,
    report_steps,
    workflows,
    case_lists,
    duties,
    webhooks,
    bundles,
)
for module in MODULES:
    api.add_router("", module.router)
handle_failures(api)
