"""The queue of mails, for administrators: the server, what waits, what was refused, a test."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError
from khien.notices.models import Mail
from khien.notices.sending import send_waiting
from khien.notices.services import queue_test, send_again
from khien.org.models import User
from khien.org.roles import MANAGE
from khien.org.selectors import users_of, visible_to
from khien.web.pages.mail import mail_page
from khien.web.paging import asked_page, page_links

View = Callable[..., HttpResponse]


def for_administrators(view: View) -> View:
    """Let in who administers some unit; for others there is no such page."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not visible_to(request.user, MANAGE).exists():
            raise Http404
        return view(request, *args, **kwargs)

    return asked


@require_safe
@login_required
@for_administrators
@never_cache
def queue(request: HttpRequest) -> HttpResponse:
    """Show the queue, and the mails to users of the units one administers."""
    page = mail_page(visible_to(request.user, MANAGE), number=asked_page(request))
    context = {"page": page, "pages": page_links(request, page.page_count)}
    return render(request, "web/notices/mail.html", context)


@require_POST
@login_required
@for_administrators
def try_out(request: HttpRequest) -> HttpResponse:
    """Send a test mail to oneself now, and say what came of it."""
    now = now_utc()
    try:
        mail = queue_test(cast("User", request.user), now=now)
        send_waiting(now=now)
    except KhienError as refused:
        messages.error(request, str(refused))
        return redirect("mail-queue")
    mail.refresh_from_db()
    if mail.state == Mail.State.SENT:
        said = gettext("The server took a test mail to %(address)s.")
        messages.success(request, said % {"address": mail.address})
    else:
        said = gettext("The test mail waits: %(answer)s")
        answer = mail.answer or gettext("no mail server is configured")
        messages.error(request, said % {"answer": answer})
    return redirect("mail-queue")


@require_POST
@login_required
@for_administrators
def again(request: HttpRequest) -> HttpResponse:
    """Send what waits or was refused again, to users of the units one administers."""
    now, me = now_utc(), cast("User", request.user)
    count = send_again(users_of(visible_to(me, MANAGE)), by=me.username, now=now)
    said = ngettext("%(count)d mail is tried again.", "%(count)d mails are tried again.", count)
    messages.success(request, said % {"count": count})
    return redirect("mail-queue")
