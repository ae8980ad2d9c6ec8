"""The rulebook: which controls bind, and for each parameter the strictest value with its clause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from khien.norms.errors import ContradictoryParameter, UnknownDocument
from khien.norms.model import Clause, Document, Duty, Library, Parameter, Value


@dataclass(frozen=True, slots=True)
class Sourced:
    """A parameter value and the clause and duty that give it."""

    value: Value
    document: str
    path: str
    duty: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """One parameter in force: the winning value, the clauses that give it, and the losing ones.

    A value of None means that the texts demand the thing without a number: the unit sets its own.
    """

    parameter: Parameter
    value: Value
    winners: tuple[Sourced, ...]
    losers: tuple[Sourced, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One control as it binds: the duties that demand it, and its parameters in force."""

    control: str
    sources: tuple[tuple[Clause, Duty], ...]
    parameters: Mapping[str, Resolved]

    @property
    def binding(self) -> bool:
        """Say whether a duty of the unit's own side demands it; definitions alone do not bind."""
        return any(d.side == "unit" and d.modality != "info" for _, d in self.sources)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules that follow from a set of documents on a day, in the library's order of controls."""

    documents: tuple[str, ...]
    on: date
    rules: Mapping[str, Rule]


def build_rulebook(library: Library, documents: Iterable[str], *, on: date) -> Rulebook:
    """Put together the rules of the documents that are in force on a day; the strictest value wins.

    The order in which documents are named means nothing: they stand in the library's order.
    Raises: UnknownDocument: an id that the library does not hold; ContradictoryParameter: two texts give
            an `exact` parameter different values, or a least value beyond the greatest
    """
    wanted = list(documents)
    missing = [name for name in wanted if name not in library.documents]
    if missing:
        raise UnknownDocument(document=missing[0], known=", ".join(library.documents))
    bound = [d for d in library.documents.values() if d.id in wanted and d.in_force_on(on)]
    sources = sources_by_control(bound)
    rules = {
        control_id: Rule(
            control=control_id,
            sources=tuple(sources[control_id]),
            parameters=_resolve_all(control.parameters, sources[control_id], control_id),
        )
        for control_id, control in library.controls.items()
        if control_id in sources
    }
    return Rulebook(documents=tuple(d.id for d in bound), on=on, rules=rules)


def sources_by_control(documents: Iterable[Document]) -> dict[str, list[tuple[Clause, Duty]]]:
    """Return the duties of documents with their clauses, by the control that each feeds."""
    sources: dict[str, list[tuple[Clause, Duty]]] = {}
    for document in documents:
        for clause, duty in document.duties():
            sources.setdefault(duty.control, []).append((clause, duty))
    return sources


def _resolve_all(
    parameters: Mapping[str, Parameter], sources: list[tuple[Clause, Duty]], control: str
) -> dict[str, Resolved]:
    resolved: dict[str, Resolved] = {}
    for name, parameter in parameters.items():
        given = values_given(name, sources)
        if given:
            resolved[name] = resolve(parameter, given, control=control)
    for name, low, high in crossed(resolved):
        raise contradiction(control, name, low, high)
    return resolved


def values_given(name: str, sources: Iterable[tuple[Clause, Duty]]) -> list[Sourced]:
    """Return what duties give for a parameter, also where they name it without a value."""
    return [
        Sourced(duty.parameters[name], clause.document, clause.path, duty.id)
        for clause, duty in sources
        if name in duty.parameters
    ]


def crossed(resolved: Mapping[str, Resolved]) -> Iterator[tuple[str, Sourced, Sourced]]:
    """Yield each parameter <x>_min that is beyond its <x>_max: nothing could satisfy both."""
    for name, low in resolved.items():
        high = resolved.get(f"{name.removesuffix('_min')}_max") if name.endswith("_min") else None
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
        first=f"{first.document}/{first.path} = {first.value}",
        second=f"{second.document}/{second.path} = {second.value}",
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
    losers = tuple(source for source in given if source not in winners)
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
