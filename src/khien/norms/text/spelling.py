"""Words glued together or torn apart by the extraction of a PDF: noted, never changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from khien.norms.text.anomalies import anomaly
from khien.norms.text.letters import vietnamese
from khien.norms.text.lines import Line
from khien.norms.text.model import Anomaly
from khien.norms.text.syllable import is_syllable

_MARKED = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
_WORD = vietnamese(r"[a-zđà-ỹA-ZĐÀ-Ỹ]{4,20}")
_HAS_MARK = re.compile(f"[{_MARKED}]")
_NUMBER_GLUED = re.compile(r"(?:số|Điều|khoản|Khoản|ngày|tháng|năm)\d")
_INITIAL = (
    r"(?:[bcdđghklmnpqrstvxBCDĐGHKLMNPQRSTVX]|[Cc]h|[Gg]h|[Kk]h|[Nn]gh?|[Nn]h|[Pp]h|[Tt]h|[Tt]r)"
)
_TORN_START = re.compile(_INITIAL)
_TORN = re.compile(
    rf"(?:^| )({_INITIAL}"
    rf" [{_MARKED[:-1]}][a-z]{{0,3}})(?![\wà-ỹ])"
)


def spelling_anomalies(lines: Sequence[Line]) -> list[Anomaly]:
    """Return glued and torn words, one of each sort a line at most."""
    found: list[Anomaly] = []
    words = {word for line in lines for word in line.text.split(" ")}
    # Most texts have neither: what a text has is looked for once in its vocabulary.
    has_glued = any(_glued(word) for word in words)
    has_torn = any(_TORN_START.fullmatch(word) for word in words)
    for line in lines:
        text = line.text
        glued = _glued(text) if has_glued else None
        if glued:
            found.append(anomaly(line.number, "glued-words", glued))
        torn = _TORN.search(text) if has_torn else None
        if torn:
            found.append(anomaly(line.number, "split-words", torn[1]))
    return found


def _glued(text: str) -> str | None:
    match = _NUMBER_GLUED.search(text)
    if match:
        return text[match.start() : match.end() + 6].split(" ")[0]
    for word in text.split(" "):
        if len(word) >= 5 and not word.isascii() and _is_glued(word):
            return word.strip(".,;:()")
    return None


@lru_cache(maxsize=65_536)
def _is_glued(word: str) -> bool:
    for letters in _WORD.findall(word):
        if letters.isascii() or is_syllable(letters) or letters.isupper():
            continue
        lower = letters.lower()
        if _HAS_MARK.search(lower) and _parts(lower):
            return True
    return False


def _parts(word: str) -> bool:
    """Say whether a word is two syllables one after the other."""
    return any(
        is_syllable(word[:place]) and is_syllable(word[place:])
        for place in range(2, len(word) - 1)
        if not word[place:].isascii() or not word[:place].isascii()
    )
