"""A unit's own texts: bringing one in, its home with the steps into force, its original, giving it up."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khien.adoption.importing.errors import AlreadyImported, AlreadyInLibrary
from khien.adoption.importing.services import drop_text, import_pasted, import_text
from khien.adoption.models import ImportedText
from khien.adoption.sharing.recognising import is_shared
from khien.kernel.clock import now_utc, vietnam_date
from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.ledger.services import publish
from khien.norms.text.reading import SIZE_MAX
from khien.org.models import Unit, User
from khien.org.roles import READ, WRITE
from khien.org.selectors import may_do, visible_to
from khien.registers.files import content_of
from khien.web import door
from khien.web.came_file import keep_to_look
from khien.web.drafts import keep, keeps_text, take, writer_mark
from khien.web.pages.adoption_home import text_home
from khien.web.pages.asked import unit_among
from khien.web.pages.texts import text_list
from khien.web.text_door import act_of, text_or_404

_OPAQUE = "application/octet-stream"
_UNIT_FIELD = Text("đơn vị", "unit")


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
@login_required
def bring_in(request: HttpRequest) -> HttpResponse:
    """List the texts brought in, and bring in another: a file, or pasted words; refused words come back."""
    units = list(visible_to(request.user, WRITE).order_by("name_vi"))
    if request.method != "POST" or not units:
        if request.method == "POST" or not visible_to(request.user, READ).exists():
            raise Http404
        return _listed(request, units)
    by_code = {unit.code: unit for unit in units}
    try:
        if token := _waiting(request, by_code):
            code = urlencode({"ma": request.POST["ma"]}) if request.POST.get("ma") else ""
            return redirect(f"{reverse('text-came', args=[token])}?{code}".rstrip("?"))
        text = _brought(request, by_code)
    except KhienError as refused:
        return _listed(request, units, refused=refused, status=refused.http_status)
    publish(now_utc())
    messages.success(request, gettext("The text was read and kept. Look at its structure first."))
    return redirect("text", text.code)


def _waiting(request: HttpRequest, units: dict[str, Unit]) -> str:
    """Keep a shared file until it was looked at; return its token, nothing for what is no shared file."""
    sent = request.FILES.get("tep")
    if sent is None or not isinstance(request.user, User):
        return ""
    content, name = sent.read(SIZE_MAX + 1), sent.name or ""
    sent.seek(0)
    if len(content) > SIZE_MAX or not is_shared(content, name):
        return ""
    unit = unit_among(units, request.POST.get("don_vi", ""), _UNIT_FIELD)
    token = keep_to_look(content, name, unit, request.user)
    if request.POST.get("noi_dung", "").strip():
        keep(request)  # words pasted beside the file wait where they were typed
    return token


def _brought(request: HttpRequest, units: dict[str, Unit]) -> ImportedText:
    unit = unit_among(units, request.POST.get("don_vi", ""), _UNIT_FIELD)
    code, again = request.POST.get("ma", ""), "ban_moi" in request.POST
    sent = request.FILES.get("tep")
    act = act_of(request)
    if sent is None:
        words = request.POST.get("noi_dung", "")
        return import_pasted(unit, words, act=act, code=code, again=again)
    content = sent.read(SIZE_MAX + 1)
    return import_text(unit, content, sent.name or "", act=act, code=code, again=again)


def _listed(
    request: HttpRequest,
    units: list[Unit],
    *,
    refused: KhienError | None = None,
    status: int = 200,
) -> HttpResponse:
    home = door.home_unit(request)
    typed = request.POST if request.method == "POST" else (take(request) or request.POST)
    is_held = isinstance(refused, (AlreadyImported, AlreadyInLibrary))
    context = {
        "texts": text_list(visible_to(request.user, READ)),
        "units": units,
        "chosen": typed.get("don_vi") or (home.code if home else ""),
        "refused": refused,
        "is_held": is_held,
        "held": refused.values.get("text") if isinstance(refused, AlreadyImported) else "",
        "words": typed.get("noi_dung", ""),
        "code": typed.get("ma", ""),
        "writer": writer_mark(request),
    }
    return render(request, "web/texts/list.html", context, status=status)


@require_safe
@login_required
def home(request: HttpRequest, text: str) -> HttpResponse:
    """Show where a text stands, and the one thing to do next."""
    found = text_or_404(request, text)
    context = {
        "unit": found.unit,
        "text": found,
        "page": text_home(found, today=vietnam_date(now_utc())),
        "may_write": may_do(request.user, WRITE, found.unit),
    }
    return render(request, "web/texts/home.html", context)


@require_safe
@login_required
def original(request: HttpRequest, text: str) -> HttpResponse:
    """Hand out the file as it was brought in; what others made runs nothing here."""
    found = text_or_404(request, text)
    content = content_of(found.file_sha256, found.file_name)
    response = HttpResponse(content, content_type=_OPAQUE)
    response.headers["Content-Disposition"] = content_disposition_header(True, found.file_name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
@login_required
def drop(request: HttpRequest, text: str) -> HttpResponse:
    """Give a text up."""
    found = text_or_404(request, text, WRITE)
    drop_text(found, act=act_of(request))
    publish(now_utc())
    messages.success(request, gettext("The text was given up; it can still be looked at."))
    return redirect("texts")
