"""Texts that the regulations cite though they have ended, or whose validity has to be checked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from khien.kernel.language import Language
from khien.norms.model import Document, LawCitation
from khien.reports.clause_lists import clause_list
from khien.reports.context import Citation


def doubtful_citations(
    documents: Iterable[Document], *, on: date, language: Language
) -> tuple[Citation, ...]:
    """Return the cited texts that ended by a day, then those to be checked; each text once."""
    bound = list(documents)
    cited: dict[str, list[tuple[Document, LawCitation]]] = {}
    for document in bound:
        for citation in document.citations:
            if _is_doubtful(citation):
                cited.setdefault(citation.key, []).append((document, citation))
    titles = {c.key: c.title.in_language(language) for d in bound for c in d.citations}
    found = [_citation(places, titles, on, language) for places in cited.values()]
    found.sort(key=lambda citation: (not citation.has_ended, citation.mark))
    return tuple(found)


def _is_doubtful(citation: LawCitation) -> bool:
    return citation.ended_on is not None or citation.successor is not None or citation.mark != "A"


def _citation(
    places: list[tuple[Document, LawCitation]], titles: dict[str, str], on: date, language: Language
) -> Citation:
    citation = places[0][1]
    successor = citation.successor or ""
    return Citation(
        title=citation.title.in_language(language),
        cited_in=tuple(_places(document, cited, language) for document, cited in places),
        has_ended=citation.ended_on is not None and citation.ended_on <= on,
        ended_on=citation.ended_on.isoformat() if citation.ended_on else "",
        successor=titles.get(successor, successor),
        mark=citation.mark,
        note=citation.note.in_language(language) if citation.note else "",
    )


def _places(document: Document, citation: LawCitation, language: Language) -> str:
    names = clause_list(citation.clauses, language)
    short = document.short.in_language(language)
    return f"{names} ({short})" if names else short
