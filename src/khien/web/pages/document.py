"""A document's text as a tree: chương, điều, clauses; with verdicts for a unit, or as the library has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from khien.checks.selectors import ClauseState, ControlState, compliance_tree, worst
from khien.norms.model import VERDICTS, Amendment, Document, LawCitation, Library
from khien.norms.rulebook import Rulebook

ARTICLE_KINDS = ("dieu", "muc")


@dataclass(frozen=True, slots=True)
class Node:
    """One clause to show: its state, its citations that ended, its children that pass the filter."""

    state: ClauseState
    counts: Mapping[str, int]
    ended: tuple[LawCitation, ...]
    children: tuple[Node, ...]
    is_open: bool

    @property
    def kind(self) -> str:
        """Return the clause's kind."""
        return self.state.clause.kind

    @property
    def is_fold(self) -> bool:
        """Say whether the node is shown as a fold: an article or section with something inside."""
        return self.kind in ARTICLE_KINDS


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A document ready to be shown."""

    document: Document
    nodes: tuple[Node, ...]
    counts: Mapping[str, int]
    ended: tuple[LawCitation, ...]
    duty_count: int


def document_page(
    document: Document, states: Mapping[str, ControlState], *, only: str = ""
) -> DocumentPage:
    """Put a document's page together.

    Args: states: by control; empty for the library's page
          only: keep clauses that hold a binding duty of this verdict; "" keeps all
    """
    ended_by_clause = _ended_by_clause(document)
    roots = compliance_tree(document, states)
    return DocumentPage(
        document=document,
        nodes=tuple(_nodes(roots, ended_by_clause, only)),
        counts=_sum(root.counts() for root in roots),
        ended=tuple(c for c in document.citations if c.ended_on or c.successor),
        duty_count=sum(1 for _ in document.duties()),
    )


def amended_by(
    document: Document, rulebook: Rulebook, library: Library
) -> list[tuple[Document, Amendment]]:
    """Return what the other texts of a unit amended in a document, each with the text that did."""
    held = [library.documents[name] for name in rulebook.documents if name in library.documents]
    return [(text, one) for text in held for one in text.amends if one.document == document.id]


def _nodes(
    states: Iterable[ClauseState], ended: Mapping[str, tuple[LawCitation, ...]], only: str
) -> Iterator[Node]:
    for state in states:
        children = tuple(_nodes(state.children, ended, only))
        if only and not children and not _has(state, only):
            continue
        counts = state.counts()
        is_open = bool(only) or worst(v for v, n in counts.items() if n) == "fail"
        yield Node(state, counts, ended.get(state.clause.path, ()), children, is_open)


def _has(state: ClauseState, verdict: str) -> bool:
    return any(
        s is not None and d.modality != "info" and s.verdict == verdict for d, s in state.duties
    )


def _ended_by_clause(document: Document) -> dict[str, tuple[LawCitation, ...]]:
    found: dict[str, tuple[LawCitation, ...]] = {}
    for citation in document.citations:
        if citation.ended_on or citation.successor:
            for path in citation.clauses:
                found[path] = (*found.get(path, ()), citation)
    return found


def _sum(many: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = dict.fromkeys(VERDICTS, 0)
    for numbers in many:
        for verdict, count in numbers.items():
            total[verdict] += count
    return total
