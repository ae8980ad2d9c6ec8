"""Where other instances send bundles: no token, no session; a registered key signs, the rest is compared.

The conversation is told in docs/formats/submission.md.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from khien.access.arrival import where_from
from khien.api.errors import BodyTooLarge, TooManyRequests
from khien.api.problems import problem_response
from khien.api.rate import RateLimit
from khien.exchange.answers import answer_text
from khien.exchange.submission_errors import UploadRefused
from khien.exchange.submission_notes import NOTE_LENGTH_MAX
from khien.exchange.uploads import CHUNK_MAX, Progress, add_part, announce
from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError

# Each address may ask so often, registered or not; a department with 300 units behind one proxy stays below.
RATE = RateLimit(per_minute=3000)
View = Callable[..., HttpResponse]


def _told(view: View) -> View:
    """Answer every expected failure as a problem in both languages, and hold back who asks without end."""

    @wraps(view)
    def answered(request: HttpRequest, **values: str) -> HttpResponse:
        wait = RATE.wait_of(hash(where_from(request).address))
        try:
            if wait:
                raise TooManyRequests(limit=RATE.per_minute, seconds=wait)
            return view(request, **values)
        except UploadRefused as refused:
            response = problem_response(refused)
            response["Upload-Offset"] = str(refused.offset)
            return response
        except KhienError as error:
            return problem_response(error)
        except (UnreadablePostError, OperationalError):
            # The sender hung up, or the database is busy: the same part may be sent again.
            return HttpResponse(status=503)

    return answered


@csrf_exempt
@require_http_methods(["POST"])
@_told
def begin(request: HttpRequest) -> HttpResponse:
    """Take the announcement of a bundle: answer where to go on, or with the receipt."""
    return _answer(announce(_body(request, NOTE_LENGTH_MAX), now=now_utc()))


@csrf_exempt
@require_http_methods(["PATCH"])
@_told
def part(request: HttpRequest, bundle: str) -> HttpResponse:
    """Take the next bytes of a bundle; the last ones are answered with the receipt."""
    word = request.headers.get("Upload-Offset", "")
    offset = int(word) if word.isascii() and word.isdecimal() and len(word) < 12 else -1
    secret = request.headers.get("Upload-Secret", "")
    return _answer(add_part(bundle, secret, offset, _body(request, CHUNK_MAX), now=now_utc()))


def _body(request: HttpRequest, most: int) -> bytes:
    """Return a body that is not longer than it may be.

    Raises: BodyTooLarge
    """
    body = request.read(most + 1)
    if len(body) > most:
        raise BodyTooLarge(limit=most)
    return body


def _answer(progress: Progress) -> JsonResponse:
    if progress.received is not None:
        answer = answer_text(progress.received, by="api", now=now_utc())
        told = {"receipt": progress.received.receipt}
        return JsonResponse(told | ({"answer": answer} if answer else {}))
    said: dict[str, object] = {"offset": progress.offset, "part_max": CHUNK_MAX}
    if progress.secret:
        said["secret"] = progress.secret
    return JsonResponse(said)
