"""Likeness of clauses: cosine over weighted words and word pairs, in an index of clauses already mapped."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from itertools import pairwise

_COMMON_WORDS = """
    và các của có được là cho trong với theo khi những một này đó để về tại từ hoặc do đến như không phải thì
    bằng việc ra vào trên
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_SINGLE, _PAIR, _TRIPLE, _ABOVE = 0.5, 1.0, 0.7, 0.35

# A word of more examples than this only weighs candidates; of candidates, so many are weighed.
_COMMON_MIN, _CANDIDATES_MAX = 20, 40
# From this likeness on a confirmed clause says the same as the one asked about.
_SAME_MIN, _CONFIRMED_GAIN = 0.75, 1.5

Vector = Mapping[str, float]
Places = Mapping[str, Sequence[tuple[int, float]]]


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
    for gram, weight in _grams(text):
        counts[gram] += weight
    for height, title in enumerate(above, 1):
        share = _ABOVE / height
        for gram, weight in _grams_of_title(title):
            counts[gram] += weight * share
    return {gram: 1 + math.log(n) if n > 1 else n for gram, n in counts.items()}


def _grams(text: str) -> list[tuple[str, float]]:
    syllables = text.split()
    found = [(one, _SINGLE) for one in syllables if one not in _COMMON]
    found += [
        (f"{one} {two}", _PAIR)
        for one, two in pairwise(syllables)
        if not (one in _COMMON and two in _COMMON)
    ]
    found += [
        (f"{one} {two} {three}", _TRIPLE)
        for one, two, three in zip(syllables, syllables[1:], syllables[2:], strict=False)
        if one not in _COMMON and three not in _COMMON
    ]
    return found


# Titles stand above many clauses.
_grams_of_title = lru_cache(maxsize=1024)(_grams)


class Index:
    """An inverted index over examples: rare words choose the candidates, common words only weigh those."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._examples = tuple(examples)
        vectors = [vector_of(one.text, one.above) for one in self._examples]
        spread = Counter(gram for vector in vectors for gram in vector)
        self._size = len(vectors) + 1
        self._idf = {gram: math.log(self._size / (n + 0.5)) for gram, n in spread.items()}
        self._common = {gram for gram, n in spread.items() if n > _COMMON_MIN}
        # Places of each rare word by example, and the common words of each example.
        self._layers: tuple[Places, ...] = ()
        self._weights: list[dict[str, float]] = []
        self._confirmed_from = len(self._examples)
        self._learn(vectors)

    def _learn(self, vectors: Sequence[Vector]) -> None:
        places: dict[str, list[tuple[int, float]]] = {}
        weights = []
        for place, vector in enumerate(vectors, len(self._weights)):
            common = {}
            for gram, weight in self._unit(vector).items():
                if gram in self._common:
                    common[gram] = weight
                else:
                    places.setdefault(gram, []).append((place, weight))
            weights.append(common)
        self._weights = self._weights + weights
        self._layers = (*self._layers, places)

    def _unit(self, vector: Vector) -> dict[str, float]:
        idf = self._idf
        scaled = {gram: n * idf[gram] for gram, n in vector.items() if gram in idf}
        length = math.sqrt(sum(weight * weight for weight in scaled.values()))
        return {gram: weight / length for gram, weight in scaled.items()} if length else {}

    def with_more(self, examples: Sequence[Example]) -> Index:
        """Return an index that also knows what people confirmed; what was learned before is shared, not copied."""
        more = copy(self)
        vectors = [vector_of(one.text, one.above) for one in examples]
        more._examples = (*self._examples, *examples)
        new = {gram for vector in vectors for gram in vector} - self._idf.keys()
        more._idf = self._idf | {gram: math.log(self._size / 1.5) for gram in new}
        more._learn(vectors)
        return more

    def alike(self, text: str, above: Sequence[str]) -> dict[str, Alike]:
        """Return for each control how like the clause is: its nearest example, and a little of the next two."""
        nearest: dict[str, list[tuple[float, int]]] = {}
        for cosine, place in self._candidates(self._unit(vector_of(text, above))):
            nearest.setdefault(self._examples[place].control, []).append((cosine, place))
        return {control: self._joined(found) for control, found in nearest.items()}

    def _candidates(self, unit: Vector) -> list[tuple[float, int]]:
        sums: dict[int, float] = {}
        known = sums.get
        for layer in self._layers:
            places_of = layer.get
            for gram, weight in unit.items():
                for place, other in places_of(gram, ()):
                    sums[place] = known(place, 0.0) + weight * other
        best = nlargest(_CANDIDATES_MAX, ((cosine, place) for place, cosine in sums.items()))
        shared = self._common & unit.keys()
        return [(cosine + self._common_share(unit, shared, place), place) for cosine, place in best]

    def _common_share(self, unit: Vector, shared: set[str], place: int) -> float:
        weights = self._weights[place]
        return sum(unit[gram] * weights[gram] for gram in shared & weights.keys())

    def _joined(self, found: list[tuple[float, int]]) -> Alike:
        found.sort(reverse=True)
        shares = (1.0, 0.3, 0.15)
        score = sum(cosine * share for (cosine, _), share in zip(found, shares, strict=False))
        # What a person said of nearly the same words outweighs every sign.
        cosine, place = found[0]
        if place >= self._confirmed_from and cosine >= _SAME_MIN:
            score += _CONFIRMED_GAIN * cosine
        return Alike(score, self._examples[found[0][1]].source)
