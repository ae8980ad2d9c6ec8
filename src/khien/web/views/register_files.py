"""Files of rows: filed, sent, taken off, put back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from khien.ledger.services import publish
from khien.org.roles import WRITE
from khien.registers.beside import attachment_of
from khien.registers.errors import AttachmentRefused
from khien.registers.files import content_of, must_not_be_larger
from khien.registers.filing import add_attachment, restore_attachment, retire_attachment
from khien.web.pages.register_place import Place, place_or_404

# A picture or a PDF from a stranger runs no script of ours, and none of its own.
_POLICY = "default-src 'none'; sandbox"


@require_POST
@login_required
def add(request: HttpRequest, code: str, register: str, number: int) -> HttpResponse:
    """File documents beside a row; what is refused is said, the rest is kept."""
    place = place_or_404(request, code, register, WRITE)
    row, act, kept = place.row(number), place.act(), 0
    for sent in request.FILES.getlist("tep"):
        name = sent.name or ""
        try:
            must_not_be_larger(sent.size or 0, name)
            add_attachment(row, sent.read(), name=name, act=act)
            kept += 1
        except AttachmentRefused as refused:
            messages.error(request, str(refused))
    publish(act.now)
    if kept:
        messages.success(request, gettext("The file is kept and its SHA-256 is on record."))
    elif not request.FILES:
        messages.error(request, gettext("Choose a file first."))
    return _to_files(place, number)


@require_safe
@login_required
def send(request: HttpRequest, code: str, register: str, number: int, file: int) -> HttpResponse:
    """Send a file as it was filed; one that was changed since is not sent."""
    place = place_or_404(request, code, register)
    attachment = attachment_of(place.row(number), file)
    content = content_of(attachment.sha256, attachment.name)
    response = HttpResponse(content, content_type=attachment.media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, attachment.name)
    response.headers["Content-Security-Policy"] = _POLICY
    return response


@require_POST
@login_required
def retire(request: HttpRequest, code: str, register: str, number: int, file: int) -> HttpResponse:
    """Take a file off a row."""
    place = place_or_404(request, code, register, WRITE)
    act = place.act()
    retire_attachment(attachment_of(place.row(number), file), act=act)
    publish(act.now)
    messages.success(request, gettext("The file was taken off; it can be put back below."))
    return _to_files(place, number)


@require_POST
@login_required
def restore(request: HttpRequest, code: str, register: str, number: int, file: int) -> HttpResponse:
    """Put a file back to its row."""
    place = place_or_404(request, code, register, WRITE)
    act = place.act()
    restore_attachment(attachment_of(place.row(number), file), act=act)
    publish(act.now)
    return _to_files(place, number)


def _to_files(place: Place, number: int) -> HttpResponse:
    return redirect("row-show", place.unit.code, place.register.code, number)
