"""The board of bundles; one that was received, with what was verified; taking one in from a file."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from khien.exchange.answers import answer_text
from khien.exchange.receiving import Arrival, receive_file
from khien.exchange.submission_errors import SubmissionRefused
from khien.exchange.submission_facts import worst
from khien.exchange.submission_selectors import item_at, received_by_number
from khien.exchange.submission_store import item_chunks
from khien.kernel.clock import now_utc
from khien.ledger.services import publish
from khien.org.roles import READ, REVIEW
from khien.registers.files import MEDIA_TYPES, clean_name
from khien.web import door
from khien.web.pages.bundles import board_of, known_below, received_page

# What another house sent runs no script, whatever it says it is.
_POLICY = "default-src 'none'; sandbox"
_OPAQUE = "application/octet-stream"


@require_safe
@login_required
def board(request: HttpRequest, code: str) -> HttpResponse:
    """Show what units below sent, and what this unit sent to the one above."""
    unit = door.unit_or_404(request, code, READ)
    context = {"unit": unit, "board": board_of(unit, request.user)}
    return render(request, "web/bundles/board.html", context)


@require_POST
@login_required
def take_in(request: HttpRequest, code: str) -> HttpResponse:
    """Take in a bundle from a file; what is refused is told, and nothing of it is kept."""
    unit = door.unit_or_404(request, code, REVIEW)
    sent = request.FILES.get("tep")
    if sent is None or sent.file is None:
        messages.error(request, gettext("Choose a file first."))
        return redirect("bundles", code)
    now = now_utc()
    try:
        got = receive_file(sent.file, Arrival(now, request.user.get_username()), at=unit)
    except SubmissionRefused as refused:
        messages.error(request, str(refused))
        return redirect("bundles", code)
    publish(now)
    if worst(got.facts) == "bad":
        messages.error(request, gettext("The bundle is kept, but read the warning below."))
    else:
        messages.success(request, gettext("The bundle was verified and taken in."))
    return redirect("bundle-received", code, got.pk)


@require_safe
@login_required
def received(request: HttpRequest, code: str, index: int) -> HttpResponse:
    """Show a received bundle: what was verified, and what is in it."""
    unit = door.unit_or_404(request, code, READ)
    bundle = received_by_number(index, known_below(unit))
    return render(request, "web/bundles/received.html", {"unit": unit, **received_page(bundle)})


@require_safe
@login_required
def receipt(request: HttpRequest, code: str, index: int) -> HttpResponse:
    """Hand out the signed receipt of a bundle, to be carried back."""
    unit = door.unit_or_404(request, code, READ)
    bundle = received_by_number(index, known_below(unit))
    response = HttpResponse(bundle.receipt, content_type="text/plain; charset=utf-8")
    name = f"phieu-nhan-{bundle.partner.unit.code}-{bundle.sequence}.txt"
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


@require_safe
@login_required
def answer(request: HttpRequest, code: str, index: int) -> HttpResponse:
    """Hand out what was decided of a bundle's reports, signed, to be carried back."""
    unit = door.unit_or_404(request, code, READ)
    bundle = received_by_number(index, known_below(unit))
    content = answer_text(bundle, by=request.user.get_username(), now=now_utc())
    if not content:
        raise Http404
    response = HttpResponse(content, content_type="text/plain; charset=utf-8")
    name = f"tra-loi-{bundle.partner.unit.code}-{bundle.sequence}.txt"
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


@require_safe
@login_required
def item(request: HttpRequest, code: str, index: int, number: int) -> StreamingHttpResponse:
    """Hand out one item of a received bundle; one that was changed since on disk is not handed out."""
    unit = door.unit_or_404(request, code, READ)
    found = item_at(received_by_number(index, known_below(unit)), number)
    kind = found.media_type if found.media_type in MEDIA_TYPES else _OPAQUE
    response = StreamingHttpResponse(item_chunks(found), content_type=kind)
    name = clean_name(found.name)
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["Content-Length"] = str(found.size_bytes)
    response.headers["Content-Security-Policy"] = _POLICY
    return response
