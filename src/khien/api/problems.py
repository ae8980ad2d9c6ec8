"""Failures as RFC 9457 problems: code, sentence in both languages, and every field that is wrong."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

from khien.api.errors import (
    BodyTooLarge,
    BodyUnreadable,
    FieldsInvalid,
    NothingHere,
    NotServed,
    TooManyRequests,
)
from khien.api.parsing import DEPTH_MAX
from khien.kernel.errors import KhienError
from khien.kernel.language import current_language
from khien.registers.errors import ConflictingEdit, InvalidRow

MEDIA_TYPE = "application/problem+json"


class FieldProblemOut(Schema):
    """One thing wrong: at which field (null: the whole), in words."""

    field: str | None
    vi: str
    en: str


class Problem(Schema):
    """A failure (RFC 9457): its code, its status, its sentence in both languages."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    detail_vi: str
    detail_en: str
    problems: list[FieldProblemOut] | None = None


def problem_response(error: KhienError, *, status: int | None = None) -> HttpResponse:
    """Return a failure as a response."""
    status = status or error.http_status
    text = error.text()
    body: dict[str, Any] = {
        "type": f"urn:khien:{error.code}",
        "title": error.code,
        "status": status,
        "code": error.code,
        "detail": text.in_language(current_language()),
        "detail_vi": text.vi,
        "detail_en": text.en,
        **_more(error),
    }
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False, default=str), content_type=MEDIA_TYPE, status=status
    )
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="khien"'
    if isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def _more(error: KhienError) -> dict[str, Any]:
    """Return what some failures say beyond their sentence."""
    if isinstance(error, InvalidRow):
        return {"problems": [{"field": p.field, **p.text.as_dict()} for p in error.problems]}
    if isinstance(error, FieldsInvalid):
        return {"problems": [{"field": f, "vi": why, "en": why} for f, why in error.problems]}
    if isinstance(error, ConflictingEdit):
        return {
            "current_version": error.current_version,
            "differences": [
                {
                    "field": one.field,
                    "title": one.title.as_dict(),
                    "base": one.base,
                    "theirs": one.theirs,
                    "mine": one.mine,
                    "contested": one.is_contested,
                }
                for one in error.fields
            ],
        }
    return {}


def handle_failures(api: NinjaAPI) -> None:
    """Teach an API to answer every expected failure as a problem."""
    api.add_exception_handler(KhienError, _expected)
    api.add_exception_handler(Http404, _not_found)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _refused)
    api.add_exception_handler(RequestDataTooBig, _too_big)
    api.add_exception_handler(SuspiciousOperation, _unserved)
    api.add_exception_handler(MultiPartParserError, _unserved)
    api.add_exception_handler(UnreadablePostError, _unserved)


def _expected(request: HttpRequest, error: KhienError | type[KhienError]) -> HttpResponse:
    del request
    assert isinstance(error, KhienError)  # noqa: S101  # the framework types handlers loosely
    # A version that was named and has gone by is a precondition that failed.
    return problem_response(error, status=412 if isinstance(error, ConflictingEdit) else None)


def _not_found(request: HttpRequest, error: Http404 | type[Http404]) -> HttpResponse:
    del request, error
    return problem_response(NothingHere())


def _invalid(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    del request
    listed = error.errors if isinstance(error, ValidationError) else []
    said = [
        (".".join(str(part) for part in one["loc"][1:]), str(one["msg"])) for one in listed[:100]
    ]
    return problem_response(FieldsInvalid(said))


def _refused(request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    del request
    status = error.status_code if isinstance(error, HttpError) else 400
    if status == 400:
        return problem_response(BodyUnreadable(depth=DEPTH_MAX))
    return problem_response(NotServed(), status=status)


def _too_big(request: HttpRequest, error: object) -> HttpResponse:
    del request, error
    return problem_response(BodyTooLarge(limit=0))


def _unserved(request: HttpRequest, error: object) -> HttpResponse:
    del request, error
    return problem_response(NotServed())
