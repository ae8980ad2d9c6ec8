"""What a person was told: the list, one of them, marking as read, and what comes by e-mail."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError
from khien.notices.selectors import notice_at
from khien.notices.services import mark_read, set_preference
from khien.org.models import User
from khien.org.users import change_address
from khien.web.desk_addresses import url_of
from khien.web.pages.notices import notice_list, settings_page, target_of
from khien.web.paging import asked_page, page_links


@require_safe
@login_required
@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """List what a person was told, newest first."""
    kind, only_unread = request.GET.get("loai", ""), request.GET.get("xem") != "tat-ca"
    page = notice_list(_me(request), kind=kind, only_unread=only_unread, number=asked_page(request))
    context = {"page": page, "pages": page_links(request, page.page_count)}
    return render(request, "web/notices/list.html", context)


@require_safe
@login_required
def open_one(request: HttpRequest, number: int) -> HttpResponse:
    """Lead to what a notice is about; it is read then."""
    notice = notice_at(_me(request), number)
    mark_read(_me(request), now=now_utc(), numbers=[notice.pk])
    target = target_of(notice)
    return redirect(url_of(target) if target is not None else "notices")


@require_POST
@login_required
def read(request: HttpRequest) -> HttpResponse:
    """Mark one notice as read, or all of them."""
    given = request.POST.get("so", "")
    numbers = [int(given)] if given.isascii() and given.isdigit() and len(given) < 12 else None
    if given and numbers is None:
        return redirect("notices")
    mark_read(_me(request), now=now_utc(), numbers=numbers)
    return redirect("notices")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Show and save what a person wants by e-mail."""
    me, error = _me(request), None
    if request.method == "POST":
        try:
            _save(request, me)
        except KhienError as refused:
            error = refused
        else:
            messages.success(request, gettext("The settings of reminders are saved."))
            return redirect("notice-settings")
    page = settings_page(me, typed=request.POST if error else None)
    context = {"page": page, "error": error}
    return render(
        request, "web/notices/settings.html", context, status=error.http_status if error else 200
    )


def _save(request: HttpRequest, me: User) -> None:
    hour = request.POST.get("gio", "")
    wanted = set(request.POST.getlist("loai"))
    page = settings_page(me, typed=None)
    change_address(me, request.POST.get("thu", ""), by=me.username, now=now_utc())
    set_preference(
        me,
        by_mail=request.POST.get("gui_thu") == "1",
        hour=int(hour) if hour.isascii() and hour.isdigit() and len(hour) < 3 else -1,
        muted=[kind.code for kind in page.kinds if kind.code not in wanted],
        language=request.POST.get("ngon_ngu", "vi"),
        now=now_utc(),
    )


def _me(request: HttpRequest) -> User:
    return cast("User", request.user)
