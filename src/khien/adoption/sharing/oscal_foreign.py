"""OSCAL catalogs that others made: their groups, controls and statements become a skeleton to be reviewed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from khien.adoption.sharing.ciso_reading import Skeleton, SkeletonClause
from khien.adoption.sharing.errors import SharedBroken, SharedUnreadable
from khien.adoption.sharing.oscal_reading import NO_CATALOG, At
from khien.adoption.sharing.oscal_words import NAMESPACE, token
from khien.kernel.language import Text

_INSERT: Final = re.compile(r"\{\{\s*(?:insert:\s*param,|param:)\s*([^\s{}]+)\s*\}\}")
_CLAUSES_MAX: Final = 20_000
_WRONG: Final = "sai dạng OSCAL / no OSCAL of the form expected"


def is_foreign(catalogs: Mapping[str, Mapping[str, Any]]) -> bool:
    """Say whether catalogs are of others: nothing in their metadata is said in our namespace."""
    return bool(catalogs) and not any(
        isinstance(one, Mapping) and one.get("ns") == NAMESPACE
        for catalog in catalogs.values()
        for one in _props(catalog)
    )


def _props(catalog: Mapping[str, Any]) -> list[Any]:
    metadata = catalog.get("metadata")
    props = metadata.get("props") if isinstance(metadata, Mapping) else None
    return props if isinstance(props, list) else []


def read_foreign(catalogs: Mapping[str, Mapping[str, Any]], file: str) -> Skeleton:
    """Read the one catalog of others.

    Raises: SharedUnreadable: more than one, or nothing in it; SharedBroken: its form is not that of OSCAL
    """
    if len(catalogs) != 1:
        raise SharedUnreadable(file, NO_CATALOG)
    name, data = next(iter(catalogs.items()))
    top = At(data, f"{name}#/catalog")
    try:
        title = top.one("metadata").text("title")
        clauses = tuple(_Walk().clauses(top, "", 0))
    except (ValueError, TypeError, RecursionError) as error:
        raise SharedBroken([f"{error}: {_WRONG}"]) from error
    if not clauses:
        raise SharedUnreadable(file, NO_CATALOG)
    return Skeleton("oscal", token(title.lower())[:60], Text(title, title), "", clauses)


@dataclass(slots=True)
class _Walk:
    """Numbers what it meets: groups as chapters, controls as articles through the whole catalog."""

    articles: int = 0
    seen: int = 0
    chapters: dict[str, int] = field(default_factory=dict)

    def clauses(self, holder: At, above: str, depth: int) -> Iterator[SkeletonClause]:
        """Yield the clauses under a catalog, group or control."""
        for group in holder.all("groups"):
            number = self.chapters[above] = self.chapters.get(above, 0) + 1
            path = f"{above or 'C'}.{number}"
            yield self._clause(
                path, "muc" if above else "chuong", group, _said(group, {}), is_asking=False
            )
            yield from self.clauses(group, path, depth + 1)
        for control in holder.all("controls"):
            self.articles += 1
            yield from self._article(control, f"D{self.articles}")
            yield from self.clauses(control, above, depth + 1)

    def _article(self, control: At, path: str) -> Iterator[SkeletonClause]:
        labels = _labels(control)
        statements = [part for part in control.all("parts") if part.data.get("name") == "statement"]
        said = " ".join(filter(None, (_said(part, labels) for part in statements)))
        items = [item for part in statements for item in part.all("parts")]
        yield self._clause(
            path, "dieu", control, said or _said(control, labels), is_asking=bool(said)
        )
        yield from self._items(items, path, labels, 0)

    def _items(
        self, items: list[At], above: str, labels: Mapping[str, str], depth: int
    ) -> Iterator[SkeletonClause]:
        for number, item in enumerate(items, 1):
            path = f"{above}.{'k' if depth == 0 else 'g'}{number}"
            said = _said(item, labels)
            if said:
                kind = "khoan" if depth == 0 else "gach"
                yield self._clause(path, kind, item, said, is_asking=True)
            yield from self._items(item.all("parts"), path, labels, depth + 1)

    def _clause(
        self, path: str, kind: str, found: At, said: str, *, is_asking: bool
    ) -> SkeletonClause:
        self.seen += 1
        if self.seen > _CLAUSES_MAX:
            raise ValueError(f"more than {_CLAUSES_MAX} clauses")
        name = " ".join(filter(None, (_label(found), found.text("title"))))
        words = said or name or path
        return SkeletonClause(path, kind, Text(name, name), Text(words, words), is_asking)


def _said(found: At, labels: Mapping[str, str]) -> str:
    """Return the words of a part or the title of anything else, parameters shown by their labels."""
    words = found.text("prose") or found.text("title")
    return _INSERT.sub(lambda one: f"[{labels.get(one[1], one[1])}]", words).strip()


def _labels(control: At) -> dict[str, str]:
    return {
        str(param.data.get("id")): param.text("label") or str(param.data.get("id"))
        for param in control.all("params")
    }


def _label(found: At) -> str:
    for one in found.all("props"):
        if one.data.get("name") == "label" and "ns" not in one.data:
            return str(one.data.get("value", ""))
    return ""
