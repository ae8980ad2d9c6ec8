"""A parsed text taken apart so that its units can be corrected, and put together again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from khien.norms.text.lines import read_lines
from khien.norms.text.model import Kind, Node, ParsedDocument, Span
from khien.norms.text.ranks import COUNTED, FROM_THE_TOP, PREFIX, RANK, may_hold

_MARK = re.compile(r"#\d+$")
_TITLE_END = ":. "

Anchor = tuple[int, int]


class Item:
    """One unit while it is corrected; `anchor` (line, column) is where it starts in the source, for good.

    `marker`: the printed sign before its words, None while nobody asked; `twin`: the step whose words it shares.
    """

    __slots__ = (
        "anchor",
        "heading",
        "is_absolute",
        "kind",
        "local",
        "marker",
        "number",
        "own",
        "parent",
        "part",
        "pieces",
        "segment",
        "twin",
    )  # fmt: skip

    def __init__(self, kind: Kind, number: str, part: int, parent: Item | None) -> None:
        self.kind: Kind = kind
        self.number = number
        self.part = part
        self.parent = parent
        self.pieces: list[tuple[int, str]] = []
        self.own: list[Span] = []
        self.anchor: Anchor = (0, 0)
        self.heading = False
        self.segment = ""
        self.is_absolute = False
        self.local = ""
        self.marker: str | None = None
        self.twin: Item | None = None

    @property
    def text(self) -> str:
        """Return the unit's own words."""
        return " ".join(piece for _, piece in self.pieces if piece)

    def chain(self) -> Iterator[Item]:
        """Yield the unit and all above it, innermost first."""
        item: Item | None = self
        while item is not None:
            yield item
            item = item.parent


def anchor_of(node: Node) -> str:
    """Return where a node starts in the source, as corrections name it: "line.column"."""
    first = node.own[0] if node.own else Span(node.line_start, 0, "")
    return f"{first.line}.{first.column}"


class Workpiece:
    """All units of a text in the order of the text."""

    def __init__(self, document: ParsedDocument) -> None:
        self.document = document
        self.prefixes = [part.prefix for part in document.parts]
        self.items: list[Item] = []
        self._starts: dict[tuple[int, str], int] = {}
        with_articles = {node.part for node in document.nodes if node.kind == "dieu"}
        self.outlines = set(range(len(document.parts))) - with_articles
        found: dict[str, Item] = {}
        for node in document.nodes:
            parent = found.get(node.parent) if node.parent else None
            item = found[node.path] = self._item(node, parent)
            self.items.append(item)
        self._find_twins()

    def _item(self, node: Node, parent: Item | None) -> Item:
        item = Item(node.kind, node.number, node.part, parent)
        item.own = list(node.own)
        first = node.own[0] if node.own else Span(node.line_start, 0, "")
        item.anchor = (first.line, first.column)
        item.pieces = _pieces(node)
        item.heading = bool(node.title)
        item.local = node.path.removeprefix(self.prefixes[node.part])
        above = f"{parent.local}." if parent is not None else ""
        item.is_absolute = not item.local.startswith(above)
        item.segment = _MARK.sub("", item.local if item.is_absolute else item.local[len(above) :])
        if parent is None and node.kind in COUNTED:
            counted = item.segment[1:]
            start = int(counted) if counted.isdecimal() else 1
            self._starts.setdefault((node.part, node.kind), start)
        return item

    def _find_twins(self) -> None:
        """Find the units that have the words of the step starting in them."""
        for item, following in pairwise(self.items):
            shares = following.kind == "buoc" and following.parent is item
            if shares and following.anchor[0] == item.anchor[0] and item.text == following.text:
                item.twin = following
                item.pieces = []

    # -- looking ------------------------------------------------------------------------------

    def index_at(self, anchor: Anchor) -> int | None:
        """Return the place of the unit that starts somewhere."""
        return next((at for at, item in enumerate(self.items) if item.anchor == anchor), None)

    @cached_property
    def _clean(self) -> dict[Anchor, str]:
        spans = [span for node in self.document.nodes for span in node.own]
        spans.extend(excluded.span for excluded in self.document.excluded)
        spans.sort(key=lambda span: (span.line, span.column))
        lines, _ = read_lines("".join(span.raw for span in spans))
        return {(line.number, line.column): line.text for line in lines}

    def marker(self, item: Item) -> str:
        """Return the printed sign before a unit's words ("2.", "a)", "Điều 5."), "" when it has none."""
        if item.marker is None:
            clean = self._clean.get(item.anchor, "")
            shown = item.twin or item
            at_start = shown.pieces and shown.pieces[0][0] == item.anchor[0]
            first = shown.pieces[0][1] if at_start else ""
            item.marker = clean[: len(clean) - len(first)].strip() if clean.endswith(first) else ""
        return item.marker

    def siblings(self, item: Item) -> list[Item]:
        """Return the units among which a number must be unique: of one kind under one unit, or in the part."""
        others = (one for one in self.items if one is not item and one.part == item.part)
        if item.kind in FROM_THE_TOP:
            return [one for one in others if one.kind == item.kind]
        return [one for one in others if one.kind == item.kind and one.parent is item.parent]

    # -- placing ------------------------------------------------------------------------------

    def fit(self, index: int, kind: str, prefer: Item | None = None) -> Item | None:
        """Return the unit under which a unit at a place belongs, by its kind and what stands before it."""
        before = self.items[index - 1] if index else None
        if before is None or before.part != self.items[index].part:
            return None
        chain = list(before.chain())
        if prefer is not None and prefer in chain and may_hold(prefer.kind, kind):
            return prefer
        reach = RANK["gach"] if kind == "doan" else RANK[kind]
        return next((one for one in chain if RANK[one.kind] < reach), None)

    def refit(self, index: int) -> None:
        """Give the units after a changed one their place in the new tree: under it, beside it, or as they were."""
        changed = self.items[index]
        above = set(changed.chain())
        later = {changed}
        is_drawing = RANK[changed.kind] <= RANK["diem"]
        for place in range(index + 1, len(self.items)):
            item = self.items[place]
            if item.part != changed.part:
                return
            if item.parent in later and item.parent is not changed:
                later.add(item)
                continue
            if item.parent is changed and may_hold(changed.kind, item.kind):
                later.add(item)
                continue
            stays = item.parent is None or item.parent in above - {changed}
            if stays and RANK[item.kind] <= RANK[changed.kind]:
                return
            if stays and not (is_drawing and _draws(changed, item)):
                is_drawing = False
            else:
                item.parent = self.fit(place, item.kind, prefer=changed)
                if item.kind not in FROM_THE_TOP:
                    item.is_absolute = item.parent is None
            later.add(item)

    def name(self, item: Item) -> None:
        """Give a unit whose kind or number changed its name in paths."""
        item.is_absolute = item.kind in FROM_THE_TOP
        if item.kind in COUNTED:
            item.segment = COUNTED[item.kind]
            return
        is_plain = item.kind == "khoan" and item.part in self.outlines
        item.segment = ("" if is_plain else PREFIX[item.kind]) + item.number

    # -- putting together ---------------------------------------------------------------------

    def nodes(self) -> tuple[Node, ...]:
        """Return the units as nodes, with paths that are unique in their part."""
        self._name_all()
        ends = self._ends()
        return tuple(self._node(item, ends[id(item)]) for item in self.items)

    def _name_all(self) -> None:
        used: dict[tuple[int, str], int] = {}
        counts: dict[tuple[int, int, str], int] = {}
        for item in self.items:
            if item.kind in COUNTED:
                self._count(item, counts)
            above = f"{item.parent.local}." if item.parent and not item.is_absolute else ""
            local = above + item.segment
            seen = used[item.part, local] = used.get((item.part, local), 0) + 1
            item.local = local if seen == 1 else f"{local}#{seen}"

    def _count(self, item: Item, counts: dict[tuple[int, int, str], int]) -> None:
        key = (item.part, id(item.parent) if item.parent else 0, item.kind)
        start = self._starts.get((item.part, item.kind), 1) if item.parent is None else 1
        count = counts[key] = counts.get(key, start - 1) + 1
        letter = COUNTED[item.kind]
        if item.number == item.segment[1:] or not item.number:
            item.number = str(count)
        item.segment = f"{letter}{count}"

    def _ends(self) -> dict[int, int]:
        ends: dict[int, int] = {}
        for item in reversed(self.items):
            last = item.own[-1].line if item.own else item.anchor[0]
            ends[id(item)] = max(ends.get(id(item), 0), last)
            if item.parent is not None:
                key = id(item.parent)
                ends[key] = max(ends.get(key, 0), ends[id(item)])
        return ends

    def _node(self, item: Item, end: int) -> Node:
        prefix = self.prefixes[item.part]
        source = item.twin or item
        text = source.text
        return Node(
            path=prefix + item.local,
            kind=item.kind,
            number=item.number,
            title=text.rstrip(_TITLE_END) if item.heading else "",
            text=text,
            line_start=item.anchor[0],
            line_end=end,
            parent=prefix + item.parent.local if item.parent is not None else None,
            part=item.part,
            own=tuple(item.own),
            line_of_offset=_offsets(source.pieces),
        )


def _draws(changed: Item, item: Item) -> bool:
    """Say whether a unit that follows a changed one now belongs under it."""
    if item.kind == "doan" and RANK[changed.kind] > RANK["khoan"]:
        return False
    return may_hold(changed.kind, item.kind)


def _pieces(node: Node) -> list[tuple[int, str]]:
    """Return a node's words by the physical lines they stand on."""
    if not node.line_of_offset:
        return [(node.line_start, node.text)] if node.text else []
    starts = [*node.line_of_offset, (len(node.text) + 1, 0)]
    return [
        (line, node.text[start : following - 1])
        for (start, line), (following, _) in pairwise(starts)
    ]


def _offsets(pieces: list[tuple[int, str]]) -> tuple[tuple[int, int], ...]:
    result: list[tuple[int, int]] = []
    offset = 0
    for line, piece in pieces:
        if piece:
            result.append((offset, line))
            offset += len(piece) + 1
    return tuple(result)
