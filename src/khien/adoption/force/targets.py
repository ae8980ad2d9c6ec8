"""Which texts a text replaces and which clauses it amends; circles are told with their chain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from khien.adoption.force.errors import ActsOnItself, CircleOfTexts, UnknownAmended
from khien.kernel.language import Text
from khien.norms.model import Document, Library
from khien.norms.read_document import AMENDINGS
from khien.norms.wording import clause_name

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Acting:
    """A text as circles are looked for: its code and number, and what it replaces and amends, as written."""

    code: str
    number: str
    acts_on: tuple[str, ...]


def replaced_documents(names: Iterable[str], library: Library) -> tuple[str, ...]:
    """Return the library's texts that names mean: by id or by number; a name of no text here means none."""
    found = (document_named(name, library.documents.values()) for name in names)
    return tuple(dict.fromkeys(document.id for document in found if document is not None))


def document_named(name: str, documents: Iterable[Document]) -> Document | None:
    """Return the text that an id or a number means; a number also where its day is written after it."""
    listed = list(documents)
    plain = name.strip()
    for document in listed:
        if document.id == plain:
            return document
    return next((d for d in listed if d.number and _is_number(plain, d.number)), None)


def _is_number(name: str, number: str) -> bool:
    written = re.escape(_SPACES.sub("", number))
    return (
        re.search(rf"(?<![\w/-]){written}(?![\w/-])", _SPACES.sub(" ", name), re.IGNORECASE)
        is not None
    )


def checked_amendments(
    given: Sequence[Mapping[str, Any]], code: str, library: Library
) -> list[dict[str, Any]]:
    """Return amendments in their stored form, one per text and way.

    Raises: ActsOnItself; UnknownAmended: no such text, clause or way
    """
    found: dict[tuple[str, str], list[str]] = {}
    for one in given:
        name, how = str(one.get("document") or ""), str(one.get("how") or AMENDINGS[0])
        if name == code:
            raise ActsOnItself(text=code)
        document = library.documents.get(name)
        if document is None or how not in AMENDINGS:
            raise UnknownAmended(Text(f"văn bản «{name}»", f"text «{name}»"))
        paths = found.setdefault((name, how), [])
        for path in (str(path) for path in one.get("clauses") or ()):
            if path not in document.clauses:
                said = clause_name(path)
                raise UnknownAmended(
                    Text(
                        f"{said.vi} («{path}») trong {document.short.vi}",
                        f"{said.en} («{path}») in {document.short.en}",
                    )
                )
            if path not in paths:
                paths.append(path)
    return [
        {"document": name, "clauses": paths, "how": how}
        for (name, how), paths in found.items()
        if paths
    ]


def must_not_circle(text: Acting, library: Library) -> None:
    """Make sure that a text neither acts on itself nor closes a circle of texts.

    Raises: ActsOnItself; CircleOfTexts: with the chain
    """
    others = [d for d in library.documents.values() if d.id != text.code]
    known = [text, *map(_acting, others)]
    if any(_means(name, text) for name in text.acts_on):
        raise ActsOnItself(text=text.code)
    after = {
        one.code: [
            other.code
            for name in one.acts_on
            for other in known
            if other.code != one.code and _means(name, other)
        ]
        for one in known
    }
    chain = _way_back(text.code, after)
    if chain:
        raise CircleOfTexts(chain=" → ".join(chain))


def _acting(document: Document) -> Acting:
    amended = tuple(one.document for one in document.amends)
    return Acting(document.id, document.number or "", (*document.replaces, *amended))


def _means(name: str, text: Acting) -> bool:
    return name.strip() == text.code or bool(text.number and _is_number(name, text.number))


def _way_back(start: str, after: Mapping[str, Sequence[str]]) -> list[str]:
    """Return a chain of codes from a text back to itself; empty where there is none."""
    came: dict[str, str] = {}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for there in after.get(here, ()):
            if there == start:
                chain = [here]
                while chain[-1] != start:
                    chain.append(came[chain[-1]])
                return [*reversed(chain), start]
            if there not in came:
                came[there] = here
                waiting.append(there)
    return []
