"""A hit, the groups hits stand in, and the words of a question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from khien.desk.targets import Target
from khien.kernel.language import Text
from khien.kernel.vietnamese import search_key

T = TypeVar("T")
GROUP_MAX = 5
GROUP_MAX_PAGE = 20
WORDS_MAX = 6
NOWHERE = Text("", "")


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: what it is called, where it stands, and what it leads to."""

    what: Text
    where: Text
    target: Target


@dataclass(frozen=True, slots=True)
class HitGroup:
    """Hits of one kind; `is_cut`: there may be more."""

    kind: str
    word: Text
    hits: Sequence[Hit]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Sought:
    """The words of a question, as they were typed and without tone marks."""

    text: str
    words: tuple[str, ...]
    limit: int

    @classmethod
    def read(cls, text: str, *, limit: int) -> Sought:
        """Read the words of a question."""
        return cls(text, tuple(search_key(text).split()[:WORDS_MAX]), limit)

    def fits(self, key: str) -> bool:
        """Say whether a text, given without tone marks, has all the words."""
        return all(word in key for word in self.words)

    def best(self, found: Iterable[tuple[str, T]]) -> tuple[list[T], bool]:
        """Return the first of those that fit, words at the beginning first, and whether some were cut."""
        fitting = [(key, thing) for key, thing in found if self.fits(key)]
        start = " ".join(self.words)
        fitting.sort(key=lambda pair: (not pair[0].startswith(start), len(pair[0])))
        return [thing for _, thing in fitting[: self.limit]], len(fitting) > self.limit


def same(name: str) -> Text:
    """Return a name that is the same in both languages."""
    return Text(name, name)
