"""Writes out the numbers that Word draws before paragraphs but does not store in their text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from khien.norms.text.docx_styles import Look, W, is_on, value_of

LEVELS: Final = 9
_PLACE: Final = re.compile("%([1-9])")
_ROMAN: Final = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_VALUE_MAX: Final = 32_767
SUPPORTED: Final = (
    "decimal",
    "decimalZero",
    "lowerLetter",
    "upperLetter",
    "lowerRoman",
    "upperRoman",
    "bullet",
    "none",
)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how its number looks, where it starts, what makes it start again."""

    start: int = 1
    form: str = "decimal"
    pattern: str = ""
    restart: int | None = None
    is_legal: bool = False
    has_space: bool = True
    style_id: str | None = None
    font: str = ""


@dataclass(slots=True)
class _Number:
    """A w:num: the list it belongs to, its own levels, and its starts."""

    list_id: str
    levels: dict[int, Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)
    is_used: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A number as drawn, with the space after it; `form` names a format that was not understood."""

    text: str
    form: str | None = None


class Numbering:
    """The lists of one Word file, counting as its paragraphs go by."""

    def __init__(self, root: etree._Element | None) -> None:
        self._lists: dict[str, dict[int, Level]] = {}
        self._numbers: dict[str, _Number] = {}
        self._counters: dict[str, list[int | None]] = {}
        if root is None:
            return
        links: dict[str, str] = {}
        for node in root.iterchildren(W + "abstractNum"):
            list_id = node.get(W + "abstractNumId", "")
            self._lists[list_id] = _levels(node)
            if style := value_of(node, "styleLink"):
                links[style] = list_id
        aliases = {
            node.get(W + "abstractNumId", ""): links.get(value_of(node, "numStyleLink") or "")
            for node in root.iterchildren(W + "abstractNum")
        }
        for node in root.iterchildren(W + "num"):
            list_id = value_of(node, "abstractNumId") or ""
            self._numbers[node.get(W + "numId", "")] = _number(
                node, aliases.get(list_id) or list_id
            )

    def label(self, look: Look, style_id: str | None) -> Label | None:
        """Return the number of the next paragraph, given its look; nothing where it has none."""
        number = self._numbers.get(look.number_id or "0")
        if number is None or look.number_id == "0":
            return None
        levels = self._lists.get(number.list_id, {}) | number.levels
        depth = self._depth(look, style_id, levels)
        if depth not in levels:
            return None
        counters = self._advance(number, levels, depth)
        return _drawn(levels, depth, counters)

    @staticmethod
    def _depth(look: Look, style_id: str | None, levels: dict[int, Level]) -> int:
        if look.level is not None:
            return look.level
        tied = [depth for depth, level in levels.items() if style_id and level.style_id == style_id]
        return tied[0] if tied else 0

    def _advance(self, number: _Number, levels: dict[int, Level], depth: int) -> list[int]:
        """Count one paragraph and return the value of every level as drawn."""
        counters = self._counters.setdefault(number.list_id, [None] * LEVELS)
        if not number.is_used:
            number.is_used = True
            for overridden in number.starts:
                counters[overridden] = None
        before = counters[depth]
        counters[depth] = (
            _start(number, levels, depth) if before is None else min(before + 1, _VALUE_MAX)
        )
        for deeper in range(depth + 1, LEVELS):
            restart = levels[deeper].restart if deeper in levels else None
            # Without a rule every higher level starts it again; 0 says never; n: only level n or higher.
            if restart is None or depth < restart:
                counters[deeper] = None
        return [
            _start(number, levels, n) if count is None else count
            for n, count in enumerate(counters)
        ]


def _start(number: _Number, levels: dict[int, Level], depth: int) -> int:
    return number.starts.get(depth, levels[depth].start if depth in levels else 1)


def _number(node: etree._Element, list_id: str) -> _Number:
    number = _Number(list_id)
    for override in node.iterchildren(W + "lvlOverride"):
        depth = _integer(override.get(W + "ilvl"), -1)
        if not 0 <= depth < LEVELS:
            continue
        number.levels |= {d: level for d, level in _levels(override).items() if d == depth}
        start = value_of(override, "startOverride")
        if start is not None:
            number.starts[depth] = _integer(start, 1)
    return number


def _levels(node: etree._Element) -> dict[int, Level]:
    levels = {_integer(n.get(W + "ilvl"), -1): _level(n) for n in node.iterchildren(W + "lvl")}
    return {depth: level for depth, level in levels.items() if 0 <= depth < LEVELS}


def _level(node: etree._Element) -> Level:
    restart = value_of(node, "lvlRestart")
    legal = node.find(W + "isLgl")
    fonts = node.find(f"{W}rPr/{W}rFonts")
    return Level(
        start=_integer(value_of(node, "start"), 1),
        form=value_of(node, "numFmt") or "decimal",
        pattern=value_of(node, "lvlText") or "",
        restart=None if restart is None else _integer(restart, 0),
        is_legal=legal is not None and is_on(legal),
        has_space=value_of(node, "suff") != "nothing",
        style_id=value_of(node, "pStyle"),
        font="" if fonts is None else fonts.get(W + "ascii", ""),
    )


def _drawn(levels: dict[int, Level], depth: int, values: list[int]) -> Label:
    level = levels[depth]
    if level.form == "bullet":
        text, strange = _bullet(level), None
    else:
        forms = {n: levels[n].form if n in levels else "decimal" for n in range(LEVELS)}
        strange = next(
            (form for n, form in forms.items() if n <= depth and form not in SUPPORTED), None
        )
        if level.is_legal:
            forms = dict.fromkeys(forms, "decimal")
        text = _PLACE.sub(
            lambda place: number_text(values[int(place[1]) - 1], forms[int(place[1]) - 1]),
            level.pattern,
        )
    return Label(text + " " if text and level.has_space else text, strange)


def _bullet(level: Level) -> str:
    """Return a bullet that means something in any font: symbol fonts keep theirs in private places."""
    mark = level.pattern.strip()
    if not mark or any("\ue000" <= c <= "\uf8ff" for c in mark):
        return "•"
    if mark == "o" and level.font.startswith("Courier"):
        return "•"
    return mark


def number_text(value: int, form: str) -> str:
    """Return a number in one of Word's formats; unknown formats count in plain digits."""
    if form == "none":
        return ""
    if form == "decimalZero":
        return f"{value:02}"
    if value < 1:
        return str(value)
    if form in ("lowerLetter", "upperLetter"):
        # After z Word repeats the letter: aa, bb, … and it knows neither đ nor ê.
        letters = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letters.upper() if form == "upperLetter" else letters
    if form in ("lowerRoman", "upperRoman"):
        return _roman(value).upper() if form == "upperRoman" else _roman(value)
    return str(value)


def _roman(value: int) -> str:
    pieces = []
    for amount, letters in _ROMAN:
        pieces.append(letters * (value // amount))
        value %= amount
    return "".join(pieces)


def _integer(value: str | None, otherwise: int) -> int:
    if value is None or not value.isascii() or not value.isdecimal():
        return otherwise
    return min(int(value[:6]), _VALUE_MAX)
