"""What the styles of a Word file add to its paragraphs and runs: numbering, capitals, hiding, font."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF: Final = ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class Look:
    """The few properties that change which text a reader of the page sees."""

    font: str = ""
    is_capitals: bool = False
    is_hidden: bool = False
    number_id: str | None = None
    level: int | None = None


def value_of(node: etree._Element | None, path: str) -> str | None:
    """Return the w:val of the first descendant at a path of local names such as "pPr/pStyle"."""
    if node is None:
        return None
    found = node.find("/".join(W + name for name in path.split("/")))
    return None if found is None else found.get(W + "val")


class Styles:
    """The styles of one Word file, each resolved along the styles it is based on."""

    def __init__(self, root: etree._Element | None) -> None:
        self._nodes: dict[str, etree._Element] = {}
        self._resolved: dict[str, Look] = {}
        self._default_paragraph = ""
        self._defaults = Look()
        if root is None:
            return
        for style in root.iterchildren(W + "style"):
            self._nodes[style.get(W + "styleId", "")] = style
            if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true"):
                self._default_paragraph = style.get(W + "styleId", "")
        defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self._defaults = with_run_properties(Look(), defaults)

    def paragraph(self, style_id: str | None) -> Look:
        """Return the look a paragraph style gives; the default style where it names none."""
        return self._look(style_id or self._default_paragraph, self._defaults)

    def run(self, properties: etree._Element | None, within: Look) -> Look:
        """Return the look of a run inside a paragraph of the given look."""
        if properties is None:
            return within
        style_id = value_of(properties, "rStyle")
        if style_id:
            for style in self._chain(style_id):
                within = with_run_properties(within, style.find(W + "rPr"))
        return with_run_properties(within, properties)

    def _look(self, style_id: str, look: Look) -> Look:
        if style_id not in self._resolved:
            for style in self._chain(style_id):
                look = with_run_properties(look, style.find(W + "rPr"))
                look = with_numbering(look, style.find(f"{W}pPr/{W}numPr"))
            self._resolved[style_id] = look
        return self._resolved[style_id]

    def _chain(self, style_id: str) -> Iterator[etree._Element]:
        """Yield the styles a style is based on, the farthest first; a circle ends the chain."""
        chain: dict[str, etree._Element] = {}
        current: str | None = style_id
        while current and current in self._nodes and current not in chain:
            chain[current] = self._nodes[current]
            current = value_of(self._nodes[current], "basedOn")
        return reversed(chain.values())


def with_run_properties(look: Look, properties: etree._Element | None) -> Look:
    """Return the look changed by a w:rPr."""
    if properties is None:
        return look
    fonts = properties.find(W + "rFonts")
    if fonts is not None:
        named = fonts.get(W + "hAnsi") or fonts.get(W + "ascii")
        themed = fonts.get(W + "hAnsiTheme") or fonts.get(W + "asciiTheme")
        look = replace(look, font="" if themed else named or look.font)
    capitals, hidden = properties.find(W + "caps"), properties.find(W + "vanish")
    if capitals is not None:
        look = replace(look, is_capitals=is_on(capitals))
    if hidden is not None:
        look = replace(look, is_hidden=is_on(hidden))
    return look


def with_numbering(look: Look, properties: etree._Element | None) -> Look:
    """Return the look changed by a w:numPr."""
    if properties is None:
        return look
    number_id, level = value_of(properties, "numId"), value_of(properties, "ilvl")
    return replace(
        look,
        number_id=look.number_id if number_id is None else number_id,
        level=int(level[:3]) if level is not None and level.isdecimal() else look.level,
    )


def is_on(node: etree._Element) -> bool:
    """Say whether a switch such as w:caps is on."""
    return node.get(W + "val", "true").lower() not in _OFF
