"""Parameters that texts of the library contradict each other in, found before any unit is bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from khien.norms.errors import ContradictoryParameter
from khien.norms.located_yaml import Located, Problem, read_located
from khien.norms.model import Clause, Control, Document, Duty
from khien.norms.rulebook import (
    Resolved,
    Sourced,
    contradiction,
    crossed,
    disagreeing,
    resolve,
    sources_by_control,
    values_given,
)


def contradictions(
    documents: Mapping[str, Document], controls: Mapping[str, Control]
) -> list[Problem]:
    """Return each contradiction once, at the line of the value that comes second.

    Only texts in force on the same day are compared: a text may well say otherwise than the one it replaces.
    """
    found: dict[str, Problem] = {}
    for day in sorted({document.in_force_from for document in documents.values()}):
        bound = [document for document in documents.values() if document.in_force_on(day)]
        for control_id, sources in sources_by_control(bound).items():
            control = controls.get(control_id)
            for name, first, second in _clashes(control, sources) if control else ():
                error = contradiction(control_id, name, first, second)
                found.setdefault(str(error), _problem(documents, name, second, error))
    return list(found.values())


def duty_line(document: Document, duty_id: str, *place: str) -> int:
    """Return the line of clauses.yaml where a duty stands, or a field of it."""
    source = read_located(document.folder / "clauses.yaml")
    if isinstance(source, Problem):
        return 1
    found = next((p for p, duty in _duties(source) if duty.get("id") == duty_id), ())
    return source.line(*found, *place)


def _duties(source: Located) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, object]]]:
    for number, clause in enumerate(source.data["clauses"]):
        duties = clause.get("duties") if isinstance(clause, Mapping) else None
        for item, duty in enumerate(duties if isinstance(duties, list) else ()):
            if isinstance(duty, Mapping):
                yield ("clauses", number, "duties", item), duty


def _clashes(
    control: Control, sources: Iterable[tuple[Clause, Duty]]
) -> Iterator[tuple[str, Sourced, Sourced]]:
    resolved: dict[str, Resolved] = {}
    pairs = list(sources)
    for name, parameter in control.parameters.items():
        given = values_given(name, pairs)
        clash = disagreeing([s for s in given if s.value is not None])
        if parameter.sense == "exact" and clash is not None:
            yield name, *clash
        elif given and parameter.type == "integer":
            resolved[name] = resolve(parameter, given, control=control.id)
    yield from crossed(resolved)


def _problem(
    documents: Mapping[str, Document], name: str, second: Sourced, error: ContradictoryParameter
) -> Problem:
    document = documents[second.document]
    line = duty_line(document, second.duty, "parameters", name)
    text = error.text()
    return Problem(document.folder / "clauses.yaml", line, text.vi, text.en)
