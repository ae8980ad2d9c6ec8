"""The signs (dấu hiệu) by which a clause is recognised: words that must stand in it, written by hand as data."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from khien.norms.located_yaml import Problem, read_located
from khien.norms.suggest.phrases import Phrases
from khien.norms.suggest.words import words

PARTS_MAX = 6
DECISIVE, WEAK = 2.0, 0.5
_STRENGTHS = {"*": DECISIVE, "~": WEAK}
_MARKS = ("^", "!", "<")


@dataclass(frozen=True, slots=True)
class Part:
    """Words of which one must stand in the clause, or in a title above it, or nowhere, or at its beginning."""

    alternatives: tuple[str, ...]
    is_above: bool = False
    is_barred: bool = False
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Sign:
    """All parts of one sign; the clause shows it when every part holds.

    `strength`: DECISIVE where the sign settles the matter, WEAK where it stands in many other clauses too.
    """

    parts: tuple[Part, ...]
    strength: float = 1.0

    @property
    def phrases(self) -> Iterator[str]:
        """Yield every phrase of the sign."""
        return (phrase for part in self.parts for phrase in part.alternatives)

    @property
    def keys(self) -> tuple[str, ...]:
        """Return phrases of which at least one must be found for the sign to hold."""
        return next(part.alternatives for part in self.parts if not part.is_barred)


@dataclass(frozen=True, slots=True)
class Read:
    """What was found in a clause: its words, the phrases in it, and those in the titles above it."""

    text: str
    here: frozenset[str]
    above: frozenset[str]


@dataclass(frozen=True, slots=True)
class Seen:
    """A sign that a clause shows: how much it says, and the words that were found."""

    weight: float
    found: tuple[str, ...]


class SignBook:
    """The signs of all controls, looked up by the phrases of a clause."""

    def __init__(self, signs: Mapping[str, Sequence[Sign]], texts: Iterable[str]) -> None:
        """Weigh the phrases: the rarer one is among the texts known, the more it says.

        Args: texts: clauses and descriptions already mapped, as `words` writes them
        """
        every = {phrase for ones in signs.values() for sign in ones for phrase in sign.phrases}
        self.phrases = Phrases(every)
        self._by_key: dict[str, list[tuple[str, Sign]]] = {}
        for control, ones in signs.items():
            for sign in ones:
                for phrase in sign.keys:
                    self._by_key.setdefault(phrase, []).append((control, sign))
        counts, size = Counter[str](), 1
        for text in texts:
            counts.update(self.phrases.found(text))
            size += 1
        self._rarity = {phrase: _rarity(phrase, counts[phrase], size) for phrase in every}

    def shown(self, read: Read) -> dict[str, Seen]:
        """Return for each control what its signs say together: the strongest, and a little of the others."""
        by_control: dict[str, dict[Sign, Seen]] = {}
        for phrase in read.here | read.above:
            for control, sign in self._by_key.get(phrase, ()):
                known = by_control.setdefault(control, {})
                if sign not in known and (one := self._seen(sign, read)):
                    known[sign] = one
        return {
            control: _together(list(ones.values())) for control, ones in by_control.items() if ones
        }

    def _seen(self, sign: Sign, read: Read) -> Seen | None:
        found = held(sign, read)
        if found is None:
            return None
        weight, named = 0.0, list[str]()
        for part, phrases in found:
            best = max(phrases, key=self._rarity.__getitem__)
            share = 1.0
            if part.is_above and best not in read.here and sign.strength != DECISIVE:
                share = 0.5
            weight += share * self._rarity[best]
            named.append(best.strip())
        return Seen(weight * sign.strength, tuple(named))


def _rarity(phrase: str, count: int, size: int) -> float:
    longer = 1 + 0.1 * (phrase.count(" ") - 2)
    return math.log(size / (count + 1)) * longer


def _together(shown: list[Seen]) -> Seen:
    shown.sort(key=lambda one: (-one.weight, one.found))
    rest = sum(one.weight for one in shown[1:])
    named = tuple(dict.fromkeys(word for one in shown for word in one.found))
    return Seen(shown[0].weight + 0.25 * min(rest, shown[0].weight), named)


def held(sign: Sign, read: Read) -> list[tuple[Part, list[str]]] | None:
    """Return the phrases that fulfil each part of a sign; None where a part does not hold."""
    found = []
    for part in sign.parts:
        here = [phrase for phrase in part.alternatives if phrase in read.here]
        if part.is_barred:
            if here or any(phrase in read.above for phrase in part.alternatives):
                return None
            continue
        if part.is_first:
            here = [phrase for phrase in here if read.text.startswith(phrase)]
        if part.is_above and not here:
            here = [phrase for phrase in part.alternatives if phrase in read.above]
        if not here:
            return None
        found.append((part, here))
    return found


def read_signs(
    path: Path, controls: Iterable[str]
) -> tuple[Mapping[str, tuple[Sign, ...]], list[Problem]]:
    """Return the signs of every control of a file, and what is wrong in it, with its lines."""
    source = read_located(path)
    if isinstance(source, Problem):
        return {}, [source]
    known, problems = set(controls), list[Problem]()
    found: dict[str, tuple[Sign, ...]] = {}
    for control, lines in source.data.items():
        if control not in known:
            problems.append(no_control(path, source.line(control), control))
        signs = []
        for place, line in enumerate(lines if isinstance(lines, list) else ()):
            sign = sign_of(str(line))
            if sign is None:
                problems.append(empty_sign(path, source.line(control, place), str(line)))
            else:
                signs.append(sign)
        found[control] = tuple(signs)
    return found, problems


def no_control(path: Path, line: int, control: str) -> Problem:
    """Return the problem of a name that no control has."""
    return Problem(path, line, f"{control}: không có biện pháp này", f"{control}: no such control")


def empty_sign(path: Path, line: int, sign: str) -> Problem:
    """Return the problem of a sign that cannot be read."""
    return Problem(
        path, line, f"dấu hiệu «{sign}» trống một phần", f"a part of the sign «{sign}» is empty"
    )


def sign_of(line: str) -> Sign | None:
    """Return a sign as the library writes it ("a|b + ^c + !d"); None where a part is empty."""
    parts = []
    strength = _STRENGTHS.get(line[:1], 1.0)
    for written in line.lstrip("*~").split("+"):
        written = written.strip()
        mark = written[:1] if written[:1] in _MARKS else ""
        alternatives = tuple(words(one) for one in written.removeprefix(mark).split("|"))
        if not all(one.strip() for one in alternatives):
            return None
        parts.append(Part(alternatives, mark == "^", mark == "!", mark == "<"))
    is_whole = 0 < len(parts) <= PARTS_MAX and any(not part.is_barred for part in parts)
    return Sign(tuple(parts), strength) if is_whole else None
