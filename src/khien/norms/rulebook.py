"""The rulebook: which controls bind, and for each parameter the strictest value with its clause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from khien.norms.errors import ContradictoryParameter, UnknownDocument
from khien.norms.model import Amendment, Clause, Document, Duty, Library, Parameter, Value


def is_binding(duty: Duty) -> bool:
    """Say whether a duty binds the unit itself: no definition, not on another side, not left to be checked."""
    return duty.side == "unit" and duty.modality != "info" and not duty.is_unsure


@dataclass(frozen=True, slots=True)
class Sourced:
    """A parameter value and the clause and duty that give it."""

    value: Value
    document: str
    path: str
    duty: str

    @property
    def anchor(self) -> str:
        """Return the stable address of the clause: document/path."""
        return f"{self.document}/{self.path}"


@dataclass(frozen=True, slots=True)
class Resolved:
    """One parameter in force: the winning value, the clauses that give it, and the losing ones.

    A value of None means that the texts demand the thing without a number: the unit sets its own.
    """

    parameter: Parameter
    value: Value
    winners: tuple[Sourced, ...]
    losers: tuple[Sourced, ...]

    @property
    def anchors(self) -> tuple[str, ...]:
        """Return the clauses that give the winning value, each once."""
        return tuple(dict.fromkeys(winner.anchor for winner in self.winners))


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A parameter for which two texts that bind together give values that cannot both hold."""

    parameter: str
    first: Sourced
    second: Sourced


@dataclass(frozen=True, slots=True)
class Rule:
    """One control as it binds: the duties that demand it, and its parameters in force.

    contradictions: what the texts disagree on; such a parameter has no value, and nothing decides the control.
    """

    control: str
    sources: tuple[tuple[Clause, Duty], ...]
    parameters: Mapping[str, Resolved]
    contradictions: tuple[Contradiction, ...] = ()

    @property
    def binding(self) -> bool:
        """Say whether a duty of the unit's own side demands it; definitions alone do not bind."""
        return any(is_binding(duty) for _, duty in self.sources)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules that follow from a set of documents on a day, in the library's order of controls.

    in_force: of each document the day since when it binds (it came into force; for a unit bound later, that day),
    and the day it ends if that is known.
    """

    documents: tuple[str, ...]
    on: date
    rules: Mapping[str, Rule]
    in_force: Mapping[str, tuple[date, date | None]] = field(default_factory=dict)


def build_rulebook(library: Library, documents: Iterable[str], *, on: date) -> Rulebook:
    """Put together the rules of the documents that are in force on a day; the strictest value wins.

    The order in which documents are named means nothing: they stand in the library's order.
    Where two texts contradict each other, the rule says so and the parameter has no value.
    Raises: UnknownDocument: an id that the library does not hold
    """
    wanted = list(documents)
    missing = [name for name in wanted if name not in library.documents]
    if missing:
        raise UnknownDocument(document=missing[0], known=", ".join(library.documents))
    bound = [d for d in library.documents.values() if d.id in wanted and d.in_force_on(on)]
    sources = sources_by_control(bound)
    rules = {
        control_id: _rule(control_id, control.parameters, sources[control_id])
        for control_id, control in library.controls.items()
        if control_id in sources
    }
    in_force = {d.id: (d.in_force_from, d.in_force_to) for d in bound}
    return Rulebook(tuple(d.id for d in bound), on, rules, in_force)


def sources_by_control(documents: Iterable[Document]) -> dict[str, list[tuple[Clause, Duty]]]:
    """Return the duties of documents that hold together, with their clauses, by the control that each feeds."""
    sources: dict[str, list[tuple[Clause, Duty]]] = {}
    for clause, duty in duties_in_force(documents):
        sources.setdefault(duty.control, []).append((clause, duty))
    return sources


def duties_in_force(documents: Iterable[Document]) -> Iterator[tuple[Clause, Duty]]:
    """Yield the duties of documents that are in force together; what one of them amended away is left out."""
    held = list(documents)
    amended: dict[str, list[Amendment]] = {}
    for text in held:
        for one in text.amends:
            amended.setdefault(one.document, []).append(one)
    for document in held:
        changes = amended.get(document.id, ())
        for clause, duty in document.duties():
            if not any(one.touches(document.id, clause.path) for one in changes):
                yield clause, duty


def is_amended(documents: Iterable[Document], document: str, path: str) -> bool:
    """Say whether one of the documents in force together stands in the place of a clause of another."""
    return any(one.touches(document, path) for text in documents for one in text.amends)


def _rule(
    control: str, parameters: Mapping[str, Parameter], sources: list[tuple[Clause, Duty]]
) -> Rule:
    found = tuple(Contradiction(*clash) for clash in clashes(control, parameters, sources))
    without = {name for clash in found for name in (clash.parameter, greatest_of(clash.parameter))}
    resolved = {
        name: resolve(parameter, given, control=control)
        for name, parameter in parameters.items()
        if name not in without and (given := values_given(name, sources))
    }
    return Rule(control, tuple(sources), resolved, found)


def clashes(
    control: str, parameters: Mapping[str, Parameter], sources: Iterable[tuple[Clause, Duty]]
) -> Iterator[tuple[str, Sourced, Sourced]]:
    """Yield each parameter on which duties contradict each other, with two values that cannot both hold."""
    resolved: dict[str, Resolved] = {}
    pairs = list(sources)
    for name, parameter in parameters.items():
        given = values_given(name, pairs)
        pair = disagreeing([source for source in given if source.value is not None])
        if parameter.sense == "exact" and pair is not None:
            yield name, *pair
        elif given and parameter.type == "integer":
            resolved[name] = resolve(parameter, given, control=control)
    yield from crossed(resolved)


def greatest_of(name: str) -> str:
    """Return the name of the parameter that limits a least value from above: <x>_max of <x>_min."""
    return f"{name.removesuffix('_min')}_max" if name.endswith("_min") else name


def values_given(name: str, sources: Iterable[tuple[Clause, Duty]]) -> list[Sourced]:
    """Return what duties give for a parameter, also where they name it without a value.

    What is to be checked first (mark C) gives nothing.
    """
    return [
        Sourced(duty.parameters[name], clause.document, clause.path, duty.id)
        for clause, duty in sources
        if name in duty.parameters and not duty.is_unsure
    ]


def crossed(resolved: Mapping[str, Resolved]) -> Iterator[tuple[str, Sourced, Sourced]]:
    """Yield each parameter <x>_min that is beyond its <x>_max: nothing could satisfy both."""
    for name, low in resolved.items():
        high = resolved.get(greatest_of(name)) if name.endswith("_min") else None
        if high is None or not isinstance(low.value, int) or not isinstance(high.value, int):
            continue
        if low.value > high.value:
            yield name, low.winners[0], high.winners[0]


def disagreeing(stated: Sequence[Sourced]) -> tuple[Sourced, Sourced] | None:
    """Return the first two of some values that differ, where texts must agree."""
    other = next((source for source in stated if source.value != stated[0].value), None)
    return None if other is None else (stated[0], other)


def contradiction(
    control: str, parameter: str, first: Sourced, second: Sourced
) -> ContradictoryParameter:
    """Return the failure that names a parameter and the two clauses that cannot both hold."""
    return ContradictoryParameter(
        control=control,
        parameter=parameter,
        first=f"{first.anchor} = {first.value}",
        second=f"{second.anchor} = {second.value}",
    )


def resolve(parameter: Parameter, given: list[Sourced], *, control: str) -> Resolved:
    """Settle one parameter among the values that texts give: strictest wins, none is forgotten.

    Raises: ContradictoryParameter: an `exact` parameter with two values
    """
    stated = [source for source in given if source.value is not None]
    if not stated:
        return Resolved(parameter, None, tuple(given), ())
    value = _strictest(parameter, stated, control)
    winners = _winners(parameter, stated, value)
    won = set(winners)
    losers = tuple(source for source in given if source not in won)
    return Resolved(parameter, value, winners, losers)


def _strictest(parameter: Parameter, stated: list[Sourced], control: str) -> Value:
    match parameter.sense:
        case "max":
            return max(v for s in stated if isinstance(v := s.value, int))
        case "min":
            return min(v for s in stated if isinstance(v := s.value, int))
        case "earliest":
            return min(v for s in stated if isinstance(v := s.value, date))
        case "union":
            return _union(parameter, stated)
        case "intersection":
            return _intersection(stated)
        case "ranked":
            return min((str(s.value) for s in stated), key=parameter.order.index)
        case _:
            return _agreed(parameter, stated, control)


def _union(parameter: Parameter, stated: list[Sourced]) -> tuple[str, ...]:
    items = dict.fromkeys(
        item for s in stated for item in (s.value if isinstance(s.value, tuple) else ())
    )
    implied = {
        item for item, stronger in parameter.implied_by.items() if any(s in items for s in stronger)
    }
    return tuple(item for item in items if item not in implied)


def _intersection(stated: list[Sourced]) -> tuple[str, ...]:
    sets = [s.value for s in stated if isinstance(s.value, tuple)]
    return tuple(item for item in sets[0] if all(item in other for other in sets[1:]))


def _agreed(parameter: Parameter, stated: list[Sourced], control: str) -> Value:
    pair = disagreeing(stated)
    if pair is not None:
        raise contradiction(control, parameter.name, *pair)
    return stated[0].value


def _winners(parameter: Parameter, stated: list[Sourced], value: Value) -> tuple[Sourced, ...]:
    """Return the sources that give the value; where only several together give it, all of those."""
    if not isinstance(value, tuple):
        return tuple(source for source in stated if source.value == value)
    whole = set(value)
    held = [(source, set(source.value)) for source in stated if isinstance(source.value, tuple)]
    if parameter.sense == "intersection":
        exact = tuple(source for source, items in held if items == whole)
        return exact or tuple(stated)
    # A set that also holds something weaker loses, unless it alone gives an item.
    clean = [items for _, items in held if items <= whole and (items or not whole)]
    missing = whole.difference(*clean)
    return tuple(source for source, items in held if items in clean or items & missing)
