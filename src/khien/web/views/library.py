"""The library's documents, without a unit."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from khien.norms.library import load_library
from khien.web import door
from khien.web.pages.document import document_page


@require_safe
@login_required
def documents(request: HttpRequest) -> HttpResponse:
    """List the documents that the library holds."""
    library = load_library()
    pages = [document_page(document, {}) for document in library.documents.values()]
    return render(request, "web/library.html", {"pages": pages, "library": library})


@require_safe
@login_required
def document(request: HttpRequest, document: str) -> HttpResponse:
    """Show a document of the library: scope, clauses, duties."""
    page = document_page(door.document_or_404(document), {})
    return render(request, "web/library_document.html", {"page": page})
