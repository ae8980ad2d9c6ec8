"""The ledger: its checkpoint, its last entries, one entry with its proof."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from khien.ledger.selectors import checkpoint, entry_at, recent_entries, verifier_key_text
from khien.org.models import User
from khien.web.pages.ledger import ENTRIES_MAX, Reader, proof_of


@require_safe
@login_required
def ledger(request: HttpRequest) -> HttpResponse:
    """Show how long the ledger is, what signs it, and what was recorded last."""
    before = request.GET.get("truoc", "")
    rows = recent_entries(int(before) if before.isascii() and before.isdigit() else None)
    entries = _reader(request).seen(rows[:ENTRIES_MAX])
    last = entries[-1].entry.index if len(entries) == ENTRIES_MAX else 0
    standing = checkpoint()
    context = {
        "entries": entries,
        "older": last,
        "checkpoint": standing,
        "key": verifier_key_text(),
    }
    return render(request, "web/ledger.html", context)


@require_safe
@login_required
def entry(request: HttpRequest, index: int) -> HttpResponse:
    """Show one entry with the proof that it stands in the signed log."""
    found = entry_at(index)
    if found is None:
        raise Http404
    seen = _reader(request).seen([found])[0]
    return render(request, "web/entry.html", {"seen": seen, "proof": proof_of(index)})


def _reader(request: HttpRequest) -> Reader:
    if not isinstance(request.user, User):
        raise Http404
    return Reader(request.user)
