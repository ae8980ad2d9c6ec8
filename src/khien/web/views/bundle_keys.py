"""Keys and partners of bundles: our card, the keys of others, where bundles are sent."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khien.exchange.errors import AddressRefused
from khien.exchange.own_keys import has_own_key, own_card, rotate_own_key
from khien.exchange.partners import (
    ABOVE,
    BELOW,
    accept_break,
    end_partner,
    register_key,
    revoke_key,
    set_address,
)
from khien.exchange.submission_errors import CardRefused, PeerUnknown
from khien.exchange.submission_notes import NOTE_LENGTH_MAX
from khien.exchange.submission_selectors import key_by_number, partner_by_number
from khien.kernel.clock import now_utc
from khien.ledger.services import publish
from khien.org.history import subtree
from khien.org.models import Unit
from khien.org.roles import MANAGE
from khien.web import door
from khien.web.pages.bundles import keys_page


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest, code: str) -> HttpResponse:
    """Show our card and the partners; register a key on POST."""
    unit = door.unit_or_404(request, code, MANAGE)
    error = None
    if request.method == "POST":
        try:
            return _registered(request, unit)
        except CardRefused as refused:
            error = refused
    context = {**keys_page(request, unit), "error": error, "typed": request.POST}
    status = error.http_status if error else 200
    return render(request, "web/bundles/keys.html", context, status=status)


def _registered(request: HttpRequest, unit: Unit) -> HttpResponse:
    """Register the key on a card; the unit it stands for is this one or one below."""
    posted, given = request.POST, request.FILES.get("tep")
    below = {one.code: one for one in subtree(unit)}
    chosen = below.get(posted.get("don_vi", ""))
    content = given.read(NOTE_LENGTH_MAX * 2).decode("utf-8", "replace") if given else ""
    key = register_key(
        chosen or unit,
        BELOW if chosen is not None else ABOVE,
        content or posted.get("the", "")[: NOTE_LENGTH_MAX * 2],
        number=posted.get("so_doi_chieu", ""),
        read_by=posted.get("nguoi_doc", ""),
        by=request.user.get_username(),
        now=now_utc(),
    )
    publish(now_utc())
    messages.success(request, gettext("The key is registered: %(key)s") % {"key": key.name})
    return redirect("bundle-keys", unit.code)


@require_safe
@login_required
def card(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out our card as a file."""
    unit = door.unit_or_404(request, code, MANAGE)
    if not has_own_key():
        raise Http404
    content = own_card(unit, by=request.user.get_username(), now=now_utc())
    response = HttpResponse(content, content_type="text/plain; charset=utf-8")
    name = f"the-khoa-{unit.code}.txt"
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


@require_POST
@login_required
def rotate(request: HttpRequest, code: str) -> HttpResponse:
    """Make our key, or replace it; it is the whole instance's, so only who manages a unit at the top may."""
    unit = door.unit_or_404(request, code, MANAGE)
    if unit.parent_id is not None:
        messages.error(
            request, gettext("Only who manages the unit at the top may replace the key.")
        )
        return redirect("bundle-keys", code)

    def act() -> None:
        rotate_own_key(by=request.user.get_username(), now=now_utc())

    return _done(request, unit, act, gettext("There is a new key: pair it with each partner."))


@require_POST
@login_required
def address(request: HttpRequest, code: str, index: int) -> HttpResponse:
    """Say where bundles for a partner are sent."""
    unit = door.unit_or_404(request, code, MANAGE)
    partner = partner_by_number(index, subtree(unit))

    def act() -> None:
        url = request.POST.get("dia_chi", "")
        set_address(partner, url, by=request.user.get_username(), now=now_utc())

    return _done(request, unit, act, gettext("The address is kept."))


@require_POST
@login_required
def end(request: HttpRequest, code: str, index: int) -> HttpResponse:
    """End the exchange with a partner."""
    unit = door.unit_or_404(request, code, MANAGE)
    partner = partner_by_number(index, subtree(unit))

    def act() -> None:
        end_partner(partner, by=request.user.get_username(), now=now_utc())

    return _done(request, unit, act, gettext("Nothing is exchanged with this partner any more."))


@require_POST
@login_required
def accept(request: HttpRequest, code: str, index: int) -> HttpResponse:
    """Answer the alarm of a ledger that did not continue."""
    unit = door.unit_or_404(request, code, MANAGE)
    partner = partner_by_number(index, subtree(unit))

    def act() -> None:
        reason = request.POST.get("ly_do", "")
        accept_break(partner, reason=reason, by=request.user.get_username(), now=now_utc())

    return _done(request, unit, act, gettext("The answer is on record."))


@require_POST
@login_required
def revoke(request: HttpRequest, code: str, index: int) -> HttpResponse:
    """Revoke a key of a partner from now on."""
    unit = door.unit_or_404(request, code, MANAGE)
    key = key_by_number(index, subtree(unit))

    def act() -> None:
        now = now_utc()
        revoke_key(
            key,
            since=now,
            is_compromised="bi_lo" in request.POST,
            reason=request.POST.get("ly_do", ""),
            by=request.user.get_username(),
            now=now,
        )

    return _done(request, unit, act, gettext("The key is revoked."))


def _done(request: HttpRequest, unit: Unit, act: Callable[[], None], word: str) -> HttpResponse:
    try:
        act()
    except (AddressRefused, CardRefused, PeerUnknown) as refused:
        messages.error(request, str(refused))
    else:
        publish(now_utc())
        messages.success(request, word)
    return redirect("bundle-keys", unit.code)
