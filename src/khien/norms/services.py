"""The only writer of bindings between regulations and units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from khien.kernel.canonical import Json, canonical_bytes, sha256_hex
from khien.ledger import services as ledger
from khien.ledger.selectors import entries_of_kind
from khien.norms import events
from khien.norms.errors import UnknownDocument
from khien.norms.model import Library
from khien.norms.models import Binding
from khien.org.models import Unit

_BATCH = 1000
# So many codes of units stand in a record, all of them in its digest.
_NAMED = 50


@transaction.atomic
def bind_document(
    unit: Unit, document: str, *, library: Library, bound_from: date, now: datetime, by: str = ""
) -> Binding:
    """Record that a document of the library binds a unit from a day on; once bound it stays.

    Raises: UnknownDocument: the library does not hold it
    """
    if document not in library.documents:
        raise UnknownDocument(document=document, known=", ".join(library.documents))
    binding, is_new = Binding.objects.get_or_create(
        unit=unit, document=document, defaults={"bound_from": bound_from}
    )
    if is_new:
        body = {"document": document, "from": bound_from.isoformat()} | ({"by": by} if by else {})
        ledger.record(events.DOCUMENT_BOUND, subject=unit.code, body=body, at=now)
    return binding


@transaction.atomic
def bind_units(
    units: Iterable[Unit], document: str, *, bound_from: date, now: datetime, by: str
) -> None:
    """Record that a document binds many units from a day on; one that was bound and released is bound anew.

    Who calls makes sure that the library holds the document from the end of the transaction on.
    """
    chosen = list(units)
    again = Binding.objects.filter(unit__in=chosen, document=document)
    again.update(bound_from=bound_from, bound_to=None)
    rows = [Binding(unit=unit, document=document, bound_from=bound_from) for unit in chosen]
    Binding.objects.bulk_create(rows, ignore_conflicts=True, batch_size=_BATCH)
    _record_units(events.UNITS_BOUND, chosen, document, bound_from, now=now, by=by)


@transaction.atomic
def release_units(
    units: Iterable[Unit], document: str, *, bound_to: date, now: datetime, by: str
) -> dict[str, str | None]:
    """Record that a document no longer binds units from a day on; what it bound before that day stays.

    Returns: by unit code the end that was on record until now, for `restore_ends`; bindings that ended
             earlier are left alone
    """
    rows = list(_held(units, document).select_related("unit"))
    changed = [row for row in rows if row.bound_to is None or row.bound_to > bound_to]
    before = {row.unit.code: row.bound_to.isoformat() if row.bound_to else None for row in changed}
    Binding.objects.filter(pk__in=[row.pk for row in changed]).update(bound_to=bound_to)
    if changed:
        released = [row.unit for row in changed]
        _record_units(events.UNITS_RELEASED, released, document, bound_to, now=now, by=by)
    return before


@transaction.atomic
def restore_ends(document: str, ends: Mapping[str, str | None], *, now: datetime, by: str) -> None:
    """Record that a document binds units as it did before `release_units`."""
    by_end: dict[str | None, list[str]] = {}
    for code, end in ends.items():
        by_end.setdefault(end, []).append(code)
    for end, codes in by_end.items():
        day = date.fromisoformat(end) if end else None
        Binding.objects.filter(document=document, unit__code__in=codes).update(bound_to=day)
    units = list(Unit.objects.filter(code__in=list(ends)))
    if units:
        first = min(_held(units, document).values_list("bound_from", flat=True))
        _record_units(events.UNITS_BOUND, units, document, first, now=now, by=by)


@transaction.atomic
def unbind_document(document: str, *, now: datetime, by: str) -> None:
    """Take away that a document binds anybody; only for one that never took effect."""
    rows = list(Binding.objects.filter(document=document).select_related("unit"))
    if rows:
        first = min(row.bound_from for row in rows)
        units = [row.unit for row in rows]
        Binding.objects.filter(pk__in=[row.pk for row in rows]).delete()
        _record_units(events.UNITS_RELEASED, units, document, first, now=now, by=by)


def _held(units: Iterable[Unit], document: str) -> QuerySet[Binding]:
    return Binding.objects.filter(unit__in=list(units), document=document)


def _record_units(
    kind: str, units: Iterable[Unit], document: str, day: date, *, now: datetime, by: str
) -> None:
    """Put bindings of many units on record: their number, the first codes, and the digest of all."""
    codes: list[Json] = [*sorted(unit.code for unit in units)]
    body: dict[str, Json] = {
        "from": day.isoformat(),
        "units": len(codes),
        "codes": codes[:_NAMED],
        "codes_sha256": sha256_hex(canonical_bytes(codes)),
        "by": by,
    }
    ledger.record(kind, subject=document, body=body, at=now)


@transaction.atomic
def record_library(library: Library, *, now: datetime) -> None:
    """Put on record which library is in use: its digest and sizes; nothing if it is the same as before."""
    last = entries_of_kind(events.LIBRARY_LOADED).order_by("-index").first()
    if last is not None and library.digest.encode() in bytes(last.line):
        return
    duties = sum(len(c.duties) for d in library.documents.values() for c in d.clauses.values())
    body: dict[str, Json] = {
        "sha256": library.digest,
        "documents": len(library.documents),
        "controls": len(library.controls),
        "duties": duties,
    }
    ledger.record(events.LIBRARY_LOADED, subject="library", body=body, at=now)
