"""The library's documents, without a unit."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from khien.kernel.clock import now_utc, vietnam_date
from khien.norms.library import load_library
from khien.org.models import Unit
from khien.org.roles import KNOW, READ
from khien.org.selectors import may_do, visible_to
from khien.web import door
from khien.web.pages.document import document_page
from khien.web.pages.library import library_list
from khien.web.pages.sharing import share_fold


@require_safe
@login_required
def documents(request: HttpRequest) -> HttpResponse:
    """List the documents that the library holds."""
    library = load_library()
    units = list(visible_to(request.user, KNOW))
    unit = door.home_unit(request)
    context = {
        "held": library_list(library, units, today=vietnam_date(now_utc())),
        "library": library,
        "unit_count": len(units),
        "filed": _filed(request, unit),
    }
    return render(request, "web/library.html", context)


def _filed(request: HttpRequest, unit: Unit | None) -> str:
    """Return where the unit's own documents are filed, for those who may read there; else nothing."""
    may_read = unit is not None and may_do(request.user, READ, unit)
    return (
        reverse("register-show", args=[unit.code, "document"])
        if unit is not None and may_read
        else ""
    )


@require_safe
@login_required
def document(request: HttpRequest, document: str) -> HttpResponse:
    """Show a document of the library: scope, clauses, duties."""
    found = door.document_or_404(document)
    context = {"page": document_page(found, {}), "share": share_fold(found, request.user)}
    return render(request, "web/library_document.html", context)
