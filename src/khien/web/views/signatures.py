"""What was read of the signatures of a filed PDF, reading it again, and whose certificates are trusted."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khien.kernel.clock import now_utc
from khien.ledger.services import publish
from khien.org.models import User
from khien.org.roles import MANAGE, WRITE
from khien.org.selectors import visible_to
from khien.registers.beside import attachment_of
from khien.registers.files import PDF, content_of
from khien.signatures.errors import NotTrustable
from khien.signatures.selectors import trusted_by_fingerprint, trusted_certificates
from khien.signatures.services import add_trust, read_and_keep, remove_trust
from khien.signatures.trust import TRUST_FILE_MAX
from khien.web.pages.register_place import place_or_404
from khien.web.pages.signatures import file_page


@require_safe
@login_required
def file_signatures(
    request: HttpRequest, code: str, register: str, number: int, file: int
) -> HttpResponse:
    """Show what was read of the signatures of a file, and when."""
    place = place_or_404(request, code, register)
    row = place.row(number)
    page = file_page(place, attachment_of(row, file))
    return render(request, "web/signatures/file.html", place.context(page=page, row=row))


@require_POST
@login_required
def read_again(
    request: HttpRequest, code: str, register: str, number: int, file: int
) -> HttpResponse:
    """Read the signatures of a file again, by who is trusted today; earlier readings are kept."""
    place = place_or_404(request, code, register, WRITE)
    attachment = attachment_of(place.row(number), file)
    if attachment.media_type == PDF:
        now = now_utc()
        read_and_keep(content_of(attachment.sha256, attachment.name), now=now)
        publish(now)
        messages.success(request, gettext("The signatures were read again."))
    return redirect("row-file-signatures", code, register, number, file)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def trust(request: HttpRequest) -> HttpResponse:
    """Show whose certificates are trusted here; take in another on POST, from an administrator at the top."""
    manages, is_at_the_top = _administers(request)
    if not manages or (request.method == "POST" and not is_at_the_top):
        raise Http404
    error = None
    if request.method == "POST":
        try:
            _take_in(request)
            return redirect("trust")
        except NotTrustable as refused:
            error = refused
    context = {
        "certificates": trusted_certificates(),
        "may_change": is_at_the_top,
        "error": error,
        "now": now_utc(),
    }
    status = error.http_status if error else 200
    return render(request, "web/signatures/trust.html", context, status=status)


@require_POST
@login_required
def stop_trusting(request: HttpRequest, fingerprint: str) -> HttpResponse:
    """Stop trusting one certificate."""
    if not _administers(request)[1]:
        raise Http404
    found, now = trusted_by_fingerprint(fingerprint), now_utc()
    remove_trust(found, by=request.user.get_username(), now=now)
    publish(now)
    messages.success(
        request, gettext("It is no longer trusted; earlier readings stay as they were.")
    )
    return redirect("trust")


def _administers(request: HttpRequest) -> tuple[bool, bool]:
    """Say whether a person administers any unit, and whether one that stands at the top of its tree.

    Trust is of the whole instance: who administers a ward only does not decide it for the department.
    """
    units = visible_to(cast("User", request.user), MANAGE)
    return units.exists(), units.filter(parent=None).exists()


def _take_in(request: HttpRequest) -> None:
    now = now_utc()
    sent = request.FILES.get("tep")
    content = sent.read(TRUST_FILE_MAX + 1) if sent is not None else b""
    name = (sent.name or "") if sent is not None else ""
    made = add_trust(content, name=name, by=request.user.get_username(), now=now)
    publish(now)
    if made:
        messages.success(request, gettext("The certificates are loaded; compare their SHA-256."))
    else:
        messages.warning(request, gettext("These certificates were trusted already."))
