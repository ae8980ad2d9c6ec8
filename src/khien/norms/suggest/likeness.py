"""Likeness of clauses: cosine over weighted words and word pairs, in an index of clauses already mapped."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_COMMON_WORDS = """
    và các của có được là cho trong với theo khi những một này đó để về tại từ hoặc do đến như không phải thì
    bằng việc ra vào trên
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_SINGLE, _PAIR, _TRIPLE, _ABOVE = 0.5, 1.0, 0.7, 0.35

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Example:
    """A clause whose control is known: what it says, what stands above it, and where it comes from."""

    control: str
    text: str
    above: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Alike:
    """How much a clause is like what is known of a control, and the nearest clause known."""

    score: float
    nearest: str


def vector_of(text: str, above: Sequence[str] = ()) -> dict[str, float]:
    """Return the weighted words, pairs and triples of a clause; titles above count less the higher they stand."""
    counts: defaultdict[str, float] = defaultdict(float)
    _count(counts, text, 1.0)
    for height, title in enumerate(above, 1):
        _count(counts, title, _ABOVE / height)
    return {gram: 1 + math.log(n) if n > 1 else n for gram, n in counts.items()}


def _count(counts: defaultdict[str, float], text: str, weight: float) -> None:
    syllables = text.split()
    for one in syllables:
        if one not in _COMMON:
            counts[one] += weight * _SINGLE
    for one, two in pairwise(syllables):
        if not (one in _COMMON and two in _COMMON):
            counts[f"{one} {two}"] += weight * _PAIR
    for one, two, three in zip(syllables, syllables[1:], syllables[2:], strict=False):
        if one not in _COMMON and three not in _COMMON:
            counts[f"{one} {two} {three}"] += weight * _TRIPLE


class Index:
    """An inverted index over examples; a query costs as many steps as the examples share words with it."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._examples = tuple(examples)
        vectors = [vector_of(one.text, one.above) for one in self._examples]
        spread = Counter(gram for vector in vectors for gram in vector)
        size = len(vectors) + 1
        self._idf = {gram: math.log(size / (n + 0.5)) for gram, n in spread.items()}
        self._places: dict[str, list[tuple[int, float]]] = {}
        for place, vector in enumerate(vectors):
            for gram, weight in self._unit(vector).items():
                self._places.setdefault(gram, []).append((place, weight))

    def _unit(self, vector: Vector) -> dict[str, float]:
        idf = self._idf
        scaled = {gram: n * idf[gram] for gram, n in vector.items() if gram in idf}
        length = math.sqrt(sum(weight * weight for weight in scaled.values()))
        return {gram: weight / length for gram, weight in scaled.items()} if length else {}

    def alike(self, text: str, above: Sequence[str]) -> dict[str, Alike]:
        """Return for each control how like the clause is: its nearest example, and a little of the next two."""
        sums: dict[int, float] = {}
        for gram, weight in self._unit(vector_of(text, above)).items():
            for place, other in self._places[gram]:
                sums[place] = sums.get(place, 0.0) + weight * other
        nearest: dict[str, list[tuple[float, int]]] = {}
        for place, cosine in sums.items():
            nearest.setdefault(self._examples[place].control, []).append((cosine, place))
        return {control: self._joined(found) for control, found in nearest.items()}

    def _joined(self, found: list[tuple[float, int]]) -> Alike:
        found.sort(reverse=True)
        shares = (1.0, 0.3, 0.15)
        score = sum(cosine * share for (cosine, _), share in zip(found, shares, strict=False))
        return Alike(score, self._examples[found[0][1]].source)
