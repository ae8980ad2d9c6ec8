"""What is irregular about the numbers of a text's units, seen from the finished tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from khien.norms.text.anomalies import anomaly
from khien.norms.text.markers import roman
from khien.norms.text.model import Anomaly, Node
from khien.norms.text.ranks import HEADINGS
from khien.norms.text.sequence import LATIN, VIETNAMESE, next_letters

_LETTERS = "abcdđeghiklmnopqrstuvxyABCD"


def numbering_notes(nodes: Sequence[Node]) -> list[Anomaly]:
    """Return what is irregular: numbers repeated, left out, out of order; headings and lists without content."""
    with_children = {node.parent for node in nodes}
    notes = list(_sequences(nodes))
    for node in nodes:
        if node.path in with_children:
            continue
        if node.kind in HEADINGS and not (node.kind == "dieu" and node.text and not node.title):
            notes.append(anomaly(node.line_start, "heading-without-content", node.path))
        elif node.kind in ("khoan", "diem") and node.text.endswith(":"):
            notes.append(anomaly(node.line_start, "list-without-items", node.path))
    return notes


def _sequences(nodes: Sequence[Node]) -> Iterator[Anomaly]:
    last: dict[tuple[object, ...], str] = {}
    seen: set[tuple[object, ...]] = set()
    checks = {"dieu": _article, "khoan": _clause, "diem": _point, "chuong": _chapter}
    for node in nodes:
        check = checks.get(node.kind)
        if check is None or (node.kind == "diem" and "." in node.number):
            continue
        above = node.part if node.kind in ("dieu", "chuong") else node.parent
        group = (node.kind, above)
        before = last.get(group, "")
        repeated = (*group, node.number) in seen
        code = check(node.number, before, is_repeated=repeated)
        if code:
            yield anomaly(node.line_start, code, node.number)
        seen.add((*group, node.number))
        last[group] = node.number


def _value(number: str) -> int:
    bare = number.rstrip(_LETTERS)
    return int(bare) if bare.isdecimal() else 0


def _article(number: str, before: str, *, is_repeated: bool) -> str:
    value, last = _value(number), _value(before)
    if is_repeated:
        return "article-repeated"
    if last and value > last + 1:
        return "article-missing"
    return "article-out-of-order" if value < last else ""


def _clause(number: str, before: str, *, is_repeated: bool) -> str:
    if is_repeated:
        return "clause-repeated"
    if "." in number:
        return ""
    value, last = _value(number), _value(before)
    inserted = number[-1:].isalpha() and value == last
    return "" if value == last + 1 or inserted else "clause-jump"


def _point(number: str, before: str, *, is_repeated: bool) -> str:
    if is_repeated:
        return "point-repeated"
    if number in next_letters(before):
        place = VIETNAMESE.find(before[:1]) if before else -1
        skipped = place >= 0 and VIETNAMESE[place + 1 : place + 2] != number
        if skipped and number in VIETNAMESE and number in LATIN:
            return "point-out-of-order"
    elif not (len(number) == 2 and number[0] == before[:1]):
        return "point-out-of-order"
    return "point-letter-unusual" if number[0] not in VIETNAMESE else ""


def _chapter(number: str, before: str, *, is_repeated: bool) -> str:
    value, last = roman(number.rstrip("abcdđ")), roman(before.rstrip("abcdđ")) if before else 0
    if is_repeated:
        return "chapter-repeated"
    return "chapter-missing" if last and value > last + 1 else ""
