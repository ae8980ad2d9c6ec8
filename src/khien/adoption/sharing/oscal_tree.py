"""The tree that a text's clauses make: chapters hold articles, articles hold their clauses and points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

# What becomes a group; a part of the text stands above a chapter, that above a section.
RANKS: Final[Mapping[str, int]] = {"phan": 0, "chuong": 1, "muc": 2, "tieu_muc": 3}


@dataclass(slots=True)
class Node:
    """One clause with what stands under it, in the order of the text."""

    clause: Mapping[str, Any]
    place: int
    children: list[Node] = field(default_factory=list)

    @property
    def path(self) -> str:
        """Return the path of the clause."""
        return str(self.clause.get("path", ""))

    @property
    def is_group(self) -> bool:
        """Say whether the clause is a chapter or section."""
        return self.clause.get("kind") in RANKS


def tree_of(clauses: Sequence[Mapping[str, Any]]) -> list[Node]:
    """Return the roots of the tree of clauses, in the order of the text."""
    roots: list[Node] = []
    groups: list[Node] = []
    by_path: dict[str, Node] = {}
    for place, clause in enumerate(clauses):
        node = Node(clause, place)
        if node.is_group:
            while groups and not _holds(groups[-1], node):
                groups.pop()
            parent = groups[-1] if groups else None
            groups.append(node)
        else:
            parent = _above(node.path, by_path) or (groups[-1] if groups else None)
            by_path.setdefault(node.path, node)
        (parent.children if parent else roots).append(node)
    return roots


def _holds(group: Node, other: Node) -> bool:
    mine, theirs = RANKS[group.clause["kind"]], RANKS[other.clause["kind"]]
    return mine < theirs or other.path.startswith(f"{group.path}.")


def _above(path: str, by_path: Mapping[str, Node]) -> Node | None:
    while "." in path:
        path = path.rpartition(".")[0]
        if path in by_path:
            return by_path[path]
    return None
