"""The JSON form of a parsed text, for the command line, the library and other programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from khien.norms.text.model import Anomaly, Citation, Node, ParsedDocument, Part

KINDS = ("chuong", "muc", "dieu", "khoan", "diem", "buoc", "gach", "doan")


def as_json(document: ParsedDocument) -> dict[str, Any]:
    """Return a parsed text as JSON values: document, parts, counts, nodes, anomalies, and more.

    Returns: the keys of the public form first; "citations", "recitals" and "excluded" are additions
    """
    return {
        "document": _document(document),
        "parts": _parts(document),
        "counts": counts(document),
        "nodes": [_node(node) for node in document.nodes],
        "anomalies": [_anomaly(item) for item in document.anomalies],
        "recitals": [asdict(recital) for recital in document.metadata.recitals],
        "citations": [_citation(citation) for citation in document.citations],
        "excluded": [_excluded_form(document, index) for index in range(len(document.excluded))],
    }


def counts(document: ParsedDocument) -> dict[str, int]:
    """Return how many units of each kind the text has; mục counts its tiểu mục too."""
    result = dict.fromkeys(KINDS, 0)
    for node in document.nodes:
        kind = "muc" if node.kind == "tieu_muc" else node.kind
        if kind in result:
            result[kind] += 1
    return result


def _document(document: ParsedDocument) -> dict[str, Any]:
    metadata = document.metadata
    return {
        "kind": metadata.kind,
        "number": metadata.number,
        "symbol": metadata.symbol,
        "issuer": metadata.issuer,
        "superior": metadata.superior,
        "place": metadata.place,
        "date": metadata.date,
        "title": metadata.title,
        "validity": asdict(metadata.validity) if metadata.validity else None,
        "signer": asdict(metadata.signer) if metadata.signer else None,
        "recipients": list(metadata.recipients),
        "addressees": list(metadata.addressees),
        "issued_with": asdict(metadata.issued_with) if metadata.issued_with else None,
        "attached_kind": metadata.attached_kind,
        "lines": document.lines,
    }


def _parts(document: ParsedDocument) -> list[dict[str, Any]]:
    articles = _articles_by_part(document)
    chapters = [0] * len(document.parts)
    for node in document.nodes:
        chapters[node.part] += node.kind == "chuong"
    return [
        _part(part, chapters[index], articles[index]) for index, part in enumerate(document.parts)
    ]


def _part(part: Part, chapters: int, articles: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": part.name,
        "chapters": chapters,
        "articles": articles,
        "title": part.title,
        "prefix": part.prefix,
        "line_start": part.line_start,
        "line_end": part.line_end,
    }


def _articles_by_part(document: ParsedDocument) -> list[list[dict[str, Any]]]:
    result: list[list[dict[str, Any]]] = [[] for _ in document.parts]
    article: dict[str, Any] | None = None
    for node in document.nodes:
        if node.kind == "dieu":
            article = {"number": node.number, "title": node.title, "clauses": 0, "points": 0}
            result[node.part].append(article)
        elif node.kind in ("phan", "chuong", "muc", "tieu_muc"):
            article = None
        elif article is not None:
            article["clauses"] += node.kind == "khoan"
            article["points"] += node.kind == "diem"
    return result


def _node(node: Node) -> dict[str, Any]:
    return {
        "path": node.path,
        "kind": node.kind,
        "number": node.number,
        "title": node.title,
        "text": node.text,
        "line_start": node.line_start,
        "line_end": node.line_end,
        "own_line_end": node.own_line_end,
        "parent": node.parent,
        "part": node.part,
    }


def _anomaly(item: Anomaly) -> dict[str, Any]:
    return {
        "line": item.line,
        "code": item.code,
        "message": item.message.vi,
        "message_en": item.message.en,
    }


def _citation(citation: Citation) -> dict[str, Any]:
    form = asdict(citation)
    for key in ("articles", "targets", "dangling"):
        form[key] = list(form[key])
    return form


def _excluded_form(document: ParsedDocument, index: int) -> dict[str, Any]:
    item = document.excluded[index]
    raw = item.span.raw
    breaks = raw.count("\n") + raw.replace("\r\n", "").count("\r")
    lines = max(1, breaks + (not raw.endswith(("\n", "\r"))))
    return {
        "line_start": item.span.line,
        "line_end": item.span.line + lines - 1,
        "reason": item.reason,
        "text": raw,
    }
