"""Texts side by side: by control, by parameter, and which of all texts is the strictest; each with its clause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from khien.norms.difference import direction_of, is_same, plain
from khien.norms.errors import UnknownDocument
from khien.norms.model import (
    Clause,
    Control,
    Document,
    Duty,
    LawCitation,
    Library,
    Parameter,
    Value,
)
from khien.norms.rulebook import (
    Resolved,
    Rulebook,
    Sourced,
    disagreeing,
    resolve,
    sources_by_control,
)

Pairs = list[tuple[Clause, Duty]]
# Who is stricter: the first text, the second, both the same, or no order between the two values.
STRICTER = ("first", "second", "same", "differs")
_BY_DIRECTION = {"tightened": "second", "loosened": "first"}


@dataclass(frozen=True, slots=True)
class Place:
    """A clause that asks for something, and how sure it is."""

    document: str
    path: str
    mark: str

    @property
    def anchor(self) -> str:
        """Return the stable address of the clause: document/path."""
        return f"{self.document}/{self.path}"


@dataclass(frozen=True, slots=True)
class Given:
    """What a text gives for a parameter, and where; agrees: a text that says two things gives no value."""

    value: Value
    places: tuple[Place, ...]
    agrees: bool = True


@dataclass(frozen=True, slots=True)
class ParameterBeside:
    """One parameter in two texts; stricter: one of STRICTER, or "" where only one text gives it."""

    parameter: Parameter
    first: Given | None
    second: Given | None
    stricter: str


@dataclass(frozen=True, slots=True)
class ControlBeside:
    """One control in two texts: the clauses of each that ask for it, and its parameters."""

    control: Control
    first: tuple[Place, ...]
    second: tuple[Place, ...]
    parameters: tuple[ParameterBeside, ...]

    @property
    def asked_by(self) -> str:
        """Return who asks for it: both, first or second."""
        if self.first and self.second:
            return "both"
        return "first" if self.first else "second"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts side by side (so sánh hai văn bản), in the library's order of controls."""

    first: Document
    second: Document
    controls: tuple[ControlBeside, ...]

    def asked_by(self, who: str) -> tuple[ControlBeside, ...]:
        """Return the controls that both texts ask for, or only one of them."""
        return tuple(one for one in self.controls if one.asked_by == who)

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how many controls both ask for, how many one only, and how often each is the stricter."""
        found = {who: len(self.asked_by(who)) for who in ("both", "first", "second")}
        said = [p.stricter for one in self.controls for p in one.parameters]
        return found | {f"stricter_{who}": said.count(who) for who in STRICTER}


@dataclass(frozen=True, slots=True)
class Strictest:
    """The strictest value of one parameter among all texts (yêu cầu nghiêm nhất), and what the others say.

    others: each value that is not the strictest; unsure: what is to be checked, and so does not count.
    """

    control: Control
    parameter: Parameter
    strictest: Given | None
    others: tuple[Given, ...]
    unsure: tuple[Given, ...]

    @property
    def text_count(self) -> int:
        """Return how many texts give a value."""
        given = (*([self.strictest] if self.strictest else []), *self.others, *self.unsure)
        return len({place.document for one in given for place in one.places})


@dataclass(frozen=True, slots=True)
class Ended:
    """A cited text that ended or was replaced, in the text that still cites it (viện dẫn hết hiệu lực)."""

    document: Document
    citation: LawCitation


@dataclass(frozen=True, slots=True)
class Tightening:
    """What a standard would add to a rulebook or tighten in it; no parameter: the control is not there yet."""

    control: Control
    parameter: Parameter | None
    now: Given | None
    then: Given


def asks(duty: Duty) -> bool:
    """Say whether a duty asks something of the unit; also where that is still to be checked."""
    return duty.side == "unit" and duty.modality != "info"


def side_by_side(library: Library, first: str, second: str) -> Comparison:
    """Compare two texts, each taken alone, as if both were in force.

    Raises: UnknownDocument: an id that the library does not hold
    """
    texts = [document_of(library, first), document_of(library, second)]
    ours, theirs = (_asked([text]) for text in texts)
    found = [
        _beside(control, ours.get(control.id, []), theirs.get(control.id, []))
        for control in library.controls.values()
        if control.id in ours or control.id in theirs
    ]
    return Comparison(texts[0], texts[1], tuple(found))


def document_of(library: Library, document: str) -> Document:
    """Return a document of the library.

    Raises: UnknownDocument: the library does not hold it
    """
    if document not in library.documents:
        raise UnknownDocument(document=document, known=", ".join(library.documents))
    return library.documents[document]


def _asked(documents: Iterable[Document]) -> dict[str, Pairs]:
    found = {
        control: [(clause, duty) for clause, duty in pairs if asks(duty)]
        for control, pairs in sources_by_control(documents).items()
    }
    return {control: pairs for control, pairs in found.items() if pairs}


def _beside(control: Control, first: Pairs, second: Pairs) -> ControlBeside:
    parameters = []
    for parameter in control.parameters.values():
        ours, theirs = given_by(parameter, first), given_by(parameter, second)
        if ours is not None or theirs is not None:
            stricter = _stricter(parameter, ours, theirs)
            parameters.append(ParameterBeside(parameter, ours, theirs, stricter))
    return ControlBeside(control, _places(first), _places(second), tuple(parameters))


def _places(pairs: Pairs) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(Place(c.document, c.path, d.mark) for c, d in pairs))


def given_by(parameter: Parameter, pairs: Pairs) -> Given | None:
    """Return what duties together give for a parameter; None where none of them names it."""
    marks = {(c.document, c.path): d.mark for c, d in pairs if parameter.name in d.parameters}
    given = [
        Sourced(d.parameters[parameter.name], c.document, c.path, d.id)
        for c, d in pairs
        if parameter.name in d.parameters
    ]
    if not given:
        return None
    stated = [source for source in given if source.value is not None]
    if parameter.sense == "exact" and disagreeing(stated) is not None:
        return Given(None, _sourced(given, marks), agrees=False)
    resolved = resolve(parameter, given, control="")
    return Given(resolved.value, _sourced(resolved.winners, marks))


def _sourced(sources: Iterable[Sourced], marks: Mapping[tuple[str, str], str]) -> tuple[Place, ...]:
    places = (Place(s.document, s.path, marks[s.document, s.path]) for s in sources)
    return tuple(dict.fromkeys(places))


def _stricter(parameter: Parameter, first: Given | None, second: Given | None) -> str:
    if first is None or second is None:
        return ""
    if not (first.agrees and second.agrees):
        return "differs"
    if is_same(first.value, second.value):
        return "same"
    before, after = (Resolved(parameter, one.value, (), ()) for one in (first, second))
    return _BY_DIRECTION.get(direction_of(parameter, before, after), "differs")


def strictest_of_all(
    library: Library, *, on: date, tiers: Iterable[str] = ()
) -> tuple[Strictest, ...]:
    """Return for every parameter the strictest value of all texts in force on a day.

    Args: tiers: only texts of these; all by default
    """
    wanted = set(tiers)
    texts = [
        text
        for text in library.documents.values()
        if text.in_force_on(on) and (not wanted or text.tier in wanted)
    ]
    asked = _asked(texts)
    return tuple(
        one
        for control in library.controls.values()
        for parameter in control.parameters.values()
        if (one := _strictest(control, parameter, asked.get(control.id, []))) is not None
    )


def _strictest(control: Control, parameter: Parameter, pairs: Pairs) -> Strictest | None:
    sure = [(clause, duty) for clause, duty in pairs if not duty.is_unsure]
    unsure = [(clause, duty) for clause, duty in pairs if duty.is_unsure]
    best = given_by(parameter, sure)
    open_values = tuple(_values(parameter, unsure))
    if best is None and not open_values:
        return None
    others = tuple(
        one
        for one in _values(parameter, sure)
        if best is None or not best.agrees or not is_same(one.value, best.value)
    )
    return Strictest(control, parameter, best, others, open_values)


def _values(parameter: Parameter, pairs: Pairs) -> Iterator[Given]:
    """Yield each value that duties give, with all the clauses that give it; of numbers the strictest first."""
    found: dict[str, tuple[Value, dict[Place, None]]] = {}
    for clause, duty in pairs:
        if parameter.name in duty.parameters:
            value = duty.parameters[parameter.name]
            kept = found.setdefault(str(value), (value, {}))
            kept[1][Place(clause.document, clause.path, duty.mark)] = None
    values = [Given(value, tuple(places)) for value, places in found.values()]
    if parameter.type == "integer":
        loosest = -1 if parameter.sense == "max" else 1
        values.sort(
            key=lambda one: (
                one.value is None,
                loosest * (one.value if isinstance(one.value, int) else 0),
            )
        )
    yield from values


def ended_law(library: Library, document: str = "") -> tuple[Ended, ...]:
    """Return the law that has ended or was replaced and that texts still cite, text by text.

    Args:   document: of one text only
    Raises: UnknownDocument: an id that the library does not hold
    """
    texts = [document_of(library, document)] if document else library.documents.values()
    return tuple(
        Ended(text, citation)
        for text in texts
        for citation in text.citations
        if citation.ended_on or citation.successor
    )


def standard_of_level(library: Library, level: int) -> Document | None:
    """Return the standard that states the basic requirements of a level; None where the library has none."""
    found = (text for text in library.documents.values() if text.level == level)
    return next(found, None)


def tightenings(library: Library, rulebook: Rulebook, standard: Document) -> tuple[Tightening, ...]:
    """Return what a standard would add to a rulebook, or tighten in it, with the clauses of both."""
    found: list[Tightening] = []
    for code, pairs in _asked([standard]).items():
        control, rule = library.controls[code], rulebook.rules.get(code)
        mine = [(c, d) for c, d in rule.sources if asks(d) and not d.is_unsure] if rule else []
        named = [p for p in control.parameters.values() if given_by(p, pairs) is not None]
        if not mine and not named:
            found.append(Tightening(control, None, None, Given(None, _places(pairs))))
        found += filter(None, (_tightened(control, p, mine, pairs) for p in named))
    order = {code: at for at, code in enumerate(library.controls)}
    return tuple(sorted(found, key=lambda one: order[one.control.id]))


def _tightened(
    control: Control, parameter: Parameter, mine: Pairs, theirs: Pairs
) -> Tightening | None:
    now, then = given_by(parameter, mine), given_by(parameter, theirs)
    if then is None or _stricter(parameter, now, then) in ("first", "same"):
        return None
    return Tightening(control, parameter, now, then)


def as_json(one: Comparison | Strictest | Ended | Tightening) -> dict[str, Any]:
    """Return a result for JSON, values plain and clauses by their addresses."""
    match one:
        case Comparison():
            return {
                "first": one.first.id,
                "second": one.second.id,
                "counts": dict(one.counts),
                "controls": [_control_json(control) for control in one.controls],
            }
        case Strictest():
            return {
                "control": one.control.id,
                "parameter": one.parameter.name,
                "unit": one.parameter.unit,
                "strictest": _given_json(one.strictest),
                "others": [_given_json(given) for given in one.others],
                "unsure": [_given_json(given) for given in one.unsure],
            }
        case Ended():
            return _ended_json(one)
        case _:
            return {
                "control": one.control.id,
                "parameter": one.parameter.name if one.parameter else None,
                "now": _given_json(one.now),
                "then": _given_json(one.then),
            }


def _control_json(one: ControlBeside) -> dict[str, Any]:
    return {
        "control": one.control.id,
        "asked_by": one.asked_by,
        "first": [place.anchor for place in one.first],
        "second": [place.anchor for place in one.second],
        "parameters": [
            {
                "name": p.parameter.name,
                "unit": p.parameter.unit,
                "first": _given_json(p.first),
                "second": _given_json(p.second),
                "stricter": p.stricter or None,
            }
            for p in one.parameters
        ],
    }


def _ended_json(one: Ended) -> dict[str, Any]:
    cited = one.citation
    return {
        "document": one.document.id,
        "clauses": [f"{one.document.id}/{path}" for path in cited.clauses],
        "cited": cited.key,
        "title": cited.title.as_dict(),
        "ended_on": cited.ended_on.isoformat() if cited.ended_on else None,
        "successor": cited.successor,
        "mark": cited.mark,
    }


def _given_json(given: Given | None) -> dict[str, Any] | None:
    if given is None:
        return None
    return {
        "value": plain(given.value),
        "agrees": given.agrees,
        "clauses": [{"clause": place.anchor, "mark": place.mark} for place in given.places],
    }
