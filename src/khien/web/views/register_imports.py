"""Import of a file into a register: first a preview of every bad cell and change, then, confirmed, the import."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from khien.kernel.errors import KhienError
from khien.ledger.services import publish
from khien.org.roles import WRITE
from khien.registers.errors import FileRefused, ImportHasProblems, ImportOutdated, UploadGone
from khien.registers.imports import ImportPreview, preview_import
from khien.registers.selectors import import_confirmed
from khien.registers.services import commit_import
from khien.registers.sheets import must_not_be_larger
from khien.registers.uploads import (
    Upload,
    forget_upload,
    keep_preview,
    keep_upload,
    kept_preview,
    upload_of,
)
from khien.web.pages.register_import import preview_page
from khien.web.pages.register_place import Place, place_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def choose(request: HttpRequest, code: str, register: str) -> HttpResponse:
    """Ask for a file; keep it for its sender and show what importing it would do."""
    place = place_or_404(request, code, register, WRITE)
    if request.method != "POST":
        return _choosing(place)
    sent = request.FILES.get("tep")
    if sent is None:
        return _choosing(place, said=gettext("Choose a file first."))
    name = sent.name or ""
    try:
        must_not_be_larger(sent.size or 0, name)
        content = sent.read()
        preview = _preview(place, content, name)
    except FileRefused as refused:
        return _choosing(place, refused=refused)
    kept = keep_upload(
        content, name, unit=place.unit, register=place.register, owner=place.act().by
    )
    keep_preview(kept.token, preview)
    return _shown(place, preview, kept)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def look(request: HttpRequest, code: str, register: str, token: str) -> HttpResponse:
    """Show the preview of a kept file again; confirmed, carry it out, all of it or nothing."""
    place = place_or_404(request, code, register, WRITE)
    try:
        kept = upload_of(token, unit=place.unit, register=place.register, owner=place.act().by)
    except UploadGone as gone:
        done = import_confirmed(place.unit, place.register, request.POST.get("ma", ""))
        if done is None:
            return _choosing(place, refused=gone)
        return _done(place, done.added_count, done.changed_count)
    if "bo" in request.POST:
        forget_upload(token)
        messages.success(request, gettext("The file was put away; nothing was imported."))
        return redirect("register-show", code, register)
    if request.method != "POST":
        return _shown(place, _preview(place, kept.content, kept.name), kept)
    seen = kept_preview(kept, unit=place.unit, register=place.register)
    act, digest = place.act(), request.POST.get("ma", "")
    try:
        if seen is None:
            seen = _preview(place, kept.content, kept.name)
        added, changed = commit_import(seen, expected_digest=digest, act=act)
    except (ImportHasProblems, ImportOutdated) as refused:
        again = _preview(place, kept.content, kept.name)
        keep_preview(token, again)
        return _shown(place, again, kept, refused=refused)
    forget_upload(token)
    publish(act.now)
    return _done(place, added, changed)


def _done(place: Place, added: int, changed: int) -> HttpResponse:
    said = gettext("Imported: %(added)s rows added, %(changed)s changed.")
    messages.success(place.request, said % {"added": added, "changed": changed})
    return redirect("register-show", place.unit.code, place.register.code)


def _preview(place: Place, content: bytes, name: str) -> ImportPreview:
    return preview_import(
        content, name, register=place.register, unit=place.unit, references=place.references
    )


def _choosing(place: Place, *, refused: KhienError | None = None, said: str = "") -> HttpResponse:
    status = refused.http_status if refused else 422 if said else 200
    context = place.context(refused=refused, said=said)
    return render(place.request, "web/registers/import.html", context, status=status)


def _shown(
    place: Place, preview: ImportPreview, kept: Upload, *, refused: KhienError | None = None
) -> HttpResponse:
    page = preview_page(place, preview)
    context = place.context(page=page, preview=preview, token=kept.token, refused=refused)
    status = refused.http_status if refused else 422 if preview.bad_count else 200
    return render(place.request, "web/registers/preview.html", context, status=status)
