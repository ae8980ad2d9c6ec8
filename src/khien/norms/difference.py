"""What changes when one document replaces another: controls and parameters, tightened or loosened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from khien.norms.model import Document, Library, Parameter, Value
from khien.norms.rulebook import Resolved, Rule, Rulebook, build_rulebook


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """One parameter before and after; direction: tightened, loosened, changed, added or dropped."""

    name: str
    old: Value
    new: Value
    direction: str
    old_clauses: tuple[str, ...]
    new_clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ControlChange:
    """One control before and after; kind: added, dropped, changed or same."""

    control: str
    kind: str
    old_clauses: tuple[str, ...]
    new_clauses: tuple[str, ...]
    parameters: tuple[ParameterChange, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the change for JSON."""
        return {
            "control": self.control,
            "kind": self.kind,
            "old_clauses": list(self.old_clauses),
            "new_clauses": list(self.new_clauses),
            "parameters": [
                {
                    "name": p.name,
                    "old": plain(p.old),
                    "new": plain(p.new),
                    "direction": p.direction,
                    "old_clauses": list(p.old_clauses),
                    "new_clauses": list(p.new_clauses),
                }
                for p in self.parameters
            ],
        }


def compare_documents(
    library: Library, old: str, new: str, *, on: date | None = None
) -> list[ControlChange]:
    """Compare the rules of two documents, each taken alone, as if both were in force.

    Raises: UnknownDocument: an id that the library does not hold
    """
    before = _rules_alone(library, old, on)
    after = _rules_alone(library, new, on)
    return [
        _compared(control, before.get(control), after.get(control))
        for control in library.controls
        if control in before or control in after
    ]


def compare_rulebooks(library: Library, before: Rulebook, after: Rulebook) -> list[ControlChange]:
    """Compare what binds before and after, in the library's order of controls; also what stays the same."""
    old, new = _binding(before), _binding(after)
    return [
        _compared(control, old.get(control), new.get(control))
        for control in library.controls
        if control in old or control in new
    ]


def _binding(rulebook: Rulebook) -> dict[str, Rule]:
    return {control: rule for control, rule in rulebook.rules.items() if rule.binding}


def _rules_alone(library: Library, name: str, on: date | None) -> dict[str, Rule]:
    document: Document | None = library.documents.get(name)
    day = on
    if document is not None and (day is None or not document.in_force_on(day)):
        day = document.in_force_from
    return _binding(build_rulebook(library, [name], on=day or date.max))


def _compared(control: str, old: Rule | None, new: Rule | None) -> ControlChange:
    names = dict.fromkeys([*(old.parameters if old else ()), *(new.parameters if new else ())])
    parameters = tuple(
        change for name in names if (change := _parameter_change(name, old, new)) is not None
    )
    if old is None or new is None:
        kind = "added" if old is None else "dropped"
    else:
        kind = "changed" if parameters else "same"
    return ControlChange(control, kind, _clauses(old), _clauses(new), parameters)


def _clauses(rule: Rule | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clause.anchor for clause, _ in rule.sources)) if rule else ()


def _parameter_change(name: str, old: Rule | None, new: Rule | None) -> ParameterChange | None:
    before = old.parameters.get(name) if old else None
    after = new.parameters.get(name) if new else None
    old_value, new_value = _value(before), _value(after)
    if before is not None and after is not None and is_same(old_value, new_value):
        return None
    source = after or before
    if source is None:
        return None
    direction = direction_of(source.parameter, before, after)
    return ParameterChange(
        name, old_value, new_value, direction, _given_by(before), _given_by(after)
    )


def is_same(old: Value, new: Value) -> bool:
    """Say whether two values are the same; of a set the order means nothing."""
    if isinstance(old, tuple) and isinstance(new, tuple):
        return set(old) == set(new)
    return old == new


def _value(resolved: Resolved | None) -> Value:
    return resolved.value if resolved else None


def _given_by(resolved: Resolved | None) -> tuple[str, ...]:
    return tuple(source.anchor for source in resolved.winners) if resolved else ()


def direction_of(parameter: Parameter, before: Resolved | None, after: Resolved | None) -> str:
    """Return what a change of value means: tightened, loosened, changed, added or dropped."""
    if before is None or after is None:
        return "added" if before is None else "dropped"
    old, new = before.value, after.value
    if old is None or new is None:
        return "tightened" if old is None else "loosened"
    if isinstance(old, tuple) and isinstance(new, tuple):
        return _set_direction(parameter, set(old), set(new))
    if parameter.sense == "ranked":
        return _ordered(parameter.order.index(str(new)) < parameter.order.index(str(old)))
    if isinstance(old, int) and isinstance(new, int):
        return _ordered(new > old if parameter.sense == "max" else new < old)
    if isinstance(old, date) and isinstance(new, date):
        return _ordered(new < old)
    return "changed"


def _set_direction(parameter: Parameter, old: set[str], new: set[str]) -> str:
    stricter = {"union": old < new, "intersection": new < old}.get(parameter.sense, False)
    weaker = {"union": new < old, "intersection": old < new}.get(parameter.sense, False)
    old_weak = {item for item, strong in parameter.implied_by.items() if set(strong) & old}
    new_weak = {item for item, strong in parameter.implied_by.items() if set(strong) & new}
    if parameter.implied_by and not (stricter or weaker):
        stricter, weaker = old <= new | new_weak, new <= old | old_weak
    if stricter:
        return "tightened"
    return "loosened" if weaker else "changed"


def _ordered(is_stricter: bool) -> str:
    return "tightened" if is_stricter else "loosened"


def plain(value: Value) -> Any:
    """Return a value as JSON holds it."""
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value
