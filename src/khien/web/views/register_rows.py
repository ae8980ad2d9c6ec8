"""One row of a register: shown with all that belongs to it, added, changed, taken out, put back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khien.ledger.services import publish
from khien.org.roles import WRITE
from khien.registers.beside import Likeness, likenesses
from khien.registers.errors import ConflictingEdit, DuplicateKey, InvalidRow
from khien.registers.models import Row
from khien.registers.references import register_of
from khien.registers.selectors import values_of_version
from khien.registers.services import add_row, change_row, restore_row, retire_row
from khien.registers.values import RowDraft, read_row
from khien.web import door, drafts
from khien.web.pages.register_form import changed, form_of, matching_rows, new_token, posted, typed
from khien.web.pages.register_place import Place, place_or_404
from khien.web.pages.register_row import conflict_page, row_page
from khien.web.pages.register_seen import seen_by_machines
from khien.web.pages.signatures import PROPOSED, proposed_by_signature

_READ_ONLY = ("GET", "HEAD", "POST")


@require_safe
@login_required
def show(request: HttpRequest, code: str, register: str, number: int) -> HttpResponse:
    """Show a row: values, files, findings, rows that name it, history."""
    place = place_or_404(request, code, register)
    page = row_page(place, place.row(number), door.rules_of(place.unit))
    return render(request, "web/registers/row.html", place.context(page=page, row=page.row))


@drafts.keeps_text
@require_http_methods(_READ_ONLY)
@login_required
def add(request: HttpRequest, code: str, register: str) -> HttpResponse:
    """Add a row: an empty form, or what a machine showed; a form sent twice adds one row."""
    place = place_or_404(request, code, register, WRITE)
    if request.method == "POST":
        return _added(place, request.POST)
    kept = drafts.take(request)
    if kept is not None:
        messages.warning(request, _draft_is_back())
        return _form(place, posted(place.register, kept), token=kept.get("lan-gui", ""))
    return _form(place, seen_by_machines(place, request.GET.get("may-thay", "")), token="")


def _added(place: Place, data: QueryDict) -> HttpResponse:
    raw, token = posted(place.register, data), data.get("lan-gui", "")
    draft = read_row(place.register, raw, place.references)
    like = (
        []
        if draft.problems or "van-luu" in data
        else likenesses(place.unit, place.register, draft.values)
    )
    if draft.problems or like:
        return _form(place, raw, draft=draft, token=token, like=like)
    act = place.act()
    try:
        row = add_row(draft, unit=place.unit, act=act, submission=_submission(place, token))
    except (InvalidRow, DuplicateKey) as refused:
        return _form(place, raw, draft=draft, token=token, refused=refused)
    publish(act.now)
    if row.values != dict(draft.values):
        messages.warning(
            place.request,
            gettext(
                "This form was saved before as row %(number)s. What you sent now differs: save it as a change."
            )
            % {"number": row.number},
        )
        return _form(place, raw, row=row, version=row.version)
    messages.success(place.request, gettext("Saved as row %(number)s.") % {"number": row.number})
    return _to_row(row)


def _submission(place: Place, token: str) -> str | None:
    """Return what makes one form one: its token, for this person and register only."""
    if not token:
        return None
    said = f"{place.request.user.pk}/{place.unit.pk}/{place.register.code}/{token}"
    return hashlib.sha256(said.encode()).hexdigest()[:40]


@drafts.keeps_text
@require_http_methods(_READ_ONLY)
@login_required
def change(request: HttpRequest, code: str, register: str, number: int) -> HttpResponse:
    """Change a row; where somebody else did meanwhile, show both and let the person choose."""
    place = place_or_404(request, code, register, WRITE)
    row = place.row(number)
    if request.method == "POST":
        return _changed(place, row, request.POST)
    kept = drafts.take(request)
    shown = typed(place.register, row.values, place.hosts)
    if kept is None:
        proposed = proposed_by_signature(place, row, request.GET.get("theo-chu-ky", ""))
        if proposed:
            messages.warning(request, str(PROPOSED))
        return _form(place, shown | proposed, row=row, version=row.version)
    messages.warning(request, _draft_is_back())
    version = _version(kept, row)
    return _form(place, shown | posted(place.register, kept), row=row, version=version)


def _changed(place: Place, row: Row, data: QueryDict) -> HttpResponse:
    version = _version(data, row)
    base = values_of_version(row, version)
    shown = typed(place.register, base, place.hosts)
    raw = changed(place.register, data, shown)
    for code in [code for code in raw if data.get(f"chon-{code}") == "ho"]:
        del raw[code]
    draft = read_row(place.register, raw, place.references, base=base)
    everything = shown | raw
    like = _new_likenesses(place, row, draft, data)
    if draft.problems or like:
        return _form(place, everything, draft=draft, row=row, version=version, like=like)
    act = place.act()
    try:
        saved = change_row(row, draft, expected_version=version, act=act)
    except ConflictingEdit as conflict:
        page = conflict_page(place, row, conflict, raw)
        context = place.context(row=row, page=page, writer=drafts.writer_mark(place.request))
        return render(place.request, "web/registers/conflict.html", context, status=409)
    except (InvalidRow, DuplicateKey) as refused:
        return _form(place, everything, draft=draft, row=row, version=version, refused=refused)
    publish(act.now)
    word = gettext("Saved.") if saved.version != version else gettext("Nothing was changed.")
    messages.success(place.request, word)
    return _to_row(saved)


def _new_likenesses(place: Place, row: Row, draft: RowDraft, data: QueryDict) -> list[Likeness]:
    """Return rows with the same address, if it is a new one and the person has not said that it is right."""
    if draft.problems or "van-luu" in data:
        return []
    found = likenesses(place.unit, place.register, draft.values, own=row)
    return [
        like
        for like in found
        if row.values.get(like.field.code) != draft.values.get(like.field.code)
    ]


def _draft_is_back() -> str:
    return gettext(
        "Your session had ended; what you wrote is here again. Look it over and save it."
    )


def _version(data: QueryDict, row: Row) -> int:
    given = data.get("ban", "")
    return int(given) if given.isdecimal() and len(given) < 9 else row.version


def _form(  # noqa: PLR0913  # everything a form shows again when it could not be saved
    place: Place,
    raw: Mapping[str, object],
    *,
    draft: RowDraft | None = None,
    token: str = "",
    row: Row | None = None,
    version: int = 0,
    like: Sequence[Likeness] = (),
    refused: InvalidRow | DuplicateKey | None = None,
) -> HttpResponse:
    problems = (
        refused.problems if isinstance(refused, InvalidRow) else draft.problems if draft else ()
    )
    form = form_of(place.register, raw, candidates=place.candidates(), problems=problems)
    context = place.context(
        form=form,
        row=row,
        version=version,
        token=token or new_token(),
        like=like,
        refused=refused if isinstance(refused, DuplicateKey) else None,
        writer=drafts.writer_mark(place.request),
    )
    status = 422 if problems else 409 if like or refused else 200
    return render(place.request, "web/registers/form.html", context, status=status)


def _to_row(row: Row) -> HttpResponse:
    return redirect("row-show", row.unit.code, row.register, row.number)


@require_POST
@login_required
def retire(request: HttpRequest, code: str, register: str, number: int) -> HttpResponse:
    """Take a row out of the register; the list then offers to undo it."""
    place = place_or_404(request, code, register, WRITE)
    act = place.act()
    retire_row(place.row(number), act=act)
    publish(act.now)
    return redirect(f"{reverse('register-show', args=[code, register])}?vua-dua-ra={number}")


@require_POST
@login_required
def restore(request: HttpRequest, code: str, register: str, number: int) -> HttpResponse:
    """Put a row back, as it was."""
    place = place_or_404(request, code, register, WRITE)
    act = place.act()
    row = restore_row(place.row(number), act=act)
    publish(act.now)
    messages.success(
        request, gettext("Row %(number)s is in the register again.") % {"number": number}
    )
    return _to_row(row)


@require_safe
@login_required
def candidates(request: HttpRequest, code: str, register: str, field: str) -> HttpResponse:
    """Answer with what a reference may be filled with, as options of a list."""
    place = place_or_404(request, code, register, WRITE)
    one = place.register.fields.get(field)
    target = register_of(one) if one is not None else None
    words = request.GET.get(field, "")[:100]
    found = matching_rows(target, place.units, home=place.unit, words=words) if target else []
    return render(request, "web/registers/options.html", {"options": found})
