"""A hit, the groups hits stand in, and how the words found are marked in a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from khien.kernel.vietnamese import nfc, search_key

T = TypeVar("T")
GROUP_MAX = 5
GROUP_MAX_PAGE = 20
WORDS_MAX = 6


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: what it is called, where it stands, and its page."""

    what: SafeString
    where: str
    url: str


@dataclass(frozen=True, slots=True)
class HitGroup:
    """Hits of one kind; `is_cut`: there may be more."""

    word: Promise
    icon: str
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

    def hit(self, what: str, where: str, url: str) -> Hit:
        """Return a hit with its words marked."""
        return Hit(marked(what, self.words), where, url)

    def best(self, found: Iterable[tuple[str, T]]) -> tuple[list[T], bool]:
        """Return the first of those that fit, words at the beginning first, and whether some were cut."""
        fitting = [(key, thing) for key, thing in found if self.fits(key)]
        start = " ".join(self.words)
        fitting.sort(key=lambda pair: (not pair[0].startswith(start), len(pair[0])))
        return [thing for _, thing in fitting[: self.limit]], len(fitting) > self.limit


def marked(text: str, words: Sequence[str]) -> SafeString:
    """Return a text as HTML with the words marked, whatever their tone marks."""
    text = nfc(text)
    bare = "".join(_bare(letter) for letter in text)
    spans = sorted(_spans(bare, words))
    parts, last = [], 0
    for start, end in spans:
        if start >= last:
            parts += [escape(text[last:start]), "<mark>", escape(text[start:end]), "</mark>"]
            last = end
    parts.append(escape(text[last:]))
    return mark_safe("".join(parts))  # noqa: S308  # every piece of the text is escaped above


def _bare(letter: str) -> str:
    """Return one letter without marks; always one, so that places stay the same."""
    key = search_key(letter)
    return key if len(key) == 1 else letter


def _spans(bare: str, words: Sequence[str]) -> Iterable[tuple[int, int]]:
    for word in words:
        start = bare.find(word)
        while start >= 0:
            yield start, start + len(word)
            start = bare.find(word, start + len(word))
