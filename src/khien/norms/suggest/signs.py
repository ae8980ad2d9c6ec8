"""The signs (dấu hiệu) by which a clause is recognised: words that must stand in it, written by hand as data."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from khien.norms.located_yaml import Problem, read_located
from khien.norms.suggest.words import words

PARTS_MAX = 6
DECISIVE, WEAK = 2.0, 0.5
_STRENGTHS = {"*": DECISIVE, "~": WEAK}


@dataclass(frozen=True, slots=True)
class Part:
    """Words of which one must stand in the clause, or in a title above it, or nowhere."""

    alternatives: tuple[str, ...]
    is_above: bool = False
    is_barred: bool = False


@dataclass(frozen=True, slots=True)
class Sign:
    """All parts of one sign; the clause shows it when every part holds.

    `strength`: DECISIVE where the sign settles the matter, WEAK where it stands in many other clauses too.
    """

    parts: tuple[Part, ...]
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A sign that a clause shows: how much it says, and the words that were found."""

    weight: float
    found: tuple[str, ...]


class Rarity:
    """How much a word says: the rarer it is among the clauses known, the more."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = tuple(texts)
        self._known: dict[str, float] = {}

    def of(self, phrase: str) -> float:
        """Return the weight of a phrase as `words` writes it."""
        known = self._known.get(phrase)
        if known is None:
            count = sum(phrase in text for text in self._texts)
            longer = 1 + 0.1 * (phrase.count(" ") - 2)
            known = math.log((len(self._texts) + 1) / (count + 1)) * longer
            self._known[phrase] = known
        return known


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
            problems.append(
                Problem(
                    path,
                    source.line(control),
                    f"{control}: không có biện pháp này",
                    "no such control",
                )
            )
        signs = []
        for place, line in enumerate(lines if isinstance(lines, list) else ()):
            sign = _sign(str(line))
            if sign is None:
                where = source.line(control, place)
                problems.append(
                    Problem(
                        path,
                        where,
                        f"dấu hiệu «{line}» trống một phần",
                        "a part of the sign is empty",
                    )
                )
            else:
                signs.append(sign)
        found[control] = tuple(signs)
    return found, problems


def _sign(line: str) -> Sign | None:
    parts = []
    strength = _STRENGTHS.get(line[:1], 1.0)
    for written in line.lstrip("*~").split("+"):
        written = written.strip()
        mark = written[:1] if written[:1] in ("^", "!") else ""
        alternatives = tuple(words(one) for one in written.removeprefix(mark).split("|"))
        if not all(one.strip() for one in alternatives):
            return None
        parts.append(Part(alternatives, is_above=mark == "^", is_barred=mark == "!"))
    is_whole = 0 < len(parts) <= PARTS_MAX and any(not part.is_barred for part in parts)
    return Sign(tuple(parts), strength) if is_whole else None


def seen(sign: Sign, text: str, above: str, rarity: Rarity) -> Seen | None:
    """Return what a clause shows of a sign, or nothing.

    Args: text: the clause, above: the titles above it, both as `words` writes them
    """
    weight, found = 0.0, list[str]()
    for part in sign.parts:
        here = [phrase for phrase in part.alternatives if phrase in text]
        if part.is_barred:
            if here or any(phrase in above for phrase in part.alternatives):
                return None
            continue
        if not here and part.is_above:
            here = [phrase for phrase in part.alternatives if phrase in above]
            share = 0.0 if sign.strength == DECISIVE else 0.5
            weight -= share * max((rarity.of(phrase) for phrase in here), default=0.0)
        if not here:
            return None
        best = max(here, key=rarity.of)
        weight += rarity.of(best)
        found.append(best.strip())
    return Seen(weight * sign.strength, tuple(found))


def strongest(signs: Sequence[Sign], text: str, above: str, rarity: Rarity) -> Seen | None:
    """Return what the signs of one control say together: the strongest, and a little of the others."""
    shown = [one for sign in signs if (one := seen(sign, text, above, rarity))]
    if not shown:
        return None
    shown.sort(key=lambda one: -one.weight)
    rest = sum(one.weight for one in shown[1:])
    named = tuple(dict.fromkeys(word for one in shown for word in one.found))
    return Seen(shown[0].weight + 0.25 * min(rest, shown[0].weight), named)
