"""Secret addresses for calendar programs: make one, revoke one, and the feed behind it."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khien.duties.errors import UnknownCalendarLink
from khien.duties.feed import MEDIA_TYPE, calendar_file
from khien.duties.links import links_of, make_link, occurrences_behind, opened, revoke_link
from khien.duties.models import Occurrence
from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError
from khien.org.models import User
from khien.org.roles import READ
from khien.org.selectors import visible_to
from khien.registers.services import Act
from khien.web import door

_FEED_MAX = 2000


@require_safe
@never_cache
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer a calendar program; the secret in the address is what signs in."""
    now = now_utc()
    try:
        link = opened(secret, now=now)
    except UnknownCalendarLink as error:
        raise Http404 from error
    name = link.unit.name_vi if link.unit else link.user.full_name or link.user.username

    def address(one: Occurrence) -> str:
        return request.build_absolute_uri(reverse("duty", args=[one.unit.code, one.pk]))

    found = occurrences_behind(link, now=now)[:_FEED_MAX]
    body = calendar_file(found, name=name, stamp=now, address=address)
    answer = HttpResponse(body, content_type=MEDIA_TYPE)
    answer["Content-Disposition"] = 'inline; filename="nghia-vu.ics"'
    return answer


@login_required
@never_cache
@sensitive_variables("secret", "address")
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest) -> HttpResponse:
    """Show one's calendar links; make one on POST and show its address this once."""
    me, address, error = cast("User", request.user), "", None
    if request.method == "POST":
        code = request.POST.get("don_vi", "")
        unit = door.unit_or_404(request, code) if code else None
        try:
            _, secret = make_link(me, unit, act=Act(me.username, now_utc()))
            address = request.build_absolute_uri(reverse("calendar-feed", args=[secret]))
        except KhienError as refused:
            error = refused
    context = {
        "links": links_of(me),
        "units": visible_to(me, READ).filter(ended_on=None)[:200],
        "address": address,
        "error": error,
    }
    status = error.http_status if error else 200
    return render(request, "web/duties/links.html", context, status=status)


@require_POST
@login_required
def revoke(request: HttpRequest, index: int) -> HttpResponse:
    """Revoke one of one's calendar links."""
    me = cast("User", request.user)
    link = links_of(me).filter(pk=index).first()
    if link is None:
        raise Http404
    revoke_link(link, act=Act(me.username, now_utc()))
    messages.success(request, gettext("The link is revoked; calendar programs read nothing more."))
    return redirect("calendar-links")
