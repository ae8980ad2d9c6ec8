"""Suggestions for every clause of a parsed text: what it asks, of whom, by when, and which controls it feeds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from khien.norms.library import LIBRARY, broken_library, load_library
from khien.norms.model import Library
from khien.norms.suggest.actors import actor_of
from khien.norms.suggest.controls import Proposed, Proposer, best, with_values
from khien.norms.suggest.deadlines import Deadline, deadlines_of
from khien.norms.suggest.laws import Cited, resolved
from khien.norms.suggest.likeness import Example
from khien.norms.suggest.modality import INFO, Modality, modality_of
from khien.norms.suggest.names import Names, read_names
from khien.norms.suggest.own_quantities import own_quantities
from khien.norms.suggest.parameters import Clause, Given, Valuer, clause_of
from khien.norms.suggest.quantities import frequency_of
from khien.norms.suggest.recipients import form_of, recipients_of
from khien.norms.suggest.signs import Read, read_signs
from khien.norms.suggest.values import ValueBook, read_values
from khien.norms.suggest.words import words
from khien.norms.text.model import Citation, Node, ParsedDocument

# Below this no control fits: then the unit writes one of its own. Likeness without words of a sign needs more.
# A clause that speaks of this field needs less than one that may be of any other matter.
FITS_MIN, _LIKE_MIN, _IN_FIELD_MIN, _SHOWN_MIN = 0.42, 0.6, 0.22, 0.35
# A control that is much less likely than the first one gets no values.
_SHARE_OF_BEST, _VALUES_MIN = 0.55, 0.5
# What may be swept without a look: far above the second, by words of a sign, in a clause of one thought.
# Measured leave-one-out, such a first control is right in more than 97 of 100 (docs/PERFORMANCE.md).
_SURE_MIN, _SURE_AHEAD, _SURE_TIMES, _SURE_SYLLABLES = 0.85, 0.3, 1.4, 60


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is suggested for one clause; `controls` is empty where none fits.

    sure: the first control, or that the clause only explains, may be taken without a second look
    citations: texts cited, with what became of them
    is_lead_in: the clause only leads into those under it, but names a value, a text or a receiver
    """

    node: Node
    modality: Modality
    actor: str
    controls: tuple[Proposed, ...]
    parameters: tuple[Given, ...]
    frequency: str
    deadlines: tuple[Deadline, ...]
    recipients: tuple[str, ...] = ()
    form: str = ""
    citations: tuple[Cited, ...] = ()
    sure: bool = False
    is_lead_in: bool = False

    @property
    def recipient(self) -> str:
        """Return who gets the report first of all; empty where the clause names nobody."""
        return self.recipients[0] if self.recipients else ""


@dataclass(frozen=True, slots=True)
class Engine:
    """What suggests: learned from a library once per process."""

    proposer: Proposer
    valuer: Valuer
    names: Names

    def with_confirmed(self, confirmed: Sequence[Example]) -> Engine:
        """Return an engine that also knows what people confirmed; cheap for a few thousand examples."""
        return replace(self, proposer=self.proposer.with_confirmed(confirmed))


_MADE: dict[tuple[str, str], Engine] = {}
_MADE_MAX = 8


def engine_of(library: Library, *, without: str = "") -> Engine:
    """Return what suggests, learned from a library once per process.

    Args: without: a document of the library that is not learned from
    Raises: BrokenLibrary: the signs, values or names are wrong
    """
    key = (library.digest, without)
    if key not in _MADE:
        # A text that goes into force changes the library: what was learned before is let go.
        while len(_MADE) >= _MADE_MAX:
            _MADE.pop(next(iter(_MADE)), None)
        _MADE[key] = _learned(library, without)
    return _MADE[key]


def proposer_of(library: Library, *, without: str = "") -> Proposer:
    """Return what proposes controls, learned from a library once per process."""
    return engine_of(library, without=without).proposer


def _learned(library: Library, without: str) -> Engine:
    folder = LIBRARY / "suggest"
    signs, problems = read_signs(folder / "signs.yaml", library.controls)
    specs, more = read_values(folder / "values.yaml", library.controls)
    names, most = read_names(folder / "names.yaml")
    if problems or more or most:
        raise broken_library([*problems, *more, *most])
    return Engine(Proposer(library, signs, without=without), Valuer(ValueBook(specs), names), names)


def suggestions_for(
    document: ParsedDocument,
    library: Library | None = None,
    *,
    confirmed: Iterable[Example] = (),
    without: str = "",
) -> list[Suggestion]:
    """Return suggestions for the clauses of a text, in their order.

    Args: confirmed: clauses whose control people of this installation confirmed; learned on top of the library
          without: a document of the library that is not learned from
    """
    library = library or load_library()
    engine = engine_of(library, without=without).with_confirmed(tuple(confirmed))
    return _Reading(document, engine).suggestions()


class _Reading:
    """One text as it is read for suggestions: its units, and what cites what."""

    def __init__(self, document: ParsedDocument, engine: Engine) -> None:
        self._engine = engine
        self._nodes = {node.path: node for node in document.nodes}
        self._children: dict[str, list[Node]] = {}
        self._places: dict[str, int] = {}
        counted = Counter[tuple[str, str]]()
        for node in document.nodes:
            if node.parent:
                siblings = self._children.setdefault(node.parent, [])
                siblings.append(node)
                counted[node.parent, node.kind] += 1
                self._places[node.path] = counted[node.parent, node.kind]
        self._cited: dict[str, list[Citation]] = {}
        for citation in document.citations:
            if citation.node:
                self._cited.setdefault(citation.node, []).append(citation)
        self._titles: dict[str | None, tuple[str, ...]] = {None: ()}
        self._above: dict[tuple[str, ...], frozenset[str]] = {}

    def suggestions(self) -> list[Suggestion]:
        """Return the suggestions in the order of the text; values are lent from clause to clause last."""
        found, clauses = list[Suggestion](), list[Clause]()
        for node, is_lead_in in self._asking():
            suggestion, clause = self._suggested(node, is_lead_in=is_lead_in)
            if is_lead_in and not _names_something(suggestion):
                continue
            found.append(suggestion)
            clauses.append(clause)
        return self._lent(found, clauses)

    def _asking(self) -> Iterator[tuple[Node, bool]]:
        """Yield what asks something: leaves, and units above leaves that are sentences; and leads into lists."""
        for node in self._nodes.values():
            if not node.text.strip():
                continue
            if node.path not in self._children:
                yield node, False
            elif node.kind in ("khoan", "diem", "doan"):
                yield node, node.text.rstrip().endswith(":")

    def _titles_above(self, path: str | None) -> tuple[str, ...]:
        """Return the titles over a unit's children, nearest first."""
        if path not in self._titles:
            node = self._nodes[path or ""]
            own = node.title if node.title == node.text else f"{node.title} {node.text}".strip()
            self._titles[path] = (own, *self._titles_above(node.parent))
        return self._titles[path]

    def _suggested(self, node: Node, *, is_lead_in: bool) -> tuple[Suggestion, Clause]:
        above = self._titles_above(node.parent)
        scored = self._engine.proposer.scored(node.text, above)
        is_in_field = bool(self._engine.names.field.found(words(node.text)))
        first = _fitting(best(scored.values()), is_in_field=is_in_field)
        clause = self._clause(node, above)
        given = self._engine.valuer.values(clause, _takers(first), [one.control for one in first])
        proposed = with_values(scored, [(one.control, one.words) for one in given])
        citations = self._cited.get(node.path, ())
        suggestion = Suggestion(
            node=node,
            modality=modality_of(node.text, above),
            actor=actor_of(node.text, above),
            controls=tuple(_fitting(proposed, is_in_field=is_in_field)),
            parameters=tuple(given),
            frequency=frequency_of(node.text),
            deadlines=clause.deadlines,
            recipients=recipients_of(node.text),
            form=form_of(node.text),
            citations=resolved(citations),
            is_lead_in=is_lead_in,
        )
        return suggestion, clause

    def _clause(self, node: Node, above: tuple[str, ...]) -> Clause:
        phrases = self._engine.valuer.phrases
        text = words(node.text)
        return clause_of(
            node,
            Read(text, phrases.found(text), self._found_above(above)),
            children=tuple(self._children.get(node.path, ())),
            place=self._places.get(node.path, 0),
            citations=tuple(self._cited.get(node.path, ())),
            deadlines=tuple(deadlines_of(node.text)),
        )

    def _found_above(self, above: tuple[str, ...]) -> frozenset[str]:
        if above not in self._above:
            self._above[above] = self._engine.valuer.phrases.found(words(" ".join(above[:3])))
        return self._above[above]

    def _lent(self, found: list[Suggestion], clauses: list[Clause]) -> list[Suggestion]:
        """Return the suggestions with values that one clause takes from another of the same text."""
        every = [given for one in found for given in one.parameters]
        by_path = {one.node.path: one.parameters for one in found}
        return [
            self._with_lent(one, clause, every, by_path)
            for one, clause in zip(found, clauses, strict=True)
        ]

    def _with_lent(
        self,
        one: Suggestion,
        clause: Clause,
        every: Sequence[Given],
        by_path: Mapping[str, Sequence[Given]],
    ) -> Suggestion:
        targets = [path for cited in clause.citations for path in cited.targets]
        lenders = [given for path in targets for given in by_path.get(path, ())] or every
        own = {(given.control, given.name) for given in one.parameters}
        borrowed = [
            given
            for given in self._engine.valuer.borrowed(clause, lenders)
            if (given.control, given.name) not in own
        ]
        given = (*one.parameters, *borrowed)
        every_value = (*given, *own_quantities(clause, given))
        sure = is_sure(one.node.text, one.controls, every_value) or _only_explains(one)
        return replace(one, parameters=every_value, sure=sure)


def _only_explains(one: Suggestion) -> bool:
    """Say whether a clause stands under a title of definitions or of scope, and feeds nothing."""
    is_info = one.modality.code == INFO and one.modality.is_by_title
    return is_info and not one.controls and not one.parameters


def _fitting(proposed: Sequence[Proposed], *, is_in_field: bool) -> list[Proposed]:
    """Return the controls that may fit, the best first; none where even the best does not."""
    if is_in_field:
        return [one for one in proposed if one.score >= _IN_FIELD_MIN]
    if proposed and not proposed[0].words and proposed[0].score < _LIKE_MIN:
        named = [one for one in proposed if one.words and one.score >= FITS_MIN]
        if not named:
            return []
        proposed = [*named, *(one for one in proposed if one not in named)]
    if not proposed or proposed[0].score < FITS_MIN:
        return []
    return [one for one in proposed if one.score >= _SHOWN_MIN]


def is_sure(text: str, controls: Sequence[Proposed], given: Iterable[Given]) -> bool:
    """Say whether the first control may be taken without a second look."""
    if not controls or len(text.split()) > _SURE_SYLLABLES:
        return False
    first, second = controls[0], controls[1].score if len(controls) > 1 else 0.0
    if any(one.control not in ("", first.control) for one in given):
        return False
    is_ahead = first.score - second >= _SURE_AHEAD and first.score >= _SURE_TIMES * second
    return first.score >= _SURE_MIN and is_ahead and bool(first.words)


def _names_something(one: Suggestion) -> bool:
    return bool(one.parameters)


def _takers(proposed: Sequence[Proposed]) -> list[str]:
    """Return the controls that are sure enough to take values: those near the best, with words that decided."""
    if not proposed:
        return []
    least = max(_VALUES_MIN, proposed[0].score * _SHARE_OF_BEST)
    return [one.control for one in proposed if one.score >= least and one.words]


def as_json(suggestion: Suggestion) -> dict[str, Any]:
    """Return a suggestion as values of JSON: the public form of `khien norms suggest --json`."""
    deadlines = suggestion.deadlines
    return {
        "path": suggestion.node.path,
        "modality": suggestion.modality.code,
        "sure": suggestion.sure,
        "controls": [
            {
                "id": one.control,
                "score": round(one.score, 3),
                "words": list(one.words),
                "nearest": one.nearest,
            }
            for one in suggestion.controls
        ],
        "parameters": [_parameter(one) for one in suggestion.parameters],
        "deadline": deadlines[0].words if deadlines else None,
        "deadlines": [_deadline(one) for one in deadlines],
        "frequency": suggestion.frequency or None,
        "actor": suggestion.actor or None,
        "recipient": suggestion.recipient or None,
        "recipients": list(suggestion.recipients),
        "form": suggestion.form or None,
        "citations": [_cited(one) for one in suggestion.citations],
        "is_lead_in": suggestion.is_lead_in,
        "line": suggestion.node.line_start,
    }


def _parameter(one: Given) -> dict[str, Any]:
    value: Any = one.value
    if isinstance(value, tuple):
        value = list(value)
    elif isinstance(value, date):
        value = value.isoformat()
    return {
        "name": one.name,
        "value": value,
        "unit": one.unit,
        "control": one.control or None,
        "words": one.words,
    }


def _deadline(one: Deadline) -> dict[str, Any]:
    day = one.day.isoformat() if one.day else None
    return {"kind": one.kind, "words": one.words, "numbers": one.numbers, "day": day}


def _cited(one: Cited) -> dict[str, Any]:
    return {
        "text": one.text,
        "key": one.key or None,
        "ended_on": one.ended_on.isoformat() if one.ended_on else None,
        "successor": one.successor,
        "mark": one.mark or None,
    }
