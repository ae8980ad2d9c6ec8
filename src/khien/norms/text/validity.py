"""From when a text is in force and which texts it replaces, read from its own articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from khien.norms.text.cited import cited_texts
from khien.norms.text.dates import ANY_DATE, SLASHED_DATE, date_of, iso_date
from khien.norms.text.lines import Line
from khien.norms.text.model import Node, Validity

# Not "before the day on which this text takes effect".
_IN_FORCE = re.compile(
    r"(?<![Nn]gày )(?<![Kk]hi )(?<![Ss]au )"
    r"(?:Quyết định|Nghị định|Thông tư(?: liên tịch)?|Luật|Bộ luật|Nghị quyết|Quy chế|Quy định|Chỉ thị|"
    r"Pháp lệnh|Văn bản|Kế hoạch|Điều lệ|Quy trình)(?: này)? (?:\w+ )?có hiệu lực|^Có hiệu lực"
)
_SIGNED = re.compile(r"(?:kể )?từ ngày (?:được )?(?:ký|ban hành|thông qua)")
_AFTER = re.compile(
    r"sau (?:ít nhất )?(\d{1,3}) ?(?:\([^()]{1,30}\) )?ngày,? kể từ ngày (?:ký|ban hành|thông qua|(đăng))"
)
_REPLACES = re.compile(r"thay thế|bãi bỏ|Bãi bỏ|Thay thế")
_LIST_START = 5
_ENDS = re.compile(r"hết hiệu lực")


def validity_of(
    nodes: Sequence[Node], tails: Sequence[Sequence[Line]], issued_on: str | None
) -> Validity | None:
    """Return when the text takes effect, by its own words, or None when it does not say.

    Args: issued_on: ISO date of issue, from which "after N days" is counted
    """
    for node in nodes:
        if "hiệu lực" not in node.text:
            continue
        match = _IN_FORCE.search(node.text)
        if match is None:
            continue
        words = node.text[match.start() :]
        basis, valid_from, days = _begin(words, issued_on)
        return Validity(valid_from, basis, days, _replaced(nodes, node), node.line_start)
    for line in (line for tail in tails for line in tail):
        # A resolution may say it only below its articles, where its adoption is recorded.
        if "thông qua" in line.text and "hiệu lực" in line.text:
            basis, valid_from, days = _begin(line.text.split("hiệu lực", 1)[1], issued_on)
            return Validity(valid_from, basis, days, (), line.number)
    return None


def _begin(words: str, issued_on: str | None) -> tuple[str, str | None, int | None]:
    window = words[:260]
    after = _AFTER.search(window)
    if after:
        days = int(after[1])
        known = issued_on if after[2] is None else None  # the day of the gazette is not in the text
        start = date.fromisoformat(known) + timedelta(days=days) if known else None
        return "days-after", start.isoformat() if start else None, days
    found = ANY_DATE.search(window)
    signed = _SIGNED.search(window)
    if signed and (found is None or signed.start() < found.start()):
        return "signature", issued_on, None
    if found:
        return "date", date_of(found), None
    slashed = SLASHED_DATE.search(window)
    if slashed:
        return "date", iso_date(slashed[1], slashed[2], slashed[3]), None
    return "unknown", None, None


def _replaced(nodes: Sequence[Node], node: Node) -> tuple[str, ...]:
    """Return the numbers of replaced texts named in the unit, its siblings and its children."""
    article = _article_of(node.path)
    numbers: list[str] = []
    listing = False
    for other in nodes:
        if other.part != node.part or _article_of(other.path) != article:
            continue
        ends = _ENDS.search(other.text)
        replaces = _REPLACES.search(other.text)
        cited = [item for item in cited_texts(other.text) if item.number is not None]
        # "… bãi bỏ các quyết định sau:" rules over the list below it.
        listing = listing and bool(cited) and cited[0].start < _LIST_START
        start = 0 if ends or listing else replaces.start() if replaces else len(other.text)
        numbers.extend(item.number for item in cited if item.number and item.start >= start)
        listing = listing or (bool(ends or replaces) and other.text.endswith(":"))
    return tuple(dict.fromkeys(numbers))


def _article_of(path: str) -> str:
    parts = path.split(".")
    if len(parts) > 1 and parts[0].isupper() and parts[0].isalpha() and parts[1].startswith("D"):
        return ".".join(parts[:2])
    return parts[0]
