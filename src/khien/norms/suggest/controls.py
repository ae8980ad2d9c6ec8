"""Which controls a clause feeds: what it is like among known clauses, and which signs it shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from heapq import nsmallest

from khien.norms.model import Clause, Document, Library
from khien.norms.suggest.likeness import Example, Index
from khien.norms.suggest.signs import Read, Sign, SignBook
from khien.norms.suggest.words import words

# A sign of this weight says as much as a clause that is the same word for word.
_SIGN_SCALE = 24.0
SHOWN_MAX = 5
# What a value of one of its parameters adds to a control; more values of it add nothing.
_VALUE_GAIN = 0.4


@dataclass(frozen=True, slots=True)
class Proposed:
    """A control proposed for a clause: its score (0 to about 2), the words that decided, a clause like it."""

    control: str
    score: float
    words: tuple[str, ...]
    nearest: str


class Proposer:
    """Proposes controls; made once from a library and what was confirmed before."""

    def __init__(
        self, library: Library, signs: Mapping[str, Sequence[Sign]], *, without: str = ""
    ) -> None:
        """Learn from a library.

        Args: without: a document of the library that is left out, to measure how well the others serve
        """
        documents = [d for d in library.documents.values() if d.id != without]
        examples = [*_descriptions(library), *_duties(documents)]
        self._index = Index(examples)
        self._signs = SignBook(signs, (example.text for example in examples))

    def with_confirmed(self, confirmed: Sequence[Example]) -> Proposer:
        """Return a proposer that also knows what people confirmed; what the library taught is shared."""
        if not confirmed:
            return self
        more = copy(self)
        more._index = self._index.with_more(confirmed)
        return more

    def scored(self, text: str, above: Sequence[str]) -> dict[str, Proposed]:
        """Return every control that a clause has anything in common with, by its name.

        Args: text: the clause, above: the titles above it, nearest first, both as they stand in the text
        """
        clause, titles = words(text), tuple(words(title) for title in above)
        over = self._found_above(" ".join(titles[:3]))
        shown = self._signs.shown(Read(clause, self._signs.phrases.found(clause), over))
        alike = self._index.alike(clause, titles)
        found = {}
        for control in shown.keys() | alike.keys():
            sign, near = shown.get(control), alike.get(control)
            score = (near.score if near else 0.0) + (sign.weight / _SIGN_SCALE if sign else 0.0)
            found[control] = Proposed(
                control, score, sign.found if sign else (), near.nearest if near else ""
            )
        return found

    def proposed(self, text: str, above: Sequence[str]) -> list[Proposed]:
        """Return the likeliest controls for a clause, the best first."""
        return best(self.scored(text, above).values())

    @lru_cache(maxsize=256)  # noqa: B019  # a proposer lives as long as the process
    def _found_above(self, titles: str) -> frozenset[str]:
        return self._signs.phrases.found(titles)


def best(found: Iterable[Proposed]) -> list[Proposed]:
    """Return the likeliest of the controls found, the best first; equals in the order of their names."""
    return nsmallest(SHOWN_MAX, found, key=lambda one: (-one.score, one.control))


def with_values(found: dict[str, Proposed], given: Iterable[tuple[str, str]]) -> list[Proposed]:
    """Return the likeliest controls, when values of their parameters stand in the clause: that says much.

    Args: given: the control and the words of each value
    """
    joined, gained = dict(found), set[str]()
    for control, said in given:
        one = joined.get(control) or Proposed(control, 0.0, (), "")
        gain = 0.0 if control in gained else _VALUE_GAIN
        gained.add(control)
        joined[control] = replace(
            one, score=one.score + gain, words=tuple(dict.fromkeys((*one.words, said)))
        )
    return best(joined.values())


def _descriptions(library: Library) -> Iterator[Example]:
    """Yield each control in its own words: its title counts most."""
    for control in library.controls.values():
        title = control.title.vi
        named = [parameter.title.vi for parameter in control.parameters.values()]
        said = " . ".join([title, title, title, control.fix.vi, control.why.vi, *named])
        yield Example(control.id, words(said), (), f"control/{control.id}")


def _duties(documents: Iterable[Document]) -> Iterator[Example]:
    for document in documents:
        for clause, duty in document.duties():
            yield Example(
                duty.control, words(duty.text.vi), tuple(_above(document, clause)), clause.anchor
            )


def _above(document: Document, clause: Clause) -> Iterator[str]:
    path = clause.path
    while "." in path:
        path = path.rpartition(".")[0]
        if path in document.clauses:
            yield words(document.clauses[path].text.vi)
