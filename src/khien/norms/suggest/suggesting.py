"""Suggestions for every clause of a parsed text: what it asks, of whom, by when, and which controls it feeds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from khien.norms.library import LIBRARY, broken_library, load_library
from khien.norms.model import Library
from khien.norms.suggest.actors import actor_of
from khien.norms.suggest.controls import Proposed, Proposer
from khien.norms.suggest.modality import Modality, modality_of
from khien.norms.suggest.parameters import Given, parameters_of
from khien.norms.suggest.quantities import Deadline, deadlines_of, frequency_of
from khien.norms.suggest.signs import read_signs
from khien.norms.text.model import Node, ParsedDocument

# Below this no control fits: then the unit writes one of its own.
FITS_MIN = 0.35


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is suggested for one clause; `controls` is empty where none fits."""

    node: Node
    modality: Modality
    actor: str
    controls: tuple[Proposed, ...]
    parameters: tuple[Given, ...]
    frequency: str
    deadlines: tuple[Deadline, ...]


_MADE: dict[tuple[str, str], Proposer] = {}


def proposer_of(library: Library, *, without: str = "") -> Proposer:
    """Return what proposes controls, learned from a library once per process.

    Raises: BrokenLibrary: the signs are wrong
    """
    key = (library.digest, without)
    if key not in _MADE:
        _MADE[key] = _learned(library, without)
    return _MADE[key]


def _learned(library: Library, without: str) -> Proposer:
    signs, problems = read_signs(LIBRARY / "suggest" / "signs.yaml", library.controls)
    if problems:
        raise broken_library(problems)
    return Proposer(library, signs, without=without)


def suggestions_for(
    document: ParsedDocument, library: Library | None = None, *, without: str = ""
) -> list[Suggestion]:
    """Return suggestions for the clauses of a text, in their order.

    Args: without: a document of the library that is not learned from
    """
    library = library or load_library()
    proposer = proposer_of(library, without=without)
    nodes = {node.path: node for node in document.nodes}
    return [
        _suggested(node, _titles_above(node, nodes), proposer, library)
        for node in _clauses(document)
    ]


def _clauses(document: ParsedDocument) -> Iterator[Node]:
    """Yield what asks something: leaves, and units above leaves that are sentences of their own."""
    parents = {node.parent for node in document.nodes if node.parent}
    for node in document.nodes:
        is_leaf = node.path not in parents
        says_more = node.kind in ("khoan", "diem", "doan") and not node.text.rstrip().endswith(":")
        if node.text.strip() and (is_leaf or says_more):
            yield node


def _titles_above(node: Node, nodes: dict[str, Node]) -> list[str]:
    found, path = list[str](), node.parent
    while path is not None:
        above = nodes[path]
        found.append(above.title if above.title == above.text else f"{above.title} {above.text}")
        path = above.parent
    return found


def _suggested(node: Node, above: list[str], proposer: Proposer, library: Library) -> Suggestion:
    proposed = [one for one in proposer.proposed(node.text, above) if one.score >= FITS_MIN]
    return Suggestion(
        node=node,
        modality=modality_of(node.text, above),
        actor=actor_of(node.text, above),
        controls=tuple(proposed),
        parameters=tuple(parameters_of(node.text, proposed, library)),
        frequency=frequency_of(node.text),
        deadlines=tuple(deadlines_of(node.text)),
    )


def as_json(suggestion: Suggestion) -> dict[str, Any]:
    """Return a suggestion as values of JSON: the public form of `khien norms suggest --json`."""
    deadlines = suggestion.deadlines
    return {
        "path": suggestion.node.path,
        "modality": suggestion.modality.code,
        "controls": [
            {
                "id": one.control,
                "score": round(one.score, 3),
                "words": list(one.words),
                "nearest": one.nearest,
            }
            for one in suggestion.controls
        ],
        "parameters": [
            {
                "name": one.name,
                "value": one.value,
                "unit": one.unit,
                "control": one.control,
                "words": one.words,
            }
            for one in suggestion.parameters
        ],
        "deadline": deadlines[0].words if deadlines else None,
        "frequency": suggestion.frequency or None,
        "actor": suggestion.actor or None,
        "line": suggestion.node.line_start,
    }
