"""The rulebook: which controls bind, and for each parameter the strictest value with its clause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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

    Raises: UnknownDocument: an id that the library does not hold; ContradictoryParameter: two texts give
            an `exact` parameter different values
    """
    wanted = list(dict.fromkeys(documents))
    missing = [name for name in wanted if name not in library.documents]
    if missing:
        raise UnknownDocument(document=missing[0], known=", ".join(library.documents))
    bound = [library.documents[name] for name in wanted if library.documents[name].in_force_on(on)]
    sources = _sources_by_control(bound)
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


def _sources_by_control(documents: Iterable[Document]) -> dict[str, list[tuple[Clause, Duty]]]:
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
        given = [
            Sourced(duty.parameters[name], clause.document, clause.path, duty.id)
            for clause, duty in sources
            if name in duty.parameters
        ]
        if given:
            resolved[name] = resolve(parameter, given, control=control)
    return resolved


def resolve(parameter: Parameter, given: list[Sourced], *, control: str) -> Resolved:
    """Settle one parameter among the values that texts give: strictest wins, none is forgotten.

    Raises: ContradictoryParameter: an `exact` parameter with two values
    """
    stated = [source for source in given if source.value is not None]
    if not stated:
        return Resolved(parameter, None, tuple(given), ())
    value = _strictest(parameter, stated, control)
    winners = tuple(source for source in stated if _contributes(parameter, source.value, value))
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
    first = stated[0]
    for other in stated[1:]:
        if other.value != first.value:
            raise ContradictoryParameter(
                control=control,
                parameter=parameter.name,
                first=f"{first.document}/{first.path} = {first.value}",
                second=f"{other.document}/{other.path} = {other.value}",
            )
    return first.value


def _contributes(parameter: Parameter, own: Value, winner: Value) -> bool:
    if parameter.sense == "union" and isinstance(own, tuple) and isinstance(winner, tuple):
        return bool(set(own) & set(winner)) and _holds_a_scarce_item(own, winner)
    if parameter.sense == "intersection" and isinstance(own, tuple) and isinstance(winner, tuple):
        return set(own) == set(winner)
    return own == winner


def _holds_a_scarce_item(own: tuple[str, ...], winner: tuple[str, ...]) -> bool:
    return set(own) <= set(winner)
