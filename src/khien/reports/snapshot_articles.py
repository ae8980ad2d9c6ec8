"""The result of one regulation, article by article, as the report prints it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from khien.checks.selectors import ClauseState, ControlState, compliance_tree
from khien.kernel.language import Language
from khien.norms.model import VERDICTS, Document
from khien.norms.wording import clause_name
from khien.reports.clause_lists import clause_list
from khien.reports.context import ArticleLine, Counts, DocumentResult

_HEADINGS = ("phan", "chuong")


def document_result(
    document: Document, states: Mapping[str, ControlState], language: Language
) -> DocumentResult:
    """Return the lines of a document: its chapters as headings, its articles with their duties."""
    roots = compliance_tree(document, states)
    lines = tuple(_lines(roots, language))
    return DocumentResult(
        document=document.id,
        counts=_sum(line.counts for line in lines if line.counts),
        lines=lines,
        without_duty=clause_list(tuple(_without_duty(roots)), language),
    )


def _lines(nodes: Iterable[ClauseState], language: Language) -> Iterator[ArticleLine]:
    for node in nodes:
        inner = [child for child in node.children if _own_line(child)]
        if node.clause.kind in _HEADINGS or (node.clause.kind == "muc" and inner):
            below = tuple(_lines(node.children, language))
            if below:
                yield _line(node, None, language)
                yield from below
            continue
        counts = duty_counts(node)
        if counts.total:
            yield _line(node, counts, language)


def _own_line(node: ClauseState) -> bool:
    return node.clause.kind in ("muc", "dieu")


def _line(node: ClauseState, counts: Counts | None, language: Language) -> ArticleLine:
    name = clause_name(node.clause.path).in_language(language)
    place = name[:1].upper() + name[1:]
    return ArticleLine(place, node.clause.text.in_language(language), counts)


def duty_counts(node: ClauseState) -> Counts:
    """Count the unit's own duties of a clause and of all below it, by the verdict of their control."""
    verdicts = list(_verdicts(node))
    return Counts(*(verdicts.count(verdict) for verdict in VERDICTS[:4]))


def _verdicts(node: ClauseState) -> Iterator[str]:
    for duty, state in node.duties:
        if state is not None and duty.modality != "info" and duty.side == "unit":
            yield state.verdict
    for child in node.children:
        yield from _verdicts(child)


def _without_duty(nodes: Iterable[ClauseState]) -> Iterator[str]:
    for node in nodes:
        if node.clause.kind == "dieu" and not duty_counts(node).total:
            yield node.clause.path
        elif node.clause.kind != "dieu":
            yield from _without_duty(node.children)


def _sum(counts: Iterable[Counts]) -> Counts:
    numbers = [c.numbers for c in counts]
    return (
        Counts(*(sum(column) for column in zip(*numbers, strict=True)))
        if numbers
        else Counts(0, 0, 0, 0)
    )
