"""Corrections of a text's structure made by a person, replayed in order; the characters never change.

Every correction names the unit by where it starts in the source ("line.column"), which no correction changes:

  split   {node, at, kind?, number?}   the words from offset `at` become a unit of their own
  join    {node}                       the unit goes on in the one before it
  renumber {node, number}              another number; paths under it follow
  kind    {node, kind, number?}        khoản, điểm, đoạn, gạch, điều …; the tree is rebuilt
  move    {node, under}                under another unit ("" for the top)
  title   {node, title}                whether the words of a heading are its title
  accept  {line, code}                 an anomaly stands as it is
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from khien.norms.text.citations import cite
from khien.norms.text.edit_errors import EditRefused, EditUnknown, UnitNotHere
from khien.norms.text.edits import join, move, rekind, renumber, retitle, split
from khien.norms.text.model import Anomaly, Node, ParsedDocument
from khien.norms.text.numbering import numbering_notes
from khien.norms.text.workpiece import Anchor, Workpiece, anchor_of

_OF_CITATIONS: Final = frozenset(("dangling-reference", "missing-annex", "citation-kind-mismatch"))
_ACTS: Final[Mapping[str, Callable[[Workpiece, int, Mapping[str, Any]], None]]] = {
    "split": split,
    "join": join,
    "renumber": renumber,
    "kind": rekind,
    "move": move,
    "title": retitle,
}
ACCEPT: Final = "accept"
EDIT_KINDS: Final = (*_ACTS, ACCEPT)


@dataclass(frozen=True, slots=True)
class Edit:
    """One correction; `number` tells it from the others."""

    number: int
    kind: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Edited:
    """A text with its corrections.

    Args: accepted: number of the correction by (line, code); idle: corrections that found nothing to correct
    """

    document: ParsedDocument
    accepted: Mapping[tuple[int, str], int] = field(default_factory=dict)
    idle: tuple[int, ...] = ()

    def paths(self) -> dict[str, str]:
        """Return the path of each unit by where it starts."""
        return {anchor_of(node): node.path for node in self.document.nodes}


def apply_edits(document: ParsedDocument, edits: Iterable[Edit]) -> Edited:
    """Return a parsed text with corrections applied in order; one that no longer fits is left out, and told."""
    return _edited(document, edits, None)


def try_edit(document: ParsedDocument, edits: Sequence[Edit], new: Edit) -> Edited:
    """Return a text with its corrections and a new one.

    Raises: EditRefused: the new one cannot be made
    """
    return _edited(document, [*edits, new], new)


def _edited(document: ParsedDocument, edits: Iterable[Edit], new: Edit | None) -> Edited:
    piece: Workpiece | None = None
    accepted: dict[tuple[int, str], int] = {}
    idle: list[int] = []
    for edit in edits:
        try:
            if edit.kind == ACCEPT:
                accepted[_accepted_place(edit)] = edit.number
                continue
            piece = piece or Workpiece(document)
            _apply(piece, edit)
        except EditRefused:
            if edit is new:
                raise
            idle.append(edit.number)
    if piece is None:
        return Edited(document, accepted, tuple(idle))
    return Edited(_rebuilt(document, piece), accepted, tuple(idle))


def _apply(piece: Workpiece, edit: Edit) -> None:
    act = _ACTS.get(edit.kind)
    if act is None:
        raise EditUnknown(what=edit.kind)
    place = str(edit.arguments.get("node", ""))
    index = piece.index_at(_anchor(place))
    if index is None:
        raise UnitNotHere(place=place)
    act(piece, index, edit.arguments)


def _anchor(place: str) -> Anchor:
    line, _, column = place.partition(".")
    if not (line.isdecimal() and column.isdecimal() and len(place) < 30):
        raise UnitNotHere(place=place[:30])
    return int(line), int(column)


def _accepted_place(edit: Edit) -> tuple[int, str]:
    line, code = edit.arguments.get("line"), edit.arguments.get("code")
    if not isinstance(line, int) or not isinstance(code, str):
        raise EditUnknown(what=edit.kind)
    return line, code


def _rebuilt(document: ParsedDocument, piece: Workpiece) -> ParsedDocument:
    """Return the text with its units as corrected: references resolved again, irregularities noted again."""
    nodes = piece.nodes()
    by_path = {node.path: node for node in nodes}
    citations, dead = cite(nodes, document.metadata, by_path, document.parts, document.annexes)
    return replace(
        document,
        nodes=nodes,
        by_path=by_path,
        citations=tuple(citations),
        anomalies=_anomalies(document, nodes, dead),
    )


def _anomalies(
    document: ParsedDocument, nodes: Sequence[Node], dead: Iterable[Anomaly]
) -> tuple[Anomaly, ...]:
    """Return what the parser noted, without what was cured, with what the corrections brought."""
    before = Counter((one.line, one.code) for one in numbering_notes(document.nodes))
    notes = numbering_notes(nodes)
    after = Counter((one.line, one.code) for one in notes)
    cured, brought = before - after, after - before
    starts = {node.line_start: node for node in nodes}
    kept = []
    for one in document.anomalies:
        if one.code in _OF_CITATIONS or _is_cured(one, starts, nodes):
            continue
        if cured[one.line, one.code] > 0:
            cured[one.line, one.code] -= 1
            continue
        kept.append(one)
    for one in notes:
        if brought[one.line, one.code] > 0:
            brought[one.line, one.code] -= 1
            kept.append(one)
    return tuple(sorted([*kept, *dead], key=lambda one: (one.line, one.code)))


def _is_cured(one: Anomaly, starts: Mapping[int, Node], nodes: Sequence[Node]) -> bool:
    """Say whether a note of the reader is answered by the tree as it is now."""
    here = starts.get(one.line)
    if one.code == "soft-wrap-lookalike":
        return here is not None
    if one.code == "nested-numbering":
        return here is None or here.kind != "gach"
    if one.code == "no-structure":
        return any(node.kind != "doan" for node in nodes)
    return False
