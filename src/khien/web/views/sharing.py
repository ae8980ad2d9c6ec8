"""A text taken away in a form others read; a shared file that came, looked at before anything is stored."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khien.adoption.force.shared import take_shared, under_code
from khien.adoption.importing.errors import CodeTaken
from khien.adoption.importing.services import import_text
from khien.adoption.sharing.as_source import source_of
from khien.adoption.sharing.ciso_reading import Skeleton
from khien.adoption.sharing.errors import SharedFileGone, SharedRefused
from khien.adoption.sharing.forms import PACKAGE, Exported, SharedText, exported, read_shared
from khien.adoption.sharing.keys import trust_here
from khien.adoption.sharing.package import ENDING
from khien.adoption.sharing.recognising import must_suit_download
from khien.adoption.sharing.selectors import signing_unit
from khien.adoption.sharing.services import sign_text
from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.ledger.services import publish
from khien.norms.library import load_library
from khien.org.models import Unit, User
from khien.org.roles import WRITE
from khien.org.selectors import visible_to
from khien.registers.files import as_it_came
from khien.registers.services import Act
from khien.registers.uploads import Upload, forget_upload
from khien.web import door
from khien.web.came_file import kept_file
from khien.web.pages.asked import unit_among
from khien.web.pages.sharing import UNSIGNED, Came, came_refused, came_text

_UNIT_FIELD: Final = Text("đơn vị", "unit")


@require_safe
@login_required
def take_away(request: HttpRequest, document: str, form: str) -> HttpResponse:
    """Hand out a text in a form that nobody signs; who is signed in may read the library, and so take it."""
    found = door.document_or_404(document)
    if form not in UNSIGNED:
        raise Http404
    name = UNSIGNED[form]
    must_suit_download(found, name, f"{found.id}.{name}")
    return _handed_out(exported(load_library(), found.id, name))


@require_POST
@login_required
def sign(request: HttpRequest, document: str) -> HttpResponse:
    """Hand out a signed package, on the word of somebody who approves.

    The signature speaks in the installation's name, and others take the text on its strength: that is a leader's
    word, not a reader's. For a text of the product any leader here will do; for a unit's own text only its own.
    Of the command line nothing is asked, since who runs it holds the key anyway. It is a form and not a link,
    for each signature stands in the ledger with the digest of what left.
    """
    found = door.document_or_404(document)
    unit = signing_unit(found.id, request.user)
    if unit is None or not isinstance(request.user, User):
        raise Http404
    must_suit_download(found, PACKAGE, f"{found.id}{ENDING}")
    now = now_utc()
    made = sign_text(unit, found.id, user=request.user, now=now)
    publish(now)
    return _handed_out(made)


def _handed_out(made: Exported) -> HttpResponse:
    response = HttpResponse(made.data, content_type=made.media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, made.name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def look(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a shared file holds and what was verified of it; confirmed, take it in.

    It is read and verified anew each time: a key may have been paired or revoked since the page was made.
    """
    units = {one.code: one for one in visible_to(request.user, WRITE).order_by("name_vi")}
    if not units or not isinstance(request.user, User):
        raise Http404
    try:
        kept, home = kept_file(token, units.values(), request.user)
    except SharedFileGone as gone:
        messages.error(request, str(gone))
        return redirect("texts")
    if "bo" in request.POST:
        forget_upload(token)
        messages.success(request, gettext("The file was put away; nothing was taken in."))
        return redirect("texts")
    try:
        got = read_shared(kept.content, load_library(), trust=trust_here, name=kept.name)
    except SharedRefused as refused:
        came = came_refused(refused, kept.content, name=kept.name, token=token, user=request.user)
        return _looked_at(request, came, units, home, status=refused.http_status)
    came = came_text(got, name=kept.name, token=token)
    if request.method != "POST":
        return _looked_at(request, came, units, home)
    if isinstance(got, Skeleton):
        return _brought_in(request, got, kept, came, units)
    return _taken(request, request.user, got, kept, came, units)


def _brought_in(
    request: HttpRequest, got: Skeleton, kept: Upload, came: Came, units: dict[str, Unit]
) -> HttpResponse:
    """Bring the words of a skeleton in as a text to be reviewed from the beginning."""
    now, given = now_utc(), request.POST.get("ma", "").strip()
    try:
        unit = unit_among(units, request.POST.get("don_vi", ""), _UNIT_FIELD)
        act = Act(request.user.get_username(), now)
        text = import_text(unit, source_of(got).encode(), f"{kept.name}.txt", act=act, code=given)
    except KhienError as refused:
        return _looked_at(request, came, units, refused=refused, status=refused.http_status)
    forget_upload(kept.token)
    publish(now)
    messages.success(
        request, gettext("Its words were brought in. Look at the structure, then review.")
    )
    return redirect("text", text.code)


def _taken(
    request: HttpRequest,
    user: User,
    got: SharedText,
    kept: Upload,
    came: Came,
    units: dict[str, Unit],
) -> HttpResponse:
    now = now_utc()
    file = as_it_came(kept.content, kept.name)
    origin = f"{kept.name}, {got.seal.key.name}" if got.seal else kept.name
    given = request.POST.get("ma", "").strip() or got.document.id
    try:
        unit = unit_among(units, request.POST.get("don_vi", ""), _UNIT_FIELD)
        named = under_code(got, given)
        text = take_shared(unit, named, user=user, now=now, origin=origin, file=file)
    except KhienError as refused:
        shown = replace(came, is_held=came.is_held or isinstance(refused, CodeTaken))
        return _looked_at(request, shown, units, refused=refused, status=refused.http_status)
    forget_upload(kept.token)
    publish(now)
    said = gettext(
        "The text was taken in; nothing binds anybody yet. Next: from when and for whom."
    )
    messages.success(request, said)
    return redirect("text", text.code)


def _looked_at(
    request: HttpRequest,
    came: Came,
    units: dict[str, Unit],
    home: Unit | None = None,
    *,
    refused: KhienError | None = None,
    status: int = 200,
) -> HttpResponse:
    code = came.text.document.id if came.text else ""
    context = {
        "came": came,
        "units": list(units.values()),
        "chosen": request.POST.get("don_vi") or (home.code if home else ""),
        "code": request.POST.get("ma") or request.GET.get("ma") or code,
        "refused": refused,
    }
    return render(request, "web/sharing/came.html", context, status=status)
