"""Reads the text of a regulation into its structure; the door of this room for all others."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from khien.norms.text.anomalies import anomaly
from khien.norms.text.assemble import Assembly, Section
from khien.norms.text.citations import annexes_of, cite
from khien.norms.text.finish import settle
from khien.norms.text.json_form import as_json, counts
from khien.norms.text.lines import read_lines
from khien.norms.text.metadata import read_metadata
from khien.norms.text.model import Anomaly, Excluded, ParsedDocument, Part, Span
from khien.norms.text.phrases import ISSUING
from khien.norms.text.spelling import spelling_anomalies
from khien.norms.text.tree import Draft


def parse_text(text: str) -> ParsedDocument:
    """Return the structure, metadata, citations and anomalies of a decoded text.

    Every repair is noted with its line; every character of the input stays in a node or in `excluded`.
    The time grows linearly with the text.
    """
    with _collector_resting():
        return _parsed(text)


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Let the cyclic collector rest: a parsed text is all live objects, which it would walk over and over."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _parsed(text: str) -> ParsedDocument:
    lines, anomalies = read_lines(text)
    assembly = Assembly(lines, anomalies)
    assembly.run()
    drafts = assembly.tree.drafts
    settle(drafts, [_is_deciding(section) for section in assembly.sections], anomalies)
    prefixes = _prefixes(assembly.sections, drafts)
    nodes = assembly.tree.freeze(prefixes)
    _note_parts(assembly.sections, drafts, anomalies)
    if all(node.kind == "doan" for node in nodes):
        code = "no-structure" if assembly.content else "empty-text"
        anomalies.append(anomaly(1, code))
    anomalies.extend(spelling_anomalies(assembly.content))
    metadata, found = read_metadata(assembly.sections, nodes, lines)
    anomalies.extend(found)
    by_path = {node.path: node for node in nodes}
    parts = _parts(assembly.sections, prefixes)
    annexes = annexes_of(line.text for section in assembly.sections for line in section.annexes)
    citations, dangling = cite(nodes, metadata, by_path, parts, annexes)
    anomalies.extend(dangling)
    return ParsedDocument(
        metadata=metadata,
        parts=parts,
        nodes=tuple(nodes),
        citations=tuple(citations),
        excluded=tuple(_ordered(assembly.excluded)),
        anomalies=tuple(sorted(anomalies, key=lambda item: (item.line, item.code))),
        lines=lines[-1].number if lines else 0,
        by_path=by_path,
        annexes=annexes,
    )


def reconstruct(document: ParsedDocument) -> str:
    """Return the input, character for character, from the nodes and the excluded lines."""
    spans: list[Span] = [span for node in document.nodes for span in node.own]
    spans.extend(excluded.span for excluded in document.excluded)
    spans.sort(key=lambda span: (span.line, span.column))
    return "".join(span.raw for span in spans)


def _is_deciding(section: Section) -> bool:
    return section.head.kind in ("quyết định", "nghị quyết", "chỉ thị")


def _prefixes(sections: list[Section], drafts: list[Draft]) -> list[str]:
    """Return the path prefix of each part: none for the one regulation, QD. for its decision."""
    with_articles = {draft.part for draft in drafts if draft.kind == "dieu"}
    result: list[str] = []
    used: dict[str, int] = {}
    main = _main_part(sections, with_articles)
    for number, section in enumerate(sections):
        fallback = "QD" if number == 0 else "V"
        plain = number == main or (number == 1 and number not in with_articles)
        prefix = "" if plain else ISSUING.get(section.head.kind or "", fallback)
        if not plain:
            used[prefix] = used.get(prefix, 1 if prefix == "V" else 0) + 1
            prefix = f"{prefix}{used[prefix]}" if used[prefix] > 1 else prefix
        result.append(f"{prefix}." if prefix else "")
    return result


def _main_part(sections: list[Section], with_articles: set[int]) -> int:
    if len(sections) < 2:
        return 0
    second = 1 in with_articles or not with_articles
    return 1 if second else 0


def _note_parts(sections: list[Section], drafts: list[Draft], anomalies: list[Anomaly]) -> None:
    seen: set[int] = set()
    for draft in drafts:
        if draft.kind == "dieu" and draft.part not in seen:
            if seen:
                anomalies.append(anomaly(draft.start, "numbering-restarts", f"Điều {draft.number}"))
            seen.add(draft.part)


def _parts(sections: list[Section], prefixes: list[str]) -> tuple[Part, ...]:
    return tuple(
        Part(
            name=section.name or _name(section),
            prefix=prefix,
            line_start=section.first_line,
            line_end=section.last_line,
            title=" ".join(line.text for line in section.head.title),
            kind=section.head.kind,
        )
        for section, prefix in zip(sections, prefixes, strict=True)
    )


def _name(section: Section) -> str:
    return (section.head.kind or "").upper()


def _ordered(excluded: list[Excluded]) -> list[Excluded]:
    return sorted(excluded, key=lambda item: (item.span.line, item.span.column))


__all__ = ["as_json", "counts", "parse_text", "reconstruct"]
