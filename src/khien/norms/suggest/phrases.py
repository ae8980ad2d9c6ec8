"""Finds which of many phrases stand in a text, in one walk over its syllables."""

from __future__ import annotations

from collections.abc import Iterable


class Phrases:
    """Phrases as `words` writes them: small letters, one space before, between and after."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[str]] = {}
        for phrase in sorted(set(phrases)):
            self._by_first.setdefault(phrase.split(" ", 2)[1], []).append(phrase)

    def found(self, text: str) -> frozenset[str]:
        """Return the phrases that stand in a text, which is written as `words` writes it."""
        found, place = set[str](), 0
        for syllable in text.split():
            for phrase in self._by_first.get(syllable, ()):
                if text.startswith(phrase, place):
                    found.add(phrase)
            place += len(syllable) + 1
        return frozenset(found)
