"""References of a text to other texts and to its own clauses; dead ones are noted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from khien.norms.text.anomalies import anomaly
from khien.norms.text.cited import DOCUMENT_HINT, Cited, cited_texts
from khien.norms.text.model import Anomaly, Citation, Metadata, Node, Part
from khien.norms.text.phrases import ISSUING, KINDS

_LETTERS = r"[a-zđ](?![\wà-ỹ])(?:(?:, ?| và | hoặc )(?:điểm )?[a-zđ](?![\wà-ỹ]))*"
_NUMBERS = r"\d{1,2}(?:(?:, ?| và | hoặc | đến )(?:khoản )?\d{1,2}(?![\d/.]\d?))*"
_ARTICLES = r"\d{1,3}[a-zđ]?(?![\wà-ỹ/])(?:(?:, ?| và | hoặc | đến )(?:Điều |điều )?\d{1,3}[a-zđ]?(?![\wà-ỹ/]))*"
_CLAUSE = re.compile(
    rf"(?:[Đđ]iểm ({_LETTERS}),? (?:của )?)?(?:[Kk]ho[ảáạ]n ({_NUMBERS}|này),? (?:của )?)?"
    rf"[Đđ]iều (này|{_ARTICLES})"
    rf"|[Đđ]iểm ({_LETTERS}),? [Kk]hoản này"
)
_AFTER = re.compile(
    r" ?(?:của |tại |thuộc |ở )?(Quy chế|Quy định|Qui chế|Nghị định|Thông tư|Luật|Bộ luật|Quyết định|Nghị quyết|"
    r"Điều lệ|Nội quy|Pháp lệnh|Hiến pháp|Chỉ thị|Kế hoạch|Hướng dẫn|Quy trình|Công ước)( này)?"
)
_ANNEX = re.compile(
    r"(Phụ lục|Mẫu số|Biểu mẫu|Biểu số|Mẫu)(?: số)? "
    r"((?:[IVXLC]{1,5}|\d{1,3})[A-Za-z]?(?:[-./]\w{1,6})?)(?![\wà-ỹ])"
)
_AMENDS = re.compile(r"(?:Sửa đổi|Bổ sung|Bãi bỏ|Thay thế|Thay đổi|Đính chính)\b")
_ITEM = re.compile(r"(?<![\wà-ỹ])[a-zđ](?![\wà-ỹ])")


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a reference is resolved against."""

    by_path: Mapping[str, Node]
    prefixes: Sequence[str]
    kinds: Sequence[str | None]
    annexes: frozenset[str]


def cite(
    nodes: Sequence[Node],
    metadata: Metadata,
    by_path: Mapping[str, Node],
    parts: Sequence[Part],
    annexes: frozenset[str],
) -> tuple[list[Citation], list[Anomaly]]:
    """Return every reference in recitals and clauses in order, and the dead ones among them.

    Args: annexes: the keys of the text's own annexes, see `annexes_of`
    """
    scope = _Scope(by_path, [part.prefix for part in parts], [part.kind for part in parts], annexes)
    citations: list[Citation] = []
    for recital in metadata.recitals:
        citations.extend(
            _citation(cited, None, recital.line_start, ()) for cited in cited_texts(recital.text)
        )
    doubles = {node.parent for node in nodes if node.kind == "buoc"}
    anomalies: list[Anomaly] = []
    amending = _amending(nodes)
    for node in nodes:
        if node.path in doubles or not DOCUMENT_HINT.search(node.text):
            continue
        amends = (node.part, _here(node, scope)[0]) in amending
        citations.extend(_citations_of(node, scope, anomalies, amends=amends))
    for citation in citations:
        if citation.kind and citation.number and _mismatch(citation):
            anomalies.append(anomaly(citation.line, "citation-kind-mismatch", citation.text))
    return citations, anomalies


def annexes_of(lines: Iterable[str]) -> frozenset[str]:
    """Return the keys of annexes by the lines that open them."""
    return frozenset(_annex_key(line) for line in lines)


def _mismatch(citation: Citation) -> bool:
    symbol = (citation.number or "").rsplit("/", 1)[-1].split("-")[0]
    expected = {"NĐ": "nghị định", "QĐ": "quyết định", "TT": "thông tư", "CT": "chỉ thị"}.get(
        symbol
    )
    return expected is not None and citation.kind not in (
        expected,
        "văn bản",
        "quy định",
        "quy chế",
    )


def _citation(cited: Cited, node: str | None, line: int, articles: tuple[str, ...]) -> Citation:
    return Citation(
        text=cited.text,
        kind=cited.kind,
        number=cited.number,
        year=cited.year,
        date=cited.date,
        articles=articles,
        line=line,
        node=node,
        internal=False,
    )


def _amending(nodes: Sequence[Node]) -> set[tuple[int, str]]:
    """Return the articles that amend another text: the clauses they name are not of this one."""
    return {
        (node.part, f"D{node.number}")
        for node in nodes
        if node.kind == "dieu" and _AMENDS.match(node.text)
    }


def _citations_of(
    node: Node, scope: _Scope, anomalies: list[Anomaly], *, amends: bool
) -> list[Citation]:
    texts = cited_texts(node.text)
    by_start = {cited.start: cited for cited in texts}
    articles: dict[int, list[str]] = {cited.start: [] for cited in texts}
    found: list[tuple[int, Citation]] = []
    for match in _CLAUSE.finditer(node.text):
        named = _names(match)
        external = _external(node.text, match.end(), by_start)
        if isinstance(external, Cited):
            articles[external.start].extend(named)
            continue
        line = node.line_at(match.start())
        citation = Citation(
            match.group(), external, None, None, None, tuple(named), line, node.path, internal=False
        )
        if external is None and not (amends and "này" not in match.group()):
            citation = _resolved(citation, match, node, scope)
            for name in citation.dangling:
                anomalies.append(anomaly(line, "dangling-reference", f"{match.group()} ({name})"))
        found.append((match.start(), citation))
    for cited in texts:
        line = node.line_at(cited.start)
        found.append((cited.start, _citation(cited, node.path, line, tuple(articles[cited.start]))))
    found.extend(_annexes_of(node, scope, anomalies))
    return [citation for _, citation in sorted(found, key=lambda item: item[0])]


def _external(text: str, end: int, by_start: Mapping[int, Cited]) -> Cited | str | None:
    """Return the other text a clause reference belongs to; None when it is of this text."""
    after = _AFTER.match(text, end)
    if after is None:
        return None
    cited = by_start.get(after.start(1))
    if cited is not None:
        return cited
    if after[2]:
        return None
    word = after[1].lower()
    return None if word in ("quy chế", "quy định", "quyết định") else word


def _names(match: re.Match[str]) -> list[str]:
    """Return the clauses a reference names: "D5.k2.a"; "D*" stands for the article at hand."""
    letters = _ITEM.findall(match[1] or match[4] or "")
    clauses = re.findall(r"\d+", match[2] or "") if match[2] != "này" else ["*"]
    if match[4]:
        clauses = ["*"]
    listed = match[3] or "này"
    numbers = ["*"] if listed == "này" else re.findall(r"\d{1,3}[a-zđ]?", listed)
    first, rest = numbers[0], numbers[1:]
    heads = [f"D{first}.k{clause}" for clause in clauses] or [f"D{first}"]
    last = heads[-1]
    names = heads[:-1] + ([f"{last}.{letter}" for letter in letters] or [last])
    return names + [f"D{number}" for number in rest]


def _resolved(citation: Citation, match: re.Match[str], node: Node, scope: _Scope) -> Citation:
    part = _part_meant(node, match, scope)
    prefix = scope.prefixes[part]
    here = _here(node, scope)
    targets: list[str] = []
    dangling: list[str] = []
    names: list[str] = []
    for name in citation.articles:
        full = _full_name(name, here)
        if full is None:
            continue
        names.append(full)
        path = prefix + full
        (targets if path in scope.by_path else dangling).append(path)
    return replace(
        citation,
        articles=tuple(names),
        internal=True,
        targets=tuple(targets),
        dangling=tuple(dangling),
    )


def _full_name(name: str, here: tuple[str, str]) -> str | None:
    article, clause = here
    if "D*" in name:
        if not article:
            return None
        name = name.replace("D*", article)
    if "k*" in name:
        if not clause:
            return None
        name = name.replace("k*", clause)
    return name


def _here(node: Node, scope: _Scope) -> tuple[str, str]:
    """Return the article and clause a node stands in, as they stand in paths."""
    parts = node.path.removeprefix(scope.prefixes[node.part]).split(".")
    article = parts[0] if parts[0][:1] == "D" and parts[0][1:2].isdecimal() else ""
    clause = parts[1] if article and len(parts) > 1 and parts[1][:1] == "k" else ""
    return article, clause


def _part_meant(node: Node, match: re.Match[str], scope: _Scope) -> int:
    """Return the part a reference means: "Quyết định này" inside the regulation is the decision."""
    after = _AFTER.match(node.text, match.end())
    if after is None or len(scope.prefixes) < 2:
        return node.part
    kind = KINDS.get(after[1].upper(), after[1].lower())
    own = scope.kinds[node.part]
    if kind == own or kind not in scope.kinds:
        return node.part
    if after[2] or kind not in ISSUING:
        return scope.kinds.index(kind)
    return node.part


def _annexes_of(
    node: Node, scope: _Scope, anomalies: list[Anomaly]
) -> Iterator[tuple[int, Citation]]:
    if "Phụ lục" not in node.text and "Mẫu" not in node.text and "Biểu" not in node.text:
        return
    for match in _ANNEX.finditer(node.text):
        line = node.line_at(match.start())
        key = _annex_key(match.group())
        present = key in scope.annexes
        name = match.group()
        if not present:
            anomalies.append(anomaly(line, "missing-annex", name))
        yield (
            match.start(),
            Citation(
                name, "phụ lục", match[2], None, None, (), line, node.path,
                internal=present, targets=(), dangling=() if present else (name,),
            ),
        )  # fmt: skip


def _annex_key(text: str) -> str:
    """Return one key for "Phụ lục I", "PHỤ LỤC 1", "Mẫu số 01"."""
    match = re.match(
        r"(phụ lục|phụ biểu|mẫu|biểu mẫu|biểu)(?: số)? ?([ivxlc]{1,5}|\d{1,3})?([a-z]?)",
        text.lower(),
    )
    if match is None:
        return text.lower()
    number = (match[2] or "").lstrip("0")
    word = "mẫu" if "mẫu" in match[1] or match[1] == "biểu" else "phụ lục"
    return f"{word} {number}{match[3]}"
