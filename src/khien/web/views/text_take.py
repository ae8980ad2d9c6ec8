"""Taking in a text that was reviewed elsewhere: a package, a library folder as zip, OSCAL, a workbook."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from khien.adoption.force.errors import NoSharedText
from khien.adoption.force.shared import take_shared
from khien.adoption.models import ImportedText
from khien.adoption.sharing.forms import SharedText, read_shared
from khien.adoption.sharing.keys import trust_here
from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.ledger.services import publish
from khien.norms.library import load_library
from khien.org.models import Unit, User
from khien.org.roles import READ, WRITE
from khien.org.selectors import visible_to
from khien.registers.files import clean_name
from khien.web import door
from khien.web.pages.asked import unit_among

SIZE_MAX = 20 * 2**20
_UNIT_FIELD = Text("đơn vị", "unit")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def take(request: HttpRequest) -> HttpResponse:
    """Show the form, or take in the text of a file; what is refused says why, and nothing is kept."""
    units = list(visible_to(request.user, WRITE).order_by("name_vi"))
    if request.method != "POST" or not units:
        if request.method == "POST" or not visible_to(request.user, READ).exists():
            raise Http404
        return _page(request, units)
    try:
        text = _taken(request, {unit.code: unit for unit in units})
    except KhienError as refused:
        return _page(request, units, refused)
    publish(now_utc())
    messages.success(request, gettext("The text was taken in. Choose its day and units."))
    return redirect("text-force", text.code)


def _taken(request: HttpRequest, units: dict[str, Unit]) -> ImportedText:
    user, sent = request.user, request.FILES.get("tep")
    if not isinstance(user, User):
        raise TypeError("the view needs a signed-in person")
    unit = unit_among(units, request.POST.get("don_vi", ""), _UNIT_FIELD)
    if sent is None:
        raise NoSharedText(file="–")
    name = clean_name(sent.name or "")
    shared = read_shared(sent.read(SIZE_MAX + 1), load_library(), trust=trust_here, name=name)
    if not isinstance(shared, SharedText):
        raise NoSharedText(file=name)
    origin = name if shared.seal is None else f"{name}, {shared.seal.key.name}"
    return take_shared(unit, shared, user=user, now=now_utc(), origin=origin)


def _page(
    request: HttpRequest, units: list[Unit], refused: KhienError | None = None
) -> HttpResponse:
    home = door.home_unit(request)
    context = {
        "units": units,
        "chosen": request.POST.get("don_vi") or (home.code if home else ""),
        "refused": refused,
    }
    status = refused.http_status if refused is not None else 200
    return render(request, "web/force/take.html", context, status=status)
