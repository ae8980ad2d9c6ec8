"""The library's list: regulations, the law and standards above them, and what ended; which units each binds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from khien.norms.model import Document, Library
from khien.norms.selectors import documents_binding
from khien.org.models import Unit
from khien.web.pages.document import DocumentPage, document_page


@dataclass(frozen=True, slots=True)
class Held:
    """One document of the library, and how many of a person's units it binds."""

    page: DocumentPage
    unit_count: int


@dataclass(frozen=True, slots=True)
class LibraryList:
    """Regulations in force, the law and the standards above them, what ended; what binds most stands first.

    coming: texts whose day is still to come.
    """

    in_force: Sequence[Held]
    above: Sequence[Held]
    ended: Sequence[Held]
    coming: Sequence[Held] = ()


def library_list(library: Library, units: Sequence[Unit], *, today: date) -> LibraryList:
    """Return the documents of a library, those that bind the person's units first."""
    counts: dict[str, int] = {}
    bound: Mapping[int, Sequence[str]] = documents_binding(units, on=today) if units else {}
    for names in bound.values():
        for name in names:
            counts[name] = counts.get(name, 0) + 1
    held = [Held(document_page(d, {}), counts.get(d.id, 0)) for d in library.documents.values()]
    held.sort(key=lambda one: (-one.unit_count, str(one.page.document.title)))
    live = [one for one in held if one.page.document.in_force_on(today)]
    return LibraryList(
        [one for one in live if one.page.document.tier == "regulation"],
        [one for one in live if one.page.document.tier != "regulation"],
        [one for one in held if _has_ended(one.page.document, today)],
        [one for one in held if one.page.document.in_force_from > today],
    )


def _has_ended(document: Document, today: date) -> bool:
    return document.in_force_from <= today and not document.in_force_on(today)
