"""Bundles that a unit sends up: made, carried as a file, sent again; receipts that come back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from khien.exchange.answers import ANSWER, answered
from khien.exchange.submission_contents import Choice, contents_of
from khien.exchange.submission_errors import ReceiptRefused, SubmissionNotMade, SubmissionRefused
from khien.exchange.submission_facts import facts_of
from khien.exchange.submission_notes import NOTE_LENGTH_MAX
from khien.exchange.submission_selectors import partner_by_number, sent_by_number
from khien.exchange.submission_store import sent_path
from khien.exchange.submitting import make_bundle, send_again, take_answer, take_receipt
from khien.kernel.clock import now_utc
from khien.ledger.services import publish
from khien.org.roles import READ, WRITE
from khien.web import door
from khien.web.pages.bundles import TONES, shown_sent


@require_POST
@login_required
def make(request: HttpRequest, code: str) -> HttpResponse:
    """Make a bundle of what was ticked."""
    unit = door.unit_or_404(request, code, WRITE)
    posted, now = request.POST, now_utc()
    partner = partner_by_number(_number(posted.get("noi_nhan", "")), [unit])
    choice = Choice(
        reports=[n for n in map(_number, posted.getlist("bao_cao")) if n],
        registers=posted.getlist("so")[:100],
        with_findings="ket_qua" in posted,
        with_documents="van_ban" in posted,
    )
    try:
        made = make_bundle(
            partner, contents_of(unit, choice), by=request.user.get_username(), now=now
        )
    except (SubmissionNotMade, SubmissionRefused) as refused:
        messages.error(request, str(refused))
        return redirect("bundles", code)
    publish(now)
    messages.success(request, gettext("The bundle is made and signed."))
    return redirect("bundle-sent", code, made.pk)


def _number(word: str) -> int:
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 19 else 0


@require_safe
@login_required
def sent(request: HttpRequest, code: str, index: int) -> HttpResponse:
    """Show a bundle made here, where it stands, and its receipt."""
    unit = door.unit_or_404(request, code, READ)
    bundle = sent_by_number(index, [unit])
    fact = facts_of([bundle.continuity])[0] if bundle.continuity else None
    context = {
        "unit": unit,
        "shown": shown_sent(bundle),
        "bundle": bundle,
        "fact": fact,
        "decisions": answered(bundle),
        "tone": TONES[fact.tone] if fact else "",
    }
    return render(request, "web/bundles/sent.html", context)


@require_safe
@login_required
def file(request: HttpRequest, code: str, index: int) -> FileResponse:
    """Hand out the file of a bundle, to be carried to the receiver."""
    unit = door.unit_or_404(request, code, WRITE)
    bundle = sent_by_number(index, [unit])
    path = sent_path(bundle)
    if not path.is_file():
        raise Http404
    name = f"goi-{unit.code}-{bundle.sequence}.zip"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


@require_POST
@login_required
def again(request: HttpRequest, code: str, index: int) -> HttpResponse:
    """Put a bundle back into the queue."""
    unit = door.unit_or_404(request, code, WRITE)
    send_again(sent_by_number(index, [unit]), now=now_utc())
    messages.success(request, gettext("The bundle waits to be sent; this takes a minute at most."))
    return redirect("bundle-sent", code, index)


@require_POST
@login_required
def take_receipt_in(request: HttpRequest, code: str) -> HttpResponse:
    """Take the receipt that came back by hand."""
    unit = door.unit_or_404(request, code, WRITE)
    given = request.FILES.get("tep")
    if given is None:
        messages.error(request, gettext("Choose a file first."))
        return redirect("bundles", code)
    content, now = given.read(NOTE_LENGTH_MAX * 2).decode("utf-8", "replace"), now_utc()
    try:
        take = take_answer if content.lstrip("\ufeff").startswith(ANSWER) else take_receipt
        taken = take(content, by=request.user.get_username(), now=now, unit=unit)
    except ReceiptRefused as refused:
        messages.error(request, str(refused))
        return redirect("bundles", code)
    publish(now)
    messages.success(request, gettext("The receipt is right; it is kept with the bundle."))
    return redirect("bundle-sent", code, taken.pk)
