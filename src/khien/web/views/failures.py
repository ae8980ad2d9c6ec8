"""Pages for what went wrong, in the same design."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from khien.kernel.language import current_language
from khien.web import drafts


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page, or none for this person."""
    # The address is not said again, not even to come back to it: it may name what is not theirs.
    return render(request, "web/not_found.html", {"here": "/"}, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that Khiên itself failed; nothing of it is shown, the log has it.

    The page is made without session, user or database: one of them may be what failed.
    """
    del request
    page = render_to_string(
        "web/broken.html", {"language": current_language(), "theme": "auto", "home": None}
    )
    return HttpResponse(page, status=500)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form was too old or came from elsewhere; what its writer wrote is kept."""
    again = request.path if drafts.keep(request) else ""
    return render(request, "web/form_expired.html", {"again": again}, status=403)
