"""What a text says of itself, with its source lines, corrected where it was misread; the fate of its bases."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from khien.adoption.importing.head import FIELDS
from khien.adoption.importing.services import correct_head
from khien.adoption.models import ImportedText
from khien.kernel.clock import now_utc, vietnam_date
from khien.kernel.errors import KhienError
from khien.ledger.services import publish
from khien.org.roles import READ, WRITE
from khien.org.selectors import may_do
from khien.web.drafts import keeps_text, take, writer_mark
from khien.web.pages.text_head import head_page
from khien.web.text_door import act_of, text_or_404, version_asked


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
@login_required
def head(request: HttpRequest, text: str) -> HttpResponse:
    """Show the head of a text, or keep corrections of it; what was refused comes back as it was typed."""
    if request.method != "POST":
        return _page(request, text_or_404(request, text, READ))
    found = text_or_404(request, text, WRITE)
    values = {name: request.POST[name] for name in FIELDS if name in request.POST}
    try:
        correct_head(found, values, expected_version=version_asked(request), act=act_of(request))
    except KhienError as refused:
        return _page(request, text_or_404(request, text, WRITE), refused=refused)
    publish(now_utc())
    messages.success(request, gettext("Kept."))
    return redirect("text-head", found.code)


def _page(
    request: HttpRequest, text: ImportedText, *, refused: KhienError | None = None
) -> HttpResponse:
    typed = request.POST if refused is not None else take(request)
    may_write = text.state == ImportedText.State.REVIEWING and may_do(
        request.user, WRITE, text.unit
    )
    context = {
        "unit": text.unit,
        "text": text,
        "page": head_page(text, typed=typed, today=vietnam_date(now_utc())),
        "may_write": may_write,
        "refused": refused,
        "writer": writer_mark(request),
    }
    status = refused.http_status if refused is not None else 200
    return render(request, "web/texts/head.html", context, status=status)
