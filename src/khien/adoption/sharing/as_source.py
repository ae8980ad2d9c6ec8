"""A skeleton written out as a regulation: brought in, corrected and reviewed like any other text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from khien.adoption.sharing.ciso_reading import Skeleton, SkeletonClause

_HEADED = "QUY CHẾ"
_NUMBERED = re.compile(r"n\d+")
# What stands above counts what stands below it anew.
_ORDER = ("chuong", "muc", "dieu", "khoan", "diem")


def source_of(skeleton: Skeleton) -> str:
    """Return the words of a skeleton with the marks of a regulation before them: Chương, Điều, 1., a), -."""
    counts: Counter[str] = Counter()
    lines = [_HEADED, _line(skeleton.title.vi)]
    for clause in skeleton.clauses:
        lines += _written(clause, _number(clause, counts))
    return "\n".join(lines) + "\n"


def _number(clause: SkeletonClause, counts: Counter[str]) -> str:
    """Return the number of a clause: its own where its path tells it, else the next of its kind."""
    step = clause.path.rpartition(".")[2].partition("#")[0]
    if clause.kind in _ORDER:
        for lower in _ORDER[_ORDER.index(clause.kind) + 1 :]:
            if (clause.kind, lower) != ("chuong", "dieu"):  # articles are counted through
                counts[lower] = 0
    counts[clause.kind] += 1
    if not _NUMBERED.fullmatch(clause.path):
        return step[1:] if clause.kind in ("dieu", "khoan", "buoc") else step
    if clause.kind == "diem":
        return chr(ord("a") + (counts["diem"] - 1) % 26)
    return str(counts[clause.kind])


def _written(clause: SkeletonClause, number: str) -> Iterator[str]:
    words = _line(clause.text.vi)
    match clause.kind:
        case "chuong":
            yield f"Chương {number}"
            yield words.upper()
        case "dieu":
            yield f"Điều {number}. {words}"
        case "muc" | "khoan":
            yield f"{number}. {words}"
        case "diem":
            yield f"{number}) {words}"
        case "buoc":
            yield f"Bước {number}: {words}"
        case "gach":
            yield f"- {words}"
        case _:
            yield words


def _line(words: str) -> str:
    return " ".join(words.split())
