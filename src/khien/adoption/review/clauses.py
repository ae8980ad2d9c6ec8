"""Which clauses of a text a person decides, and in which chapter each stands; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from khien.kernel.canonical import sha256_hex
from khien.kernel.language import Text
from khien.kernel.vietnamese import nfc
from khien.norms.suggest.quantities import quantities_of
from khien.norms.text.model import Node, ParsedDocument

_SENTENCES = ("khoan", "diem", "doan", "gach")
_CHAPTERS = ("chuong", "phan")
PART_PREFIX = "phan-"
# A unit with others under it, of so few words and without an end, is their title.
_TITLE_WORDS_MAX = 16


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter with the clauses to decide in it; a text without chapters has one for each of its parts."""

    path: str
    number: str
    title: str
    nodes: tuple[Node, ...]

    @property
    def name(self) -> Text:
        """Return what people call it."""
        if not self.number:
            return Text(self.title, self.title)
        said = f": {self.title}" if self.title else ""
        return Text(f"Chương {self.number}{said}", f"Chapter {self.number}{said}")


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses of a text that are to be decided, in its order, by chapter."""

    nodes: tuple[Node, ...]
    chapters: tuple[Chapter, ...]
    digests: dict[str, str]
    place: dict[str, int]
    chapter_of: dict[str, str]

    def chapter(self, path: str) -> Chapter | None:
        """Return the chapter of a path; None where there is none."""
        return next((one for one in self.chapters if one.path == path), None)


def clauses_of(document: ParsedDocument) -> Clauses:
    """Return the clauses to decide: leaves, and what above leaves is a sentence of its own or names a number."""
    nodes = tuple(_to_decide(document))
    by_path = {node.path: node for node in document.nodes}
    chapter_of = {node.path: _chapter(node, by_path) for node in nodes}
    return Clauses(
        nodes=nodes,
        chapters=tuple(_chapters(document, nodes, chapter_of, by_path)),
        digests={node.path: words_digest(node) for node in nodes},
        place={node.path: place for place, node in enumerate(nodes)},
        chapter_of=chapter_of,
    )


def words_digest(node: Node) -> str:
    """Return the digest of a clause's own words: when it changes, what was decided of them no longer stands."""
    return sha256_hex(nfc(node.text).encode())


def ancestors_of(document: ParsedDocument, node: Node) -> list[Node]:
    """Return what stands above a clause, the highest first."""
    found, path = list[Node](), node.parent
    while path is not None:
        above = document.node(path)
        if above is None:
            break
        found.append(above)
        path = above.parent
    return found[::-1]


def _to_decide(document: ParsedDocument) -> Iterator[Node]:
    parents = {node.parent for node in document.nodes if node.parent}
    for node in document.nodes:
        if node.text.strip() and (node.path not in parents or _says_more(node)):
            yield node


def _says_more(node: Node) -> bool:
    if node.kind not in _SENTENCES:
        return False
    said = node.text.rstrip()
    if quantities_of(said):
        return True
    is_title = not said.endswith((".", ";")) and len(said.split()) <= _TITLE_WORDS_MAX
    return not said.endswith(":") and not is_title


def _chapter(node: Node, by_path: dict[str, Node]) -> str:
    found, above = "", node
    while True:
        if above.kind in _CHAPTERS:
            found = above.path
        if above.parent is None or above.parent not in by_path:
            return found or f"{PART_PREFIX}{node.part}"
        above = by_path[above.parent]


def _chapters(
    document: ParsedDocument,
    nodes: tuple[Node, ...],
    chapter_of: dict[str, str],
    by_path: dict[str, Node],
) -> Iterator[Chapter]:
    grouped: dict[str, list[Node]] = {}
    for node in nodes:
        grouped.setdefault(chapter_of[node.path], []).append(node)
    for path, inside in grouped.items():
        above = by_path.get(path)
        if above is not None:
            yield Chapter(path, above.number, above.title or above.text, tuple(inside))
            continue
        part = document.parts[inside[0].part] if inside[0].part < len(document.parts) else None
        name = part.name.capitalize() if part and part.name else "Toàn văn"
        yield Chapter(path, "", name, tuple(inside))
