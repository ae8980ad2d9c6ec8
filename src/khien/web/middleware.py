"""Language of the request, expected failures as pages, and headers that keep a page from asking outside."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from khien.kernel.errors import KhienError
from khien.kernel.language import Text, use_language

LANGUAGE_COOKIE = "khien_language"
_OTHERS = ("/api/",)  # the interface for programs refuses in its own form
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class NullCharacter(KhienError):
    """A form that holds U+0000, which no keyboard types and no database keeps."""

    code = "KHIEN-WEB-023"
    sentence = Text(
        vi="Nội dung gửi lên có ký tự U+0000, thường do dán từ tệp không phải văn bản. Chưa lưu gì; "
        "quay lại, xóa chỗ đã dán rồi nhập lại bằng bàn phím.",
        en="What was sent holds the character U+0000, usually pasted from a file that is not text. "
        "Nothing was saved; go back, remove what was pasted and type it.",
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


class NoNullCharacter:
    """Keeps U+0000 out: nobody types it, and a server's database does not even take a question with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 404 to an address with one; a question loses it and is asked without."""
        if request.path.startswith(_OTHERS):
            return self.get_response(request)
        if "\0" in request.path:
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Refuse a form that holds one; what was typed stays in the browser."""
        if request.method != "POST" or not (request.content_type or "").startswith(_FORMS):
            return None
        typed = (value for name in request.POST for value in request.POST.getlist(name))
        if any("\0" in value for value in typed):
            error = NullCharacter()
            return render(request, "web/failure.html", {"error": error}, status=error.http_status)
        return None


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
