"""The day, the units, what is replaced and amended: shown, tried out, kept."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from khien.adoption.force.services import set_force
from khien.adoption.models import ImportedText
from khien.kernel.clock import now_utc, vietnam_date
from khien.kernel.errors import KhienError
from khien.ledger.services import publish
from khien.org.models import User
from khien.org.roles import READ, WRITE
from khien.org.selectors import may_do
from khien.web.drafts import keeps_text, take, writer_mark
from khien.web.pages.text_force import Typed, force_page, stored, typed_force, wanted_of
from khien.web.text_door import text_or_404, version_asked

_KEEP = "ghi"


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
@login_required
def force(request: HttpRequest, text: str) -> HttpResponse:
    """Show whom a text binds and from when; try other choices out, or keep them."""
    if request.method != "POST":
        found = text_or_404(request, text, READ)
        kept = take(request)
        return _page(request, found, typed_force(kept) if kept is not None else stored(found))
    found = text_or_404(request, text, WRITE)
    typed = typed_force(request.POST)
    if request.POST.get("viec") != _KEEP:
        return _page(request, found, typed)
    try:
        wanted, user = wanted_of(typed), _user(request)
        set_force(found, wanted, seen=version_asked(request), user=user, now=now_utc())
    except KhienError as refused:
        return _page(request, found, typed, refused)
    publish(now_utc())
    messages.success(request, gettext("Kept. Now see what it will change."))
    return redirect("text-impact", found.code)


def _page(
    request: HttpRequest, text: ImportedText, typed: Typed, refused: KhienError | None = None
) -> HttpResponse:
    user = _user(request)
    is_open = text.state == ImportedText.State.REVIEWING
    context = {
        "unit": text.unit,
        "text": text,
        "page": force_page(text, typed, user, today=vietnam_date(now_utc())),
        "may_write": is_open and may_do(user, WRITE, text.unit),
        "refused": refused,
        "writer": writer_mark(request),
    }
    status = refused.http_status if refused is not None else 200
    return render(request, "web/force/force.html", context, status=status)


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("the view needs a signed-in person")
    return request.user
