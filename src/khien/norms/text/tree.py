"""The tree under construction: drafts of nodes with their raw spans, and unique paths.

Path scheme (stable, part of the public form):
  D10            điều 10 of the part; D10.k4 khoản; D10.k4.đ điểm; D10.k4.1.2 sub-clause numbered 1.2
  D3a D10.k1a    inserted between 3 and 4, 1 and 2; D1.II.k3 khoản 3 under a Roman heading inside điều 1
  .b1 .g1 .p1    bước, gạch, đoạn without mark, counted under their parent
  P.II  C.II     phần, chương (P.I.C.II when the text has phần); C.II.M1 mục; C.II.M1.T2 tiểu mục
  II.2.p3        texts without điều: the printed numbers of their sections; p0 lead-in before them
  #2             the second unit of the same name (the second Chương III is C.III#2)
  QD. ND. TT.    prefix of the articles of a decision, decree, circular that issues a regulation with
                 its own series of articles; a second attached text has V2.
"""

from __future__ import annotations

from khien.norms.text.lines import Line
from khien.norms.text.model import Kind, Node, Span

_LEADS = ("doan", "gach", "buoc")
_COUNTER = {"doan": "p", "gach": "g", "buoc": "b"}


class Draft:
    """One node while it grows."""

    __slots__ = (
        "_text",
        "children",
        "counters",
        "heading",
        "kind",
        "last_line",
        "local",
        "number",
        "own",
        "parent",
        "part",
        "pieces",
        "same_text",
        "sign",
        "start",
        "style",
    )  # fmt: skip

    def __init__(self, kind: Kind, number: str, parent: Draft | None, start: int) -> None:
        self.kind: Kind = kind
        self.number = number
        self.parent = parent
        self.start = start
        self.local = ""
        self.part = 0
        self._text: str | None = None
        self.pieces: list[tuple[int, str]] = []
        self.own: list[Span] = []
        self.children: list[Draft] = []
        self.counters: dict[str, int] = {}
        self.last_line = start
        self.style = ""
        self.sign = ""
        self.heading = False
        self.same_text: Draft | None = None

    def text(self) -> str:
        """Return the unit's own sentence, soft wraps joined."""
        if self._text is None:
            self._text = " ".join([piece for _, piece in self.pieces if piece])
        return self._text

    def ending(self) -> str:
        """Return the last piece of the unit's own text, "" when it has none yet."""
        for _, piece in reversed(self.pieces):
            if piece:
                return piece
        return ""

    def add(self, line: Line, text: str) -> None:
        """Give the unit one physical line; `text` is what its sentence gets from it."""
        self.own.append(Span(line.number, line.column, line.raw))
        if text:
            self.pieces.append((line.number, text))
            self._text = None
        self.last_line = line.number


class Tree:
    """All drafts of a text in order, with paths that are unique in their part."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self._used: dict[tuple[int, str], int] = {}

    def open(self, kind: Kind, number: str, parent: Draft | None, line: Line, part: int) -> Draft:
        """Start a unit under its parent; the caller gives it its lines."""
        draft = Draft(kind, number, parent, line.number)
        draft.part = part
        if parent is not None:
            parent.children.append(draft)
        self.drafts.append(draft)
        return draft

    def name(self, draft: Draft, local: str) -> bool:
        """Give a unit its path inside the part; return False when the name was taken and got a mark."""
        key = (draft.part, local)
        seen = self._used.get(key, 0) + 1
        self._used[key] = seen
        draft.local = local if seen == 1 else f"{local}#{seen}"
        return seen == 1

    def is_used(self, part: int, local: str) -> bool:
        """Say whether a unit of the part already has this path."""
        return (part, local) in self._used

    def count(self, parent: Draft | None, kind: Kind, roots: dict[str, int]) -> int:
        """Return the next number of an unnumbered unit (đoạn, gạch) under its parent."""
        counters = parent.counters if parent is not None else roots
        counters[kind] = counters.get(kind, 0) + 1
        return counters[kind]

    def freeze(self, prefixes: list[str]) -> list[Node]:
        """Return the finished nodes in the order of the text."""
        ends = _ends(self.drafts)
        return [_node(draft, prefixes, ends[id(draft)]) for draft in self.drafts]


def letter_of(kind: Kind) -> str:
    """Return the letter that stands before the number of an unnumbered unit in a path."""
    return _COUNTER[kind]


def _ends(drafts: list[Draft]) -> dict[int, int]:
    """Return the last line of every unit with its children; children stand after their parents."""
    ends: dict[int, int] = {}
    for draft in reversed(drafts):
        end = max(ends.get(id(draft), 0), draft.last_line)
        ends[id(draft)] = end
        if draft.parent is not None:
            key = id(draft.parent)
            ends[key] = max(ends.get(key, 0), end)
    return ends


def _node(draft: Draft, prefixes: list[str], end: int) -> Node:
    prefix = prefixes[draft.part]
    source = draft.same_text or draft
    text = source.text()
    return Node(
        path=prefix + draft.local,
        kind=draft.kind,
        number=draft.number,
        title=_title(draft, text),
        text=text,
        line_start=draft.start,
        line_end=end,
        parent=prefix + draft.parent.local if draft.parent is not None else None,
        part=draft.part,
        own=tuple(draft.own),
        line_of_offset=_offsets(source),
    )


def _title(draft: Draft, text: str) -> str:
    return text.rstrip(":. ") if draft.heading else ""


def _offsets(draft: Draft) -> tuple[tuple[int, int], ...]:
    if len(draft.pieces) < 2:
        return ((0, draft.pieces[0][0]),) if draft.pieces else ()
    result: list[tuple[int, int]] = []
    offset = 0
    for number, piece in draft.pieces:
        result.append((offset, number))
        offset += len(piece) + 1
    return tuple(result)
