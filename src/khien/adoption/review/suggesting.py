"""Suggestions for the clauses of an imported text, learned also from what people confirmed; kept per process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from django.db.models import Count, Q

from khien.adoption.models import ClauseReview, ImportedText
from khien.adoption.review.clauses import Clauses, clauses_of
from khien.adoption.structure import structure_of
from khien.norms.library import load_library
from khien.norms.model import Library
from khien.norms.suggest.likeness import Example
from khien.norms.suggest.suggesting import Suggestion, suggestions_for
from khien.norms.suggest.words import words

# New decisions are learned in steps, so that a page does not wait for all suggestions after each of them.
LEARN_STEP: Final = 100
LEARN_MAX: Final = 5000
_KEPT = 6

_made: dict[tuple[object, ...], Mapping[str, Suggestion]] = {}


def clauses_to_decide(text: ImportedText) -> Clauses:
    """Return the clauses of a text that are to be decided; the same object as long as nobody corrects it."""
    return _clauses(_Held(text))


def suggestions_of(text: ImportedText) -> Mapping[str, Suggestion]:
    """Return what is suggested for each clause of a text, by path, in the order of the text."""
    library = load_library()
    key = (text.pk, text.source_sha256, text.structure, library.digest, *_decisions_version())
    if key not in _made:
        found = suggestions_for(structure_of(text), library, confirmed=_confirmed(library))
        while len(_made) >= _KEPT:
            _made.pop(next(iter(_made)), None)
        _made[key] = {one.node.path: one for one in found}
    return _made[key]


def _decisions_version() -> tuple[int, int]:
    """Return how much was learned: all of texts that are settled, and in steps what is still under review.

    A sweep confirms what was suggested anyway; while a text is open it is no reason to suggest anew.
    """
    is_open = Q(text__state=ImportedText.State.REVIEWING)
    counted = ClauseReview.objects.aggregate(
        still=Count("pk", filter=is_open & Q(how="one")), settled=Count("pk", filter=~is_open)
    )
    return counted["settled"], counted["still"] // LEARN_STEP


def _confirmed(library: Library) -> list[Example]:
    rows = (
        ClauseReview.objects.filter(outcome=ClauseReview.Outcome.DUTIES)
        .exclude(text__state=ImportedText.State.DROPPED)
        .order_by("-pk")
        .values_list("duties", "path", "text__code")[:LEARN_MAX]
    )
    return [
        Example(duty["control"], words(duty["text"]), (), f"{code}/{path}")
        for duties, path, code in rows
        for duty in duties
        if duty["control"] in library.controls
    ]


class _Held:
    """A text as a key: equal as long as source and structure are."""

    def __init__(self, text: ImportedText) -> None:
        self.text = text
        self._key = (text.pk, text.source_sha256, text.structure)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self._key == other._key


@lru_cache(maxsize=_KEPT)
def _clauses(held: _Held) -> Clauses:
    return clauses_of(structure_of(held.text))
