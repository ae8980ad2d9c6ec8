"""Language of the request, expected failures as pages, and headers that keep a page from asking outside."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from khien.kernel.errors import KhienError
from khien.kernel.language import use_language

LANGUAGE_COOKIE = "khien_language"
_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class ChosenLanguage:
    """Answers in the language of the cookie; Vietnamese unless English was chosen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the language for library texts and for the screen alike."""
        language = "en" if request.COOKIES.get(LANGUAGE_COOKIE) == "en" else "vi"
        use_language(language)
        with translation.override(language):
            response = self.get_response(request)
        response.headers["Content-Language"] = language
        return response


class ContentPolicy:
    """Adds the content policy: nothing from outside, no inline script or style."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on and mark its answer."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class SaidFailure:
    """Turns an expected failure into a page that says its sentence, under its own status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; failures are handled where Django hands them over."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page of a KhienError; anything else is a bug and goes on to the 500 page."""
        if not isinstance(error, KhienError):
            return None
        return render(request, "web/failure.html", {"error": error}, status=error.http_status)
