"""Parameters that texts of the library contradict each other or themselves in, found before any unit is bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from khien.norms.errors import ContradictoryParameter
from khien.norms.located_yaml import Located, Problem, read_located
from khien.norms.model import Control, Document
from khien.norms.rulebook import Sourced, clashes, contradiction, sources_by_control


def contradictions(
    documents: Mapping[str, Document], controls: Mapping[str, Control]
) -> tuple[list[Problem], list[Problem]]:
    """Return what texts contradict themselves in, and what two of them contradict each other in.

    Each once, at the line of the value that comes second. Two texts that contradict each other concern only who
    is bound by both. Only texts in force on the same day are compared: a text may say otherwise than the one
    it replaces.
    """
    inside: dict[str, Problem] = {}
    for document in documents.values():
        inside.update(_clashes_of([document], documents, controls))
    between: dict[str, Problem] = {}
    for day in sorted({document.in_force_from for document in documents.values()}):
        bound = [document for document in documents.values() if document.in_force_on(day)]
        between.update(_clashes_of(bound, documents, controls))
    return list(inside.values()), [p for said, p in between.items() if said not in inside]


def _clashes_of(
    bound: Iterable[Document],
    documents: Mapping[str, Document],
    controls: Mapping[str, Control],
) -> dict[str, Problem]:
    found: dict[str, Problem] = {}
    for control_id, sources in sources_by_control(bound).items():
        control = controls.get(control_id)
        if control is None:
            continue
        for name, first, second in clashes(control_id, control.parameters, sources):
            error = contradiction(control_id, name, first, second)
            found[str(error)] = _problem(documents, name, second, error)
    return found


def duty_line(document: Document, duty_id: str, *place: str) -> int:
    """Return the line of clauses.yaml where a duty stands, or a field of it."""
    path = document.folder / "clauses.yaml"
    try:
        source = _kept(path, path.stat().st_mtime_ns)
    except OSError:
        return 1
    if isinstance(source, Problem):
        return 1
    found = next((p for p, duty in _duties(source) if duty.get("id") == duty_id), ())
    return source.line(*found, *place)


@lru_cache(maxsize=2)
def _kept(path: Path, changed_at: int) -> Located | Problem:
    """Read a file once for all that is wrong with it."""
    del changed_at
    return read_located(path)


def _duties(source: Located) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, object]]]:
    for number, clause in enumerate(source.data["clauses"]):
        duties = clause.get("duties") if isinstance(clause, Mapping) else None
        for item, duty in enumerate(duties if isinstance(duties, list) else ()):
            if isinstance(duty, Mapping):
                yield ("clauses", number, "duties", item), duty


def _problem(
    documents: Mapping[str, Document], name: str, second: Sourced, error: ContradictoryParameter
) -> Problem:
    document = documents[second.document]
    line = duty_line(document, second.duty, "parameters", name)
    text = error.text()
    return Problem(document.folder / "clauses.yaml", line, text.vi, text.en)
