"""Many rows at once: the same change to chosen rows, and rows that machines showed."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from khien.kernel.errors import KhienError
from khien.ledger.services import publish
from khien.org.roles import WRITE
from khien.registers.errors import (
    ConflictingEdit,
    DuplicateKey,
    FieldProblem,
    InvalidRow,
    RowIsRetired,
)
from khien.registers.filing import dismiss_proposal
from khien.registers.models import Row
from khien.registers.proposals import Proposal
from khien.registers.selectors import page_of, rows_numbered, rows_of
from khien.registers.services import add_rows, bulk_change
from khien.registers.values import read_row
from khien.web import drafts
from khien.web.pages.register_form import form_of, posted
from khien.web.pages.register_list import asked
from khien.web.pages.register_place import Place, place_or_404
from khien.web.pages.register_seen import (
    columns_seen,
    fields_to_fill,
    filled,
    proposals_at,
    shown_proposals,
)

ROWS_MAX = 1_000


@drafts.keeps_text
@require_POST
@login_required
def bulk(request: HttpRequest, code: str, register: str) -> HttpResponse:
    """Ask what to change in the chosen rows, then change it in all of them or in none."""
    place = place_or_404(request, code, register, WRITE)
    data = request.POST
    rows = _chosen(place, data)
    if not rows:
        messages.error(request, gettext("Choose at least one row first."))
        return redirect("register-show", code, register)
    if "luu" not in data:
        return _asking(place, rows, {})
    codes = [code for code in data.getlist("doi") if code in place.register.fields]
    raw = {code: text for code, text in posted(place.register, data).items() if code in codes}
    if not raw:
        problem = gettext("Tick the fields to change first.")
        return _asking(place, rows, posted(place.register, data), said=problem)
    act = place.act()
    try:
        count = bulk_change(rows, raw, references=place.references, act=act)
    except (InvalidRow, RowIsRetired, DuplicateKey, ConflictingEdit) as refused:
        return _asking(place, rows, posted(place.register, data), codes=codes, refused=refused)
    publish(act.now)
    said = ngettext("%(count)s row was changed.", "%(count)s rows were changed.", count)
    messages.success(request, said % {"count": count})
    return redirect("register-show", code, register)


def _chosen(place: Place, data: QueryDict) -> list[Row]:
    """Return the rows a form names as number.version, at the versions the person saw; or all a list shows."""
    if "tat-ca-dong" in data:
        query = QueryDict(data.get("danh-sach", "").lstrip("?"))
        wanted = asked(place.register, query, place.references)
        return page_of(rows_of([place.unit], place.register, wanted.query), 1, size=ROWS_MAX).rows
    stamps = {}
    for stamp in data.getlist("dong")[:ROWS_MAX]:
        number, _, version = stamp.partition(".")
        if number.isdecimal() and version.isdecimal() and len(stamp) < 20:
            stamps[int(number)] = int(version)
    rows = rows_numbered(place.unit, place.register, stamps)
    for row in rows:
        row.version = stamps[row.number]
    return rows


def _asking(  # everything a form shows again when it could not be saved
    place: Place,
    rows: list[Row],
    raw: dict[str, object],
    *,
    codes: list[str] | None = None,
    refused: KhienError | None = None,
    said: str = "",
) -> HttpResponse:
    problems = refused.problems if isinstance(refused, InvalidRow) else ()
    general = [FieldProblem(None, p.text) for p in problems]
    form = form_of(place.register, raw, candidates=place.candidates(), problems=general)
    context = place.context(
        rows=rows,
        form=form,
        fields=(*form.main, *form.more),
        ticked=codes or [],
        refused=refused if not problems else None,
        said=said,
        writer=drafts.writer_mark(place.request),
    )
    status = 422 if refused or said else 200
    return render(place.request, "web/registers/bulk.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def seen(request: HttpRequest, code: str, register: str) -> HttpResponse:
    """Show what machines showed and the register does not hold; take chosen ones in, or leave them out."""
    place = place_or_404(request, code, register, WRITE if request.method == "POST" else "read")
    found = proposals_at(place)
    if request.method != "POST":
        return _proposals(place, found)
    wanted = set(request.POST.getlist("muc"))
    chosen = [proposal for proposal in found if proposal.identity in wanted]
    if not chosen:
        return _proposals(place, found, said=gettext("Choose at least one of them first."))
    act = place.act()
    if "bo-qua" in request.POST:
        for proposal in chosen:
            reason = request.POST.get("ly-do", "")
            dismiss_proposal(place.unit, place.register, proposal, act=act, reason=reason)
        publish(act.now)
        messages.success(request, gettext("They are left out and not proposed again."))
        return redirect("register-seen", code, register)
    shared = posted(place.register, request.POST)
    drafts_read = [
        read_row(place.register, filled(place, p, shared), place.references) for p in chosen
    ]
    problems = [p for draft in drafts_read for p in draft.problems]
    if problems:
        return _proposals(place, found, raw=shared, problems=problems, chosen=wanted)
    try:
        rows = add_rows(drafts_read, unit=place.unit, act=act)
    except DuplicateKey as refused:
        return _proposals(place, found, raw=shared, said=str(refused), chosen=wanted)
    publish(act.now)
    said = ngettext("%(count)s row was added.", "%(count)s rows were added.", len(rows))
    messages.success(request, said % {"count": len(rows)})
    return redirect("register-show", code, register)


def _proposals(  # everything a form shows again when it could not be saved
    place: Place,
    found: list[Proposal],
    *,
    raw: dict[str, object] | None = None,
    problems: list[FieldProblem] | None = None,
    chosen: set[str] | None = None,
    said: str = "",
) -> HttpResponse:
    candidates = place.candidates() if place.may_write else {}
    form = form_of(place.register, raw or {}, candidates=candidates, problems=_once(problems or []))
    codes = {one.code for one in fields_to_fill(place, found)}
    context = place.context(
        proposals=shown_proposals(place, found),
        total=len(found),
        columns=columns_seen(place),
        form=form,
        fields=[one for one in form.main if one.name in codes],
        chosen=chosen or set(),
        said=said,
    )
    status = 422 if problems or said else 200
    return render(place.request, "web/registers/seen.html", context, status=status)


def _once(problems: list[FieldProblem]) -> list[FieldProblem]:
    """Return problems without those that repeat for the next row."""
    return list({(p.field, p.text): p for p in problems}.values())
