"""The structure of a text beside its lines, and the corrections made there; each is kept at once."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from khien.adoption.importing.correcting import (
    accept_anomaly,
    edit_structure,
    redo_edit,
    undo_edit,
)
from khien.adoption.importing.selectors import edits_of
from khien.adoption.models import ImportedText
from khien.adoption.structure import edited_structure, structure_of
from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError
from khien.ledger.services import publish
from khien.norms.text.editing import EDIT_KINDS
from khien.org.roles import READ, WRITE
from khien.org.selectors import may_do
from khien.web.pages.text_correction import arguments_of, correction_of, shown_edits
from khien.web.pages.text_structure import structure_page
from khien.web.text_door import act_of, text_or_404, version_asked

_EDITS_SHOWN = 40


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def structure(request: HttpRequest, text: str) -> HttpResponse:
    """Show one page of the structure, or make one correction and come back to its place."""
    if request.method != "POST":
        return _page(request, text_or_404(request, text, READ))
    found = text_or_404(request, text, WRITE)
    try:
        place = _correct(request, found)
    except KhienError as refused:
        fresh = text_or_404(request, text, WRITE)
        return _page(request, fresh, refused=refused)
    publish(now_utc())
    messages.success(
        request, gettext("Kept. The correction stands in the list below and can be undone.")
    )
    address = reverse("text-structure", args=[found.code])
    return HttpResponseRedirect(f"{address}?o={place}#n-{place.replace('.', '-')}")


def _correct(request: HttpRequest, text: ImportedText) -> str:
    """Do what the form asks; return the place to come back to."""
    post, act, version = request.POST, act_of(request), version_asked(request)
    asked, place = post.get("viec", ""), post.get("cho", "")[:30]
    number = int(post["lan"]) if post.get("lan", "").isdecimal() and len(post["lan"]) < 9 else 0
    if asked == "accept":
        line = int(post["dong"]) if post.get("dong", "").isdecimal() else 0
        code = post.get("ma", "")
        accept_anomaly(text, line, code, expected_version=version, act=act)
    elif asked == "undo":
        undo_edit(text, number, expected_version=version, act=act)
    elif asked == "redo":
        redo_edit(text, number, expected_version=version, act=act)
    else:
        arguments = arguments_of(asked, post, structure_of(text)) if asked in EDIT_KINDS else {}
        edit_structure(text, asked, arguments, expected_version=version, act=act)
    return place


def _page(
    request: HttpRequest, text: ImportedText, *, refused: KhienError | None = None
) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    given = asked.get("muc", "")
    anchor = asked.get("cho" if request.method == "POST" else "o", "") or request.GET.get("sua", "")
    in_hand = anchor if refused is not None else request.GET.get("sua", "")
    page = structure_page(
        text, number=int(given) if given.isdecimal() and len(given) < 6 else None, anchor=anchor
    )
    is_open = text.state == ImportedText.State.REVIEWING
    may_write = is_open and may_do(request.user, WRITE, text.unit)
    edits = edits_of(text)
    context = {
        "unit": text.unit,
        "text": text,
        "page": page,
        "correction": correction_of(structure_of(text), in_hand) if may_write else None,
        "may_write": may_write,
        "edits": shown_edits(edits[:_EDITS_SHOWN], edited_structure(text).idle),
        "edit_count": len(edits),
        "refused": refused,
    }
    status = refused.http_status if refused is not None else 200
    return render(request, "web/texts/structure.html", context, status=status)
