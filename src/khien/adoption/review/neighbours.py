"""What other texts say about a control: their clauses that feed it, and the values they give; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from khien.checks.sentences import said_value
from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.norms.model import Control, Duty, Library, Parameter
from khien.norms.wording import clause_name

SHOWN_MAX = 5


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A clause of another text that feeds a control: where it stands, what it says, its values in words."""

    document: str
    short: Text
    place: Text
    path: str
    text: Text
    values: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """What all texts of a library say, by control: their clauses, and the values given to each parameter."""

    clauses: Mapping[str, tuple[Neighbour, ...]]
    values: Mapping[tuple[str, str], tuple[str, ...]]


def neighbours_of(control: str) -> tuple[Neighbour, ...]:
    """Return clauses of other texts that feed a control, those with values first, at most one of each text."""
    found = _spread(load_library()).clauses.get(control, ())
    seen: dict[str, Neighbour] = {}
    for one in sorted(found, key=lambda one: not one.values):
        seen.setdefault(one.document, one)
    return tuple(seen.values())[:SHOWN_MAX]


def known_values(control: str, name: str) -> tuple[str, ...]:
    """Return the codes that texts give to a parameter of sets or choices, in the order they come up."""
    return _spread(load_library()).values.get((control, name), ())


def value_words(parameter: Parameter, value: Any, library: Library) -> Text:
    """Return a value as people say it, with its unit: "8 ký tự"."""
    given = tuple(value) if isinstance(value, list) else value
    vi, en = said_value(given, library, "vi"), said_value(given, library, "en")
    if parameter.unit and isinstance(value, int):
        unit = library.label(parameter.unit)
        return Text(f"{vi} {unit.vi}", f"{en} {unit.en}")
    return Text(vi, en)


def _spread(library: Library) -> Spread:
    return _spread_of(_Held(library))


class _Held:
    """A library as a key, by its digest."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def __hash__(self) -> int:
        return hash(self.library.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self.library.digest == other.library.digest


@lru_cache(maxsize=4)
def _spread_of(held: _Held) -> Spread:
    library = held.library
    clauses: dict[str, list[Neighbour]] = {}
    values: dict[tuple[str, str], dict[str, None]] = {}
    for document in library.documents.values():
        for clause, duty in document.duties():
            control = library.controls[duty.control]
            clauses.setdefault(duty.control, []).append(
                Neighbour(
                    document=document.id,
                    short=document.short,
                    place=clause_name(clause.path),
                    path=clause.path,
                    text=duty.text,
                    values=_values(control, duty, library),
                )
            )
            for name, value in duty.parameters.items():
                codes = value if isinstance(value, tuple) else (value,)
                known = values.setdefault((duty.control, name), {})
                known.update((code, None) for code in codes if isinstance(code, str))
    return Spread(
        {control: tuple(found) for control, found in clauses.items()},
        {key: tuple(found) for key, found in values.items()},
    )


def _values(control: Control, duty: Duty, library: Library) -> tuple[Text, ...]:
    return tuple(
        value_words(control.parameters[name], value, library)
        for name, value in duty.parameters.items()
        if value is not None and name in control.parameters
    )
