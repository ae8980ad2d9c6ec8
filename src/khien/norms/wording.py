"""How a clause is named to people: as the regulation itself would, not by its path."""

from __future__ import annotations

import re
from functools import lru_cache

from khien.kernel.language import Text
from khien.norms.model import Document, Library

_STEPS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"D(\d+[a-zđ]?)(#\d+)?"), "Điều {0}", "Article {0}"),
    (re.compile(r"k(\d+[a-zđ]?)(#\d+)?"), "khoản {0}", "clause {0}"),
    (re.compile(r"b(\d+)(#\d+)?"), "bước {0}", "step {0}"),
    (re.compile(r"g(\d+)(#\d+)?"), "gạch đầu dòng thứ {0}", "dash {0}"),
    (re.compile(r"p(\d+)(#\d+)?"), "đoạn {0}", "paragraph {0}"),
    (re.compile(r"([a-zđ])(#\d+)?"), "điểm {0}", "point {0}"),
)
# A section of a standard (M5.6.2.1), and what is known without the number of its article (KR1).
_STANDARD_SECTION = re.compile(r"M(\d+(?:\.\d+)*)")
_UNKNOWN_ARTICLE = re.compile(r"KR(\d+)")
_PLAN_SECTION = re.compile(r"[IVX]+(\.\d+)?")


@lru_cache(maxsize=16_384)
def clause_name(path: str) -> Text:
    """Return the name of a clause by its path: "D19.k1.đ" is "điểm đ khoản 1 Điều 19".

    In English the order is kept as in Vietnamese legal citing: "point đ, clause 1, Article 19".
    """
    if path == "recital":
        return Text("căn cứ ban hành", "recitals")
    if path.startswith("C."):
        number = path[2:].partition("#")[0]
        return Text(f"Chương {number}", f"Chapter {number}")
    section = _STANDARD_SECTION.fullmatch(path)
    if section is not None:
        return Text(f"mục {section[1]}", f"section {section[1]}")
    unknown = _UNKNOWN_ARTICLE.fullmatch(path)
    if unknown is not None:
        return Text(
            f"điều khoản chưa rõ số ({unknown[1]})", f"article of unknown number ({unknown[1]})"
        )
    prefix, rest = _plan_prefix(path)
    in_decision = rest.startswith("QD.")
    steps = [_step(step) for step in rest.removeprefix("QD.").split(".") if step]
    vi = " ".join([step.vi for step in reversed(steps)] + ([prefix.vi] if prefix else []))
    en = ", ".join([step.en for step in reversed(steps)] + ([prefix.en] if prefix else []))
    if in_decision:
        return Text(f"{vi} của Quyết định", f"{en} of the Decision")
    return Text(vi, en)


def _plan_prefix(path: str) -> tuple[Text | None, str]:
    found = _PLAN_SECTION.match(path)
    if found is None or path.startswith("D"):
        return None, path
    number = found.group()
    return Text(f"mục {number}", f"section {number}"), path[found.end() :].lstrip(".")


def _step(step: str) -> Text:
    for pattern, vi, en in _STEPS:
        found = pattern.fullmatch(step)
        if found:
            return Text(vi.format(found.group(1)), en.format(found.group(1)))
    return Text(step, step)


def cited(document: Document, path: str) -> Text:
    """Return a clause with its document's short name: "điểm đ khoản 1 Điều 19 (Đồ Sơn)"."""
    name = clause_name(path)
    return Text(f"{name.vi} ({document.short.vi})", f"{name.en} ({document.short.en})")


def cited_by_anchor(library: Library, anchor: str) -> Text:
    """Return the citation of an anchor "document/path"."""
    document, _, path = anchor.partition("/")
    return cited(library.documents[document], path)
