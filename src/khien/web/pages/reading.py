"""Two readings that the rooms below have no selector for yet: a finding's past, the ledger's last entries."""

from __future__ import annotations

from django.db.models import QuerySet

from khien.checks.models import Finding
from khien.ledger.models import LedgerEntry
from khien.org.models import Unit

# The largest integer a database column holds; an address may name a larger one.
_INDEX_MAX = 2**63 - 1


def finding_history(unit: Unit, control: str) -> QuerySet[Finding]:
    """Return all intervals of one control at one unit, newest first."""
    return Finding.objects.filter(unit=unit, control=control).order_by("-from_at", "subject")


def recent_entries(before: int | None = None) -> QuerySet[LedgerEntry]:
    """Return the ledger's entries, newest first; with `before`, those under that index."""
    entries = LedgerEntry.objects.order_by("-index")
    return entries if before is None else entries.filter(index__lt=min(before, _INDEX_MAX))


def entry_at(index: int) -> LedgerEntry | None:
    """Return one entry of the ledger."""
    return LedgerEntry.objects.filter(pk=index).first() if index <= _INDEX_MAX else None
