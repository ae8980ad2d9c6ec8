"""The only writer of bindings between regulations and units."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from khien.kernel.canonical import Json
from khien.ledger import services as ledger
from khien.ledger.selectors import entries_of_kind
from khien.norms import events
from khien.norms.errors import UnknownDocument
from khien.norms.model import Library
from khien.norms.models import Binding
from khien.org.models import Unit


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
